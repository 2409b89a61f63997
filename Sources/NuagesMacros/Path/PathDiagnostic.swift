import SwiftDiagnostics
import SwiftSyntax

/// What can be wrong with a `#path`.
enum PathDiagnostic: DiagnosticMessage {
    case missingPattern
    case notALiteral
    case missingView
    case leadingSlash(String)
    case unmatchedBracket(String, String)
    case whitespace(String, String)
    case invalidName(String, String)
    case duplicateName(String, String)
    case unknownConverter(String, String)

    var severity: DiagnosticSeverity { .error }

    var diagnosticID: MessageID { MessageID(domain: "NuagesMacros.Path", id: id) }

    private var id: String {
        switch self {
        case .missingPattern: "missingPattern"
        case .notALiteral: "notALiteral"
        case .missingView: "missingView"
        case .leadingSlash: "leadingSlash"
        case .unmatchedBracket: "unmatchedBracket"
        case .whitespace: "whitespace"
        case .invalidName: "invalidName"
        case .duplicateName: "duplicateName"
        case .unknownConverter: "unknownConverter"
        }
    }

    var message: String {
        switch self {
        case .missingPattern: "#path needs a pattern, such as \"<int:id>/\"."
        case .notALiteral:
            "The pattern of #path must be a string literal without interpolation: it is read at "
                + "compile time."
        case .missingView: "#path needs a view, or 'include:' with further routes."
        case .leadingSlash(let pattern):
            "The pattern '\(pattern)' begins with a slash. Remove it: the slash in front of a path "
                + "belongs to no pattern."
        case .unmatchedBracket(let bracket, let pattern):
            "The pattern '\(pattern)' has an unmatched '\(bracket)' bracket."
        case .whitespace(let inner, let pattern):
            "'<\(inner)>' in the pattern '\(pattern)' contains whitespace. Remove it."
        case .invalidName(let name, let pattern):
            "'\(name)' in the pattern '\(pattern)' is not a name. Names consist of letters, digits "
                + "and '_', and do not begin with a digit."
        case .duplicateName(let name, let pattern):
            "The pattern '\(pattern)' has the name '\(name)' twice. Give each part a name of its own."
        case .unknownConverter(let name, let pattern):
            "The pattern '\(pattern)' has an unknown converter '\(name)'. Choices are: int, path, "
                + "slug, str, uuid, or the name of a type that conforms to PathConverter."
        }
    }

    func error(at node: some SyntaxProtocol) -> DiagnosticsError {
        DiagnosticsError(diagnostics: [Diagnostic(node: node, message: self)])
    }
}
