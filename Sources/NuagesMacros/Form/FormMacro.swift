import SwiftParser
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
            "        self.\(field.property) = try values.value(at: \(index))\n"
        }.joined()
        let checks = cleaning(form)
        return [
            try ExtensionDeclSyntax(
                """
                extension \(type.trimmed): NuagesForms.Form {
                    \(raw: form.access)static let form = NuagesForms.FormDefinition<\(type.trimmed)>([
                \(raw: fields)    ])

                    \(raw: form.access)init(
                        cleaned values: NuagesForms.CleanedValues
                    ) throws(NuagesCore.ValidationError) {
                \(raw: assignments)    }\(raw: checks)
                }
                """
            )
        ]
    }
}

extension FormMacro {
    /// The functions that run those which check one field each; empty where there are none.
    private static func cleaning(_ form: FormDeclaration) -> String {
        var source = ""
        let ofType = form.checks.filter(\.isStatic)
        if !ofType.isEmpty {
            source += """


                    \(form.access)static func cleanFields(
                        _ fields: inout NuagesForms.FieldCleaner
                    ) async throws {
                \(ofType.map(\.source).joined())    }
                """
        }
        let ofValue = form.checks.filter { !$0.isStatic }
        if !ofValue.isEmpty {
            source += """


                    \(form.access)mutating func cleanFields(
                        _ errors: inout NuagesForms.FieldErrors
                    ) async throws {
                \(ofValue.map(\.source).joined())    }
                """
        }
        return source
    }
}

/// `@CharField` and the others: they only hold what `@Form` reads.
struct FormFieldMacro: PeerMacro {
    static func expansion(
        of node: AttributeSyntax,
        providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
        if FieldBuilder.typeName(of: node) == "RegexField" { checkPattern(of: node, context) }
        return []
    }

    /// Reports a pattern of `@RegexField` that cannot be compiled; flags may change what one means.
    private static func checkPattern(
        of node: AttributeSyntax,
        _ context: some MacroExpansionContext
    ) {
        guard case .argumentList(let arguments)? = node.arguments,
            !arguments.contains(where: { $0.label?.text == "options" }),
            let literal = arguments.first?.expression.as(StringLiteralExprSyntax.self),
            let pattern = literal.representedLiteralValue
        else { return }
        do throws(LinearRegexError) {
            _ = try RegexPlan(pattern, [])
        } catch {
            context.diagnose(
                FormDiagnostic.pattern(error.description).diagnostic(at: literal)
            )
        }
    }
}
