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
        var members = [model.idProperty]
        if model.keepsOrder { members.append(model.orderProperty) }
        if !model.hasInitializer {
            members.append(model.memberwiseInitializer)
        }
        return members
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
            model.labelProperty, model.metaProperty, model.keyAlias, model.keyStruct,
            model.fieldsType, model.rowInitializer, model.encodeFunction,
            model.contextFunction, model.managerProperties, model.partsProperty,
            model.forwardingSubscripts, model.setSubscripts, model.setPathFunction,
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

/// `@AbstractModel`: prints the conformance of a struct to `AbstractModel`.
struct AbstractModelMacro {}

extension AbstractModelMacro: MemberMacro {
    static func expansion(
        of node: AttributeSyntax,
        providingMembersOf declaration: some DeclGroupSyntax,
        conformingTo protocols: [TypeSyntax],
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
        guard let model = ModelDeclaration(node, declaration, reportingTo: SilentContext(context))
        else { return [] }
        var members = model.keepsOrder ? [model.orderProperty] : []
        if !model.hasInitializer { members.append(model.memberwiseInitializer) }
        return members
    }
}

extension AbstractModelMacro: ExtensionMacro {
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
        let sets = model.related.filter {
            if case .manyToMany = $0.role { true } else { false }
        }
        if sets.count < model.related.count || model.fields.contains(where: \.isParent) {
            context.diagnose(ModelDiagnostic.abstractRelations.diagnostic(at: node))
        }
        let members = [
            model.declareFunction, model.abstractFieldsType, model.rowInitializer,
            model.encodeFunction, model.orderFunctions, model.contextFunction,
            model.managerFunctions, model.forwardingSubscripts, model.setPathFunction,
        ]
        return [
            try ExtensionDeclSyntax(
                """
                extension \(type.trimmed): AbstractModel {
                \(raw: members.compactMap { $0 }.joined(separator: "\n\n"))
                }
                """
            )
        ]
    }
}

/// `@Field`, `@ForeignKey` and the like: read by `@Model`, they print nothing.
struct FieldMacro: PeerMacro {
    static func expansion(
        of node: AttributeSyntax,
        providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] { [] }
}

/// `@Reverse`, `@ManyToMany`, `@ForeignObject` and `@GenericForeignKey`: the property's getter, and
/// the storage of prefetched rows.
struct RelatedMacro {}

extension RelatedMacro: PeerMacro {
    static func expansion(
        of node: AttributeSyntax,
        providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
        guard let variable = declaration.as(VariableDeclSyntax.self),
            let related = RelatedDeclaration(variable, reportingTo: SilentContext(context))
        else { return [] }
        let access = variable.modifiers.first { ["public", "package"].contains($0.name.text) }
        let peers = related.peers(access: access.map { "\($0.name.text) " } ?? "")
        return peers.map { "\(raw: $0)" }
    }
}

extension RelatedMacro: AccessorMacro {
    static func expansion(
        of node: AttributeSyntax,
        providingAccessorsOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [AccessorDeclSyntax] {
        guard let variable = declaration.as(VariableDeclSyntax.self),
            let related = RelatedDeclaration(variable, reportingTo: SilentContext(context))
        else { return [] }
        return ["get { \(raw: related.getter) }"]
    }
}
