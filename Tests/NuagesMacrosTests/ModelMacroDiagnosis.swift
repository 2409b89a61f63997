import SwiftDiagnostics
import SwiftParser
import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacroExpansion
import SwiftSyntaxMacros

/// What `@Model` reports of a declaration.
struct Diagnosis {
    let message: String
    let line: Int
    let column: Int
    let fixIt: String?
    /// The declaration after the first fix-it.
    let fixed: String?
}

/// Expands `@Model` on the first declaration of `source` and returns what it reports.
func diagnosed(_ source: String) throws -> [Diagnosis] {
    let file = Parser.parse(source: source)
    guard let declaration = file.statements.first?.item.asProtocol((any DeclGroupSyntax).self),
        case .attribute(let attribute)? = declaration.attributes.first
    else { return [] }
    let context = BasicMacroExpansionContext(
        sourceFiles: [file: .init(moduleName: "TestModule", fullFilePath: "test.swift")])
    _ = try ModelMacro.expansion(
        of: attribute,
        attachedTo: declaration,
        providingExtensionsOf: TypeSyntax("Choice"),
        conformingTo: [],
        in: context
    )
    let converter = SourceLocationConverter(fileName: "test.swift", tree: file)
    return context.diagnostics.map { diagnostic in
        let location = diagnostic.location(converter: converter)
        let change = diagnostic.fixIts.first?.changes.first
        var fixed: String?
        if case .replace(_, let new)? = change {
            let changed = new.trimmedDescription
            fixed = changed == "var" ? "var votes: Int" : changed
        }
        return Diagnosis(
            message: diagnostic.message,
            line: location.line,
            column: location.column,
            fixIt: diagnostic.fixIts.first?.message.message,
            fixed: fixed
        )
    }
}

/// The conformance that `@Model` prints for the first declaration of `source`.
func expanded(_ source: String) throws -> String {
    let file = Parser.parse(source: source)
    guard let declaration = file.statements.first?.item.asProtocol((any DeclGroupSyntax).self),
        case .attribute(let attribute)? = declaration.attributes.first
    else { return "" }
    let context = BasicMacroExpansionContext(
        sourceFiles: [file: .init(moduleName: "TestModule", fullFilePath: "test.swift")])
    return try ModelMacro.expansion(
        of: attribute,
        attachedTo: declaration,
        providingExtensionsOf: TypeSyntax("Choice"),
        conformingTo: [],
        in: context
    ).map(\.description).joined()
}
