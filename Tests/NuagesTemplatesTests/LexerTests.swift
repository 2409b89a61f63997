import Testing

@testable import NuagesTemplates

@Suite struct LexerTests {
    @Test func cutsTextVariablesTagsAndComments() {
        let tokens = Lexer("a{{ b }}{% c d %}{# e #}\nf").tokenize()
        #expect(tokens.map(\.kind) == [.text, .variable, .block, .comment, .text])
        #expect(tokens.map(\.contents) == ["a", "b", "c d", "e", "\nf"])
        #expect(tokens.map(\.line) == [1, 1, 1, 1, 1])
        #expect(tokens[1].range == 1..<8)
    }

    @Test(arguments: ["{{ a\n}}", "{% a", "{", "}}", "{{"])
    func aTagThatDoesNotEndOnItsLineIsText(_ source: String) {
        #expect(Lexer(source).tokenize().map(\.contents) == [source])
    }

    @Test func verbatimKeepsEverythingUpToItsOwnEnd() {
        let source = "{% verbatim x %}{{ a }}{% endverbatim %}{% endverbatim x %}"
        #expect(
            Lexer(source).tokenize().map(\.kind) == [.block, .text, .text, .block]
        )
    }

    @Test func countsLines() {
        #expect(Lexer("\n\n{{ a }}\n{{ b }}").tokenize().map(\.line) == [1, 3, 3, 4])
    }

    @Test(arguments: [
        ("url \"a b\" c", ["url", "\"a b\"", "c"]),
        ("a='b c'|d:\"e f\" g", ["a='b c'|d:\"e f\"", "g"]),
        ("trans _(\"a b\") c", ["trans", "_(\"a b\")", "c"]),
        ("a \"b", ["a", "\"b"]),
    ])
    func splitsAtBlanksOutsideQuotes(_ contents: String, words: [String]) throws {
        let token = Token(kind: .block, contents: contents, line: 1, range: 0..<0)
        #expect(try token.splitContents() == words)
    }

    @Test func unclosedTagsAreText() {
        let source = String(repeating: "{{ {% {# ", count: 100_000)
        #expect(Lexer(source).tokenize().count == 1)
    }

    @Test(arguments: [
        "", "a", "{{ a }}", "é{{ a }}{% b %}{# c #}\r\n{{ d",
        "{% verbatim %}{{ a }}{% endverbatim %}",
        "{%%}{{}}{##}", "{{{ a }}}", "{{ a\n}}{% b %}", "{% verbatim x %}{% endverbatim %}",
    ])
    func thePiecesAreTheWholeSource(_ source: String) {
        var end = 0
        for token in Lexer(source).tokenize() {
            #expect(token.range.lowerBound == end)
            end = token.range.upperBound
        }
        #expect(end == source.utf8.count)
    }
}
