import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// `#path(…)`: a pattern, checked at compile time, with its typed view.
struct PathMacro: ExpressionMacro {
    static func expansion(
        of node: some FreestandingMacroExpansionSyntax,
        in context: some MacroExpansionContext
    ) throws -> ExprSyntax {
        let path = try PathDeclaration(node)
        let types = path.converters.map { "\($0).self" }.joined(separator: ", ")
        let options = path.options.map { ", \($0.trimmed.with(\.trailingComma, nil))" }.joined()
        return switch path.target {
        case .view(let view):
            """
            NuagesHTTP.Route(\(literal: path.pattern), (\(raw: types)), view: \(view)\(raw: options))
            """
        case .include(let routes):
            """
            NuagesHTTP.Route(\(literal: path.pattern), (\(raw: types)), include: \(routes)\(raw: options))
            """
        }
    }
}
