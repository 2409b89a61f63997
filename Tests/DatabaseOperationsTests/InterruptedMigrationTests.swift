import DatabaseTestSupport
import Foundation
import NuagesMySQL
import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite
import Testing

/// A process that ends without a warning while it migrates: the next one finishes the work, and no
/// row is lost.
///
///     MIGRATION_KILLS=50 swift test --filter InterruptedMigrationTests
@Suite(.serialized, .timeLimit(.minutes(8))) struct InterruptedMigrationTests {
    private static let kills =
        ProcessInfo.processInfo.environment["MIGRATION_KILLS"].flatMap { Int($0) } ?? 8

    /// Moments that are the same in each run: the first and the last, and some between.
    private static func moments(_ count: Int) -> [Int] {
        var state: UInt64 = 7
        return (0..<kills).map { index in
            if index == 0 { return 1 }
            if index == 1 { return count }
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return 1 + Int(state >> 33) % count
        }
    }

    /// How many statements are sent until the first migration ends, and until the second one does.
    private static func statements(of run: Run) throws -> (Int, Int) {
        let numbers = try Victim(run.url, "migrate").answer()?.split(separator: "\n") ?? []
        return (
            try #require(numbers.first.flatMap { Int($0) }),
            try #require(numbers.last.flatMap { Int($0) })
        )
    }

    @Test(arguments: TestBackend.installed.filter { $0 != .mysql })
    func theNextProcessFinishesTheWork(_ backend: TestBackend) async throws {
        let whole = try await Run(backend)
        let (start, count) = try Self.statements(of: whole)
        let expected = try await whole.look()
        #expect(expected.rows == 500)
        await whole.database.close()
        // Rows are made by the first migration: the moments are those of the second one.
        for moment in Self.moments(count - start) {
            let run = try await Run(backend)
            #expect(try Victim(run.url, "migrate", "\(start + moment)").answer() == nil)
            let kept = try await run.database.rows("SELECT COUNT(*) FROM faults_item")
            #expect(kept == [[.int(500)]], "killed at \(moment)")
            #expect(try Victim(run.url, "migrate").answer() != nil, "killed at \(moment)")
            let found = try await run.look()
            #expect(
                found.lines.symmetricDifference(expected.lines).sorted() == [],
                "killed at \(moment)"
            )
            #expect(found.rows == 500)
            #expect(found.sum == expected.sum, "killed at \(moment)")
            await run.database.close()
        }
    }

    /// A process that ends at any moment, also in the middle of a statement and of a commit.
    @Test(arguments: TestBackend.installed.filter { $0 != .mysql })
    func theNextProcessFinishesWhatEndedAtAnyMoment(_ backend: TestBackend) async throws {
        let whole = try await Run(backend)
        let answer = try Victim(whole.url, "migrate-for").answer()
        let time = try #require(answer.flatMap { Int($0) })
        let expected = try await whole.look()
        #expect(expected.rows == 500)
        await whole.database.close()
        var cut = 0
        for (number, moment) in Self.moments(max(time, 1)).enumerated() {
            let run = try await Run(backend)
            // The last may have been quicker than that.
            if try Victim(run.url, "migrate-for", "\(moment)").answer() == nil { cut += 1 }
            let note: Comment = "killed after \(moment) of \(time) microseconds"
            try await run.expectWholeMigrations(note)
            #expect(try Victim(run.url, "migrate-for").answer() != nil, note)
            let found = try await run.look()
            #expect(found.lines.symmetricDifference(expected.lines).sorted() == [], note)
            #expect(found.rows == 500, note)
            #expect(found.sum == expected.sum, note)
            try await run.expectWholeMigrations(note)
            await run.database.close()
            if number + 1 == Self.kills {
                print("\(backend): \(cut) of \(Self.kills) were cut off")
            }
        }
    }

    /// Triggers, indexes and keys that others made outlive a rebuild that was cut off.
    @Test func aTableOfSQLiteThatIsBuiltAnewKeepsWhatBelongsToIt() async throws {
        let kinds = "SELECT type, name FROM sqlite_master WHERE name LIKE 'own_%' ORDER BY name"
        let (start, count) = try Self.statements(of: try await Run(.sqlite))
        for moment in Self.moments(count - start) {
            let run = try await Run(.sqlite)
            _ = try Victim(run.url, "migrate", "\(start + 1)").answer()
            for statement in [
                "CREATE TABLE own_log (item integer)",
                """
                CREATE TRIGGER own_trigger AFTER INSERT ON faults_item
                BEGIN INSERT INTO own_log VALUES (NEW.id); END
                """,
                "CREATE INDEX own_index ON faults_item (shelf_id, size)",
            ] { try await run.database.execute(SQL(unsafe: statement)) }
            let before = try await run.database.rows(SQL(unsafe: kinds))
            _ = try Victim(run.url, "migrate", "\(moment)").answer()
            #expect(
                try await run.database.rows(SQL(unsafe: kinds)) == before,
                "killed at \(moment)"
            )
            _ = try Victim(run.url, "migrate").answer()
            #expect(try await run.database.rows(SQL(unsafe: kinds)) == before, "after \(moment)")
            let check = try await run.database.rows("PRAGMA integrity_check")
            #expect(check == [[.text("ok")]])
            #expect(try await run.database.rows("PRAGMA foreign_key_check").isEmpty)
            try await run.database.execute(
                """
                INSERT INTO faults_item (name, size, shelf_id, color, note)
                SELECT 'new', 9, MIN(id), 'red', '' FROM faults_rack
                """
            )
            #expect(try await run.database.rows("SELECT COUNT(*) FROM own_log") == [[.int(1)]])
            await run.database.close()
        }
    }
}

/// A database, and what is in it.
private struct Run {
    let database: Database
    let url: String
    private let folder = TemporaryFolder()

    init(_ backend: TestBackend) async throws {
        url = try await backend.url(in: folder)
        switch backend {
        case .postgresql: database = try PostgreSQLDatabase.open(url)
        case .mysql: database = try MySQLDatabase.open(url)
        case .sqlite: database = try SQLiteDatabase.open(path: folder.path("test.sqlite3"))
        }
    }

    /// Each migration is there wholly, with its record and its rows, or not at all.
    func expectWholeMigrations(_ note: Comment) async throws {
        let names = try await database.schema.tableNames(in: database)
        let applied = try await MigrationRecorder(database).applied().map(\.name).sorted()
        let tables = names.filter { $0.hasPrefix("faults_") }.sorted()
        switch applied {
        case []: #expect(tables == [], note)
        case ["0001_initial"]: #expect(tables == ["faults_item", "faults_shelf"], note)
        default:
            #expect(applied == ["0001_initial", "0002_change"], note)
            #expect(
                tables == ["faults_item", "faults_item_tags", "faults_rack", "faults_tag"],
                note
            )
        }
        guard !applied.isEmpty else { return }
        let rows = try await database.rows("SELECT COUNT(*) FROM faults_item")
        #expect(rows == [[.int(500)]], note)
    }

    struct Found {
        var lines: Set<String> = []
        var rows = 0
        var sum: [[SQLValue]] = []
    }

    /// Tables with all that belongs to them, and a sum over all rows.
    func look() async throws -> Found {
        var found = Found()
        for name in try await database.schema.tableNames(in: database)
        where !name.hasPrefix("sqlite_") {
            guard let table = try await database.schema.table(name, in: database) else { continue }
            found.lines.formUnion(table.columns.map { "\(name): \($0)" })
            found.lines.formUnion(table.foreignKeys.map { "\(name): \($0)" })
            found.lines.formUnion(table.indexes.map { "\(name): \($0)" })
            found.lines.formUnion(table.checks.map { "\(name): \($0)" })
        }
        let count = try await database.rows("SELECT COUNT(*) FROM faults_item")
        if case .int(let rows)?? = count.first?.first { found.rows = rows }
        found.sum = try await database.rows(
            """
            SELECT SUM(size), MIN(name), MAX(name), COUNT(DISTINCT note), MIN(color)
            FROM faults_item
            """
        )
        return found
    }
}
