import Nuages
import Testing

@Model(app: "outside")
struct Chapter {
    @Field(maxLength: 20) var title: String
    @ForeignKey(onDelete: .cascade) var before: Chapter.Reference?
}

@Form
struct ChapterForm: ModelForm {
    static let fields = ModelFormFields<Chapter>([\.title, \.before])
        .label(\.title, "Name")
        .labels(\.before) { (chapter: Chapter) in chapter.title }
    var announces = false

    mutating func clean(_ instance: inout Chapter) async throws {
        if announces { instance.title += "!" }
    }
}

struct ChapterCreate: CreateView {
    let model = Chapter.self
    let fields: ModelFormFields<Chapter> = [\.title]
}

struct ChapterUpdate: UpdateView {
    let model = Chapter.self
    typealias FormClass = ChapterForm
}

struct ChapterDelete: DeleteView {
    let model = Chapter.self
}

/// What a site can do with model forms from outside of the package.
@Suite struct ModelFormAPITests {
    @Test func areMadeOfModels() throws {
        let definition = try ChapterForm.definition()
        #expect(definition.form.entries.map(\.name) == ["title", "before", "announces"])
        #expect(try ChapterForm.inlineFormSet(\.before).definition.options.extra == 3)
        let named = try ModelFormDefinition(Chapter.self, fields: .all(except: ["before"]))
        #expect(named.form.entries.map(\.name) == ["title"])
        #expect(ChapterCreate.allowedMethods == [.get, .post, .put, .head])
        #expect(ChapterUpdate.allowedMethods == [.get, .post, .put, .head])
        #expect(ChapterDelete.allowedMethods == [.get, .post, .delete, .head])
    }
}
