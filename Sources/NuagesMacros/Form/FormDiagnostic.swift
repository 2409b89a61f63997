import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxBuilder

/// What can be wrong with a struct that has `@Form`.
enum FormDiagnostic: DiagnosticMessage {
    case notAStruct
    case genericStruct
    case severalProperties
    case missingType(String)
    case constant(String)
    case severalFields(String)
    case duplicateName(String, String)
    case pattern(String)
    case checksNoField(String)
    case isNeverCalled(String, String, String)

    var message: String {
        switch self {
        case .notAStruct: "'@Form' needs a struct; its properties are the fields of the form"
        case .genericStruct:
            "'@Form' cannot be attached to a generic struct; its fields are made once"
        case .severalProperties: "a form declares each field by a 'var' of its own"
        case .missingType(let property):
            "the field '\(property)' needs a type, such as 'var \(property): String'"
        case .constant(let property):
            "the field '\(property)' has an initial value and must be a 'var' to take another"
        case .severalFields(let property):
            "the field '\(property)' has two attributes for its field; keep one"
        case .duplicateName(let name, let other):
            "the field name '\(name)' is taken by '\(other)'; name one of them by 'name:'"
        case .pattern(let reason): reason
        case .checksNoField(let function):
            "'\(function)' checks no field; its name is 'clean' and that of a property"
        case .isNeverCalled(let function, let property, let type):
            "'\(function)' is never called to check the field '\(property)'; write "
                + "'func \(function)(_ \(property): inout \(type)) throws', or give it another name"
        }
    }

    private var fixIt: String {
        switch self {
        case .notAStruct: "make it a struct"
        case .missingType: "add ': String'"
        case .constant: "replace 'let' with 'var'"
        default: message
        }
    }

    private struct FixItText: FixItMessage {
        let message: String
        let fixItID: MessageID
    }

    var diagnosticID: MessageID {
        let name = "\(self)".prefix { $0 != "(" }
        return MessageID(domain: "NuagesMacros.Form", id: String(name))
    }

    var severity: DiagnosticSeverity {
        if case .isNeverCalled = self { return .warning }
        return .error
    }

    func diagnostic(at node: some SyntaxProtocol) -> Diagnostic {
        Diagnostic(node: node, message: self)
    }

    private func diagnostic(
        at node: some SyntaxProtocol,
        replacing old: some SyntaxProtocol,
        with new: some SyntaxProtocol
    ) -> Diagnostic {
        let text = FixItText(message: fixIt, fixItID: diagnosticID)
        return Diagnostic(
            node: node,
            message: self,
            fixIt: .replace(message: text, oldNode: old, newNode: new)
        )
    }

    /// For a class or an enum; a class can become a struct.
    func diagnostic(
        at declaration: some DeclGroupSyntax,
        of node: AttributeSyntax
    ) -> Diagnostic {
        guard let type = declaration.as(ClassDeclSyntax.self) else { return diagnostic(at: node) }
        let keyword = type.classKeyword
        return diagnostic(
            at: keyword,
            replacing: keyword,
            with: keyword.with(\.tokenKind, .keyword(.struct))
        )
    }

    /// For a `let` with a value.
    func constantDiagnostic(at variable: VariableDeclSyntax) -> Diagnostic {
        let keyword = variable.bindingSpecifier
        return diagnostic(
            at: keyword,
            replacing: keyword,
            with: keyword.with(\.tokenKind, .keyword(.var))
        )
    }

    /// For a property without a type.
    func typeDiagnostic(at binding: PatternBindingSyntax) -> Diagnostic {
        let typed =
            binding
            .with(\.pattern, binding.pattern.trimmed)
            .with(\.typeAnnotation, TypeAnnotationSyntax(type: TypeSyntax(" String")))
        return diagnostic(
            at: binding,
            replacing: binding,
            with: typed.with(
                \.initializer,
                binding.initializer.map { $0.with(\.leadingTrivia, .space) }
            )
        )
    }
}
