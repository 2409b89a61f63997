import DatabaseTestSupport
import Foundation
import NuagesCore
import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite
import Testing

@Model(app: "copies")
struct Sheet {
    @Field(maxLength: 200, unique: true) var title: String
    var note: String?
    var pages = 1
}

@Model(app: "copies")
struct Leaf {
    @ForeignKey(onDelete: .cascade) var sheet: Sheet.Reference
    @Field(databaseDefault: .int(7)) var number: DatabaseValue<Int> = .unset
    @Field(
        generated: .stored(.operation(.field("number"), "+", .value(.int(1))), as: .integerField)
    )
    var next: DatabaseValue<Int> = .unset
    @Field(autoNowAdd: true) var made: Date = .distantPast
    var tags: [String] = []
    var data: JSONValue = .null
}

@Model(app: "copies", orderWithRespectTo: "sheet")
struct Stanza {
    @ForeignKey(onDelete: .cascade) var sheet: Sheet.Reference
}

@Model(app: "copies") @dynamicMemberLookup
struct Poster {
    @Parent var sheet: Sheet
    var width = 1
}

/// Models stored by `COPY`, and by statements that are sent at once.
@Suite(
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct CopiedModelTests {
    private func opened() async throws -> Database {
        try await FieldDatabase.open([Sheet.self, Leaf.self, Stanza.self, Poster.self])
    }

    static let hostile = [
        "", "\\.", "\\N", "\\", "\\\\", "a\tb", "a\nb", "a\r\nb", "\r", "\n", "\\x41", "é👩‍👩‍👧",
        "'; DROP TABLE",
        "\u{1}\u{8}\u{B}\u{C}\u{7F}", "NULL", " ", "\t", "a\\", "\\t",
    ]

    @Test func keepsEveryTextAsItIs() async throws {
        let database = try await opened()
        try await database.use { () async throws in
            let rows =
                Self.hostile.map { Sheet(title: $0, note: $0) }
                + [Sheet(title: "none", note: nil)]
            let (count, log) = try await Database.capturingQueries {
                try await Sheet.objects.copy(from: rows)
            }
            #expect(count == rows.count)
            #expect(
                log.statements.map(\.text).contains(
                    #"COPY "copies_sheet" ("title", "note", "pages") FROM STDIN"#
                )
            )
            let found = try await Sheet.objects.order(by: "id").all()
            #expect(found.map { Array($0.title.utf8) } == rows.map { Array($0.title.utf8) })
            #expect(
                found.map { $0.note.map { Array($0.utf8) } }
                    == rows.map { $0.note.map { Array($0.utf8) } }
            )
            #expect(try await Sheet.objects.filter { $0.note == nil }.count() == 1)
            #expect(try await Sheet.objects.filter { $0.note == "" }.count() == 1)
        }
    }

    @Test func storesAllRowsOrNone() async throws {
        let database = try await opened()
        try await database.use { () async throws in
            let twice = await #expect(throws: DatabaseError.self) {
                try await Sheet.objects.copy(from: [Sheet(title: "a"), Sheet(title: "a")])
            }
            guard case .integrity(let violation)? = twice else {
                Issue.record("no integrity error: \(String(describing: twice))")
                return
            }
            #expect(violation.kind == .unique)
            let nul = await #expect(throws: DatabaseError.self) {
                try await Sheet.objects.copy(from: [Sheet(title: "a"), Sheet(title: "b\0")])
            }
            guard case .data? = nul else {
                Issue.record("no data error: \(String(describing: nul))")
                return
            }
            await #expect(throws: UsageError.self) {
                try await Sheet.objects.copy(from: [Sheet(title: "a"), Sheet(id: 9, title: "b")])
            }
            struct Stop: Error {}
            await #expect(throws: Stop.self) {
                // The rows before the stop are more than one statement sends.
                let long = String(repeating: "x", count: 1 << 20)
                let rows = AsyncThrowingStream<Sheet, any Error> { continuation in
                    for number in 0..<6 {
                        continuation.yield(Sheet(title: "\(number)", note: long))
                    }
                    continuation.finish(throwing: Stop())
                }
                try await Sheet.objects.copy(from: rows)
            }
            #expect(try await Sheet.objects.count() == 0)
            #expect(try await Sheet.objects.copy(from: [Sheet]()) == 0)
            #expect(try await Sheet.objects.copy(from: [Sheet(id: 9, title: "b")]) == 1)
            #expect(try await Sheet.objects.get(9).title == "b")
        }
    }

    @Test func storesRowsAsTheyArrive() async throws {
        let database = try await opened()
        try await database.use { () async throws in
            let note = String(repeating: "x", count: 1000)
            let rows = AsyncStream<Sheet> { continuation in
                for number in 0..<10_000 {
                    continuation.yield(Sheet(title: "\(number)", note: note, pages: number))
                }
                continuation.finish()
            }
            let (count, log) = try await Database.capturingQueries {
                try await Sheet.objects.copy(from: rows)
            }
            #expect(count == 10_000)
            #expect(log.statements.count { $0.text.hasPrefix("COPY") } == 3)
            #expect(try await Sheet.objects.aggregate { $0.pages.sum() } == 49_995_000)
            // The rows come out of the connection that they go into.
            try await database.atomic {
                let sheets = try await Sheet.objects.all()
                let stream = AsyncThrowingStream<Leaf, any Error> {
                    let index = try await Leaf.objects.count()
                    return index == 0 && !Task.isCancelled ? nil : Leaf(sheet: sheets[0])
                }
                #expect(try await Leaf.objects.copy(from: stream) == 0)
            }
        }
    }

    @Test func leavesToTheDatabaseWhatItMakes() async throws {
        let database = try await opened()
        try await database.use { () async throws in
            let sheet = try await Sheet.objects.create(Sheet(title: "a"))
            let leaves = [
                Leaf(
                    sheet: sheet,
                    tags: ["a\tb", "{}"],
                    data: .array([.string("a\\\n\t"), .null])
                ), Leaf(sheet: sheet),
            ]
            #expect(try await Leaf.objects.copy(from: leaves) == 2)
            let found = try await Leaf.objects.order(by: "id").all()
            #expect(found.map(\.number) == [7, 7] && found.map(\.next) == [8, 8])
            #expect(
                found[0].tags == ["a\tb", "{}"]
                    && found[0].data == .array([.string("a\\\n\t"), .null])
            )
            #expect(found[0].made != leaves[0].made)
            await #expect(throws: UsageError.self) {
                try await Leaf.objects.copy(from: [
                    Leaf(sheet: sheet), Leaf(sheet: sheet, number: 1),
                ])
            }
            let stranger = Sheet(title: "new")
            await #expect(throws: ModelError.self) {
                try await Leaf.objects.copy(from: [Leaf(sheet: stranger)])
            }
            await #expect(throws: UsageError.self) {
                try await Stanza.objects.copy(from: [Stanza(sheet: sheet)])
            }
            var line = Stanza(sheet: sheet)
            line._order = 3
            #expect(try await Stanza.objects.copy(from: [line]) == 1)
            await #expect(throws: UsageError.self) {
                try await Poster.objects.copy(from: [Poster(sheet: stranger)])
            }
        }
    }

    @Test func otherDatabasesRefuse() async throws {
        let database = try SQLiteDatabase.open(path: ":memory:")
        let error = await #expect(throws: DatabaseError.self) {
            try await Sheet.objects.using(database).copy(from: [Sheet(title: "a")])
        }
        #expect(error == .notSupported("Only PostgreSQL copies rows into a table."))
    }

    @Test func sendsBatchesAtOnce() async throws {
        let database = try await opened()
        try await database.use { () async throws in
            let new = (0..<1000).map { Sheet(title: "\($0)", pages: $0) }
            let (sheets, log) = try await Database.capturingQueries {
                try await Sheet.objects.bulkCreate(new, batchSize: 10)
            }
            #expect(sheets.map(\.id.value) == Array(1...1000))
            #expect(sheets.map(\.pages) == Array(0..<1000))
            #expect(log.statements.count { $0.text.hasPrefix("INSERT") } == 100)
            var changed = sheets
            for index in changed.indices { changed[index].pages += 1 }
            #expect(
                try await Sheet.objects.bulkUpdate(changed, batchSize: 100) { $0.pages } == 1000
            )
            #expect(try await Sheet.objects.aggregate { $0.pages.sum() } == 500_500)
            // One that is refused in the middle keeps out all, and the connection goes on.
            let mixed = (1000..<1100).map { Sheet(title: $0 == 1050 ? "7" : "\($0)") }
            await #expect(throws: DatabaseError.self) {
                try await Sheet.objects.bulkCreate(mixed, batchSize: 3)
            }
            #expect(try await Sheet.objects.count() == 1000)
            // Long statements, which are not prepared, are sent together as well.
            let many = (0..<200_000).map { Sheet(title: "many \($0)") }
            let stored = try await Sheet.objects.bulkCreate(many)
            #expect(Set(stored.map(\.id.value)).count == 200_000)
            let last = try #require(stored.last)
            #expect(try await Sheet.objects.get(last.id).title == "many 199999")
        }
    }
}
