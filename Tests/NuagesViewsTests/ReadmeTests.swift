import Foundation
import Testing

/// What the documentation quotes is what the compiler sees.
@Suite struct ReadmeTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// A block of code below a comment that names the file it is quoted from.
    struct Quotation: Sendable, CustomTestStringConvertible {
        var page: String
        var line: Int
        var source: String
        var code: String

        var testDescription: String { "\(page):\(line) quotes \(source)" }
    }

    static func quotations(in page: String) throws -> [Quotation] {
        var found: [Quotation] = []
        var quotation: Quotation?
        var isCode = false
        for (index, line) in try text(page).components(separatedBy: "\n").enumerated() {
            if line.hasPrefix("<!-- "), line.hasSuffix(" -->") {
                let source = String(line.dropFirst(5).dropLast(4))
                quotation = Quotation(page: page, line: index + 1, source: source, code: "")
            } else if line.hasPrefix("```") {
                if isCode, let finished = quotation {
                    found.append(finished)
                    quotation = nil
                }
                isCode.toggle()
            } else if isCode {
                quotation?.code += line + "\n"
            }
        }
        return found
    }

    static func pages() -> [String] {
        let guide = "Sources/Nuages/Documentation.docc"
        let files = FileManager.default.enumerator(atPath: root.appendingPathComponent(guide).path)
        let articles = (files?.allObjects ?? []).compactMap { $0 as? String }
        return ["README.md"]
            + articles.filter { $0.hasSuffix(".md") }.sorted().map { "\(guide)/\($0)" }
    }

    /// The text without the blanks at the beginnings of lines, since quotations are moved left.
    private static func flattened(_ text: String) -> String {
        text.components(separatedBy: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
    }

    @Test func readmeShowsTheWholeExample() throws {
        let quotations = try Self.quotations(in: "README.md")
        #expect(
            quotations.map(\.source) == [
                "Snippets/Hello.swift", "Snippets/templates/hello/index.html",
            ]
        )
        for quotation in quotations {
            #expect(quotation.code == (try Self.text(quotation.source)), "\(quotation.source)")
        }
    }

    @Test func exampleHasAboutFortyLines() throws {
        let lines = try Self.text("Snippets/Hello.swift").components(separatedBy: "\n")
        #expect((30...45).contains(lines.count))
    }

    @Test(arguments: try pages().flatMap { try quotations(in: $0) })
    func quotesWhatIsCompiled(_ quotation: Quotation) throws {
        let source = Self.flattened(try Self.text(quotation.source))
        #expect(!quotation.code.isEmpty)
        #expect(source.contains(Self.flattened(quotation.code)))
    }

    @Test func articlesQuoteCode() throws {
        let quoting = try Self.pages().filter { try !Self.quotations(in: $0).isEmpty }
        #expect(quoting.count > 8)
    }
}
