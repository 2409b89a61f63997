import DatabaseTestSupport
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

@Form
private struct VolumeForm: ModelForm {
    static let fields: ModelFormFields<Volume> = [\.shelf, \.number]
}

@Suite("What a database refuses")
struct ConflictTests {
    /// Saves a form once another request was faster, and tells the errors.
    private func errors<F: ModelForm>(
        of form: ValidModelForm<F>?,
        after other: () async throws -> Void
    ) async throws -> [String] {
        var form = try #require(form)
        try await other()
        do {
            try await form.save()
            return []
        } catch let conflict as ModelFormConflict {
            return conflict.form.errorTexts
        }
    }

    @Test(arguments: TestBackend.available)
    func namesTheFieldOfATakenValue(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let errors = try await errors(of: StoryForm.bind(storyData()).valid) {
                var faster = try #require(try await StoryForm.bind(storyData()).valid)
                try await faster.save()
            }
            #expect(errors == ["slug: unique: Story with this Slug already exists."])
            #expect(try await Story.objects.count() == 1)
        }
    }

    @Test(arguments: TestBackend.available)
    func namesTakenGroups(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let data = QueryDict.of(("shelf", "A"), ("number", "1"))
            let errors = try await errors(of: VolumeForm.bind(data).valid) {
                var volume = Volume(shelf: "A", number: 1)
                try await volume.save()
            }
            #expect(
                errors == [
                    "__all__: unique_together: Volume with this Shelf and Number already exists."
                ]
            )
        }
    }

    @Test(arguments: TestBackend.available)
    func namesRowsThatAreGone(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let writer = try await errors(of: StoryForm.bind(storyData()).valid) {
                try await Writer.objects.filter { $0.name == "Mike Royko" }.delete()
            }
            #expect(
                writer == [
                    "writer: invalid_choice: Select a valid choice. That choice is not one of the "
                        + "available choices."
                ]
            )
            var data = storyData(("writer", "2"))
            data.append("topics", "1")
            let topics = try await errors(of: StoryForm.bind(data).valid) {
                try await Topic.objects.filter { $0.slug == "entertainment" }.delete()
            }
            #expect(
                topics == [
                    "topics: invalid_choice: Select a valid choice. 1 is not one of the available "
                        + "choices."
                ]
            )
            // Nothing of the story stays where its topics cannot be saved.
            #expect(try await Story.objects.count() == 0)
        }
    }

    @Test(arguments: TestBackend.available)
    func submitsInOneStep(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let input = FormInput(storyData())
            guard case .saved = try await StoryForm.submit(input) else {
                Issue.record("The first story was refused.")
                return
            }
            guard case .invalid(let form) = try await StoryForm.submit(input) else {
                Issue.record("The second story was accepted.")
                return
            }
            #expect(form.errors["slug"] != nil)
            // The form has its choices, so that it can be shown again.
            let html = form["writer"]?.control().html ?? ""
            #expect(html.contains("<option value=\"1\" selected>Mike Royko</option>"))
            #expect(!html.contains("Gone"))
        }
    }
}
