import DatabaseTestSupport
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

@Model(app: "press")
struct Loan {
    @ForeignKey(onDelete: .cascade) var volume: Volume.Reference
}

@Form
private struct LoanForm: ModelForm {
    static let fields = ModelFormFields<Loan>([\.volume])
        .field(
            \.volume,
            ModelChoiceField(Volume.objects.filter { $0.shelf == "A" }, toFieldName: "number")
        )
}

@Form
private struct TopicsForm: ModelForm {
    static let fields = ModelFormFields<Story>([
        \.headline, \.slug, \.pubDate, \.writer, \.body, \.topics, \.status,
    ])
    .field(\.topics, ModelMultipleChoiceField(Topic.objects, toFieldName: "slug").required(false))
}

@Suite("Choices of model forms that submit another field than the key")
struct ToFieldNameTests {
    private func withVolumes(
        _ backend: TestBackend,
        _ body: @Sendable (_ first: Volume, _ other: Volume) async throws -> Void
    ) async throws {
        let database = try await backend.openPress()
        try await database.makeTables(Volume.self, Loan.self, only: Loan.self)
        try await database.use { () async throws in
            // The number of each is the key of the other.
            let first = try await Volume.objects.create(Volume(shelf: "A", number: 2))
            let other = try await Volume.objects.create(Volume(shelf: "B", number: 1))
            try await body(first, other)
        }
    }

    @Test(arguments: TestBackend.available)
    func savesTheChosenRow(_ backend: TestBackend) async throws {
        try await withVolumes(backend) { first, _ in
            var form = try #require(try await LoanForm.bind(.of(("volume", "2"))).valid)
            let loan = try await form.save()
            #expect(loan.volume.id == first.id)
            let page = try await LoanForm.unbound(instance: loan)
            let html = try #require(page["volume"]).control().html
            #expect(html.contains(#"<option value="2" selected>"#))
            let unchanged = try await LoanForm.bind(.of(("volume", "2")), instance: loan)
            #expect(unchanged.valid?.changedFields == [])
        }
    }

    @Test("A row that is not offered cannot be chosen by its key", arguments: TestBackend.available)
    func refusesOtherRows(_ backend: TestBackend) async throws {
        try await withVolumes(backend) { _, _ in
            let form = try await LoanForm.bind(.of(("volume", "1")))
            #expect(
                form.invalid?.errorTexts == [
                    "volume: invalid_choice: Select a valid choice. That choice is not one of "
                        + "the available choices."
                ]
            )
        }
    }

    @Test("A disabled field keeps rows that no page offers", arguments: TestBackend.available)
    func keepsWhatNobodyChooses(_ backend: TestBackend) async throws {
        try await withVolumes(backend) { _, other in
            let loan = try await Loan.objects.create(Loan(volume: Volume.Reference(other)))
            var definition = try LoanForm.definition()
            definition.change("volume") { $0.isDisabled = true }
            let form = try await LoanForm.bind(
                FormInput(.of(("volume", "2"))),
                to: definition,
                instance: loan
            )
            #expect(
                form.invalid?.errorTexts == [
                    "volume: invalid_choice: Select a valid choice. That choice is not one of "
                        + "the available choices."
                ]
            )
        }
    }

    @Test(arguments: TestBackend.available)
    func savesTheRowsOfASet(_ backend: TestBackend) async throws {
        let database = try await backend.openPress()
        try await database.use { () async throws in
            var data = storyData()
            data.setList("topics", ["third", "its-test"])
            var form = try #require(try await TopicsForm.bind(data).valid)
            let story = try await form.save()
            #expect(try await story.topics.all().map(\.slug) == ["its-test", "third"])
            let page = try await TopicsForm.unbound(instance: story)
            let html = try #require(page["topics"]).control().html
            #expect(html.contains(#"<option value="third" selected>Third test</option>"#))
            #expect(html.contains(#"<option value="entertainment">Entertainment</option>"#))
        }
    }
}
