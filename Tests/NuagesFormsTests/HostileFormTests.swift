import NuagesCore
import NuagesForms
import Testing

/// What no page submits: it ends as an error of a field, or is passed over.
@Suite struct HostileFormTests {
    private func form() -> DynamicForm {
        var form = DynamicForm()
        form.add("name", CharField(maxLength: 20))
        form.add("email", EmailField().required(false))
        form.add("site", URLField().required(false))
        form.add("tags", MultipleChoiceField<String>(choices: ["a": "A"]).required(false))
        return form
    }

    @Test(arguments: ["name[]", "name[0][1]", "name.x", "name\0", "NAME", "náme", "__proto__"])
    func namesWithBracketsAreOtherNames(_ name: String) {
        var data = QueryDict()
        data.append(name, "x")
        #expect(form().bind(data).errors["name"]?.items.map(\.code) == ["required"])
    }

    @Test func theLastOfSeveralValuesCounts() {
        var data = QueryDict()
        for number in 0..<1000 { data.append("name", "\(number)") }
        #expect(form().bind(data).cleaned("name")?.contextValue.plainText == "999")
    }

    @Test func invalidUTF8IsReplaced() throws {
        let text = String(decoding: [0x61, 0xFF, 0xC0, 0x62] as [UInt8], as: UTF8.self)
        let bound = form().bind(["name": [text], "email": [text], "site": [text]])
        #expect(bound.cleaned("name")?.contextValue.plainText == "a\u{FFFD}\u{FFFD}b")
        #expect(bound.hasError("email", code: "invalid"))
        #expect(bound.hasError("site", code: "invalid"))
    }

    // CVE-2026-53878, CVE-2021-32052, CVE-2015-5144: line feeds at the end.
    @Test(arguments: ["\n", "\r\n", "\t", "\u{85}"])
    func lineFeedsInsideAreRefused(_ space: String) {
        let bound = form().bind([
            "name": ["a"], "email": ["a@example.com\(space)x"],
            "site": ["https://example.com/\(space)x"],
        ])
        #expect(bound.hasError("email", code: "invalid"))
        #expect(bound.hasError("site", code: "invalid"))
        #expect(throws: ValidationError.self) {
            try EmailValidator().validate("a@example.com\(space)")
        }
        #expect(throws: ValidationError.self) {
            try URLValidator().validate("https://example.com\(space)")
        }
    }

    // Django's domains take every letter from U+00A1 on, and so this one.
    @Test func lineSeparatorsAreRefusedWhereDjangoRefusesThem() {
        let bound = form().bind(["name": ["a"], "site": ["https://example.com/\u{2028}x"]])
        #expect(bound.hasError("site", code: "invalid"))
        #expect(throws: Never.self) { try EmailValidator().validate("a@example.com\u{2028}") }
    }

    // CVE-2013-4249, CVE-2019-12308: a value is never a link, and never markup.
    @Test(arguments: ["javascript:alert(1)", "\" onfocus=\"alert(1)", "</textarea><script>"])
    func valuesAreShownAsText(_ text: String) {
        let html = form().bind(["name": [text], "site": [text], "tags": [text]]).html.html
        #expect(!html.contains("<script>"))
        #expect(!html.contains("\" onfocus=\""))
        #expect(!html.contains("href="))
    }

    // CVE-2024-39614 and its like: much of everything in a set of forms.
    @Test func aSetOfHostileFormsEnds() {
        var data: QueryDict = ["form-TOTAL_FORMS": ["2000"], "form-INITIAL_FORMS": ["2000"]]
        for number in 0..<2000 { data["form-\(number)-DELETE"] = "on" }
        var set = DynamicFormSet(of: form())
        set.options.canDelete = true
        set.options.canOrder = true
        let bound = set.bind(data)
        #expect(bound.deletedIndices.count == 2000)
        #expect(bound.isValid)
    }

    @Test(arguments: [
        ("ada@example.com", true), ("a.b-c_d+e@sub.example.co", true), ("a..b@example.com", false),
        (".a@example.com", false), ("a.@example.com", false), ("a@-example.com", false),
        ("a@example-.com", false), ("a@example.c", false), ("a@example", false),
        ("a@exa mple.com", false), ("a@b@example.com", false), ("a@example.com-", false),
        ("a@example..com", false), ("a@\(String(repeating: "a", count: 64)).com", false),
    ])
    func plainAddressesAreJudgedAsOthers(_ address: String, isValid: Bool) {
        let bound = form().bind(["name": ["a"], "email": [address]])
        #expect(bound.isValid == isValid)
    }

    @Test(arguments: [
        ("https://example.com", true), ("http://a-b.example.com/x?y=<z>#\"", true),
        ("https://example.com?x", true), ("https://-a.com/", false), ("https://a..com/", false),
        ("https://a-.com/", false), ("https://example.c/", false), ("https://example/", false),
        ("https://exam ple.com/", false), ("https://example.com/ x", false),
        ("https://@example.com/", false), ("gopher://example.com/", false),
    ])
    func plainURLsAreJudgedAsOthers(_ url: String, isValid: Bool) {
        #expect(form().bind(["name": ["a"], "site": [url]]).isValid == isValid)
    }
}
