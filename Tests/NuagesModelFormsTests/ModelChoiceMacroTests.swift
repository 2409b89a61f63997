import DatabaseTestSupport
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

/// Which writers a visitor may see, as a middleware would tell.
private enum Visitor {
    @TaskLocal static var initial = ""
}

@Form
private struct AssignForm {
    @ModelChoiceField(Writer.active, emptyLabel: "Nobody yet", label: "By")
    var writer: Writer.Reference
    @ModelChoiceField(
        AssignForm.topics,
        toFieldName: "slug",
        limitChoicesTo: Q("slug__contains", "t"),
        labels: { "topic \($0.name)" }
    )
    var topic: String?
    @ModelMultipleChoiceField(Topic.objects, required: false, widget: .checkboxSelectMultiple)
    var others: [Topic.Reference]
    @ModelMultipleChoiceField(
        Topic.objects,
        toFieldName: "slug",
        labels: { (topic: Topic) in topic.slug },
        required: false
    )
    var slugs: [String]
    @ModelChoiceField(AssignForm.editors)
    var editor: Int?
    @ModelChoiceField(Writer.objects) var raw: FormValue?

    static var topics: QuerySet<Topic> { Topic.objects.order { $0.slug.descending } }
    static var editors: QuerySet<Writer> {
        Writer.objects.filter { $0.name.hasPrefix(Visitor.initial) }
    }
}

extension Writer {
    fileprivate static var active: QuerySet<Writer> { objects.filter { $0.isActive } }
}

extension FormResult {
    fileprivate var valid: Value? { if case .valid(let value) = self { value } else { nil } }
    fileprivate var errorTexts: [String] {
        if case .invalid(let form) = self { form.errorTexts } else { [] }
    }
}

@Suite("Choices of rows in typed forms")
struct ModelChoiceMacroTests {
    private static func data(_ changes: (String, String)...) -> FormInput {
        var data = QueryDict()
        data.append("writer", "1")
        for (name, value) in changes { data.append(name, value) }
        return FormInput(data)
    }

    @Test(arguments: TestBackend.available)
    func cleansToTheTypesOfTheProperties(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let form = try #require(
                try await AssignForm.form.bind(
                    Self.data(
                        ("topic", "its-test"),
                        ("others", "3"),
                        ("others", "1"),
                        ("slugs", "third"),
                        ("editor", "2"),
                        ("raw", "1")
                    )
                ).valid
            )
            #expect(form.writer == Writer.Reference(1))
            #expect(form.topic == "its-test")
            #expect(Set(form.others) == [Topic.Reference(1), Topic.Reference(3)])
            #expect(form.slugs == ["third"] && form.editor == 2)
            #expect(try await form.writer.get().name == "Mike Royko")
            let empty = try #require(try await AssignForm.form.bind(Self.data()).valid)
            #expect(empty.topic == nil && empty.others.isEmpty && empty.editor == nil)
        }
    }

    @Test(arguments: TestBackend.available)
    func showsTheRowsWithTheirLabels(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let form = try await AssignForm.form.unboundQuerying()
            func control(_ name: String) -> String {
                form[name]?.control().html.split(separator: "\n").joined() ?? ""
            }
            #expect(
                control("writer") == """
                    <select name="writer" required id="id_writer">  \
                    <option value="" selected>Nobody yet</option>  \
                    <option value="2">Bob Woodward</option>  \
                    <option value="1">Mike Royko</option></select>
                    """
            )
            #expect(
                control("topic") == """
                    <select name="topic" id="id_topic">  \
                    <option value="" selected>- Select an option -</option>  \
                    <option value="third">topic Third test</option>  \
                    <option value="its-test">topic It&#x27;s a test</option>  \
                    <option value="entertainment">topic Entertainment</option></select>
                    """
            )
            #expect(control("others").contains("type=\"checkbox\" name=\"others\" value=\"1\""))
            #expect(control("slugs").contains("<option value=\"third\">third</option>"))
            #expect(form["writer"]?.label == "By")
        }
    }

    /// What may not be chosen, with the errors.
    private static let refused: [(input: [(String, String)], error: String)] = [
        (
            [("writer", "3")],
            "writer: invalid_choice: Select a valid choice. That choice is not one of the available "
                + "choices."
        ),
        ([("writer", "")], "writer: required: This field is required."),
        (
            [("topic", "1")],
            "topic: invalid_choice: Select a valid choice. That choice is not one of the available "
                + "choices."
        ),
        (
            [("others", "1"), ("others", "9")],
            "others: invalid_choice: Select a valid choice. 9 is not one of the available choices."
        ),
        ([("others", "x")], "others: invalid_pk_value: “x” is not a valid value."),
        (
            [("slugs", "1")],
            "slugs: invalid_choice: Select a valid choice. 1 is not one of the available choices."
        ),
    ]

    @Test(arguments: TestBackend.available)
    func refusesOtherRows(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            for (input, error) in Self.refused {
                var data = QueryDict()
                if input[0].0 != "writer" { data.append("writer", "1") }
                for (name, value) in input { data.append(name, value) }
                #expect(try await AssignForm.form.bind(data).errorTexts == [error])
            }
        }
    }

    @Test(arguments: TestBackend.available)
    func limitsTheRowsOfOneRequest(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            // The query is evaluated in the task of the request.
            for (initial, isValid) in [("B", true), ("M", false), ("", true)] {
                try await Visitor.$initial.withValue(initial) {
                    let result = try await AssignForm.form.bind(Self.data(("editor", "2")))
                    #expect((result.valid != nil) == isValid)
                }
            }
            // What a form says for one page adds to what its field says.
            let form = AssignForm.form.limitChoices(\.topic, to: Q("slug", "third"))
                .rows(\.writer, Writer.objects.filter { !$0.isActive })
                .labels(\.writer) { (writer: Writer) in "- \(writer.name)" }
            #expect(try await form.bind(Self.data()).errorTexts.count == 1)
            var data = QueryDict.of(("writer", "3"), ("topic", "third"))
            #expect(try await form.bind(data).valid?.writer == Writer.Reference(3))
            data["topic"] = "its-test"
            #expect(try await form.bind(data).errorTexts.count == 1)
            let html = try await form.unboundQuerying()["writer"]?.control().html ?? ""
            #expect(html.contains(">- Gone</option>") && !html.contains("Mike"))
            let narrow = AssignForm.form.limitChoices(\.topic, to: Q("slug", "none"))
            #expect(try await narrow.bind(Self.data(("topic", "third"))).valid == nil)
        }
    }

    @Test(arguments: TestBackend.available)
    func readsJSON(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let json = try JSONValue(
                parsing: #"{"writer": 1, "others": [1, "3"], "slugs": ["third"], "topic": null}"#
            )
            let form = try #require(try await AssignForm.form.bind(json: json).valid)
            #expect(Set(form.others) == [Topic.Reference(1), Topic.Reference(3)])
            for wrong in [#"{"writer": [1]}"#, #"{"writer": 1, "others": 1}"#] {
                let result = try await AssignForm.form.bind(json: JSONValue(parsing: wrong))
                #expect(result.errorTexts.count == 1)
            }
        }
    }
}
