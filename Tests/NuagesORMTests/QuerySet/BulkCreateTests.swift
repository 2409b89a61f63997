import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

@Model(app: "bulk", ordering: ["code"])
struct Ticket {
    @Field(maxLength: 20, unique: true) var code: String
}

@Suite("Rows that are inserted in bulk: all or none")
struct BulkCreateTests {
    private func empty(_ backend: TestBackend) async throws -> Database {
        let database = try await backend.open()
        try await database.makeTables(Ticket.self)
        return database
    }

    /// Ways to insert rows of which one in a later statement is refused.
    static let ways: [(String, @Sendable (Database) async throws -> Void)] = [
        (
            "a batch for each row",
            { _ in
                try await Ticket.objects.bulkCreate(
                    ["a", "b", "a"].map { Ticket(code: $0) },
                    batchSize: 1
                )
            }
        ),
        (
            "batches of rows with keys",
            { _ in
                let rows = [Ticket(id: 7, code: "a"), Ticket(id: 8, code: "a")]
                try await Ticket.objects.bulkCreate(rows, batchSize: 1)
            }
        ),
        (
            "rows with keys before those without",
            { _ in
                let rows = [Ticket(code: "a"), Ticket(id: 9, code: "a")]
                try await Ticket.objects.bulkCreate(rows)
            }
        ),
        (
            "batches with a rule for conflicts of another constraint",
            { _ in
                let rows = [Ticket(id: 7, code: "a"), Ticket(id: 8, code: "a")]
                try await Ticket.objects.bulkCreate(
                    rows,
                    batchSize: 1,
                    onConflict: .update({ $0.code }, unique: { $0.id })
                )
            }
        ),
        (
            "rows by names",
            { database in
                var options = DynamicQuery.BulkOptions()
                options.batchSize = 1
                let rows = try ["a", "b", "a"].map {
                    try DynamicRow(new: "bulk.ticket", [("code", .value(.text($0)))])
                }
                _ = try await DynamicQuery(Ticket.self).using(database).bulkCreate(rows, options)
            }
        ),
    ]

    @Test(
        "A row that a later statement refuses keeps out those of earlier ones",
        arguments: TestBackend.installed,
        ways.indices
    )
    func allOrNone(_ backend: TestBackend, _ index: Int) async throws {
        let (name, insert) = Self.ways[index]
        // MariaDB's rule for conflicts holds for every unique key.
        if backend == .mysql, name.hasPrefix("batches with a rule") { return }
        let database = try await empty(backend)
        try await database.use { () async throws in
            await #expect(throws: DatabaseError.self, "\(name)") { try await insert(database) }
            #expect(try await Ticket.objects.count() == 0, "\(name)")
        }
        await database.close()
    }

    @Test(
        "Inside a transaction there is no savepoint: what fails ends the block around it",
        arguments: TestBackend.installed
    )
    func endsTheBlockAround(_ backend: TestBackend) async throws {
        let database = try await empty(backend)
        try await database.use { () async throws in
            await #expect(throws: DatabaseError.transactionAborted) {
                try await database.atomic {
                    try await Ticket.objects.create(Ticket(code: "before"))
                    _ = try? await Ticket.objects.bulkCreate(
                        [Ticket(code: "a"), Ticket(code: "a")],
                        batchSize: 1
                    )
                    _ = try await Ticket.objects.count()
                }
            }
            #expect(try await Ticket.objects.count() == 0)
            try await database.atomic {
                try await Ticket.objects.bulkCreate([Ticket(code: "a"), Ticket(code: "b")])
            }
            #expect(try await Ticket.objects.valuesList(\.code) == ["a", "b"])
        }
        await database.close()
    }
}
