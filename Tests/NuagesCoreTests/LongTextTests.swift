import NuagesCore
import Testing

/// Texts of 300,000 pieces of which each is written in another way.
@Suite(.timeLimit(.minutes(1))) struct LongTextTests {
    private func check(
        _ piece: String,
        _ written: String,
        around quote: String = "",
        _ write: (String) throws -> String
    ) rethrows {
        let count = 300_000
        let output = try write(String(repeating: piece, count: count))
        let expected = quote + String(repeating: written, count: count) + quote
        #expect(output.equalsBytes(expected), "\(piece)")
    }

    @Test(arguments: [("'", "\\u0027"), ("\u{2028}", "\\u2028"), ("é", "é")])
    func writesJavaScript(_ piece: String, _ written: String) {
        check(piece, written, ScriptEscaper.javaScript)
    }

    @Test(arguments: [("\\", "\\\\"), ("\n", "\\n"), ("\u{301}", "\u{301}"), ("\u{7F}", "\\x7f")])
    func writesLiterals(_ piece: String, _ written: String) {
        check(piece, written, around: "'", PythonText.repr)
    }

    @Test(arguments: [("\t", "\\t"), ("\u{202E}", "\\u{202e}"), ("é", "é")])
    func writesLines(_ piece: String, _ written: String) {
        check(piece, written) { LogText.escape($0, limit: .max) }
    }

    @Test(arguments: [
        ("&lt;", "<"), ("&#x3c;", "<"), ("&nothing;", "¬hing;"), ("&zyx;", "&zyx;"),
        ("&\u{212A}opf;", "&\u{212A}opf;"), ("é", "é"),
    ])
    func readsReferences(_ piece: String, _ written: String) {
        check(piece, written, HTMLUnescaper.unescape)
    }

    @Test(arguments: [("> \n<b", "><b"), ("> \u{3000}x", "> \u{3000}x")])
    func takesSpacesOut(_ piece: String, _ written: String) {
        check(piece, written, HTMLSpaces.strippedBetweenTags)
    }
}
