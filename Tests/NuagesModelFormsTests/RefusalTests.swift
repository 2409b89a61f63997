import DatabaseTestSupport
import Foundation
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Synchronization
import Testing

@Model(
    app: "press",
    constraints: [
        .check(
            name: "price_gt_zero",
            condition: Q("price__gt", 0),
            violationErrorCode: "cheap",
            violationErrorMessage: "Nothing is free."
        )
    ]
)
struct Offer {
    @Field(maxLength: 10) var name: String
    var price: Int
}

/// A row whose key people enter.
@Model(app: "press", ordering: ["code"])
struct Land {
    @Field(maxLength: 5, primaryKey: true) var code: String
    @Field(maxLength: 20) var name: String
}

@Model(app: "press")
struct Host {
    @Field(kind: .genericIPAddressField, blank: true) var address: String?
    @Field(blank: true) var document: JSONValue?
}

@Form
private struct ShelfForm: ModelForm {
    static let fields: ModelFormFields<Volume> = [\.shelf]
}

@Form
private struct OfferForm: ModelForm {
    static let fields: ModelFormFields<Offer> = [\.name]
}

@Form
private struct LandForm: ModelForm {
    static let fields: ModelFormFields<Land> = [\.code, \.name]
}

@Form
private struct StoryTitleForm: ModelForm {
    static let fields: ModelFormFields<Story> = [\.headline, \.writer]
}

@Suite("What databases refuse, and keys that people enter")
struct RefusalTests {
    private func with(
        _ backend: TestBackend,
        _ body: (Database) async throws -> Void
    ) async throws {
        let database = try await backend.openPress()
        for model in [Offer.self, Land.self, Host.self] as [any Model.Type] {
            try await database.makeTables(model)
        }
        try await database.use { try await body(database) }
    }

    private func conflict(_ save: () async throws -> Void) async throws -> [String] {
        do {
            try await save()
            return []
        } catch let conflict as ModelFormConflict {
            return conflict.form.errorTexts
        } catch let conflict as ModelFormSetConflict {
            return conflict.formSet.forms.flatMap(\.errorTexts)
        }
    }

    @Test(arguments: TestBackend.available)
    func saysWhatAConstraintSays(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            var offer = Offer(name: "a", price: 1)
            try await offer.save()
            var form = try #require(
                try await OfferForm.bind(.of(("name", "b")), instance: offer).valid
            )
            form.instance.price = -1
            let errors = try await conflict { try await form.save() }
            #expect(errors == ["__all__: cheap: Nothing is free."])
        }
    }

    @Test(arguments: TestBackend.available)
    func namesGroupsOfWhichTheFormHasAPart(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            var (first, second) = (Volume(shelf: "A", number: 1), Volume(shelf: "B", number: 1))
            try await first.save()
            try await second.save()
            var form = try #require(
                try await ShelfForm.bind(.of(("shelf", "A")), instance: second).valid
            )
            let errors = try await conflict { try await form.save() }
            #expect(
                errors == [
                    "__all__: unique_together: Volume with this Shelf and Number already exists."
                ]
            )
        }
    }

    @Test(arguments: TestBackend.available)
    func namesRowsThatAreGoneWithinATransaction(_ backend: TestBackend) async throws {
        try await with(backend) { database in
            let error =
                "writer: invalid_choice: Select a valid choice. That choice is not one of the "
                + "available choices."
            var form = try #require(try await StoryForm.bind(storyData()).valid)
            let set = try StoryForm.modelFormSet()
            var data = QueryDict.of(("form-TOTAL_FORMS", "1"), ("form-INITIAL_FORMS", "0"))
            for (name, value) in storyData(("slug", "other")).entries {
                data.append("form-0-\(name)", value.first ?? "")
            }
            guard case .valid(var forms) = try await set.bind(FormInput(data)) else {
                Issue.record("The forms were refused.")
                return
            }
            try await Writer.objects.filter { $0.name == "Mike Royko" }.delete()
            let single = try await conflict {
                try await database.atomic { _ = try await form.save() }
            }
            #expect(single == [error])
            #expect(try await conflict { try await forms.save() } == [error])
            let nested = try await conflict {
                try await database.atomic { _ = try await forms.save() }
            }
            #expect(nested == [error])
            #expect(try await Story.objects.count() == 0)
        }
    }

    @Test(arguments: TestBackend.available)
    func changesNoOtherRowByItsKey(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            var (first, second) = (Land(code: "A", name: "a"), Land(code: "B", name: "b"))
            try await first.save()
            try await second.save()
            let data = QueryDict.of(("code", "B"), ("name", "taken over"))
            var form = try #require(try await LandForm.bind(data, instance: first).valid)
            try await form.save()
            let rows = try await Land.objects.all()
            #expect(rows.map(\.code) == ["A", "B"])
            #expect(rows.map(\.name) == ["taken over", "b"])
            // Nor does a new row where another request was faster.
            var new = try #require(try await LandForm.bind(.of(("code", "C"), ("name", "c"))).valid)
            var third = Land(code: "C", name: "first")
            try await third.save()
            let errors = try await conflict { try await new.save() }
            #expect(errors == ["code: unique: Land with this Code already exists."])
            #expect(try await Land.objects.get("C").name == "first")
        }
    }

    @Test(arguments: TestBackend.available)
    func refusesAKeyThatWasChangedInASet(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            var first = Land(code: "A", name: "a")
            try await first.save()
            let set = try LandForm.modelFormSet(extra: 1)
            func data(_ code: String, _ name: String) -> FormInput {
                FormInput(
                    .of(
                        ("form-TOTAL_FORMS", "1"),
                        ("form-INITIAL_FORMS", "1"),
                        ("form-0-code", code),
                        ("form-0-name", name)
                    )
                )
            }
            guard case .invalid(let refused) = try await set.bind(data("Z", "lost")) else {
                Issue.record("The key was accepted.")
                return
            }
            #expect(refused.forms[0].errors["code"]?.items.map(\.code) == ["invalid_choice"])
            guard case .valid(var forms) = try await set.bind(data("A", "kept")) else {
                Issue.record("The forms were refused.")
                return
            }
            try await forms.save()
            #expect(try await Land.objects.all().map(\.name) == ["kept"])
        }
    }

    @Test(arguments: TestBackend.available)
    func takesBackTheRowsOfASlice(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            for code in ["A", "B", "C"] {
                var land = Land(code: code, name: code)
                try await land.save()
            }
            let set = try LandForm.modelFormSet(extra: 0)
            let rows = Land.objects.order { $0.code.ascending }.limit(2)
            #expect(try await set.unbound(rows: rows).totalFormCount == 2)
            func data(_ code: String) -> FormInput {
                FormInput(
                    .of(
                        ("form-TOTAL_FORMS", "1"),
                        ("form-INITIAL_FORMS", "1"),
                        ("form-0-code", code),
                        ("form-0-name", "new")
                    )
                )
            }
            guard case .valid(var forms) = try await set.bind(data("B"), rows: rows) else {
                Issue.record("The forms were refused.")
                return
            }
            try await forms.save()
            #expect(try await Land.objects.all().map(\.name) == ["A", "new", "C"])
            guard case .invalid = try await set.bind(data("C"), rows: rows) else {
                Issue.record("A row behind the slice was accepted.")
                return
            }
        }
    }

    @Test(arguments: TestBackend.available)
    func keepsNoAddressAsNull(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            let form = try ModelFormDefinition(Host.self, fields: ["address"])
            var bound = try await form.bind(FormInput(.of(("address", ""))))
            try await bound.save()
            #expect(try await Host.objects.first()?.address == nil)
        }
    }

    @Test(arguments: ["NaN", "[1, Infinity]", "{\"a\": -Infinity}", "1e999"])
    func refusesNumbersThatJSONDoesNotHave(_ text: String) async throws {
        try await with(.sqlite) { _ in
            let form = try ModelFormDefinition(Host.self, fields: ["document"])
            let bound = try await form.bind(FormInput(.of(("document", text))))
            #expect(bound.form.errors["document"]?.items.map(\.code) == ["invalid"])
        }
    }

    @Test(arguments: TestBackend.available)
    func offersEachRowOnceWhateverLimitsIt(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            for slug in ["a", "b"] {
                var form = try #require(try await StoryForm.bind(storyData(("slug", slug))).valid)
                try await form.save()
            }
            let limit = Q("story__headline__startswith", "Hi")
            var form = DynamicForm()
            form.add("writer", ModelChoiceField(Writer.objects).limitChoicesTo(limit))
            form.add("writers", ModelMultipleChoiceField(Writer.objects).limitChoicesTo(limit))
            let html = try await form.unboundQuerying()["writer"]?.control().html ?? ""
            #expect(html.components(separatedBy: "Mike Royko").count == 2)
            #expect(!html.contains("Bob"))
            let bound = try await form.bindQuerying(
                FormInput(.of(("writer", "1"), ("writers", "1")))
            )
            #expect(bound.errorTexts == [])
            #expect(bound.cleaned("writers")?.elements?.count == 1)
        }
    }

    @Test(arguments: TestBackend.available)
    func looksUpTheChoicesOfASetOnce(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            let looked = Counter()
            var form = DynamicForm()
            form.add(
                "writer",
                ModelChoiceField(Writer.objects).labels { (writer: Writer) in
                    looked.add()
                    return writer.name
                }
            )
            var set = DynamicFormSet(of: form)
            set.options.extra = 3
            let shown = try await set.unboundQuerying()
            #expect(shown.forms.allSatisfy { $0.offers("Mike Royko") })
            #expect(shown.emptyForm.offers("Mike Royko"))
            #expect(looked.count == 3)
            let data = QueryDict.of(
                ("form-TOTAL_FORMS", "2"),
                ("form-INITIAL_FORMS", "0"),
                ("form-0-writer", "1"),
                ("form-1-writer", "99")
            )
            let bound = try await set.bindQuerying(FormInput(data))
            #expect(!bound.isValid)
            #expect(bound.forms.allSatisfy { $0.offers("Mike Royko") })
            #expect(looked.count == 6)
            let models = try StoryTitleForm.modelFormSet(extra: 1)
            guard case .invalid(let refused) = try await models.bind(FormInput(data)) else {
                Issue.record("The forms were accepted.")
                return
            }
            #expect(refused.emptyForm.offers("Mike Royko"))
        }
    }
}

extension BoundForm {
    fileprivate func offers(_ name: String) -> Bool {
        self["writer"]?.control().html.contains(name) == true
    }
}

/// Counts from any task.
private final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}
