import SwiftSyntax
import SwiftSyntaxMacros

/// What a struct under `@Model` or `@AbstractModel` says, read and checked.
struct ModelDeclaration {
    /// The name of the type.
    let type: String
    /// The name in Django's spelling.
    var name: String
    /// `public`, `package`, or nothing, with a blank behind it.
    let access: String
    let app: String
    /// The type of the primary key that the framework adds, where it is not a number.
    var keyType: String?
    /// The kind of the primary key that the framework adds, where it is not the usual one.
    var keyKind: String?
    /// The names of the fields of a composite key.
    var compositeKey: [String] = []
    /// Whether it is under `@AbstractModel`, so that it has no key.
    let isAbstract: Bool
    /// Whether it is a proxy of its parent.
    var isProxy = false
    /// Whether rows have an order of their own within a foreign key.
    var keepsOrder = false
    var fields: [FieldDeclaration] = []
    var related: [RelatedDeclaration] = []
    /// The requirements that the names of managers stand for, with the static properties they name.
    var managers: [(requirement: String, property: String)] = []
    /// Statements that set options of the schema.
    var options: [String] = []
    /// Whether the struct has an initialiser of its own, so that none is added (as in Swift).
    var hasInitializer = false

    /// Reads `declaration`; problems are reported to `context`.
    init?(
        _ node: AttributeSyntax,
        _ declaration: some DeclGroupSyntax,
        reportingTo context: some MacroExpansionContext
    ) {
        guard let type = declaration.as(StructDeclSyntax.self) else {
            context.diagnose(ModelDiagnostic.notAStruct.diagnostic(at: node))
            return nil
        }
        isAbstract = node.plainName == "AbstractModel"
        self.type = type.name.text
        name = type.name.text
        access =
            type.modifiers.first { ["public", "package"].contains($0.name.text) }
            .map { "\($0.name.text) " } ?? ""
        let location = context.location(
            of: declaration,
            at: .afterLeadingTrivia,
            filePathMode: .fileID
        )
        let module = Self.module(location?.file.as(StringLiteralExprSyntax.self))
        app = node.argument("app")?.literalText ?? module
        for argument in node.arguments?.as(LabeledExprListSyntax.self) ?? [] {
            if let label = argument.label?.text { read(label, argument.expression) }
        }
        for member in type.memberBlock.members { read(member.decl, context) }
        for problem in problems { context.diagnose(problem.diagnostic(at: type.name)) }
    }

    /// The field that is the primary key, where the model declares one.
    var primaryKey: FieldDeclaration? { fields.first(where: \.isPrimaryKey) }
    /// The first parent, whose key is the model's own.
    var parent: FieldDeclaration? { fields.first(where: \.isParent) }
    /// The properties whose members are the model's own too.
    var bases: [FieldDeclaration] { fields.filter { $0.isParent || $0.isInherited } }
    /// The abstract models whose fields are the model's own.
    var parts: [FieldDeclaration] { fields.filter(\.isInherited) }
    /// Whether the framework adds a key.
    var addsKey: Bool {
        !isAbstract && primaryKey == nil && parent == nil && compositeKey.isEmpty
    }

    /// The fields of a composite key.
    var keyFields: [FieldDeclaration] {
        compositeKey.compactMap { name in
            fields.first { $0.name == name || $0.attributeName == name }
        }
    }

    private var problems: [ModelDiagnostic] {
        var problems: [ModelDiagnostic] = []
        if fields.filter(\.isPrimaryKey).count > 1 { problems.append(.severalKeys) }
        for (_, property) in managers where !FieldName.isIdentifier(property) {
            problems.append(.managerName(property))
        }
        for set in related {
            guard case .manyToMany = set.role, set.isInherited != isAbstract else { continue }
            problems.append(
                isAbstract ? .setOfAbstractModel(set.property) : .setOfModel(set.property)
            )
        }
        if keyFields.count != compositeKey.count { problems.append(.unknownKeyField(compositeKey)) }
        if isProxy, fields.count != 1 || parent == nil || !related.allSatisfy(\.isReverse) {
            problems.append(.proxyFields)
        }
        return problems
    }

    private mutating func read(_ label: String, _ value: ExprSyntax) {
        switch label {
        case "app": break
        case "name": name = value.literalText ?? name
        case "key": keyType = value.metatypeName
        case "keyKind": keyKind = value.trimmedDescription
        case "compositeKey":
            compositeKey =
                value.as(ArrayExprSyntax.self)?.elements.compactMap(\.expression.literalText) ?? []
        case "isFrozen": options.append("model.isFrozen = \(value.trimmedDescription)")
        case "proxy": isProxy = value.trimmedDescription == "true"
        default:
            if label == "orderWithRespectTo" { keepsOrder = !value.is(NilLiteralExprSyntax.self) }
            if let requirement = Self.managers[label], let name = value.literalText {
                managers.append((requirement, FieldName.camelCase(name)))
            }
            let property = Self.properties[label] ?? label
            options.append("model.options.\(property) = \(value.trimmedDescription)")
        }
    }

    /// The requirements of `Model` by the arguments that name their values.
    private static let managers = [
        "defaultManagerName": "defaultManager", "baseManagerName": "baseManager",
    ]

    /// The schema's properties by the attribute's arguments, where they differ.
    private static let properties = [
        "table": "databaseTable", "ordering": "orderingTerms", "tablespace": "databaseTablespace",
    ]

    private mutating func read(_ member: DeclSyntax, _ context: some MacroExpansionContext) {
        if member.is(InitializerDeclSyntax.self) { hasInitializer = true }
        guard let variable = member.as(VariableDeclSyntax.self),
            !variable.modifiers.contains(where: { $0.name.text == "static" })
        else { return }
        if RelatedDeclaration.attribute(of: variable) != nil {
            if let property = RelatedDeclaration(variable, reportingTo: context) {
                related.append(property)
            }
            return
        }
        for binding in variable.bindings where !binding.isComputed {
            if let field = FieldDeclaration(variable, binding, reportingTo: context) {
                fields.append(field)
            }
        }
    }

    /// The module's name in lower case: the app that its models belong to.
    private static func module(_ file: StringLiteralExprSyntax?) -> String {
        let path = file.map { ExprSyntax($0) }?.literalText ?? ""
        return String(path.prefix { $0 != "/" }).lowercased()
    }
}

extension RelatedDeclaration {
    var isReverse: Bool { if case .reverse = role { true } else { false } }
}
