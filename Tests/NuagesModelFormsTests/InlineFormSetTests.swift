import DatabaseTestSupport
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

@Model(app: "press", uniqueTogether: [["story", "url"]])
struct Link {
    @ForeignKey(onDelete: .cascade) var story: Story.Reference
    @Field(maxLength: 50) var url: String
    @ForeignKey(onDelete: .setNull, relatedName: "+", blank: true) var origin: Story.Reference?
}

@Form
private struct LinkForm: ModelForm {
    static let fields: ModelFormFields<Link> = [\.url]

    func clean(_ instance: inout Link) throws {
        if instance.url == "bad" { throw ValidationError("A bad link.", field: "url") }
    }
}

@Suite("Sets of forms of the rows of a row")
struct InlineFormSetTests {
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

    private func data(
        initial: Int,
        _ forms: [[(String, String)]]
    ) -> FormInput {
        var data = QueryDict()
        data.append("link_set-TOTAL_FORMS", String(forms.count))
        data.append("link_set-INITIAL_FORMS", String(initial))
        for (index, fields) in forms.enumerated() {
            for (name, value) in fields { data.append("link_set-\(index)-\(name)", value) }
        }
        return FormInput(data)
    }

    private func errors(_ result: ModelFormSetResult<LinkForm>) -> [String] {
        guard case .invalid(let set) = result else { return [] }
        return set.nonFormErrors.items.map(\.text)
            + set.forms.enumerated().flatMap { index, form in
                form.errorTexts.map { "\(index) \($0)" }
            }
    }

    @Test(arguments: TestBackend.available)
    func showsTheRowsOfAParent(_ backend: TestBackend) async throws {
        try await withStories(backend) { first, _ in
            let set = try await LinkForm.inlineFormSet(\.story).unbound(of: first)
            #expect(set.prefix == "link_set")
            #expect(set.totalFormCount == 5 && set.initialFormCount == 2)
            #expect(set.forms.prefix(2).map { $0["url"]?.value.text } == ["a", "b"])
            #expect(
                set.forms[0].fields.map(\.name) == ["url", "id", "DELETE", "story"]
            )
            #expect(
                set.forms[4]["story"]?.control().html
                    == """
                    <input type="hidden" name="link_set-4-story" value="1" \
                    id="id_link_set-4-story">
                    """
            )
            #expect(try await LinkForm.inlineFormSet(\.story).unbound(of: nil).totalFormCount == 3)
        }
    }

    @Test(arguments: TestBackend.available)
    func savesRowsUnderTheirParent(_ backend: TestBackend) async throws {
        try await withStories(backend) { first, second in
            let forms: [[(String, String)]] = [
                [("id", "1"), ("story", "1"), ("url", "a2")],
                [("id", "2"), ("story", "1"), ("url", "b"), ("DELETE", "on")],
                [("id", ""), ("story", "1"), ("url", "d")], [("url", "e")], [("url", "")],
            ]
            let result = try await LinkForm.inlineFormSet(\.story).bind(
                data(initial: 2, forms),
                of: first
            )
            #expect(errors(result) == [])
            guard case .valid(var set) = result else { return }
            try await set.save(under: first)
            let links = try await Link.objects.order(by: "url").all()
            #expect(links.map(\.url) == ["a2", "c", "d", "e"])
            #expect(links.map { $0.story.id == first.id } == [true, false, true, true])
            #expect(links[1].story.id == second.id)
        }
    }

    @Test(arguments: TestBackend.available)
    func savesRowsOfAParentThatIsNew(_ backend: TestBackend) async throws {
        try await withStories(backend) { _, _ in
            let result = try await LinkForm.inlineFormSet(\.story).bind(
                data(initial: 0, [[("url", "x")], [("url", "y")]]),
                of: nil
            )
            #expect(errors(result) == [])
            let bad = try await LinkForm.inlineFormSet(\.story).bind(
                data(initial: 0, [[("url", "bad")]]),
                of: nil
            )
            #expect(errors(bad) == ["0 url: : A bad link."])
            guard case .valid(var set) = result else { return }
            var form = try #require(try await StoryForm.bind(storyData(("slug", "new"))).valid)
            let story = try await form.save()
            let saved = try await set.save(under: story)
            #expect(saved.new.map(\.url) == ["x", "y"])
            #expect(saved.new.allSatisfy { $0.story.id == story.id })
        }
    }

    /// Foreign keys and keys that were changed on the way, and what is said of them.
    static let tampered: [(form: [(String, String)], error: String)] = [
        (
            [("id", "1"), ("story", "2"), ("url", "a")],
            "0 story: invalid_choice: The inline value did not match the parent instance."
        ),
        (
            [("id", "1"), ("story", "x\u{0}"), ("url", "a")],
            "0 story: invalid_choice: The inline value did not match the parent instance."
        ),
        ([("id", "3"), ("story", "1"), ("url", "stolen")], "0 \(ModelFormSetTests.keyError)"),
    ]

    @Test(arguments: TestBackend.available)
    func refusesOtherParentsAndTheirRows(_ backend: TestBackend) async throws {
        try await withStories(backend) { first, _ in
            for (form, error) in Self.tampered {
                let result = try await LinkForm.inlineFormSet(\.story).bind(
                    data(initial: 1, [form]),
                    of: first
                )
                #expect(errors(result) == [error])
            }
        }
    }

    @Test(arguments: TestBackend.available)
    func checksWhatIsUniqueUnderTheParent(_ backend: TestBackend) async throws {
        try await withStories(backend) { first, _ in
            let set = try LinkForm.inlineFormSet(\.story)
            let twice = try await set.bind(
                data(initial: 0, [[("url", "z")], [("url", "z")]]),
                of: first
            )
            #expect(
                errors(twice) == [
                    "Please correct the duplicate data for url.",
                    "1 __all__: : Please correct the duplicate values below.",
                ]
            )
            let taken = try await set.bind(data(initial: 0, [[("url", "a")]]), of: first)
            #expect(
                errors(taken) == [
                    "0 __all__: unique_together: Link with this Story and Url already exists."
                ]
            )
        }
    }

    @Test(arguments: TestBackend.available)
    func copiesRowsForACopyOfTheParent(_ backend: TestBackend) async throws {
        try await withStories(backend) { _, second in
            let forms: [[(String, String)]] = [
                [("id", "1"), ("story", "1"), ("url", "a")],
                [("id", "2"), ("story", "1"), ("url", "b")],
            ]
            let result = try await LinkForm.inlineFormSet(\.story).bind(
                data(initial: 2, forms),
                of: second,
                savesAsNew: true
            )
            #expect(errors(result) == [])
            guard case .valid(var set) = result else { return }
            #expect(try await set.save(under: second).new.count == 2)
            #expect(try await Link.objects.count() == 5)
            #expect(try await Link.objects.filter { $0.story == second }.count() == 3)
        }
    }

    @Test func asksWhichForeignKey() throws {
        let form = try ModelFormDefinition(Link.self, fields: ["url"])
        let several = #expect(throws: ModelFormError.self) {
            try ModelFormSetDefinition(form, inlineIn: Story.self)
        }
        #expect(
            several?.description == """
                'press.link' has more than one ForeignKey to 'press.story'. You must specify a \
                'foreignKey'.
                """
        )
        let none = #expect(throws: ModelFormError.self) {
            try ModelFormSetDefinition(form, inlineIn: Topic.self)
        }
        #expect(none?.description == "'press.link' has no ForeignKey to 'press.topic'.")
        let other = #expect(throws: ModelFormError.self) {
            try ModelFormSetDefinition(form, inlineIn: Story.self, foreignKey: "url")
        }
        #expect(other?.description == "foreignKey 'url' is not a ForeignKey to 'press.story'.")
        let unknown = #expect(throws: ModelFormError.self) {
            try ModelFormSetDefinition(form, inlineIn: Story.self, foreignKey: "nothing")
        }
        #expect(unknown?.description == "'press.link' has no field named 'nothing'.")
    }
}
