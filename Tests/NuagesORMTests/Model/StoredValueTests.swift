import FoundationEssentials
import NuagesCore
import NuagesORM
import NuagesSQLite
import Testing

@Model(app: "polls")
struct Note {
    var data: JSONValue
}

@Suite struct StoredValueTests {
    private func database() async throws -> Database {
        let database = try SQLiteDatabase.open(path: ":memory:")
        try await database.execute(
            "CREATE TABLE polls_note (id integer PRIMARY KEY AUTOINCREMENT, data text NOT NULL)"
        )
        return database
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func refusesToStoreNumbersThatJSONLacks(_ number: Double) async throws {
        let database = try await database()
        try await database.use { () async throws in
            let document = JSONValue.object([.init("a", .array([.int(1), .double(number)]))])
            let error = await #expect(throws: DatabaseError.self) {
                try await Note.objects.create(Note(data: document))
            }
            guard case .data(let message, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(message.hasPrefix("A JSON document holds a number that is infinite"))
            #expect(try await Note.objects.count() == 0)
        }
    }

    @Test(arguments: ["NaN", "[Infinity]", "{\"a\": -Infinity}", "1e999", "{", ""])
    func refusesToReadWhatIsNotJSON(_ text: String) async throws {
        let database = try await database()
        try await database.execute("INSERT INTO polls_note (data) VALUES (\(text))")
        let error = await #expect(throws: DatabaseError.self) {
            try await Note.objects.using(database).all()
        }
        guard case .decoding = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        "12abc", "12e", "e5", "1-2", "1.2.3", "--1", "+", ".", "", " 1", "1 ", "1_0", "0x10", "٣",
        "inf", "nan", "1e9999999999",
    ])
    func readsOnlyWholeTextsAsNumbers(_ text: String) async throws {
        let database = try await TestDatabase.filled()
        await #expect(throws: FieldError.invalidValue(field: "price", expected: "DecimalField")) {
            try await Book.objects.using(database).filter(lookups: [
                "price__lt": LookupOperand(text)
            ]).count()
        }
    }

    @Test(arguments: ["12.5", "12.50", "+12.5", "1.25e1", "125E-1", "0012.5"])
    func readsNumbersFromText(_ text: String) async throws {
        let database = try await TestDatabase.filled()
        let books = Book.objects.using(database).filter(lookups: ["price": LookupOperand(text)])
        #expect(try await books.count() == 1)
    }
}
