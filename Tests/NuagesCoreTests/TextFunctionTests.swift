import NuagesCore
import Testing

@Suite struct TextFunctionTests {
    @Test func formatsHTMLWithEscapedValues() throws {
        let format = try HTMLFormat("<b>{}</b> {name:>4}|{{}}")
        let html = try format.html(["<i>"], ["name": SafeString(unsafe: "<u>")])
        #expect(html.html == "<b>&lt;i&gt;</b>  <u>|{}")
    }

    @Test(arguments: ["{", "}", "{0", "{}{0}", "{!x}", "{:99999999999999999999}", "{a}", "{:.f}"])
    func refusesFormats(_ pattern: String) {
        #expect(throws: HTMLFormat.Failure.self) { try HTMLFormat(pattern).html([1]) }
    }

    @Test func refusesToFormatNothing() {
        #expect(throws: HTMLFormat.Failure.noValues) { try HTMLFormat("<b>").html([]) }
    }

    @Test(arguments: [
        ("john's portrait.jpg", "johns_portrait.jpg"), ("../../etc/passwd", "....etcpasswd"),
        ("a\u{0}b", "ab"), ("é.txt", "é.txt"),
    ])
    func makesFileNames(_ name: String, _ valid: String) throws {
        #expect(try FileName.valid(name) == valid)
    }

    @Test(arguments: ["", "..", ".", "$%", "/"])
    func refusesFileNames(_ name: String) {
        #expect(throws: InvalidFileName.self) { try FileName.valid(name) }
    }

    @Test(arguments: [("ChoiceText", "choice text"), ("HTMLParser", "html parser"), ("aB", "a b")])
    func splitsCamelCase(_ name: String, _ words: String) {
        #expect(Words.fromCamelCase(name) == words)
    }
}
