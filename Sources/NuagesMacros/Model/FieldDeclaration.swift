import SwiftSyntax
import SwiftSyntaxMacros

/// A stored property of a model, read and checked.
struct FieldDeclaration {
    /// Where a foreign key leads.
    struct Relation {
        let target: String
        let isOptional: Bool
        let onDelete: String
    }

    let property: String
    /// The name in Django's spelling.
    let name: String
    let type: String
    /// The initial value, as it was written.
    let initialValue: ExprSyntax?
    var relation: Relation?
    var isPrimaryKey = false
    /// Whether saving sets it, so that an initialiser need not be given a value.
    var isSetBySaving = false
    /// Statements that set options of the schema.
    var options: [String] = []

    /// Reads a property; nil where a problem was reported.
    init?(
        _ variable: VariableDeclSyntax,
        _ binding: PatternBindingSyntax,
        reportingTo context: some MacroExpansionContext
    ) {
        guard let pattern = binding.pattern.as(IdentifierPatternSyntax.self) else { return nil }
        let property = pattern.identifier.text
        guard variable.bindingSpecifier.tokenKind == .keyword(.var) else {
            context.diagnose(
                ModelDiagnostic.constant(property).diagnostic(
                    replacing: variable.bindingSpecifier,
                    by: variable.bindingSpecifier.with(\.tokenKind, .keyword(.var))
                )
            )
            return nil
        }
        let name = FieldName.snakeCase(property)
        if let problem = FieldName.problem(name, property) {
            context.diagnose(problem.diagnostic(at: pattern))
            return nil
        }
        initialValue = binding.initializer?.value.trimmed
        guard
            let type = binding.typeAnnotation?.type.trimmedDescription ?? initialValue?.inferredType
        else {
            context.diagnose(ModelDiagnostic.unknownType(property).diagnostic(at: pattern))
            return nil
        }
        self.property = property
        self.name = name
        self.type = type
        let foreignKey = variable.attribute("ForeignKey")
        switch (Self.target(type), foreignKey) {
        case ((let target, let isOptional)?, let attribute?):
            relation = Relation(
                target: target,
                isOptional: isOptional,
                onDelete: attribute.argument("onDelete")?.trimmedDescription ?? ".cascade"
            )
        case (.some, nil):
            context.diagnose(
                ModelDiagnostic.relationWithoutRule(property).diagnostic(
                    addingForeignKeyTo: variable
                )
            )
            return nil
        case (nil, let attribute?):
            context.diagnose(
                ModelDiagnostic.foreignKeyType(property, type).diagnostic(at: attribute)
            )
            return nil
        case (nil, nil): break
        }
        readOptions(foreignKey ?? variable.attribute("Field"))
        readDefault()
    }

    /// The model of `Question.Reference` or `ModelReference<Question>`, optional or not.
    private static func target(_ type: String) -> (String, isOptional: Bool)? {
        let isOptional = type.hasSuffix("?")
        let plain = isOptional ? String(type.dropLast()) : type
        if plain.hasSuffix(".Reference") { return (String(plain.dropLast(10)), isOptional) }
        if plain.hasPrefix("ModelReference<"), plain.hasSuffix(">") {
            return (String(plain.dropFirst(15).dropLast()), isOptional)
        }
        return nil
    }

    private mutating func readOptions(_ attribute: AttributeSyntax?) {
        for argument in attribute?.arguments?.as(LabeledExprListSyntax.self) ?? [] {
            let value = argument.expression.trimmedDescription
            guard let label = argument.label?.text else {
                options.append("$0.verboseName = \(value)")
                continue
            }
            if label == "primaryKey" { isPrimaryKey = value == "true" }
            if label == "autoNow" || label == "autoNowAdd" { isSetBySaving = value == "true" }
            if let property = Self.properties[label] { options.append("$0.\(property) = \(value)") }
        }
    }

    /// The schema's properties by the attributes' arguments.
    private static let properties = [
        "kind": "type", "maxLength": "maxLength", "maxDigits": "maxDigits",
        "decimalPlaces": "decimalPlaces", "unique": "isUnique", "index": "isIndexed",
        "blank": "allowsBlank", "column": "databaseColumn", "help": "helpText",
        "editable": "isEditable", "choices": "choices", "autoNow": "isSetOnSave",
        "autoNowAdd": "isSetOnCreate", "databaseDefault": "databaseDefault",
        "relatedName": "relation?.relatedName", "relatedQueryName": "relation?.relatedQueryName",
        "isEnforced": "relation?.isEnforced",
    ]

    private mutating func readDefault() {
        guard let initialValue, !initialValue.is(NilLiteralExprSyntax.self), relation == nil else {
            return
        }
        if let value = initialValue.literalValue {
            options.append("$0.defaultValue = .value(\(value))")
        } else if let member = initialValue.as(MemberAccessExprSyntax.self),
            member.declName.baseName.text != "now"
        {
            let value = "(\(initialValue) as \(type)).sqlValue"
            options.append("$0.defaultValue = .value(\(value))")
        } else {
            let isImplicit = initialValue.trimmedDescription.hasPrefix(".")
            let text = (isImplicit ? type : "") + initialValue.trimmedDescription
            options.append("$0.defaultValue = .function(\(text.quoted))")
        }
    }
}
