import DatabaseTestSupport
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

@Form
private struct NamedTopicForm: ModelForm {
    static let fields: ModelFormFields<Topic> = [\.name, \.slug]
    @CharField(maxLength: 20) var name: String
    @BooleanField(required: false) var agrees = false

    static func cleanName(_ name: inout String) throws {
        if name == "taken" { throw ValidationError("Already taken.", code: "taken") }
        name += "!"
    }

    func cleanAgrees(_ agrees: inout Bool) throws {
        if !agrees, name == "strict!" {
            throw ValidationError("Please agree.", code: "disagrees")
        }
    }
}

@Suite("Functions of model forms that check one field each")
struct FieldCheckTests {
    @Test(arguments: TestBackend.available)
    func runsThem(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let cases: [(name: String, errors: [String])] = [
                ("taken", ["name: taken: Already taken."]),
                ("strict", ["agrees: disagrees: Please agree."]),
            ]
            for (name, errors) in cases {
                let form = try await NamedTopicForm.bind(.of(("name", name), ("slug", "x")))
                #expect(form.invalid?.errorTexts == errors, "\(name)")
            }
            var form = try #require(
                try await NamedTopicForm.bind(.of(("name", "fine"), ("slug", "x"))).valid
            )
            #expect(try await form.save().name == "fine!")
        }
    }

    @Test("One field is checked though another is wrong, as in Django")
    func runsThemBesideOtherErrors() async throws {
        let database = try await TestBackend.sqlite.openPress()
        try await database.use { () async throws in
            let form = try await NamedTopicForm.bind(.of(("name", "taken"), ("slug", "")))
            #expect(
                form.invalid?.errorTexts == [
                    "slug: required: This field is required.", "name: taken: Already taken.",
                ]
            )
        }
    }

    @Test(arguments: TestBackend.available)
    func runsThemInSets(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let set = try NamedTopicForm.modelFormSet()
            let bound = try await set.bind(
                FormInput(
                    .of(
                        ("form-TOTAL_FORMS", "2"),
                        ("form-INITIAL_FORMS", "0"),
                        ("form-0-name", "taken"),
                        ("form-0-slug", "a"),
                        ("form-1-name", "fine"),
                        ("form-1-slug", "b")
                    )
                ),
                rows: Topic.objects.none()
            )
            guard case .invalid(let forms) = bound else {
                Issue.record("the name is taken")
                return
            }
            #expect(forms.forms.map(\.errorTexts) == [["name: taken: Already taken."], []])
        }
    }
}

private func activeWriters() -> ModelChoiceField {
    ModelChoiceField(Writer.objects.filter { $0.isActive })
}

@Form
private struct ArticleForm {
    @CharField(maxLength: 20) var title: String
    @CustomField(activeWriters()) var writer: FormValue

    static func cleanTitle(_ title: inout String) throws {
        throw ValidationError("Not that.", code: "refused")
    }
}

@Suite("Choices of a form that is shown again")
struct ShownAgainTests {
    @Test("They are there where the check of another field failed")
    func keepsTheChoices() async throws {
        let database = try await TestBackend.sqlite.openPress()
        try await database.use { () async throws in
            let result = try await ArticleForm.bind(.of(("title", "x"), ("writer", "1")))
            guard case .invalid(let form) = result else {
                Issue.record("every title is refused")
                return
            }
            #expect(form.errorTexts == ["title: refused: Not that."])
            let html = try #require(form["writer"]).control().html
            #expect(html.contains(#"<option value="1" selected>Mike Royko</option>"#))
        }
    }

    @Test("One that starts with a choice does not offer to choose nothing")
    func leavesOutTheEmptyChoice() async throws {
        let database = try await TestBackend.sqlite.openPress()
        try await database.use { () async throws in
            for (field, isOffered) in [
                (activeWriters(), true), (activeWriters().initial(1), false),
                (activeWriters().initial(1).required(false), true),
            ] {
                var form = DynamicForm()
                form.add("writer", field)
                let html = try #require(try await form.unboundQuerying()["writer"]).control().html
                #expect(html.contains(#"<option value="""#) == isOffered, "\(html)")
            }
        }
    }
}

@Suite("Choices of a model's field that one page narrows")
struct NarrowedChoiceTests {
    @Test(arguments: [("1", true), ("3", false), ("7", false)])
    func offersNoOthers(_ status: String, _ isValid: Bool) async throws {
        let database = try await TestBackend.sqlite.openPress()
        try await database.use { () async throws in
            var definition = try StoryForm.definition()
            definition.form.setChoices(["1": "Draft"], for: "status")
            let form = try await StoryForm.bind(
                FormInput(storyData(("status", status))),
                to: definition
            )
            #expect((form.valid != nil) == isValid)
            #expect(
                form.invalid?.errorTexts
                    == (isValid
                        ? nil
                        : [
                            "status: invalid_choice: Select a valid choice. \(status) is not one "
                                + "of the available choices."
                        ])
            )
        }
    }

    @Test("A choice that the model does not have is refused by the model")
    func asksTheModelToo() async throws {
        let database = try await TestBackend.sqlite.openPress()
        try await database.use { () async throws in
            var definition = try StoryForm.definition()
            definition.form.setChoices(["7": "Seven"], for: "status")
            let form = try await StoryForm.bind(
                FormInput(storyData(("status", "7"))),
                to: definition
            )
            #expect(
                form.invalid?.errorTexts == [
                    "status: invalid_choice: Select a valid choice. 7 is not one of the "
                        + "available choices."
                ]
            )
        }
    }
}
