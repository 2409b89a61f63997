import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

enum Status: String, FieldChoices { case draft, inReview }

@Model(app: "kinds", table: "everything", verboseName: "kind of thing")
struct Everything {
    var small: Int16 = -3
    var medium: Int32 = 4
    var large: Int64 = 5
    var flag = false
    var ratio = 1.5
    @Field(maxDigits: 5, decimalPlaces: 2) var price: Decimal = 1.25
    @Field(maxLength: 10) var name = "x"
    var text: String?
    @Field(kind: .emailField) var email = ""
    var day: CalendarDate?
    var time: TimeOfDay?
    @Field(autoNowAdd: true) var created: Date
    @Field(autoNow: true) var updated: Date
    var length: Duration?
    var key: UUID?
    var bytes: [UInt8] = []
    @Field("state", maxLength: 10, index: true) var status = Status.draft
    @Field(column: "odd name") var oddName: Int?
    var document: JSONValue?
}

@Model(app: "kinds", key: UUID.self)
struct Token {
    var text = ""
}

@Model(app: "kinds")
struct Country {
    @Field(maxLength: 2, primaryKey: true) var code: String
    var homeURL = ""
}

@Suite struct ModelTests {
    @Test(arguments: TestBackend.available) func keepsEveryKindOfValue(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.makeTables(Everything.self)
        let text = backend.choose(sqlite: "é\0", postgresql: "é")
        var value = Everything(
            text: text,
            day: CalendarDate(year: 2024, month: 2, day: 29),
            time: TimeOfDay(hour: 13, minute: 5, microsecond: 7),
            length: .milliseconds(-1500),
            key: UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF"),
            bytes: [0, 255],
            status: .inReview,
            document: try JSONValue(parsing: Array(#"{"é": [1, 2.5, null, true, "\u2028"]}"#.utf8))
        )
        try await value.save(using: database)
        let columns = [
            "small", "flag", "price", "text", "day", "time", "length", "key", "bytes", "status",
        ]
        let stored = try await database.rows("SELECT \(identifiers: columns) FROM everything")
        let expected: [SQLValue] = backend.choose(
            sqlite: [
                .int(-3), .int(0), .double(1.25), .text(text), .text("2024-02-29"),
                .text("13:05:00.000007"), .int(-1_500_000),
                .text("00112233445566778899aabbccddeeff"), .blob([0, 255]), .text("inReview"),
            ],
            postgresql: [
                .int(-3), .bool(false), .decimal(1.25), .text(text), .date(try #require(value.day)),
                .time(try #require(value.time)), .duration(.milliseconds(-1500)),
                .uuid(try #require(value.key)), .blob([0, 255]), .text("inReview"),
            ],
            mysql: [
                .int(-3), .int(0), .decimal(1.25), .text(text), .date(try #require(value.day)),
                .time(try #require(value.time)), .int(-1_500_000),
                .uuid(try #require(value.key)), .blob([0, 255]), .text("inReview"),
            ]
        )
        #expect(stored == [expected])
        let read = try await Everything.objects.using(database).get(value.id)
        #expect(read.small == -3 && read.medium == 4 && read.large == 5)
        #expect(read.price == 1.25 && read.ratio == 1.5 && !read.flag)
        #expect(read.text == text && read.time == value.time && read.day == value.day)
        #expect(read.length == value.length && read.key == value.key && read.bytes == [0, 255])
        #expect(read.status == .inReview && read.oddName == nil)
        #expect(read.document == value.document && read.document != nil)
        #expect(abs(read.created.timeIntervalSince(value.created)) < 0.001)
        let found = Everything.objects.using(database).filter {
            $0.status == .inReview && $0.day == CalendarDate(year: 2024, month: 2, day: 29)
                && $0.key == UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF")
                && $0.length < .zero && $0.price > 1.2 && $0.oddName == nil
        }
        #expect(try await found.count() == 1)
    }

    @Test func hasDjangosNames() {
        let schema = Everything.schema
        #expect(schema.table == "everything")
        #expect(schema.verboseName == "kind of thing")
        #expect(Question.schema.table == "polls_question")
        #expect(
            Choice.schema.fields.map(\.column) == ["id", "question_id", "choice_text", "votes"]
        )
        #expect(Country.schema.fields.map(\.name) == ["code", "home_url"])
        let kinds = schema.fields.map(\.type.rawValue)
        #expect(
            kinds == [
                "BigAutoField", "SmallIntegerField", "IntegerField", "BigIntegerField",
                "BooleanField", "FloatField", "DecimalField", "CharField", "TextField",
                "EmailField", "DateField", "TimeField", "DateTimeField", "DateTimeField",
                "DurationField", "UUIDField", "BinaryField", "CharField", "IntegerField",
                "JSONField",
            ]
        )
    }

    @Test func knowsDefaultsAndOptions() throws {
        let fields = Dictionary(
            uniqueKeysWithValues: Everything.schema.fields.map { ($0.name, $0) }
        )
        #expect(fields["small"]?.defaultValue == .value(.int(-3)))
        #expect(fields["status"]?.defaultValue == .value(.text("draft")))
        #expect(fields["status"]?.choices.map(\.label) == ["Draft", "In Review"])
        #expect(fields["status"]?.verboseName == "state")
        #expect(fields["status"]?.isIndexed == true)
        #expect(fields["text"]?.isNullable == true)
        #expect(fields["email"]?.maxLength == 254)
        #expect(fields["created"]?.isSetOnCreate == true && fields["created"]?.isEditable == false)
        #expect(fields["odd_name"]?.column == "odd name")
        #expect(fields["price"]?.maxDigits == 5 && fields["price"]?.decimalPlaces == 2)
        let key = try #require(fields["id"])
        #expect(key.isPrimaryKey && key.isAutoCreated && key.verboseName == "ID")
        let relation = try #require(Choice.schema.fields[1].relation)
        #expect(relation == Relation(to: "ballots.question", onDelete: .cascade))
    }

    @Test(arguments: TestBackend.available) func hasOtherPrimaryKeys(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.makeTables(Token.self, Country.self)
        try await database.use { () async throws in
            let token = try await Token.objects.create(Token(text: "a"))
            #expect(try await Token.objects.get(token.id).text == "a")
            var country = Country(code: "fr")
            try await country.save()
            country.homeURL = "https://example.fr"
            try await country.save()
            #expect(try await Country.objects.get("fr").homeURL == "https://example.fr")
            #expect(try await Country.objects.filter { $0.code == "fr" }.count() == 1)
        }
    }

    @Test(arguments: TestBackend.available) func showsItselfToTemplates(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            let choice = try await Choice.objects.get(2)
            func member(_ name: String) async throws -> String {
                guard let value = choice.contextMember(name) else { return "nothing" }
                return try await shown(value)
            }
            for (name, text) in [
                ("id", "2"), ("pk", "2"), ("choice_text", "The sky"), ("choiceText", "The sky"),
                ("votes", "7"), ("question_id", "1"), ("question", "Question object (1)"),
                ("password", "nothing"), ("save", "nothing"),
            ] { #expect(try await member(name) == text) }
            let question = try await Question.objects.get(1)
            let set = try #require(question.contextMember("choice_set"))
            guard case .object(let object) = set, let all = object.contextMember("all") else {
                Issue.record("no related set")
                return
            }
            #expect(try await shown(all) == "3 values")
            let author = try await Author.objects.get(1)
            #expect(author.contextMember("edited") != nil)
            #expect(author.contextMember("edited_books") != nil)
            #expect(author.contextMember("book_set") != nil)
            let value = Everything(created: .now, updated: .now, status: .inReview)
            let label = try #require(value.contextMember("get_status_display"))
            #expect(try await shown(label) == "In Review")
        }
    }

    private func shown(_ value: ContextValue) async throws -> String {
        switch value {
        case .int(let number): "\(number)"
        case .string(let text): text
        case .array(let values): "\(values.count) values"
        case .object(let object): try await shown(object.contextDescription)
        case .deferred(let load): try await shown(try await load())
        default: "\(value)"
        }
    }

    @Test func keysOfTwoModelsAreTwoTypes() {
        #expect("\(Question.ID.self)" == "PrimaryKey<Question>")
        #expect(Question.ID(5) == 5)
        #expect("\(Question.ID.unsaved)" == "unsaved")
        #expect(throws: ModelError.unsaved(model: "ballots.question")) {
            try Question.ID.unsaved.saved()
        }
    }

    @Test(arguments: TestBackend.available) func makesConditionsOnOneTable(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.polls(backend)
        let condition = Q("votes__gte", 0) && !Q("choice_text", "")
        let sql = try condition.sql(for: Choice.schema, dialect: database.dialect)
        #expect(
            doubleQuoted(try sql.literalText(database.dialect))
                == #"("votes" >= 0 AND NOT ("choice_text" = ''))"#
        )
        #expect(throws: FieldError.self) {
            try Q("question__pub_date__isnull", true)
                .sql(for: Choice.schema, dialect: database.dialect)
        }
    }
}
