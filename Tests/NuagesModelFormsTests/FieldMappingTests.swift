import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

@Suite("Fields of forms that are made of fields of models")
struct FieldMappingTests {
    /// The controls of a form of everything; what Django shows of the same model.
    static let controls: [(name: String, html: String)] = [
        ("code", #"<input type="text" name="code" maxlength="10" id="id_code">"#),
        ("nick", #"<input type="text" name="nick" maxlength="10" id="id_nick">"#),
        (
            "text",
            #"<textarea name="text" cols="40" rows="10" required id="id_text">"# + "\n</textarea>"
        ),
        (
            "email",
            #"<input type="email" name="email" maxlength="254" required id="id_email">"#
        ),
        ("link", #"<input type="url" name="link" maxlength="200" required id="id_link">"#),
        ("slug", #"<input type="text" name="slug" maxlength="50" required id="id_slug">"#),
        ("small", #"<input type="number" name="small" required id="id_small">"#),
        ("positive", #"<input type="number" name="positive" min="0" required id="id_positive">"#),
        (
            "big",
            #"<input type="number" name="big" min="-9223372036854775808" "#
                + #"max="9223372036854775807" required id="id_big">"#
        ),
        ("ratio", #"<input type="number" name="ratio" step="any" required id="id_ratio">"#),
        ("price", #"<input type="number" name="price" step="0.01" required id="id_price">"#),
        ("is_true", #"<input type="checkbox" name="is_true" id="id_is_true">"#),
        ("day", #"<input type="text" name="day" required id="id_day">"#),
        ("clock", #"<input type="text" name="clock" required id="id_clock">"#),
        ("moment", #"<input type="text" name="moment" required id="id_moment">"#),
        ("length", #"<input type="text" name="length" required id="id_length">"#),
        ("token", #"<input type="text" name="token" required id="id_token">"#),
        (
            "document",
            #"<textarea name="document" cols="40" rows="10" id="id_document">"#
                + "\nnull</textarea>"
        ),
        ("cover", #"<input type="file" name="cover" id="id_cover">"#),
    ]

    /// The attributes of an element in any order.
    private func parts(_ html: String) -> Set<Substring> {
        Set(html.split { $0 == " " || $0 == "<" || $0 == ">" })
    }

    @Test(arguments: controls)
    func showsEveryKindAsDjangoDoes(_ name: String, _ html: String) throws {
        let form = try ModelFormDefinition(Everything.self, fields: .all).form.unbound()
        let control = try #require(form[name]).control().html
        #expect(parts(control) == parts(html), "\(control)")
    }

    @Test func leavesOutWhatCannotBeEdited() throws {
        let form = try ModelFormDefinition(Everything.self, fields: .all).form
        #expect(form.entries.first?.name == "code")
        #expect(!form.entries.contains { $0.name == "changed" || $0.name == "id" })
        #expect(form.unbound()["is_known"]?.control().html.contains("Unknown") == true)
    }

    @Test func takesLabelsHelpAndChoices() async throws {
        let form = try ModelFormDefinition(Writer.self, fields: ["name"]).form.unbound()
        #expect(form["name"]?.label == "Name")
        #expect(form["name"]?.helpText == "Use both first and last names.")
        let story = try ModelFormDefinition(Story.self, fields: ["pub_date", "status"]).form
            .unbound()
        #expect(story["pub_date"]?.label == "Pub date")
        let options = story["status"]?.control().html ?? ""
        #expect(options.contains("<option value=\"\" selected>- Select an option -</option>"))
        #expect(options.contains("<option value=\"3\">Live</option>"))
    }

    static let everything: [(String, String)] = [
        ("code", ""), ("nick", ""), ("text", "T"), ("email", "a@example.com"),
        ("link", "https://example.com/"), ("slug", "é-1"), ("small", "-32768"),
        ("positive", "2147483647"), ("big", "9223372036854775807"), ("ratio", "1.5"),
        ("price", "1234.50"), ("is_true", "on"), ("is_known", "unknown"), ("day", "2024-02-29"),
        ("clock", "23:59:59"), ("moment", "2024-02-29 12:30"), ("length", "1 02:03:04"),
        ("token", "f47ac10b-58cc-4372-a567-0e02b2c3d479"), ("address", "::ffff:10.0.0.1"),
        ("document", "{\"a\": [1, null]}"),
    ]

    @Test(arguments: TestBackend.available)
    func savesEveryKind(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            var data = QueryDict()
            for (name, value) in Self.everything { data.append(name, value) }
            let form = try ModelFormDefinition(Everything.self, fields: .all)
            var bound = try await form.bind(FormInput(data))
            #expect(bound.form.errorTexts == [])
            guard bound.isValid else { return }
            try await bound.save()
            let found = try #require(try await Everything.objects.first())
            #expect(found.code == "" && found.nick == nil && found.slug == "é-1")
            #expect(found.small == -32768 && found.big == Int.max && found.ratio == 1.5)
            #expect(found.price == 1234.5 && found.isTrue && found.isKnown == nil)
            #expect(found.day.description == "2024-02-29" && found.length == .seconds(93784))
            #expect(found.document == .object([.init("a", .array([.int(1), .null]))]))
            // Shown again and sent back, nothing has changed.
            let again = try await form.unbound(instance: found)
            var same = QueryDict()
            for (name, value) in Self.everything { same.append(name, value) }
            let second = try await form.bind(FormInput(same), row: try await Self.row())
            #expect(second.form.changedFields == [])
            #expect(
                again["price"]?.value.text == "1234.50" || again["price"]?.value.text == "1234.5"
            )
        }
    }

    private static func row() async throws -> DynamicRow {
        try await DynamicQuery(Everything.self).get()
    }

    /// Values that no column takes, or those of some databases do not, and what is said of them.
    static let ranges: [(name: String, value: String, error: String, backends: Set<TestBackend>)] =
        [
            (
                "small", "32768",
                "small: max_value: Ensure this value is less than or equal to 32767.",
                [.postgresql, .mysql]
            ),
            (
                "positive", "2147483648",
                "positive: max_value: Ensure this value is less than or equal to 2147483647.",
                [.postgresql]
            ),
            (
                "positive", "4294967296",
                "positive: max_value: Ensure this value is less than or equal to 4294967295.",
                [.mysql]
            ),
            (
                "positive", "-1",
                "positive: min_value: Ensure this value is greater than or equal to 0.",
                [.sqlite, .postgresql, .mysql]
            ),
            (
                "big", "9223372036854775808",
                "big: max_value: Ensure this value is less than or equal to 9223372036854775807.",
                [.sqlite, .postgresql, .mysql]
            ),
            (
                "price", "12345.6",
                "price: max_whole_digits: Ensure that there are no more than 4 digits before the "
                    + "decimal point.",
                [.sqlite, .postgresql, .mysql]
            ),
        ]

    @Test(arguments: TestBackend.available)
    func keepsNumbersInTheRangeOfTheirColumns(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let form = try ModelFormDefinition(Everything.self, fields: .all)
            for (field, value, error, backends) in Self.ranges where backends.contains(backend) {
                var data = QueryDict()
                for (name, own) in Self.everything {
                    data.append(name, name == field ? value : own)
                }
                let bound = try await form.bind(FormInput(data))
                #expect(bound.form.errorTexts == [error])
            }
        }
    }
}
