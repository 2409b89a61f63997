import DatabaseTestSupport
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

@Suite("Fields that choose rows")
struct ModelChoiceTests {
    @Test(arguments: TestBackend.available)
    func looksUpTheChoicesOfEachRequest(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            var form = DynamicForm()
            form.add("writer", ModelChoiceField(Writer.objects.filter { $0.isActive }))
            let first = try await form.unboundQuerying()
            #expect(
                first["writer"]?.control().html == """
                    <select name="writer" required id="id_writer">
                      <option value="" selected>- Select an option -</option>

                      <option value="2">Bob Woodward</option>

                      <option value="1">Mike Royko</option>

                    </select>
                    """
            )
            try await Writer.objects.filter { $0.name == "Bob Woodward" }.delete()
            let second = try await form.unboundQuerying()
            #expect(second["writer"]?.control().html.contains("Bob") == false)
            let bound = try await form.bindQuerying(FormInput(.of(("writer", "2"))))
            #expect(
                bound.errorTexts == [
                    "writer: invalid_choice: Select a valid choice. That choice is not one of the "
                        + "available choices."
                ]
            )
        }
    }

    @Test(arguments: TestBackend.available)
    func labelsAndNamesRowsAsItIsTold(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let field = ModelChoiceField(
                Topic.objects.order { $0.slug.descending },
                toFieldName: "slug",
                emptyLabel: nil
            ).labels { (topic: Topic) in "topic \(topic.name)" }
                .limitChoicesTo(Q("slug__contains", "t"))
            var form = DynamicForm()
            form.add("topic", field)
            let html = try await form.unboundQuerying()["topic"]?.control().html ?? ""
            #expect(html.contains("<option value=\"third\">topic Third test</option>"))
            #expect(html.contains("topic It&#x27;s a test"))
            #expect(!html.contains("- Select an option -"))
            let bound = try await form.bindQuerying(FormInput(.of(("topic", "its-test"))))
            #expect(bound.cleaned("topic")?.text == "its-test")
        }
    }

    /// Texts that are no keys, or of rows that may not be chosen.
    static let wrongKeys = [
        "0", "99", "-1", "abc", "1.5", " ", "1 OR 1=1", "9223372036854775808",
        "99999999999999999999999999", "3", "٣", "None", "1e0",
    ]

    @Test(arguments: TestBackend.available)
    func refusesKeysThatMayNotBeChosen(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            for key in Self.wrongKeys {
                let form = try #require(
                    try await StoryForm.bind(storyData(("writer", key))).invalid
                )
                #expect(
                    form.errors["writer"]?.items.map(\.code) == ["invalid_choice"],
                    "\(key.debugDescription)"
                )
            }
        }
    }

    @Test(arguments: TestBackend.available)
    func refusesNullCharacters(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            for key in ["\u{0}", "1\u{0}"] {
                let form = try #require(
                    try await StoryForm.bind(storyData(("writer", key))).invalid
                )
                #expect(
                    form.errorTexts == [
                        "writer: null_characters_not_allowed: Null characters are not allowed."
                    ]
                )
            }
        }
    }

    /// What is said of several keys.
    static let sets: [(keys: [String], error: String?)] = [
        ([], nil), (["1"], nil), (["1", "1", "2"], nil),
        (
            ["1", "99"],
            "invalid_choice: Select a valid choice. 99 is not one of the available choices."
        ),
        (["x"], "invalid_pk_value: “x” is not a valid value."),
        (["9223372036854775808"], "invalid_pk_value: “9223372036854775808” is not a valid value."),
        (["1\u{0}"], "null_characters_not_allowed: Null characters are not allowed."),
        ([""], "invalid_pk_value: “” is not a valid value."),
    ]

    @Test(arguments: TestBackend.available)
    func checksEachOfSeveralKeys(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            for (keys, error) in Self.sets {
                var data = storyData()
                for key in keys { data.append("topics", key) }
                let result = try await StoryForm.bind(data)
                #expect(result.invalid?.errorTexts.first == error.map { "topics: \($0)" })
            }
        }
    }

    @Test func readsManyKeysInPieces() async throws {
        let database = try await TestBackend.sqlite.openPress()
        try await database.use { () async throws in
            try await Topic.objects.bulkCreate(
                (0..<6000).map { Topic(name: "T\($0)", slug: "t-\($0)") }
            )
            var form = DynamicForm()
            form.add("topics", ModelMultipleChoiceField(Topic.objects))
            var data = QueryDict()
            for key in 1...6003 { data.append("topics", String(key)) }
            let bound = try await form.bindQuerying(FormInput(data))
            #expect(bound.isValid && bound.cleaned("topics")?.elements?.count == 6003)
        }
    }

    @Test func comparesKeysWithInitialOnes() async throws {
        let database = try await TestBackend.sqlite.openPress()
        try await database.use { () async throws in
            var form = DynamicForm()
            form.add("writer", ModelChoiceField(Writer.objects))
            form.add("topics", ModelMultipleChoiceField(Topic.objects).required(false))
            form.setInitial(1, for: "writer")
            form.setInitial([1, 2], for: "topics")
            var data = QueryDict.of(("writer", "1"), ("topics", "2"), ("topics", "1"))
            #expect(try await form.bindQuerying(FormInput(data)).changedFields == [])
            data.append("writer", "2")
            data.append("topics", "3")
            #expect(
                try await form.bindQuerying(FormInput(data)).changedFields == ["writer", "topics"]
            )
        }
    }

    /// A list that no page could hold is not made; what is typed is looked up as what is chosen.
    @Test(arguments: TestBackend.available)
    func typesTheKeyWhereThereAreTooMany(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            for (count, isTyped) in [(2, true), (3, false), (nil, false)] as [(Int?, Bool)] {
                var field = ModelChoiceField(Writer.objects.filter { $0.isActive })
                if let count { field = field.maxChoices(count) }
                var form = DynamicForm()
                form.add("writer", field)
                form.setInitial(1, for: "writer")
                let html = try await form.unboundQuerying()["writer"]?.control().html ?? ""
                let input = #"<input type="text" name="writer" value="1" required id="id_writer">"#
                #expect((html == input) == isTyped, "\(html)")
                let chosen = try await form.bindQuerying(FormInput(.of(("writer", "2"))))
                #expect(chosen.isValid)
                let wrong = try await form.bindQuerying(FormInput(.of(("writer", "77"))))
                #expect(wrong["writer"]?.control().html.contains("<select") == !isTyped)
                #expect(wrong.errors["writer"]?.items.map(\.code) == ["invalid_choice"])
            }
        }
    }

    /// Choices are looked up for pages that show them, and for nothing else.
    @Test func looksUpNothingThatNoPageShows() async throws {
        let database = try await TestBackend.sqlite.openPress()
        try await database.use { () async throws in
            func statements(_ body: () async throws -> Void) async throws -> Int {
                let (_, log) = try await Database.capturingQueries(body)
                return log.statements.count
            }
            var form = DynamicForm()
            form.add("writer", ModelChoiceField(Writer.objects))
            let list = form
            #expect(try await statements { _ = try await list.unboundQuerying() } == 1)
            form.add("writer", ModelChoiceField(Writer.objects).widget(.hidden))
            let hidden = form
            #expect(try await statements { _ = try await hidden.unboundQuerying() } == 0)
            let json = FormInput(json: .object([]))
            #expect(try await statements { _ = try await list.bindQuerying(json) } == 0)
            let page = FormInput(QueryDict())
            #expect(try await statements { _ = try await list.bindQuerying(page) } == 1)
        }
    }
}
