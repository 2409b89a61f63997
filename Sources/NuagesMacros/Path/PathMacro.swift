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
        let arguments = path.arguments
        return """
            NuagesHTTP.Route(\(literal: arguments.pattern), (\(raw: types)), \
            \(raw: arguments.target.source)\(raw: arguments.options))\(raw: arguments.viewNote)
            """
    }
}

/// `#rePath(…)`: a regular expression, checked at compile time, with its typed view.
struct RegexPathMacro: ExpressionMacro {
    static func expansion(
        of node: some FreestandingMacroExpansionSyntax,
        in context: some MacroExpansionContext
    ) throws -> ExprSyntax {
        let arguments = try RouteArguments(node, macro: "#rePath")
        let groups = try groups(of: arguments).joined(separator: ", ")
        switch arguments.target {
        case .view:
            return """
                NuagesHTTP.Route(regex: \(arguments.literal.trimmed), (\(raw: groups)), \
                \(raw: arguments.target.source)\(raw: arguments.options))\(raw: arguments.viewNote)
                """
        case .include:
            guard arguments.pattern.utf8.last != 0x24 else {
                throw PathDiagnostic.includeWithDollar(arguments.pattern)
                    .error(at: arguments.literal)
            }
            return """
                NuagesHTTP.Route(regex: \(arguments.literal.trimmed), \
                \(raw: arguments.target.source)\(raw: arguments.options))
                """
        }
    }

    /// The groups that the view gets: those with names where there are any.
    private static func groups(of arguments: RouteArguments) throws -> [String] {
        let plan: RegexPlan
        do throws(LinearRegexError) {
            plan = try RegexPlan(arguments.pattern, [])
        } catch {
            throw PathDiagnostic.malformedRegex(error.description).error(at: arguments.literal)
        }
        let isNamed = plan.groups.contains { $0.name != nil }
        return plan.groups.filter { !isNamed || $0.name != nil }.map { group in
            "NuagesHTTP.RegexGroup.\(group.isOptional ? "optional" : "required")()"
        }
    }
}
