import DatabaseTestSupport
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

@Form
private struct TopicForm: ModelForm {
    static let fields: ModelFormFields<Topic> = [\.name, \.slug]

    func clean(_ instance: inout Topic) throws {
        if instance.name == "bad" { throw ValidationError("A bad name.", field: "name") }
    }
}

@Form
private struct VolumeForm: ModelForm {
    static let fields: ModelFormFields<Volume> = [\.shelf, \.number]
}

/// What is submitted for a set: the fields of each form by its number.
private func setData(
    _ prefix: String = "form",
    initial: Int,
    _ forms: [[(String, String)]],
    total: String? = nil
) -> FormInput {
    var data = QueryDict()
    data.append("\(prefix)-TOTAL_FORMS", total ?? String(forms.count))
    data.append("\(prefix)-INITIAL_FORMS", String(initial))
    for (index, fields) in forms.enumerated() {
        for (name, value) in fields { data.append("\(prefix)-\(index)-\(name)", value) }
    }
    return FormInput(data)
}

private func topic(_ id: String, _ name: String, _ slug: String) -> [(String, String)] {
    [("id", id), ("name", name), ("slug", slug)]
}

extension ModelFormSetResult {
    fileprivate var valid: ValidModelFormSet<Value>? {
        if case .valid(let forms) = self { forms } else { nil }
    }

    /// The errors of the set, then those of each form.
    fileprivate var errors: [String] {
        guard case .invalid(let set) = self else { return [] }
        return set.nonFormErrors.items.map(\.text)
            + set.forms.enumerated().flatMap { index, form in
                form.errorTexts.map { "\(index) \($0)" }
            }
    }
}

@Suite("Sets of model forms")
struct ModelFormSetTests {
    @Test(arguments: TestBackend.available)
    func showsAFormForEachRow(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let set = try await TopicForm.modelFormSet(extra: 2).unbound(
                rows: Topic.objects.filter { $0.slug != "third" }
            )
            #expect(set.totalFormCount == 4 && set.initialFormCount == 2)
            #expect(
                set.forms.map { $0["name"]?.value.text } == [
                    "Entertainment", "It's a test", "None", "None",
                ]
            )
            #expect(
                set.forms[0]["id"]?.control().html
                    == #"<input type="hidden" name="form-0-id" value="1" id="id_form-0-id">"#
            )
            #expect(
                set.forms[3]["id"]?.control().html
                    == #"<input type="hidden" name="form-3-id" id="id_form-3-id">"#
            )
        }
    }

    @Test(arguments: TestBackend.available)
    func changesDeletesAndMakesRows(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let forms = [
                topic("1", "Renamed", "entertainment"), topic("2", "It's a test", "its-test"),
                topic("3", "", "") + [("DELETE", "on")], topic("", "New", "new"),
                topic("", "", ""), topic("", "Dropped", "dropped") + [("DELETE", "on")],
            ]
            let set = try TopicForm.modelFormSet(extra: 3, canDelete: true)
            let result = try await set.bind(setData(initial: 3, forms))
            #expect(result.errors == [])
            var valid = try #require(result.valid)
            let saved = try await valid.save()
            #expect(saved.new.map(\.name) == ["New"])
            #expect(saved.changed.map(\.object.name) == ["Renamed"])
            #expect(saved.changed.map(\.fields) == [["name"]])
            #expect(saved.deleted.map(\.slug) == ["third"])
            let names = try await Topic.objects.all().map(\.name)
            #expect(names == ["It's a test", "New", "Renamed"])
        }
    }

    @Test(arguments: TestBackend.available)
    func changesOnlyWhereItIsToldTo(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let set = try TopicForm.modelFormSet(editOnly: true)
            #expect(try await set.unbound().totalFormCount == 3)
            let forms = [topic("1", "Renamed", "entertainment"), topic("", "New", "new")]
            var valid = try #require(try await set.bind(setData(initial: 1, forms)).valid)
            let saved = try await valid.save()
            #expect(saved.new.isEmpty && saved.changed.count == 1)
            #expect(try await Topic.objects.count() == 3)
        }
    }

    static let keyError =
        "id: invalid_choice: Select a valid choice. That choice is not one of the available choices."

    /// Keys that were changed on the way, and what is said of them.
    static let tampered: [(keys: [String?], errors: [String])] = [
        // A row of the model that the page does not show.
        (["3"], ["0 \(keyError)"]),
        (["99"], ["0 \(keyError)"]),
        (["abc"], ["0 \(keyError)"]),
        (["1\u{0}"], ["0 id: null_characters_not_allowed: Null characters are not allowed."]),
        (["99999999999999999999"], ["0 \(keyError)"]),
        ([""], ["0 id: required: This field is required."]),
        ([nil], ["0 id: required: This field is required."]),
        // The same row twice.
        (["1", "1"], ["1 \(keyError)"]),
        (["2", "1"], []),
    ]

    @Test(arguments: TestBackend.available)
    func refusesKeysThatAreNotOfItsRows(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let set = try TopicForm.modelFormSet(canDelete: true)
            for (keys, errors) in Self.tampered {
                let forms = keys.enumerated().map { index, key in
                    [("name", "N\(index)"), ("slug", "n-\(index)")]
                        + (key.map { [("id", $0)] } ?? [])
                }
                let result = try await set.bind(
                    setData(initial: keys.count, forms),
                    rows: Topic.objects.filter { $0.slug != "third" }
                )
                #expect(result.errors == errors, "\(keys)")
            }
            // A form of a new row has no key to give.
            let extra = setData(initial: 0, [topic("3", "Taken over", "new")])
            var valid = try #require(try await set.bind(extra).valid)
            #expect(try await valid.save().new.first?.id == 4)
            #expect(try await Topic.objects.get(3).name == "Third test")
            // Nor can a row be deleted that is not of the set.
            let deletion = setData(initial: 1, [topic("3", "x", "x") + [("DELETE", "on")]])
            let rows = Topic.objects.filter { $0.slug != "third" }
            if var forms = try await set.bind(deletion, rows: rows).valid { try await forms.save() }
            #expect(try await Topic.objects.get(3).slug == "third")
        }
    }

    @Test(arguments: TestBackend.available)
    func findsWhatOccursTwiceAmongItsForms(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let topics = try await TopicForm.modelFormSet().bind(
                setData(initial: 0, [topic("", "A", "same"), topic("", "B", "same")])
            )
            #expect(
                topics.errors == [
                    "Please correct the duplicate data for slug.",
                    "1 __all__: : Please correct the duplicate values below.",
                ]
            )
            let volume = [("shelf", "A"), ("number", "1")]
            let volumes = try await VolumeForm.modelFormSet().bind(
                setData(initial: 0, [volume, volume, [("shelf", "B"), ("number", "1")]])
            )
            #expect(
                volumes.errors == [
                    "Please correct the duplicate data for shelf and number, which must be unique.",
                    "1 __all__: : Please correct the duplicate values below.",
                ]
            )
            let rules = try await TopicForm.modelFormSet().bind(
                setData(initial: 0, [topic("", "bad", "b"), topic("", "It", "third")])
            )
            #expect(
                rules.errors == [
                    "0 name: : A bad name.",
                    "1 slug: unique: Topic with this Slug already exists.",
                ]
            )
        }
    }

    @Test(arguments: TestBackend.available)
    func keepsNothingWhereARowIsRefused(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let forms = [topic("1", "Renamed", "entertainment"), topic("", "New", "new")]
            let set = try TopicForm.modelFormSet()
            var valid = try #require(try await set.bind(setData(initial: 1, forms)).valid)
            var faster = Topic(name: "Faster", slug: "new")
            try await faster.save()
            let conflict = await #expect(throws: ModelFormSetConflict.self) {
                try await valid.save()
            }
            #expect(
                conflict?.formSet.forms[1].errorTexts == [
                    "slug: unique: Topic with this Slug already exists."
                ]
            )
            #expect(try await Topic.objects.get(1).name == "Entertainment")
        }
    }

    /// Numbers of forms that were changed on the way.
    static let managements: [(total: String, initial: Int, isValid: Bool)] = [
        ("1", 0, true), ("0", 0, true), ("-1", 0, true), ("x", 0, false), ("", 0, false),
        ("999999999", 0, false), ("99999999999999999999", 0, false), ("1", 5, false),
        ("1", -5, true),
    ]

    @Test(arguments: managements)
    func staysWithinItsBounds(_ total: String, _ initial: Int, _ isValid: Bool) async throws {
        let database = try await TestBackend.sqlite.openPress()
        try await database.use { () async throws in
            var set = try TopicForm.modelFormSet(maxCount: 10, absoluteMax: 20)
            set.definition.options.validatesMax = true
            let input = setData(initial: initial, [topic("", "A", "a")], total: total)
            let result = try await set.bind(input)
            #expect((result.valid != nil) == isValid)
            if case .invalid(let forms) = result { #expect(forms.forms.count <= 20) }
        }
    }
}

@Form
private struct HeadlineForm: ModelForm {
    static let fields: ModelFormFields<Story> = [\.headline, \.slug, \.pubDate]
}

@Suite("What a program adds to sets of model forms")
struct ModelFormSetHooksTests {
    private static let input = setData(
        initial: 0,
        [
            [("headline", "One"), ("slug", "one"), ("pub_date", "2020-01-01")],
            [("headline", "Two"), ("slug", "two"), ("pub_date", "2020-01-02")],
        ]
    )

    @Test("New rows have what their draft gives them", arguments: TestBackend.available)
    func takesDrafts(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let set = try HeadlineForm.modelFormSet()
            await #expect(throws: ModelError.self) {
                try await set.bind(Self.input, rows: Story.objects.none())
            }
            let bound = try await set.bind(Self.input, rows: Story.objects.none()) { index in
                try ModelDraft<Story>([("writer", .int(index + 1))])
            }
            var forms = try #require(bound.valid)
            #expect(try await forms.save().new.map(\.writer.id.value) == [1, 2])
        }
    }

    @Test("Drafts go by the places of a list of JSON")
    func takesDraftsByPlace() async throws {
        let database = try await TestBackend.sqlite.openPress()
        try await database.use { () async throws in
            let old = try await Story.objects.create(
                Story(
                    headline: "Old",
                    slug: "old",
                    pubDate: try #require(CalendarDate(year: 2020, month: 1, day: 1)),
                    writer: Writer.Reference(1),
                    body: ""
                )
            )
            let key = try #require(old.id.value)
            let json = try JSONValue(
                parsing: """
                    [{"headline": "A", "slug": "a", "pub_date": "2020-01-01"}, {"id": \(key), \
                    "headline": "Old", "slug": "old", "pub_date": "2020-01-01"}, \
                    {"headline": "B", "slug": "b", "pub_date": "2020-01-01"}]
                    """
            )
            let bound = try await HeadlineForm.modelFormSet().bind(json: json) { place in
                try ModelDraft<Story>([("writer", .int(place + 1)), ("body", .text("\(place)"))])
            }
            var forms = try #require(bound.valid)
            #expect(try await forms.save().new.map(\.body) == ["0", "2"])
        }
    }

    @Test("Rows are checked against each other", arguments: TestBackend.available)
    func checksAllRows(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            let set = try TopicForm.modelFormSet(canDelete: true).clean { topics in
                if topics.count > 2 {
                    let names = topics.map(\.name).joined(separator: ", ")
                    throw ValidationError(ErrorMessage("Too many: " + names), code: "too_many")
                }
            }
            let kept = [topic("1", "Entertainment", "entertainment"), topic("2", "It", "its-test")]
            let third = topic("3", "Third test", "third")
            let refused = try await set.bind(setData(initial: 3, kept + [third]))
            #expect(refused.errors == ["Too many: Entertainment, It, Third test"])
            let accepted = try await set.bind(
                setData(initial: 3, kept + [third + [("DELETE", "on")]])
            )
            #expect(accepted.errors == [])
        }
    }
}
