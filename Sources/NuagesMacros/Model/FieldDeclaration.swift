import SwiftSyntax
import SwiftSyntaxMacros

/// A stored property of a model, read and checked.
struct FieldDeclaration {
    /// Where a foreign key leads.
    struct Relation {
        let target: String
        let isOptional: Bool
        /// Whether the property is a `FieldReference`, which holds another field than the key.
        let isByField: Bool
        /// Whether the property is a `SwappableReference`, whose model is known as a site starts.
        var isSwappable = false
        var onDelete = ".cascade"
        /// Whether it is under `@OneToOne`.
        var isSingle = false
        /// The field of the target, where it is not the key.
        var targetField: String?
    }

    /// What the property is.
    enum Role {
        case field
        case relation(Relation)
        /// The row of a parent model, under `@Parent`.
        case parent
        /// The fields of an abstract model, under `@Inherited`.
        case inherited
    }

    let property: String
    /// The name in Django's spelling.
    let name: String
    let type: String
    /// The initial value, as it was written.
    let initialValue: ExprSyntax?
    var role = Role.field
    var isPrimaryKey = false
    /// Whether saving sets it, so that an initialiser need not be given a value.
    var isSetBySaving = false
    /// Statements that set options of the schema.
    var options: [String] = []
    /// The alias of the storage of a file.
    var storage: String?
    /// Whether an initial value makes the value of new rows, rather than a constant.
    var makesDefault = false

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
        initialValue = binding.initializer?.value.trimmed
        guard
            let type = binding.typeAnnotation?.type.trimmedDescription ?? initialValue?.inferredType
        else {
            context.diagnose(ModelDiagnostic.unknownType(property).diagnostic(at: pattern))
            return nil
        }
        let attribute = variable.fieldAttribute
        // A link to a parent has the name of the parent's model.
        let name =
            attribute?.argument("name")?.literalText
            ?? (attribute?.plainName == "Parent"
                ? "\(type.split(separator: ".").last ?? "")".lowercased() + "_ptr"
                : FieldName.snakeCase(property))
        if let problem = FieldName.problem(name, property) {
            context.diagnose(problem.diagnostic(at: pattern))
            return nil
        }
        self.property = property
        self.name = name
        self.type = type
        if let problem = readRole(attribute) {
            context.diagnose(
                attribute.map { problem.diagnostic(at: $0) }
                    ?? problem.diagnostic(addingForeignKeyTo: variable)
            )
            return nil
        }
        readOptions(attribute)
        readDefault()
    }

    /// Reads what the property is; the problem where the attribute does not fit the type.
    private mutating func readRole(_ attribute: AttributeSyntax?) -> ModelDiagnostic? {
        switch attribute?.plainName {
        case "Parent": role = .parent
        case "Inherited": role = .inherited
        case "ForeignKey", "OneToOne":
            guard var relation = Self.target(type) else { return .foreignKeyType(property, type) }
            relation.isSingle = attribute?.plainName == "OneToOne"
            relation.onDelete = attribute?.argument("onDelete")?.trimmedDescription ?? ".cascade"
            relation.targetField = attribute?.argument("to")?.literalText
            role = .relation(relation)
        default:
            if Self.target(type) != nil { return .relationWithoutRule(property) }
        }
        return nil
    }

    /// The model of `Question.Reference`, `ModelReference<Question>`, `FieldReference<Question, Int>`,
    /// `User.SwappableReference` or `SwappableReference<User>`, optional or not.
    private static func target(_ type: String) -> Relation? {
        let isOptional = type.hasSuffix("?")
        let plain = isOptional ? String(type.dropLast()) : type
        func relation(_ target: String, isByField: Bool) -> Relation {
            Relation(target: target, isOptional: isOptional, isByField: isByField)
        }
        func swappable(_ target: Substring) -> Relation {
            var found = relation(String(target), isByField: true)
            found.isSwappable = true
            return found
        }
        if plain.hasSuffix(".SwappableReference") { return swappable(plain.dropLast(19)) }
        if plain.hasSuffix(".Reference") {
            return relation(String(plain.dropLast(10)), isByField: false)
        }
        guard plain.hasSuffix(">") else { return nil }
        if plain.hasPrefix("SwappableReference<") {
            return swappable(plain.dropFirst(19).dropLast())
        }
        if plain.hasPrefix("ModelReference<") {
            return relation(String(plain.dropFirst(15).dropLast()), isByField: false)
        }
        if plain.hasPrefix("FieldReference<"), let comma = plain.firstIndex(of: ",") {
            return relation(String(plain[..<comma].dropFirst(15)), isByField: true)
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
            if label == "storage" { storage = value }
            if label == "primaryKey" { isPrimaryKey = value == "true" }
            if label == "autoNow" || label == "autoNowAdd" { isSetBySaving = value == "true" }
            if let option = FieldOption.statement(label, value) { options.append(option) }
        }
    }

    /// Whether the database may make the value.
    private var isDatabaseValue: Bool { type.hasPrefix("DatabaseValue<") }

    private mutating func readDefault() {
        guard let initialValue, !initialValue.is(NilLiteralExprSyntax.self), case .field = role
        else { return }
        if isDatabaseValue, initialValue.as(MemberAccessExprSyntax.self)?.base == nil,
            initialValue.literalValue == nil
        {
            return
        }
        if let value = initialValue.literalValue {
            options.append("$0.defaultValue = .value(\(value))")
        } else if initialValue.isConstantCollection {
            options.append("$0.defaultValue = .value((\(initialValue) as \(type)).sqlValue)")
        } else if let member = initialValue.as(MemberAccessExprSyntax.self),
            member.declName.baseName.text != "now"
        {
            let value = "(\(initialValue) as \(type)).sqlValue"
            options.append("$0.defaultValue = .value(\(value))")
        } else {
            let isImplicit = initialValue.trimmedDescription.hasPrefix(".")
            let text = (isImplicit ? type : "") + initialValue.trimmedDescription
            options.append("$0.defaultValue = .function(\(text.quoted))")
            makesDefault = true
        }
    }
}

extension FieldDeclaration {
    var relation: Relation? { if case .relation(let relation) = role { relation } else { nil } }
    var isParent: Bool { if case .parent = role { true } else { false } }
    var isInherited: Bool { if case .inherited = role { true } else { false } }
    /// The name of the column's value: `question_id`.
    var attributeName: String { relation != nil || isParent ? "\(name)_id" : name }
}

/// The options of fields and relations, as statements that set them.
enum FieldOption {
    /// The statement for an argument of an attribute; nil for one that is read in another way.
    static func statement(_ label: String, _ value: String) -> String? {
        if let property = properties[label] { return "$0.\(property) = \(value)" }
        if label == "default" { return "$0.defaultValue = .value(\(value))" }
        if label == "bounds" {
            return "$0.customOptions[\"default_bounds\"] = .bounds(\(value))"
        }
        if let (key, kind) = custom[label] {
            return "$0.customOptions[\(key.quoted)] = .\(kind)(\(value))"
        }
        return nil
    }

    /// The schema's properties by the attributes' arguments.
    private static let properties = [
        "kind": "type", "maxLength": "maxLength", "maxDigits": "maxDigits",
        "decimalPlaces": "decimalPlaces", "unique": "isUnique", "index": "isIndexed",
        "blank": "allowsBlank", "column": "databaseColumn", "help": "helpText",
        "editable": "isEditable", "choices": "choices", "autoNow": "isSetOnSave",
        "autoNowAdd": "isSetOnCreate", "databaseDefault": "databaseDefault",
        "databaseExpression": "databaseDefaultExpression", "generated": "generated",
        "comment": "databaseComment", "collation": "databaseCollation",
        "tablespace": "databaseTablespace", "errorMessages": "errorMessages",
        "validators": "validators", "uniqueForDate": "uniqueForDate",
        "uniqueForMonth": "uniqueForMonth", "uniqueForYear": "uniqueForYear",
        "relatedName": "relation?.relatedName", "relatedQueryName": "relation?.relatedQueryName",
        "isEnforced": "relation?.isEnforced", "to": "relation?.targetField",
        "limitChoicesTo": "relation?.choicesCondition", "deleteValue": "relation?.deleteValue",
        "swappable": "relation?.swappableSetting", "throughFields": "relation?.throughFields",
        "symmetrical": "relation?.isSymmetrical", "table": "relation?.databaseTable",
        "base": "baseField", "columnType": "customColumnType",
    ]

    /// Options of some kinds, which the schema keeps by Django's names.
    private static let custom = [
        "uploadTo": ("upload_to", "text"), "storage": ("storage", "text"),
        "deletesReplaced": ("deletes_replaced", "bool"), "protocol": ("protocol", "text"),
        "unpackIPv4": ("unpack_ipv4", "bool"), "allowUnicode": ("allow_unicode", "bool"),
        "path": ("path", "text"), "match": ("match", "text"), "recursive": ("recursive", "bool"),
        "allowFiles": ("allow_files", "bool"), "allowFolders": ("allow_folders", "bool"),
        "widthField": ("width_field", "text"), "heightField": ("height_field", "text"),
        "size": ("size", "int"),
    ]
}
