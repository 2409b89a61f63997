import SwiftSyntax
import SwiftSyntaxMacros

/// What a struct under `@Model` says, read and checked.
struct ModelDeclaration {
    let name: String
    /// `public`, `package`, or nothing, with a blank behind it.
    let access: String
    let app: String
    /// The type of the primary key that the framework adds, where it is not a number.
    var keyType: String?
    var fields: [FieldDeclaration] = []
    var reverses: [ReverseDeclaration] = []
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
        name = type.name.text
        access =
            type.modifiers.first { ["public", "package"].contains($0.name.text) }
            .map { "\($0.name.text) " } ?? ""
        let location = context.location(
            of: declaration,
            at: .afterLeadingTrivia,
            filePathMode: .fileID
        )
        var app = Self.module(location?.file.as(StringLiteralExprSyntax.self))
        for argument in node.arguments?.as(LabeledExprListSyntax.self) ?? [] {
            switch argument.label?.text {
            case "app": app = argument.expression.literalText ?? app
            case "key": keyType = argument.expression.metatypeName
            case let label?: options.append(Self.option(label, argument.expression))
            case nil: break
            }
        }
        self.app = app
        for member in type.memberBlock.members { read(member.decl, context) }
        if fields.filter(\.isPrimaryKey).count > 1 {
            context.diagnose(ModelDiagnostic.severalKeys.diagnostic(at: type.name))
        }
    }

    /// The field that is the primary key, where the model declares one.
    var primaryKey: FieldDeclaration? { fields.first(where: \.isPrimaryKey) }

    private mutating func read(_ member: DeclSyntax, _ context: some MacroExpansionContext) {
        if member.is(InitializerDeclSyntax.self) { hasInitializer = true }
        guard let variable = member.as(VariableDeclSyntax.self),
            !variable.modifiers.contains(where: { $0.name.text == "static" })
        else { return }
        if let reverse = ReverseDeclaration(variable, reportingTo: context) {
            reverses.append(reverse)
            return
        }
        guard variable.attribute("Reverse") == nil else { return }
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

    private static func option(_ label: String, _ expression: ExprSyntax) -> String {
        let property = label == "table" ? "databaseTable" : label
        return "$0.\(property) = \(expression.trimmedDescription)"
    }
}

/// A property under `@Reverse`.
struct ReverseDeclaration {
    let name: String
    /// The model that refers here.
    let source: String
    /// The key path of the foreign key, as it was written.
    let foreignKey: String

    /// Reads a property; nil where it is not under `@Reverse`, or a problem was reported.
    init?(_ variable: VariableDeclSyntax, reportingTo context: some MacroExpansionContext) {
        guard let attribute = variable.attribute("Reverse"), let binding = variable.bindings.first,
            let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier.text
        else { return nil }
        guard
            let path = attribute.arguments?.as(LabeledExprListSyntax.self)?.first?.expression
                .as(KeyPathExprSyntax.self),
            let root = path.root?.trimmedDescription
        else {
            context.diagnose(ModelDiagnostic.reverseWithoutKeyPath(name).diagnostic(at: attribute))
            return nil
        }
        self.name = name
        source = root
        foreignKey = path.trimmedDescription
    }
}
