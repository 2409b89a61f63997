import DatabaseTestSupport
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

@Model(app: "press")
struct Paper {
    @Field(maxLength: 20, unique: true) var name: String
    var copies = 0
}

@Model(app: "press")
@dynamicMemberLookup
struct Weekly {
    @Parent var paper: Paper
    @Field(maxLength: 10) var weekday: String
}

@Form
private struct WeeklyForm: ModelForm {
    static let fields: ModelFormFields<Weekly> = [\.paper.name, \.weekday]
}

@Suite("Forms of models with parents, keys of their own, and in templates")
struct InheritedModelFormTests {
    @Test(arguments: TestBackend.available)
    func setsTheFieldsOfParents(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        try await database.makeTables(Paper.self, Weekly.self)
        try await database.use { () async throws in
            let data = QueryDict.of(
                ("name", "Sunday"),
                ("weekday", "sunday"),
                ("copies", "9"),
                ("paper", "7"),
                ("paper_ptr", "7")
            )
            var form = try #require(try await WeeklyForm.bind(data).valid)
            let weekly = try await form.save()
            let found = try await Weekly.objects.get(weekly.id)
            #expect(found.name == "Sunday" && found.weekday == "sunday" && found.copies == 0)
            // A name that the parent's table has already.
            let again = try #require(try await WeeklyForm.bind(data).invalid)
            #expect(again.errorTexts == ["name: unique: Paper with this Name already exists."])
            let changed = QueryDict.of(("name", "Monday"), ("weekday", "monday"))
            var edit = try #require(try await WeeklyForm.bind(changed, instance: found).valid)
            try await edit.save()
            #expect(try await Paper.objects.all().map(\.name) == ["Monday"])
            let all = try ModelFormDefinition(Weekly.self, fields: .all)
            #expect(all.form.entries.map(\.name) == ["name", "copies", "weekday"])
        }
    }
}
