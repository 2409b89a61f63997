import SwiftSyntax

extension VariableDeclSyntax {
    /// The attribute called `name`, whatever module it is written with.
    func attribute(_ name: String) -> AttributeSyntax? {
        for case .attribute(let attribute) in attributes {
            let written = attribute.attributeName.trimmedDescription
            if written == name || written.hasSuffix(".\(name)") { return attribute }
        }
        return nil
    }

    /// The attribute that says what the field is.
    var fieldAttribute: AttributeSyntax? {
        ["ForeignKey", "OneToOne", "Parent", "Inherited", "Field"].lazy
            .compactMap { attribute($0) }.first
    }
}

extension AttributeSyntax {
    /// The name without the module it is written with.
    var plainName: String {
        let written = attributeName.trimmedDescription
        return written.split(separator: ".").last.map { String($0) } ?? written
    }

    /// The argument with a label.
    func argument(_ label: String) -> ExprSyntax? {
        arguments?.as(LabeledExprListSyntax.self)?.first { $0.label?.text == label }?.expression
    }
}

extension PatternBindingSyntax {
    /// Whether the property has a getter; observers leave it stored.
    var isComputed: Bool {
        switch accessorBlock?.accessors {
        case .getter: true
        case .accessors(let accessors):
            accessors.contains { $0.accessorSpecifier.tokenKind == .keyword(.get) }
        case nil: false
        }
    }
}

extension ExprSyntax {
    /// The text of a string literal without interpolations.
    var literalText: String? {
        guard let literal = self.as(StringLiteralExprSyntax.self) else { return nil }
        var text = ""
        for segment in literal.segments {
            guard let part = segment.as(StringSegmentSyntax.self) else { return nil }
            text += part.content.text
        }
        return text
    }

    /// `UUID` of `UUID.self`.
    var metatypeName: String? {
        guard let member = self.as(MemberAccessExprSyntax.self),
            member.declName.baseName.text == "self"
        else { return nil }
        return member.base?.trimmedDescription
    }

    /// The type of a literal, or of `Status.draft`; nil where only a compiler can tell.
    var inferredType: String? {
        if self.is(IntegerLiteralExprSyntax.self) { return "Int" }
        if self.is(FloatLiteralExprSyntax.self) { return "Double" }
        if self.is(BooleanLiteralExprSyntax.self) { return "Bool" }
        if self.is(StringLiteralExprSyntax.self) { return "String" }
        if let prefix = self.as(PrefixOperatorExprSyntax.self), prefix.operator.text == "-" {
            return prefix.expression.inferredType
        }
        if let base = self.as(MemberAccessExprSyntax.self)?.base { return base.typeName }
        if let call = self.as(FunctionCallExprSyntax.self) { return call.calledExpression.typeName }
        return nil
    }

    /// The text of a name that begins with a capital, as types do.
    private var typeName: String? {
        let text = trimmedDescription
        let last = text.utf8.split(separator: UInt8(ascii: ".")).last
        guard let first = last?.first, (0x41...0x5A).contains(first) else { return nil }
        return text
    }

    /// Whether it is an array or dictionary of literals alone.
    var isConstantCollection: Bool {
        if let array = self.as(ArrayExprSyntax.self) {
            return array.elements.allSatisfy { $0.expression.isConstant }
        }
        guard let dictionary = self.as(DictionaryExprSyntax.self) else { return false }
        switch dictionary.content {
        case .colon: return true
        case .elements(let elements):
            return elements.allSatisfy { $0.key.isConstant && $0.value.isConstant }
        }
    }

    private var isConstant: Bool {
        literalValue != nil || self.is(NilLiteralExprSyntax.self) || isConstantCollection
    }

    /// A literal as an `SQLValue`.
    var literalValue: String? {
        if self.is(IntegerLiteralExprSyntax.self) { return ".int(\(trimmedDescription))" }
        if self.is(FloatLiteralExprSyntax.self) { return ".double(\(trimmedDescription))" }
        if self.is(BooleanLiteralExprSyntax.self) { return ".bool(\(trimmedDescription))" }
        if self.is(StringLiteralExprSyntax.self) { return ".text(\(trimmedDescription))" }
        if let prefix = self.as(PrefixOperatorExprSyntax.self), prefix.operator.text == "-" {
            let value = prefix.expression.literalValue
            return value == nil
                ? nil
                : prefix.expression.is(IntegerLiteralExprSyntax.self)
                    ? ".int(\(trimmedDescription))" : ".double(\(trimmedDescription))"
        }
        return nil
    }
}

extension String {
    /// The text as a string literal.
    var quoted: String {
        var result = "\""
        for scalar in unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}
