import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesForms
import NuagesModelForms
import NuagesORM

/// How far a story is.
enum StoryStatus: Int, FieldChoices {
    case draft = 1
    case pending = 2
    case live = 3
}

@Model(app: "press", ordering: ["name"])
struct Writer: CustomStringConvertible {
    @Field(maxLength: 50, help: "Use both first and last names.") var name: String
    var isActive = true
    @Reverse(\Story.writer) var stories: RelatedSet<Story>

    var description: String { name }
}

@Model(app: "press", ordering: ["name"])
struct Topic: CustomStringConvertible {
    @Field(maxLength: 20) var name: String
    @Field(maxLength: 20, unique: true) var slug: String

    var description: String { name }
}

@Model(app: "press")
struct Story {
    @Field(maxLength: 50) var headline: String
    @Field(kind: .slugField, unique: true) var slug: String
    var pubDate: CalendarDate
    @ForeignKey(onDelete: .cascade, limitChoicesTo: Q("is_active", true))
    var writer: Writer.Reference
    @Field(blank: true) var body: String
    @ManyToMany(blank: true) var topics: RelatedSet<Topic>
    @Field(blank: true) var status: StoryStatus?
    @Field(editable: false) var views = 0
    var isFeatured = false

    mutating func clean() throws {
        if headline.utf8.elementsEqual(body.utf8), !body.isEmpty {
            throw ValidationError("The body repeats the headline.", code: "repeats")
        }
    }
}

@Model(
    app: "press",
    uniqueTogether: [["shelf", "number"]]
)
struct Volume {
    @Field(maxLength: 10) var shelf: String
    var number: Int
    @Field(maxLength: 20, default: .text("New")) var title = "New"
    @Field(blank: true) var note: String?
}

/// All kinds of fields that need nothing else.
@Model(app: "press")
struct Everything {
    @Field(maxLength: 10, blank: true) var code: String
    @Field(maxLength: 10, blank: true) var nick: String?
    var text: String
    @Field(kind: .emailField) var email: String
    @Field(kind: .urlField) var link: String
    @Field(kind: .slugField, allowUnicode: true) var slug: String
    @Field(kind: .smallIntegerField) var small: Int
    @Field(kind: .positiveIntegerField) var positive: Int
    @Field(kind: .bigIntegerField) var big: Int
    var ratio: Double
    @Field(maxDigits: 6, decimalPlaces: 2) var price: Decimal
    var isTrue: Bool
    var isKnown: Bool?
    var day: CalendarDate
    var clock: TimeOfDay
    var moment: Date
    var length: Duration
    var token: UUID
    @Field(kind: .genericIPAddressField) var address: String
    @Field(blank: true) var document: JSONValue?
    @Field(autoNow: true) var changed: Date
    @Field(kind: .fileField, blank: true, uploadTo: "covers") var cover: String
}

@Form
struct StoryForm: ModelForm {
    static let fields: ModelFormFields<Story> = [
        \.headline, \.slug, \.pubDate, \.writer, \.body, \.topics, \.status,
    ]
}

extension TestBackend {
    /// A database with the tables of the press, two writers and three topics.
    func openPress() async throws -> Database {
        let database = try await open()
        try await database.makeTables(
            Writer.self,
            Topic.self,
            Story.self,
            Volume.self,
            Everything.self
        )
        try await database.use {
            try await Writer.objects.bulkCreate([
                Writer(name: "Mike Royko"), Writer(name: "Bob Woodward"),
                Writer(name: "Gone", isActive: false),
            ])
            try await Topic.objects.bulkCreate([
                Topic(name: "Entertainment", slug: "entertainment"),
                Topic(name: "It's a test", slug: "its-test"),
                Topic(name: "Third test", slug: "third"),
            ])
        }
        return database
    }
}

extension Database {
    /// Makes the tables of some models, as their first migration does; of one of them where the
    /// others are there.
    func makeTables(_ models: any Model.Type..., only: (any Model.Type)? = nil) async throws {
        let state = MigrationState(models.map { $0.schema })
        var editor = try SchemaEditor(self)
        for label in state.labels where only.map({ $0.label == label }) ?? true {
            try await editor.create(TableModel(label, in: state))
        }
        try await editor.finish()
    }
}

extension QueryDict {
    /// Fields with one value each.
    static func of(_ fields: (String, String)...) -> QueryDict {
        var data = QueryDict()
        for (name, value) in fields { data.append(name, value) }
        return data
    }
}

/// What a story needs.
func storyData(_ changes: (String, String?)...) -> QueryDict {
    var data = QueryDict()
    var fields: [(String, String?)] = [
        ("headline", "Hi there"), ("slug", "hi-there"), ("pub_date", "1984-02-06"),
        ("writer", "1"), ("body", "Hello"), ("status", "2"),
    ]
    for (name, value) in changes {
        fields.removeAll { $0.0 == name }
        fields.append((name, value))
    }
    for (name, value) in fields { if let value { data.append(name, value) } }
    return data
}

extension BoundForm {
    /// The errors as `field: code message`.
    var errorTexts: [String] {
        errors.entries.flatMap { name, errors in
            errors.items.map { "\(name): \($0.code): \($0.text)" }
        }
    }
}

extension ModelFormResult {
    /// The form with errors, where there are some.
    var invalid: BoundForm? { if case .invalid(let form) = self { form } else { nil } }

    /// The valid form.
    var valid: ValidModelForm<Value>? { if case .valid(let form) = self { form } else { nil } }
}
