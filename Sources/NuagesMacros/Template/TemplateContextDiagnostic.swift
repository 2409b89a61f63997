import SwiftDiagnostics
import SwiftSyntax

/// What can be wrong with a struct under `@TemplateContext`.
enum TemplateContextDiagnostic: String, DiagnosticMessage {
    case notAStruct
    case nameIsNoLiteral

    var severity: DiagnosticSeverity { .error }

    var diagnosticID: MessageID { MessageID(domain: "Nuages.TemplateContext", id: rawValue) }

    var message: String {
        switch self {
        case .notAStruct:
            "@TemplateContext belongs to a struct: a page's values are copied, not shared."
        case .nameIsNoLiteral:
            "Write the template's name as a literal, such as \"polls/detail.html\"."
        }
    }

    func diagnostic(at node: some SyntaxProtocol) -> Diagnostic {
        Diagnostic(node: Syntax(node), message: self)
    }
}
