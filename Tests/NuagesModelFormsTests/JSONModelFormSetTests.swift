import DatabaseTestSupport
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

@Form
private struct LinkForm: ModelForm {
    static let fields: ModelFormFields<Link> = [\.url]

    func clean(_ instance: inout Link) throws {
        if instance.url == "bad" { throw ValidationError("A bad link.", field: "url") }
    }
}

@Form
private struct TopicForm: ModelForm {
    static let fields: ModelFormFields<Topic> = [\.name, \.slug]
}

@Form
private struct LandForm: ModelForm {
    static let fields: ModelFormFields<Land> = [\.code, \.name]
}

/// Sets of model forms read lists of JSON objects by the rules of posted ones.
@Suite("Sets of model forms from JSON")
struct JSONModelFormSetTests {
    private func withStories(
        _ backend: TestBackend,
        _ body: (Story, Story) async throws -> Void
    ) async throws {
        let database = try await backend.openPress()
        try await database.makeTables(
            Writer.self,
            Topic.self,
            Story.self,
            Link.self,
            only: Link.self
        )
        try await database.use { () async throws in
            var stories: [Story] = []
            for slug in ["one", "two"] {
                var form = try #require(try await StoryForm.bind(storyData(("slug", slug))).valid)
                stories.append(try await form.save())
            }
            try await Link.objects.bulkCreate([
                Link(story: stories[0].asReference, url: "a"),
                Link(story: stories[0].asReference, url: "b"),
                Link(story: stories[1].asReference, url: "c"),
            ])
            try await body(stories[0], stories[1])
        }
    }

    private func errors<Value>(_ result: ModelFormSetResult<Value>) -> [String] {
        var errors = JSONFormErrors()
        errors.add(result, at: "links")
        return errors.entries.map { path, list in
            "\(path):\(list.items.map(\.code).joined(separator: ","))"
        }
    }

    private func urls() async throws -> [String] {
        try await Link.objects.order(by: "id").all().map { "\($0.story.id) \($0.url)" }
    }

    @Test(arguments: TestBackend.available)
    func savesRowsOfAParent(_ backend: TestBackend) async throws {
        try await withStories(backend) { first, _ in
            // In any order; the rows that are not named stay.
            let json = try JSONValue(
                parsing: #"[{"url": "d"}, {"id": 2, "url": "b2"}, {"id": null, "url": "e"}]"#
            )
            let result = try await LinkForm.inlineFormSet(\.story).bind(json: json, of: first)
            #expect(errors(result) == [])
            guard case .valid(var set) = result else { return }
            let saved = try await set.save(under: first)
            #expect(saved.new.map(\.url) == ["d", "e"])
            #expect(saved.changed.map(\.object.url) == ["b2"])
            #expect(try await urls() == ["1 a", "1 b2", "2 c", "1 d", "1 e"])
            let removal = try JSONValue(parsing: #"[{"id": "1", "DELETE": true}]"#)
            guard
                case .valid(var rest) = try await LinkForm.inlineFormSet(\.story)
                    .bind(json: removal, of: first)
            else {
                Issue.record("invalid")
                return
            }
            try await rest.save(under: first)
            #expect(try await urls() == ["1 b2", "2 c", "1 d", "1 e"])
        }
    }

    @Test(arguments: TestBackend.available)
    func savesRowsOfANewParent(_ backend: TestBackend) async throws {
        try await withStories(backend) { _, _ in
            let json = try JSONValue(parsing: #"[{"url": "x"}, {"url": "y"}]"#)
            let result = try await LinkForm.inlineFormSet(\.story).bind(json: json, of: nil)
            guard case .valid(var set) = result else {
                Issue.record("invalid")
                return
            }
            var form = try #require(try await StoryForm.bind(storyData(("slug", "new"))).valid)
            let story = try await form.save()
            try await set.save(under: story)
            #expect(try await urls().suffix(2) == ["3 x", "3 y"])
        }
    }

    /// Rows of others, keys twice, another parent, and what the model refuses.
    @Test(arguments: [
        (#"[{"id": 3, "url": "mine"}]"#, ["/links/0/id:invalid_choice"]),
        (#"[{"url": "d"}, {"id": 99, "url": "x"}]"#, ["/links/1/id:invalid_choice"]),
        (#"[{"id": 3, "DELETE": true}]"#, []),
        (#"[{"id": 1, "url": "a"}, {"id": 1, "url": "z"}]"#, ["/links/1/id:invalid_choice"]),
        (#"[{"id": [1], "url": "q"}]"#, ["/links/0/id:invalid"]),
        (#"[{"id": true, "url": "q"}]"#, ["/links/0/id:invalid"]),
        (#"[{"id": 1.5, "url": "q"}]"#, ["/links/0/id:invalid_choice"]),
        (#"[{"id": "1\u0000", "url": "q"}]"#, ["/links/0/id:null_characters_not_allowed"]),
        (#"[{"story": 2, "url": "d"}]"#, ["/links/0/story:invalid_choice"]),
        (#"[{"url": "d"}, {"id": 1, "url": "bad"}]"#, ["/links/1/url:"]),
        (
            #"[{"url": "d"}, 7, {"id": 2, "url": ""}]"#,
            [
                "/links/2/url:required", "/links/1:invalid_object",
            ]
        ),
        (#"{"id": 1}"#, ["/links:invalid_list"]),
    ])
    func refusesWhatAPageCannotSend(_ text: String, _ expected: [String]) async throws {
        try await withStories(.sqlite) { first, _ in
            let json = try JSONValue(parsing: text)
            let result = try await LinkForm.inlineFormSet(\.story).bind(json: json, of: first)
            #expect(errors(result) == expected)
            if case .valid(var set) = result { try await set.save(under: first) }
            #expect(try await urls() == ["1 a", "1 b", "2 c"])
        }
    }

    @Test(arguments: TestBackend.available)
    func limitsRowsAndComparesThem(_ backend: TestBackend) async throws {
        try await withStories(backend) { first, _ in
            let rows = JSONValue.array(
                (0..<9).map { .object([.init("url", .string("u\($0)"))]) }
            )
            var set = try LinkForm.inlineFormSet(\.story)
            set.definition.options.maxCount = 2
            set.definition.options.absoluteMax = 4
            let result = try await set.bind(json: rows, of: first)
            #expect(errors(result) == ["/links:too_many_forms"])
            #expect(result.formSet.forms.count == 4)
            let twice = try JSONValue(parsing: #"[{"url": "x"}, {"url": "y"}, {"url": "x"}]"#)
            let repeated = try await LinkForm.inlineFormSet(\.story).bind(json: twice, of: first)
            #expect(errors(repeated).first?.hasPrefix("/links:") == true)
            #expect(errors(repeated).last?.hasPrefix("/links/2:") == true)
        }
    }

    /// Where people enter keys, one that is known changes its row, and another one makes a row.
    @Test(arguments: TestBackend.available)
    func knowsRowsByKeysThatPeopleEnter(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.makeTables(Land.self, only: Land.self)
        try await database.use { () async throws in
            try await Land.objects.bulkCreate([
                Land(code: "de", name: "Germany"), Land(code: "fr", name: "France"),
            ])
            let set = try LandForm.modelFormSet()
            let json = try JSONValue(
                parsing: """
                    [{"code": "pl", "name": "Poland"}, {"code": "fr", "name": "La France"}]
                    """
            )
            let result = try await set.bind(json: json)
            #expect(errors(result) == [])
            guard case .valid(var forms) = result else { return }
            let saved = try await forms.save()
            #expect(saved.new.map(\.code) == ["pl"])
            #expect(
                try await Land.objects.all().map { "\($0.code) \($0.name)" }
                    == ["de Germany", "fr La France", "pl Poland"]
            )
            // A row that the set does not have is not made anew.
            let some = Land.objects.filter { $0.code == "de" }
            let taken = try JSONValue(parsing: #"[{"code": "fr", "name": "x"}]"#)
            let refused = try await set.bind(json: taken, rows: some)
            #expect(errors(refused) == ["/links/0/code:unique"])
        }
    }

    @Test(arguments: TestBackend.available)
    func savesRowsOfAQuery(_ backend: TestBackend) async throws {
        try await withStories(backend) { _, _ in
            let known = try await Topic.objects.create(Topic(name: "known", slug: "known"))
            let other = try await Topic.objects.create(Topic(name: "other", slug: "other"))
            let json = try JSONValue(
                parsing: """
                    [{"name": "new", "slug": "new"},
                     {"id": \(known.id), "name": "changed", "slug": "known"}]
                    """
            )
            let set = try TopicForm.modelFormSet()
            guard case .valid(var forms) = try await set.bind(json: json) else {
                Issue.record("invalid")
                return
            }
            try await forms.save()
            let names = try await Topic.objects.order(by: "id").all().map(\.name)
            #expect(names.suffix(3) == ["changed", "other", "new"])
            let rows = Topic.objects.filter { $0.slug == "known" }
            let foreign = try JSONValue(
                parsing: #"[{"id": \#(other.id), "name": "x", "slug": "x"}]"#
            )
            let refused = try await set.bind(json: foreign, rows: rows)
            #expect(errors(refused) == ["/links/0/id:invalid_choice"])
        }
    }
}
