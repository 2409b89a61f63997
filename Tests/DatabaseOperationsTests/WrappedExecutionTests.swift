import DatabaseTestSupport
import NuagesORM
import NuagesPostgreSQL
import Synchronization
import Testing

private struct Refused: Error {}

/// What a wrapper was shown.
private final class Shown: Sendable {
    private let state = Mutex<[PendingStatement]>([])
    func add(_ statement: PendingStatement) { state.withLock { $0.append(statement) } }
    var texts: [String] { state.withLock { $0.map(\.text) } }
    var all: [PendingStatement] { state.withLock { $0 } }
}

/// Statements that a wrapper changes or refuses.
@Suite(.timeLimit(.minutes(2)))
struct WrappedExecutionTests {
    @Test(arguments: TestBackend.installed)
    func changesStatementsOfAllKinds(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            try await database.use { () async throws in
                let (_, log) = try await Database.capturingQueries { () async throws in
                    try await Database.wrappingExecution {
                        $0.text += " /* marked */"
                    } around: { () async throws in
                        try await Self.useAll(database)
                    }
                }
                #expect(log.texts.count > 12)
                #expect(log.texts.allSatisfy { $0.hasSuffix(" /* marked */") }, "\(log.texts)")
            }
        }
    }

    private static func useAll(_ database: Database) async throws {
        var writer = try await Writer.objects.create(Writer(name: "a"))
        #expect(writer.id.isSaved)
        writer.name = "b"
        try await writer.save()
        let two = try await Writer.objects.bulkCreate([Writer(name: "c"), Writer(name: "d")])
        #expect(Set(two.map(\.id)).count == 2)
        let names = try await Writer.objects.order { $0.name.ascending }.all().map(\.name)
        #expect(names == ["b", "c", "d"])
        #expect(try await Writer.objects.get(writer.id).name == "b")
        #expect(try await DynamicQuery(Writer.self).filter(.condition("name", "c")).count() == 1)
        var seen = 0
        for try await _ in try Writer.objects.iterator(chunkSize: 2) { seen += 1 }
        #expect(seen == 3)
        #expect(try await database.rows(of: ["SELECT 1", "SELECT 2"]).map(\.number) == [1, 2])
        try await database.atomic { () async throws in
            #expect(
                try await Writer.objects.filter { $0.name == "c" }.update { $0.name = "e" } == 1
            )
            try await database.atomic { _ = try await Writer.objects.count() }
        }
        let (_, isNew) = try await Writer.objects.filter { $0.name == "f" }
            .getOrCreate(Writer(name: "f"))
        #expect(isNew)
        #expect(try await Writer.objects.delete().total == 4)
        try await database.execute("DELETE FROM \(identifier: Writer.schema.table)")
    }

    @Test(arguments: TestBackend.installed)
    func changesValues(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            try await database.use { () async throws in
                try await Database.wrappingExecution {
                    $0.bindings = $0.bindings.map { $0 == .text("secret") ? .text("hidden") : $0 }
                } around: { () async throws in
                    try await Writer(name: "secret").saved()
                }
                #expect(try await Writer.objects.get().name == "hidden")
            }
        }
    }

    @Test(arguments: TestBackend.installed)
    func refusesStatements(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            try await database.use { () async throws in
                try await Database.wrappingExecution {
                    if $0.mode == .write { throw Refused() }
                } around: { () async throws in
                    await #expect(throws: Refused.self) { try await Writer(name: "a").saved() }
                    await #expect(throws: Refused.self) {
                        try await database.execute("DELETE FROM ops_writer")
                    }
                    #expect(try await Writer.objects.count() == 0)
                    // The transaction goes on: nothing of it has failed.
                    try await database.atomic { () async throws in
                        await #expect(throws: Refused.self) { try await Writer(name: "a").saved() }
                        #expect(try await Writer.objects.count() == 0)
                    }
                }
                try await Writer(name: "b").saved()
                #expect(try await Writer.objects.count() == 1)
            }
        }
    }

    @Test func theInnerOneIsTheFirst() async throws {
        let database = try SQLiteDatabaseForTests.open()
        let shown = Shown()
        try await Database.wrappingExecution {
            shown.add($0)
            $0.text += " -- outer"
        } around: { () async throws in
            try await Database.wrappingExecution {
                $0.text += " -- inner"
            } around: {
                _ = try await database.rows("SELECT 1")
            }
            _ = try await database.rows("SELECT \(2)")
        }
        _ = try await database.rows("SELECT 3")
        #expect(shown.texts == ["SELECT 1 -- inner", "SELECT ?"])
        #expect(shown.all.map(\.bindings) == [[], [.int(2)]])
        #expect(shown.all.allSatisfy { $0.vendor == "sqlite" && $0.mode == .read })
        #expect(shown.all.allSatisfy { $0.database == "default" })
    }

    @Test func childTasksHaveItToo() async throws {
        let database = try SQLiteDatabaseForTests.open()
        let shown = Shown()
        try await Database.wrappingExecution {
            shown.add($0)
        } around: { () async throws in
            async let first = database.rows("SELECT 1")
            _ = try await first
            try await Task.detached { _ = try await database.rows("SELECT 2") }.value
        }
        #expect(shown.texts == ["SELECT 1"])
    }

    @Test(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"))
    func refusesCopies() async throws {
        try await TestBackend.postgresql.withTables { (database: Database) async throws in
            let shown = Shown()
            func copy() async throws -> Int {
                try await database.copy([[.text("a")]], into: "ops_writer", columns: ["name"])
            }
            try await Database.wrappingExecution {
                shown.add($0)
            } around: { () async throws in
                #expect(try await copy() == 1)
            }
            #expect(shown.texts.first?.hasPrefix("COPY") == true)
            try await Database.wrappingExecution { _ in
                throw Refused()
            } around: {
                await #expect(throws: Refused.self) { try await copy() }
            }
        }
    }
}
