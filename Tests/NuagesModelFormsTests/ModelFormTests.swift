import DatabaseTestSupport
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

@Form
private struct HeadlineForm: ModelForm {
    static let fields: ModelFormFields<Story> = [\.headline, \.slug]

    @CharField(maxLength: 10, label: "Title") var headline: String
    var notifies = false

    func clean() throws {
        if headline == "bad" { throw Self.error(\.headline, "A bad headline.") }
    }

    mutating func clean(_ instance: inout Story) async throws {
        if instance.slug == "taken-back" { throw ValidationError("No.", field: "slug") }
        instance.body = "by \(instance.slug)"
    }
}

@Form
private struct VolumeForm: ModelForm {
    static let fields = ModelFormFields<Volume>.all
        .label(\.shelf, "Place")
        .errorMessages(["unique_together": "%(model_name)s is there."])
}

@Form
private struct NumberForm: ModelForm {
    static let fields: ModelFormFields<Volume> = [\.number]
}

@Suite("Model forms")
struct ModelFormTests {
    @Test(arguments: TestBackend.available)
    func makesARowWithItsRelations(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            var data = storyData()
            data.append("topics", "1")
            data.append("topics", "3")
            var form = try #require(try await StoryForm.bind(data).valid)
            #expect(form.instance.headline == "Hi there")
            #expect(!form.instance.id.isSaved)
            let story = try await form.save()
            let found = try await Story.objects.get(story.id)
            #expect(found.slug == "hi-there" && found.writer.id == 1)
            #expect(found.status == .pending && found.views == 0)
            #expect(try await found.topics.all().map(\.name) == ["Entertainment", "Third test"])
        }
    }

    @Test(arguments: TestBackend.available)
    func changesARow(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            var data = storyData()
            data.append("topics", "1")
            var form = try #require(try await StoryForm.bind(data).valid)
            let story = try await form.save()
            let changed = storyData(("headline", "New"), ("status", nil))
            var again = try #require(try await StoryForm.bind(changed, instance: story).valid)
            #expect(Set(again.changedFields) == ["headline", "topics", "status"])
            try await again.save()
            let found = try await Story.objects.get(story.id)
            #expect(found.headline == "New" && found.status == nil)
            #expect(try await found.topics.count() == 0)
            #expect(try await Story.objects.count() == 1)
        }
    }

    /// What is said of a story that is not as it should be.
    static let mistakes: [([(String, String?)], [String])] = [
        ([("headline", "")], ["headline: required: This field is required."]),
        (
            [("headline", String(repeating: "x", count: 51))],
            [
                "headline: max_length: Ensure this value has at most 50 characters (it has 51)."
            ]
        ),
        (
            [("slug", "no slug")],
            [
                "slug: invalid: Enter a valid “slug” consisting of letters, numbers, underscores or "
                    + "hyphens."
            ]
        ),
        ([("pub_date", "1984-02-31")], ["pub_date: invalid: Enter a valid date."]),
        ([("writer", "")], ["writer: required: This field is required."]),
        (
            [("writer", "99")],
            [
                "writer: invalid_choice: Select a valid choice. That choice is not one of the "
                    + "available choices."
            ]
        ),
        (
            [("status", "9")],
            [
                "status: invalid_choice: Select a valid choice. 9 is not one of the available choices."
            ]
        ),
        (
            [("headline", "Same"), ("body", "Same")],
            ["__all__: repeats: The body repeats the headline."]
        ),
        (
            [("headline", ""), ("slug", "used")],
            [
                "headline: required: This field is required.",
                "slug: unique: Story with this Slug already exists.",
            ]
        ),
    ]

    @Test(arguments: TestBackend.available)
    func saysWhatIsWrong(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            var used = try #require(try await StoryForm.bind(storyData(("slug", "used"))).valid)
            try await used.save()
            for (changes, errors) in Self.mistakes {
                var data = storyData()
                for (name, value) in changes {
                    data.remove(name)
                    if let value { data.append(name, value) }
                }
                let form = try #require(try await StoryForm.bind(data).invalid)
                #expect(form.errorTexts == errors)
            }
            #expect(try await Story.objects.count() == 1)
        }
    }

    @Test(arguments: TestBackend.available)
    func setsNothingThatItDoesNotList(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let data = storyData(
                ("id", "77"),
                ("pk", "77"),
                ("views", "1000"),
                ("is_featured", "on"),
                ("writer_id", "2"),
                ("_state", "x")
            )
            var form = try #require(try await StoryForm.bind(data).valid)
            let story = try await form.save()
            #expect(story.views == 0 && !story.isFeatured && story.id == 1 && story.writer.id == 1)
        }
    }

    @Test(arguments: TestBackend.available)
    func hasFieldsOfItsOwn(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let shown = try await HeadlineForm.unbound()
            #expect(shown.fields.map(\.name) == ["headline", "slug", "notifies"])
            #expect(shown["headline"]?.label == "Title")
            var draft = ModelDraft<Story>()
            try draft.set(
                "pub_date",
                to: .date(try #require(CalendarDate(year: 2020, month: 1, day: 1)))
            )
            try draft.set("writer", to: .int(2))
            func bind(_ fields: (String, String)...) async throws -> ModelFormResult<HeadlineForm> {
                var data = QueryDict()
                for (name, value) in fields { data.append(name, value) }
                return try await HeadlineForm.bind(FormInput(data), draft: draft)
            }
            var form = try #require(
                try await bind(("headline", "Short"), ("slug", "s"), ("notifies", "on")).valid
            )
            #expect(form.notifies && form.headline == "Short")
            let story = try await form.save()
            #expect(story.body == "by s" && story.writer.id == 2)
            let long = try #require(
                try await bind(("headline", "Longer than ten"), ("slug", "t")).invalid
            )
            #expect(long.errors["headline"]?.items.first?.code == "max_length")
            let bad = try #require(try await bind(("headline", "bad"), ("slug", "t")).invalid)
            #expect(bad.errorTexts == ["headline: invalid: A bad headline."])
            let back = try #require(
                try await bind(("headline", "a"), ("slug", "taken-back")).invalid
            )
            #expect(back.errorTexts == ["slug: : No."])
            // Without what the form does not have there is no row to check or to save.
            await #expect(throws: ModelError.missingValue(model: "Story", field: "pub_date")) {
                try await HeadlineForm.bind(.of(("headline", "a"), ("slug", "b")))
            }
        }
    }

    @Test(arguments: TestBackend.available)
    func checksWhatIsUniqueTogether(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let data = QueryDict.of(("shelf", "A"), ("number", "1"), ("title", "T"))
            #expect(try await VolumeForm.unbound()["shelf"]?.label == "Place")
            var form = try #require(try await VolumeForm.bind(data).valid)
            let volume = try await form.save()
            #expect(volume.note == nil)
            let again = try #require(try await VolumeForm.bind(data).invalid)
            #expect(again.errorTexts == ["__all__: unique_together: Volume is there."])
            #expect(try await VolumeForm.bind(data, instance: volume).valid != nil)
            // The group is not checked by a form that has only a part of it.
            let part = try await NumberForm.bind(.of(("number", "1")), instance: volume)
            #expect(part.valid != nil)
        }
    }

    /// What becomes of a field with a default that is left out or left empty.
    @Test(arguments: [(nil, "New"), ("", nil), ("Old", "Old")] as [(String?, String?)])
    func keepsDefaultsOfWhatIsLeftOut(_ sent: String?, _ title: String?) async throws {
        let database = try await TestBackend.sqlite.openPress()
        try await database.use { () async throws in
            var data = QueryDict.of(("shelf", "A"), ("number", "1"))
            if let sent { data.append("title", sent) }
            var definition = try VolumeForm.definition()
            if sent == nil { definition.change("title") { $0.isRequired = false } }
            let bound = try await definition.bind(FormInput(data))
            if let title {
                #expect(bound.isValid)
                #expect(bound.row["title"] == .text(title))
            } else {
                #expect(bound.form.errorTexts == ["title: required: This field is required."])
            }
        }
    }

    @Test func refusesFieldsThatFormsCannotShow() throws {
        let unknown = #expect(throws: ModelFormError.self) {
            try ModelFormDefinition(Story.self, fields: ["headline", "nothing"])
        }
        #expect(
            unknown?.description.hasPrefix("A form of Story cannot have the field 'nothing'.")
                == true
        )
        #expect(throws: ModelFormError.notEditable(name: "views", model: "Story")) {
            try ModelFormDefinition(Story.self, fields: ["views"])
        }
        #expect(throws: ModelFormError.self) {
            try ModelFormDefinition(Story.self, fields: ["id"])
        }
        let all = try ModelFormDefinition(Story.self, fields: .all(except: ["body"]))
        #expect(
            all.form.entries.map(\.name) == [
                "headline", "slug", "pub_date", "writer", "status", "is_featured", "topics",
            ]
        )
    }
}
