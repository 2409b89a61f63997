import DatabaseTestSupport
import NuagesCore
import NuagesFiles
import NuagesForms
import NuagesModelForms
import NuagesORM
import Testing

@Model(app: "press")
struct Sticker {
    @Field(maxLength: 10) var name: String
}

@Model(app: "press")
struct Poster {
    @Field(maxLength: 20, unique: true) var title: String
    @Field(blank: true, uploadTo: "posters", widthField: "width", heightField: "height")
    var image: ImageFieldFile?
    @Field(editable: false) var width: Int?
    @Field(editable: false) var height: Int?
    @Field(uploadTo: "texts", storage: "private", deletesReplaced: true) var text: FieldFile
    @Field(kind: .fileField, blank: true, uploadTo: "plain") var plain: String
    @ManyToMany(blank: true) var stickers: RelatedSet<Sticker>
}

@Form
private struct PosterForm: ModelForm {
    static let fields: ModelFormFields<Poster> = [
        \.title, \.image, \.text, \.plain, \.stickers,
    ]
}

@Form
private struct OwnFileForm: ModelForm {
    static let fields: ModelFormFields<Poster> = [\.title, \.image]
    @ImageField(required: false) var image: UploadedFile?
}

@Suite("Files of model forms")
struct ModelFormFilesTests {
    private let main = InMemoryStorage(baseURL: "/media/")
    private let secret = InMemoryStorage()

    private static let png =
        Base64URL.decode(
            """
            iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA\
            AABJRU5ErkJggg
            """
        ) ?? []

    private func with(
        _ backend: TestBackend,
        _ body: (Database) async throws -> Void
    ) async throws {
        let database = try await backend.openPress()
        try await database.makeTables(Sticker.self, Poster.self)
        try await Storages(["default": main, "private": secret]).use {
            try await database.use { try await body(database) }
        }
    }

    private func image(_ name: String = "my cat.png") -> UploadedFile {
        UploadedFile(name: name, contentType: "image/png", bytes: Self.png)
    }

    private func text(_ text: String = "hello", _ name: String = "a.txt") -> UploadedFile {
        UploadedFile(name: name, contentType: "text/plain", bytes: Array(text.utf8))
    }

    private func makePoster() async throws -> Poster {
        let result = try await PosterForm.bind(
            .of(("title", "cat")),
            files: ["image": image(), "text": text(), "plain": text("plain", "p.txt")]
        )
        var form = try #require(result.valid)
        return try await form.save()
    }

    @Test(arguments: TestBackend.installed)
    func keepsFilesWhenTheRowIsSaved(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            let poster = try await makePoster()
            #expect(poster.image?.name == "posters/my_cat.png")
            #expect(poster.text.storageAlias == "private")
            let found = try await Poster.objects.get(poster.id)
            #expect(found.image?.name == "posters/my_cat.png")
            #expect(found.width == 1 && found.height == 1)
            #expect(found.text.name == "texts/a.txt" && found.plain == "plain/p.txt")
            #expect(try await main.open("posters/my_cat.png").bytes(upTo: 1000) == Self.png)
            #expect(try await secret.open("texts/a.txt").bytes(upTo: 9) == Array("hello".utf8))
            #expect(try await main.open("plain/p.txt").bytes(upTo: 9) == Array("plain".utf8))
        }
    }

    @Test(arguments: TestBackend.installed)
    func refusesNamesThatNoStorageKeeps(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            let message = "The file cannot be kept by its name. Please rename it and try again."
            let endings = "a." + String(repeating: "b", count: 96)
            for (name, isRefused) in [
                ("???", true), (endings, true), ("a.b", false),
                (String(repeating: "a", count: 96) + ".b", false),
            ] {
                let files: FormFiles = ["image": image(), "text": text("x", name)]
                let result = try await PosterForm.bind(.of(("title", name)), files: files)
                let items = result.invalid?.errors["text"]?.items ?? []
                #expect(items.map(\.text) == (isRefused ? [message] : []))
            }
        }
    }

    @Test(arguments: TestBackend.installed)
    func keepsFilesOfFormsByNames(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            let form = try ModelFormDefinition(
                Poster.self,
                fields: ["title", "image", "text", "plain"]
            )
            let files: FormFiles = ["image": image(), "text": text(), "plain": text()]
            var bound = try await form.bind(FormInput(.of(("title", "cat")), files: files))
            #expect(bound.form.errorTexts == [])
            #expect(bound.row["text"] != .text("a.txt"))
            let row = try await bound.save()
            #expect(row["image"] == .text("posters/my_cat.png"))
            let found = try await Poster.objects.filter { $0.title == "cat" }.get()
            #expect(found.image?.name == "posters/my_cat.png" && found.width == 1)
            #expect(found.text.name == "texts/a.txt" && found.plain == "plain/a.txt")
            #expect(try await secret.exists("texts/a.txt"))
            // Replaced by the rules of the field, once that is committed.
            let other: FormFiles = ["text": text("new", "b.txt")]
            var again = try await form.bind(
                FormInput(.of(("title", "cat")), files: other),
                row: row
            )
            try await again.save()
            #expect(try await secret.listdir("texts").files == ["b.txt"])
            #expect(try await main.exists("posters/my_cat.png"))
        }
    }

    @Test(arguments: TestBackend.installed)
    func keepsOrClearsWhatIsStored(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            let poster = try await makePoster()
            let shown = try await PosterForm.unbound(instance: poster)
            let html = shown["image"]?.control().html ?? ""
            #expect(html.contains(#"<a href="/media/posters/my_cat.png">posters/my_cat.png</a>"#))
            #expect(html.contains("name=\"image-clear\"") && html.contains("image/*"))
            // A storage without addresses has none to show.
            #expect(shown["text"]?.control().html.contains("href") == false)
            var same = try #require(
                try await PosterForm.bind(.of(("title", "dog")), instance: poster).valid
            )
            let kept = try await same.save()
            #expect(kept.image?.name == "posters/my_cat.png" && kept.width == 1)
            #expect(try await Poster.objects.get(poster.id).text.name == "texts/a.txt")
            for own in [false, true] {
                let data = QueryDict.of(("title", "dog"), ("image-clear", "on"))
                if own {
                    var form = try #require(
                        try await OwnFileForm.bind(data, instance: kept).valid
                    )
                    try await form.save()
                } else {
                    var form = try #require(try await PosterForm.bind(data, instance: kept).valid)
                    try await form.save()
                }
                let cleared = try await Poster.objects.get(poster.id)
                #expect(cleared.image?.isEmpty ?? true)
                #expect(cleared.width == nil && cleared.text.name == "texts/a.txt")
                var restored = kept
                try await restored.save()
            }
            let both = try await PosterForm.bind(
                .of(("title", "dog"), ("image-clear", "on")),
                files: ["image": image()],
                instance: kept
            )
            #expect(both.invalid?.errors["image"]?.items.map(\.code) == ["contradiction"])
        }
    }

    /// A visitor cannot name a file that is stored, whatever is sent.
    @Test(arguments: TestBackend.installed)
    func takesNoNamesFromVisitors(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            let poster = try await makePoster()
            let data = QueryDict.of(
                ("title", "dog"),
                ("image", "texts/a.txt"),
                ("text", "../../etc/passwd"),
                ("plain", "posters/my_cat.png"),
                ("initial-image", "x"),
                ("width", "9")
            )
            let missing = try await PosterForm.bind(data)
            #expect(missing.invalid?.errors["text"]?.items.map(\.code) == ["required"])
            var form = try #require(try await PosterForm.bind(data, instance: poster).valid)
            let saved = try await form.save()
            #expect(saved.image?.name == "posters/my_cat.png" && saved.width == 1)
            #expect(saved.text.name == "texts/a.txt" && saved.plain == "plain/p.txt")
            var own = try ModelFormDefinition(Poster.self, fields: ["title", "plain"])
            own.setField("plain", CharField().required(false))
            let bound = try await own.bind(FormInput(data), row: try poster.formRow)
            #expect(bound.row["plain"] == .text("plain/p.txt"))
            // The name of a file that is there already is not taken twice.
            var second = try #require(
                try await PosterForm.bind(
                    .of(("title", "two")),
                    files: ["image": image(), "text": text()]
                ).valid
            )
            let other = try await second.save()
            #expect(other.image?.name != poster.image?.name)
            #expect(other.image?.name.hasPrefix("posters/my_cat") == true)
            #expect(other.text.name != "texts/a.txt")
        }
    }

    @Test(arguments: TestBackend.installed)
    func refusesWhatIsNoImage(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            let page = UploadedFile(
                name: "a.png",
                contentType: "image/png",
                bytes: Array("<script>".utf8)
            )
            let result = try await PosterForm.bind(
                .of(("title", "x")),
                files: ["image": page, "text": text()]
            )
            #expect(result.invalid?.errors["image"]?.items.map(\.code) == ["invalid_image"])
        }
    }

    @Test(arguments: TestBackend.installed)
    func removesFilesOfRefusedRows(_ backend: TestBackend) async throws {
        try await with(backend) { database in
            let files: FormFiles = ["image": image(), "text": text(), "plain": text()]
            // Another request takes the title.
            var form = try #require(
                try await PosterForm.bind(.of(("title", "cat")), files: files).valid
            )
            var faster = Poster(title: "cat", text: FieldFile(stored: "x"), plain: "")
            try await faster.save()
            await #expect(throws: ModelFormConflict.self) { try await form.save() }
            #expect(form.instance.image?.isCommitted == false)
            // The rows that are related are gone.
            var sticker = Sticker(name: "red")
            try await sticker.save()
            var data = QueryDict.of(("title", "dog"), ("stickers", "1"))
            form = try #require(try await PosterForm.bind(data, files: files).valid)
            try await Sticker.objects.filter { $0.name == "red" }.delete()
            await #expect(throws: ModelFormConflict.self) { try await form.save() }
            // What is around it fails.
            struct Undo: Error {}
            data = .of(("title", "dog"))
            form = try #require(try await PosterForm.bind(data, files: files).valid)
            await #expect(throws: Undo.self) {
                try await database.atomic {
                    try await form.save()
                    throw Undo()
                }
            }
            let named = try ModelFormDefinition(Poster.self, fields: ["title", "image", "text"])
            await #expect(throws: Undo.self) {
                try await database.atomic {
                    var bound = try await named.bind(FormInput(data, files: files))
                    try await bound.save()
                    throw Undo()
                }
            }
            #expect(try await Poster.objects.count() == 1)
            for storage in [main, secret] {
                for folder in try await storage.listdir("").folders {
                    #expect(try await storage.listdir(folder).files == [])
                }
            }
        }
    }

    @Test(arguments: TestBackend.installed)
    func keepsFilesOfSets(_ backend: TestBackend) async throws {
        try await with(backend) { _ in
            let poster = try await makePoster()
            let set = try PosterForm.modelFormSet(extra: 1)
            let data = QueryDict.of(
                ("form-TOTAL_FORMS", "2"),
                ("form-INITIAL_FORMS", "1"),
                ("form-0-id", "\(poster.id)"),
                ("form-0-title", "cat"),
                ("form-0-image-clear", "on"),
                ("form-1-title", "new")
            )
            let files: FormFiles = ["form-1-image": image("n.png"), "form-1-text": text()]
            guard case .valid(var forms) = try await set.bind(FormInput(data, files: files)) else {
                Issue.record("The forms were refused.")
                return
            }
            let saved = try await forms.save()
            #expect(saved.new.map { $0.image?.name } == ["posters/n.png"])
            #expect(try await Poster.objects.get(poster.id).image?.isEmpty ?? true)
            #expect(try await Poster.objects.filter { $0.title == "new" }.get().width == 1)
        }
    }
}
