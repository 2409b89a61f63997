import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// `@Form`: makes a struct's properties the fields of a form.
struct FormMacro: ExtensionMacro {
    static func expansion(
        of node: AttributeSyntax,
        attachedTo declaration: some DeclGroupSyntax,
        providingExtensionsOf type: some TypeSyntaxProtocol,
        conformingTo protocols: [TypeSyntax],
        in context: some MacroExpansionContext
    ) throws -> [ExtensionDeclSyntax] {
        guard let form = FormDeclaration(declaration, of: node, reportingTo: context) else {
            return []
        }
        let fields = form.fields.map { "        \($0.source),\n" }.joined()
        let assignments = form.fields.enumerated().map { index, field in
            "        \(field.property) = try values.value(at: \(index))\n"
        }.joined()
        return [
            try ExtensionDeclSyntax(
                """
                extension \(type.trimmed): NuagesForms.Form {
                    \(raw: form.access)static let form = NuagesForms.FormDefinition<\(type.trimmed)>([
                \(raw: fields)    ])

                    \(raw: form.access)init(
                        cleaned values: NuagesForms.CleanedValues
                    ) throws(NuagesCore.ValidationError) {
                \(raw: assignments)    }
                }
                """
            )
        ]
    }
}

/// `@CharField` and the others: they only hold what `@Form` reads.
struct FormFieldMacro: PeerMacro {
    static func expansion(
        of node: AttributeSyntax,
        providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] { [] }
}
