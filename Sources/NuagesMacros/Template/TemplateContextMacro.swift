import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// `@TemplateContext`: prints what a template can reach of a struct.
struct TemplateContextMacro: ExtensionMacro {
    static func expansion(
        of node: AttributeSyntax,
        attachedTo declaration: some DeclGroupSyntax,
        providingExtensionsOf type: some TypeSyntaxProtocol,
        conformingTo protocols: [TypeSyntax],
        in context: some MacroExpansionContext
    ) throws -> [ExtensionDeclSyntax] {
        guard declaration.is(StructDeclSyntax.self) else {
            context.diagnose(TemplateContextDiagnostic.notAStruct.diagnostic(at: node))
            return []
        }
        let template = node.arguments?.as(LabeledExprListSyntax.self)?.first?.expression
        if let template, template.literalText == nil {
            context.diagnose(TemplateContextDiagnostic.nameIsNoLiteral.diagnostic(at: template))
            return []
        }
        let context = TemplateContextDeclaration(declaration, template: template?.literalText)
        let conformance =
            "NuagesCore.ContextObject"
            + (template == nil ? "" : ", NuagesTemplates.TemplateContext")
        return [
            try ExtensionDeclSyntax(
                """
                extension \(type.trimmed): \(raw: conformance) {
                \(raw: context.members.joined(separator: "\n\n"))
                }
                """
            )
        ]
    }
}
