import SwiftDiagnostics
import SwiftSyntax

/// What can be wrong with a `#path` or a `#rePath`.
enum PathDiagnostic: DiagnosticMessage {
    case missingPattern(String)
    case notALiteral(String)
    case missingView(String)
    case leadingSlash(String)
    case unmatchedBracket(String, String)
    case whitespace(String, String)
    case invalidName(String, String)
    case duplicateName(String, String)
    case unknownConverter(String, String)
    case malformedRegex(String)
    case includeWithDollar(String)

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
        case .malformedRegex: "malformedRegex"
        case .includeWithDollar: "includeWithDollar"
        }
    }

    var message: String {
        switch self {
        case .missingPattern(let macro):
            "\(macro) needs a pattern, such as \(macro == "#path" ? "\"<int:id>/\"" : "\"^([0-9]+)/$\"")."
        case .notALiteral(let macro):
            "The pattern of \(macro) must be a string literal without interpolation: it is read at "
                + "compile time."
        case .missingView(let macro):
            "\(macro) needs a view, or 'include:' with further routes."
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
        case .malformedRegex(let reason): reason
        case .includeWithDollar(let pattern):
            "The pattern '\(pattern)' has routes behind it and ends with '$', so that none of them can "
                + "match. Remove the '$'."
        }
    }

    func error(at node: some SyntaxProtocol) -> DiagnosticsError {
        DiagnosticsError(diagnostics: [Diagnostic(node: node, message: self)])
    }
}
