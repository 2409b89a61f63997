import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// `@Model`: prints the conformance of a struct to `Model`.
struct ModelMacro {}

extension ModelMacro: MemberMacro {
    static func expansion(
        of node: AttributeSyntax,
        providingMembersOf declaration: some DeclGroupSyntax,
        conformingTo protocols: [TypeSyntax],
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
        // The extension reports the problems; once is enough.
        guard let model = ModelDeclaration(node, declaration, reportingTo: SilentContext(context))
        else { return [] }
        return model.hasInitializer
            ? [model.idProperty] : [model.idProperty, model.memberwiseInitializer]
    }
}

extension ModelMacro: ExtensionMacro {
    static func expansion(
        of node: AttributeSyntax,
        attachedTo declaration: some DeclGroupSyntax,
        providingExtensionsOf type: some TypeSyntaxProtocol,
        conformingTo protocols: [TypeSyntax],
        in context: some MacroExpansionContext
    ) throws -> [ExtensionDeclSyntax] {
        guard let model = ModelDeclaration(node, declaration, reportingTo: context) else {
            return []
        }
        let members = [
            model.labelProperty, model.metaProperty, model.keyType.map { model.keyAlias($0) },
            model.fieldsType, model.rowInitializer, model.encodeFunction, model.contextFunction,
        ]
        return [
            try ExtensionDeclSyntax(
                """
                extension \(type.trimmed): Model {
                \(raw: members.compactMap { $0 }.joined(separator: "\n\n"))
                }
                """
            )
        ]
    }
}

/// `@Field` and `@ForeignKey`: read by `@Model`, they print nothing.
struct FieldMacro: PeerMacro {
    static func expansion(
        of node: AttributeSyntax,
        providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] { [] }
}

/// `@Reverse`: the property's getter, and the storage of prefetched rows.
struct ReverseMacro {}

extension ReverseMacro: PeerMacro {
    static func expansion(
        of node: AttributeSyntax,
        providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
        guard let variable = declaration.as(VariableDeclSyntax.self),
            let reverse = ReverseDeclaration(variable, reportingTo: SilentContext(context))
        else { return [] }
        return ["var _\(raw: reverse.name): PrefetchedRows<\(raw: reverse.source)>? = nil"]
    }
}

extension ReverseMacro: AccessorMacro {
    static func expansion(
        of node: AttributeSyntax,
        providingAccessorsOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [AccessorDeclSyntax] {
        guard let variable = declaration.as(VariableDeclSyntax.self),
            let reverse = ReverseDeclaration(variable, reportingTo: SilentContext(context))
        else { return [] }
        return [
            """
            get { RelatedSet(of: self, by: \(raw: reverse.foreignKey), loaded: _\(raw: reverse.name)) }
            """
        ]
    }
}
