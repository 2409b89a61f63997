import SwiftParser
import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// What one property of a struct with `@Form` says.
struct FormFieldDeclaration {
    /// The name of the property.
    let property: String
    /// The name of the form's field.
    let name: String
    /// The type of the property.
    let type: String
    /// Whether the property cannot take another value.
    let isConstant: Bool
    /// The call that makes the field.
    let source: String

    /// The attributes that name a field.
    static let fieldTypes: Set<String> = [
        "CharField", "EmailField", "URLField", "SlugField", "RegexField", "GenericIPAddressField",
        "IntegerField", "FloatField", "DecimalField", "BooleanField", "NullBooleanField",
        "ChoiceField", "MultipleChoiceField", "DateField", "TimeField", "DateTimeField",
        "SplitDateTimeField", "DurationField", "UUIDField", "JSONField", "FileField", "ImageField",
        "ComboField", "FilePathField", "CustomField", "ModelChoiceField",
        "ModelMultipleChoiceField", "SimpleArrayField", "SplitArrayField", "HStoreField",
        "IntegerRangeField", "DecimalRangeField", "DateRangeField", "DateTimeRangeField",
    ]

    /// The arguments that every field takes; they become calls of the modifiers of `FormField`.
    private static let modifiers: Set<String> = [
        "required", "label", "labelSuffix", "initial", "helpText", "errorMessages", "validators",
        "disabled", "localize", "showHiddenInitial", "widget", "autocomplete", "templateName",
    ]

    /// Reads a property; nil, with a diagnostic, where it cannot be a field.
    init?(_ variable: VariableDeclSyntax, reportingTo context: some MacroExpansionContext) {
        guard variable.bindings.count == 1, let binding = variable.bindings.first,
            let pattern = binding.pattern.as(IdentifierPatternSyntax.self)
        else {
            context.diagnose(FormDiagnostic.severalProperties.diagnostic(at: variable.bindings))
            return nil
        }
        property = pattern.identifier.text
        let bare = pattern.identifier.identifier?.name ?? property
        let value = binding.initializer?.value
        if value != nil, variable.bindingSpecifier.tokenKind == .keyword(.let) {
            context.diagnose(FormDiagnostic.constant(bare).constantDiagnostic(at: variable))
            return nil
        }
        guard let type = PropertyType(binding.typeAnnotation?.type, value) else {
            context.diagnose(FormDiagnostic.missingType(bare).typeDiagnostic(at: binding))
            return nil
        }
        let attributes = Self.fieldAttributes(of: variable)
        guard attributes.count <= 1 else {
            context.diagnose(FormDiagnostic.severalFields(bare).diagnostic(at: attributes[1]))
            return nil
        }
        var builder = FieldBuilder(property: bare, type: type)
        if let attribute = attributes.first {
            builder.read(attribute, modifiers: Self.modifiers)
        }
        if let value, !type.isNil(value) { builder.setInitial(value.trimmedDescription) }
        name = builder.name
        self.type = type.isOptional ? "\(type.base)?" : type.base
        isConstant = variable.bindingSpecifier.tokenKind == .keyword(.let)
        source = ".field(\"\(builder.name)\", \(builder.source), \\.\(property))"
    }

    private static func fieldAttributes(of variable: VariableDeclSyntax) -> [AttributeSyntax] {
        variable.attributes.compactMap { element in
            guard case .attribute(let attribute) = element,
                fieldTypes.contains(FieldBuilder.typeName(of: attribute))
            else { return nil }
            return attribute
        }
    }
}

/// The type of a property: written down, or that of the literal it starts with.
struct PropertyType {
    /// The type without its question mark.
    let base: String
    let isOptional: Bool
    /// The type of the elements of an array.
    let element: String?

    init?(_ annotation: TypeSyntax?, _ value: ExprSyntax?) {
        guard let annotation else {
            guard let name = value.flatMap(Self.literalType) else { return nil }
            (base, isOptional, element) = (name, false, nil)
            return
        }
        var wrapped = annotation.trimmed
        var isOptional = false
        if let optional = wrapped.as(OptionalTypeSyntax.self) {
            wrapped = optional.wrappedType.trimmed
            isOptional = true
        } else if let identifier = wrapped.as(IdentifierTypeSyntax.self),
            identifier.name.text == "Optional",
            let argument = identifier.genericArgumentClause?.arguments.first?.argument
        {
            wrapped = TypeSyntax("\(argument.trimmed)")
            isOptional = true
        }
        self.isOptional = isOptional
        base = wrapped.description
        element = wrapped.as(ArrayTypeSyntax.self).map { $0.element.trimmedDescription }
    }

    private static func literalType(_ value: ExprSyntax) -> String? {
        if value.is(BooleanLiteralExprSyntax.self) { return "Bool" }
        if value.is(IntegerLiteralExprSyntax.self) { return "Int" }
        if value.is(FloatLiteralExprSyntax.self) { return "Double" }
        if value.is(StringLiteralExprSyntax.self) { return "String" }
        return nil
    }

    func isNil(_ value: ExprSyntax) -> Bool { value.is(NilLiteralExprSyntax.self) }
}

/// Puts the call together that makes a field.
struct FieldBuilder {
    private(set) var name: String
    private let type: PropertyType
    private var call: String
    private var calls: [String] = []
    private var setsRequired = false
    private var setsInitial = false

    init(property: String, type: PropertyType) {
        name = FormSnakeCase.of(property)
        self.type = type
        call = type.element == nil ? "\(type.base).formField" : "(\(type.base)).formField"
    }

    /// The name of an attribute's type without its module.
    static func typeName(of attribute: AttributeSyntax) -> String {
        let text = attribute.attributeName.trimmedDescription
        return text.split(separator: ".").last.map(String.init) ?? text
    }

    /// Takes the field's type, its own arguments and those of every field from an attribute.
    mutating func read(_ attribute: AttributeSyntax, modifiers: Set<String>) {
        var own: [String] = []
        if case .argumentList(let arguments)? = attribute.arguments {
            for argument in arguments {
                let label = argument.label?.text ?? ""
                let value = argument.expression.trimmedDescription
                if label == "name" {
                    let literal = argument.expression.as(StringLiteralExprSyntax.self)
                    name = literal?.representedLiteralValue ?? name
                } else if modifiers.contains(label) {
                    if label == "required" { setsRequired = true }
                    if label == "initial" { setsInitial = true }
                    calls.append(".\(label)(\(value))")
                } else {
                    own.append(label.isEmpty ? value : "\(label): \(value)")
                }
            }
        }
        let field = Self.typeName(of: attribute)
        if field == "CustomField" {
            call = "(\(own.joined()))"
            return
        }
        let generics =
            switch field {
            case "ChoiceField": "<\(type.base)>"
            case "MultipleChoiceField": "<\(type.element ?? type.base)>"
            default: ""
            }
        let module = field.hasPrefix("Model") ? "NuagesModelForms" : "NuagesForms"
        call = "\(module).\(field)\(generics)(\(own.joined(separator: ", ")))"
    }

    mutating func setInitial(_ value: String) {
        if !setsInitial { calls.append(".initial(\(value) as \(type.base))") }
    }

    var source: String {
        let optional = type.isOptional && !setsRequired ? [".required(false)"] : []
        return call + (optional + calls).joined()
    }
}

/// Swift's names in Django's spelling; the same rule as `SnakeCase` of NuagesForms, which a
/// compiler plugin cannot import.
enum FormSnakeCase {
    /// `ccMyself` becomes `cc_myself`; `pageURL` becomes `page_url`.
    static func of(_ name: String) -> String {
        let letters = Array(name)
        var output = ""
        for (index, letter) in letters.enumerated() {
            let isUpper = letter.isASCII && letter.isUppercase
            if isUpper, index > 0, letters[index - 1] != "_" {
                let afterUpper = letters[index - 1].isASCII && letters[index - 1].isUppercase
                let beforeLower = index + 1 < letters.count && letters[index + 1].isLowercase
                if !afterUpper || beforeLower { output += "_" }
            }
            output += isUpper ? letter.lowercased() : String(letter)
        }
        return output
    }
}
