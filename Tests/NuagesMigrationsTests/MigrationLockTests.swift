import DatabaseTestSupport
import NuagesMySQL
import NuagesPostgreSQL
import NuagesSQLite
import Synchronization
import Testing

@testable import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The lock of those who migrate, and how long they wait for others who use a table.
@Suite(.timeLimit(.minutes(2))) struct MigrationLockTests {
    /// A place for a database that several have open, as processes do.
    private struct Place: ~Copyable {
        private let backend: TestBackend
        let url: String

        init(_ backend: TestBackend) async throws {
            self.backend = backend
            switch backend {
            case .postgresql: url = try await PostgreSQLServer.common().makeDatabase()
            case .mysql: url = try await MariaDBServer.common().makeDatabase()
            case .sqlite:
                let folder = FileManager.default.temporaryDirectory.path
                url = "\(folder)/nuages-\(UUID().uuidString).sqlite3"
            }
        }

        deinit {
            guard backend == .sqlite else { return }
            for ending in ["", "-wal", "-shm", "-migrating"] {
                try? FileManager.default.removeItem(atPath: url + ending)
            }
        }

        func open() throws -> Database {
            switch backend {
            case .sqlite: try SQLiteDatabase.open(path: url)
            case .postgresql: try PostgreSQLDatabase.open(url)
            case .mysql: try MySQLDatabase.open(url)
            }
        }
    }

    private static let initial = MigrationExecutorTests.initial

    private static func change(
        isAtomic: Bool,
        _ code: @escaping RunSwift.Action = { _ in }
    ) -> Migration {
        Migration(
            app: "polls",
            name: "0002_change",
            isAtomic: isAtomic,
            dependencies: [initial.key]
        ) {
            RunSwift("change", isAtomic: isAtomic, forwards: code)
        }
    }

    private static func lockTimeout(of database: Database) async throws -> [[SQLValue]] {
        try await database.rows(
            database.dialect.vendor == "postgresql"
                ? "SHOW lock_timeout" : "SELECT @@SESSION.lock_wait_timeout"
        )
    }

    // MARK: Time

    /// What the connection had before is what it has afterwards, whatever became of the migration.
    @Test(arguments: TestBackend.installed.filter { $0 != .sqlite }, [true, false])
    func restoresTheLockTimeout(_ backend: TestBackend, _ isAtomic: Bool) async throws {
        let database = try await backend.open()
        try await MigrationExecutor(database, migrations: [Self.initial]).migrate()
        let seen = Mutex<[[SQLValue]]>([])
        let fails = Mutex(true)
        let change = Self.change(isAtomic: isAtomic) { data in
            let rows = try await Self.lockTimeout(of: data.database)
            seen.withLock { $0 += rows }
            if fails.withLock({ $0 }) { throw MigrationError.duplicateModel("x") }
        }
        let executor = try await MigrationExecutor(
            database,
            migrations: [Self.initial, change]
        )
        let options = MigrationOptions(lockTimeout: .seconds(3))
        let (own, during): ([[SQLValue]], SQLValue) =
            backend == .mysql ? ([[.int(77)]], .int(3)) : ([[.text("77s")]], .text("3s"))
        try await database.withConnection {
            try await database.execute(
                backend == .mysql
                    ? "SET SESSION lock_wait_timeout = 77" : "SET lock_timeout = '77s'"
            )
            await #expect(throws: MigrationError.duplicateModel("x")) {
                try await executor.migrate(options: options)
            }
            #expect(try await Self.lockTimeout(of: database) == own)
            fails.withLock { $0 = false }
            try await executor.migrate(options: options)
            #expect(try await Self.lockTimeout(of: database) == own)
        }
        #expect(seen.withLock { $0 } == [[during], [during]])
        await database.close()
    }

    /// A migration that is a part of a transaction leaves its time to it.
    @Test(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"))
    func restoresTheLockTimeoutOfATransaction() async throws {
        let database = try await TestBackend.postgresql.open()
        try await database.atomic {
            try await database.execute("SET LOCAL lock_timeout = '77s'")
            try await MigrationExecutor(database, migrations: [Self.initial]).migrate()
            #expect(try await Self.lockTimeout(of: database) == [[.text("77s")]])
        }
        await database.close()
    }

    /// Has a transaction that writes around `work`.
    private func writing(
        to database: Database,
        _ work: () async throws -> Void
    ) async throws {
        let (isLocked, hasLocked) = AsyncStream.makeStream(of: Void.self)
        let (isOver, end) = AsyncStream.makeStream(of: Void.self)
        let other = Task {
            try await database.atomic {
                try await database.execute("CREATE TABLE others (id integer)")
                hasLocked.finish()
                for await _ in isOver {}
            }
        }
        for await _ in isLocked {}
        do {
            try await work()
        } catch {
            end.finish()
            try await other.value
            throw error
        }
        end.finish()
        try await other.value
    }

    @Test(arguments: [true, false])
    func aDatabaseOfSQLiteIsWaitedForAsLongAsIsSaid(_ isAtomic: Bool) async throws {
        let place = try await Place(.sqlite)
        let (database, other) = (try place.open(), try place.open())
        try await MigrationExecutor(database, migrations: [Self.initial]).migrate()
        let change = Self.change(isAtomic: isAtomic) { data in
            try await data.execute("DELETE FROM polls_question")
        }
        let executor = try await MigrationExecutor(database, migrations: [Self.initial, change])
        let options = MigrationOptions(lockTimeout: .milliseconds(100))
        try await writing(to: other) {
            let error = await #expect(throws: MigrationError.self) {
                try await executor.migrate(options: options)
            }
            guard case .lockTimeout(change.key, .milliseconds(100), let finished, _)? = error
            else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(finished.isEmpty)
        }
        try await executor.migrate(options: options)
        #expect(try await MigrationRecorder(database).isApplied(change.key))
        await database.close()
        await other.close()
    }

    @Test func aDatabaseOfSQLiteIsWaitedForForEver() async throws {
        let place = try await Place(.sqlite)
        let (database, other) = (try place.open(), try place.open())
        let executor = try await MigrationExecutor(database, migrations: [Self.initial])
        try await MigrationRecorder(database).ensureTable()
        var work: Task<Void, any Error>?
        try await writing(to: other) {
            let (begins, begun) = AsyncStream.makeStream(of: Void.self)
            work = Task {
                try await executor.migrate(options: MigrationOptions(lockTimeout: nil)) { _ in
                    begun.finish()
                }
            }
            for await _ in begins {}
        }
        try await work?.value
        #expect(try await MigrationRecorder(database).isApplied(Self.initial.key))
        await database.close()
        await other.close()
    }

    @Test func whoWaitsForADatabaseOfSQLiteCanBeCancelled() async throws {
        let place = try await Place(.sqlite)
        let (database, other) = (try place.open(), try place.open())
        let executor = try await MigrationExecutor(database, migrations: [Self.initial])
        try await MigrationRecorder(database).ensureTable()
        try await writing(to: other) {
            let (begins, begun) = AsyncStream.makeStream(of: Void.self)
            let work = Task {
                try await executor.migrate(options: MigrationOptions(lockTimeout: nil)) { _ in
                    begun.finish()
                }
            }
            for await _ in begins {}
            work.cancel()
            await #expect(throws: CancellationError.self) { try await work.value }
        }
        try await executor.migrate()
        #expect(try await database.rows("PRAGMA foreign_keys") == [[.int(1)]])
        await database.close()
        await other.close()
    }

    // MARK: Turns

    /// What happened, in order.
    private final class Order: Sendable {
        private let events = Mutex<[String]>([])

        var all: [String] { events.withLock { $0 } }

        func note(_ event: String) { events.withLock { $0.append(event) } }
    }

    /// Whether a statement is the one by which a process asks for its turn, or comes just before.
    private static func asksForTurn(_ statement: String) -> Bool {
        ["pg_try_advisory", "GET_LOCK", "pragma_database_list"].contains { statement.contains($0) }
    }

    /// Runs `work` while another process migrates, which ends when `work` has asked for its turn.
    private func whileAnotherMigrates(
        _ other: Database,
        _ order: Order,
        cancelling: Bool = false,
        _ work: @escaping @Sendable () async throws -> Void
    ) async throws {
        let (asks, asked) = AsyncStream.makeStream(of: Void.self)
        let (isInside, enter) = AsyncStream.makeStream(of: Void.self)
        let (isOver, end) = AsyncStream.makeStream(of: Void.self)
        let migrating = Task {
            try await other.schema.migrating(other, atomically: false) {
                enter.finish()
                for await _ in isOver {}
                order.note("migrated")
            }
        }
        for await _ in isInside {}
        let task = Task {
            try await Database.wrappingExecution { statement in
                if Self.asksForTurn(statement.text) { asked.finish() }
            } around: {
                try await work()
            }
            order.note("worked")
        }
        for await _ in asks {}
        if cancelling {
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        end.finish()
        try await migrating.value
        if !cancelling { try await task.value }
    }

    @Test(arguments: TestBackend.installed)
    func recordsAreForgottenInTurn(_ backend: TestBackend) async throws {
        let place = try await Place(backend)
        let (database, other) = (try place.open(), try place.open())
        let all = [Self.initial]
        try await MigrationExecutor(database, migrations: all).migrate()
        try await MigrationRecorder(database).recordApplied(MigrationKey("polls", "0000_gone"))
        let executor = try await MigrationExecutor(database, migrations: all)
        let order = Order()
        try await whileAnotherMigrates(other, order) { try await executor.prune("polls") }
        #expect(order.all == ["migrated", "worked"])
        #expect(try await MigrationRecorder(database).applied() == [Self.initial.key])
        await database.close()
        await other.close()
    }

    @Test(arguments: TestBackend.installed)
    func replacementsAreRecordedInTurn(_ backend: TestBackend) async throws {
        let place = try await Place(backend)
        let (database, other) = (try place.open(), try place.open())
        let change = Self.change(isAtomic: true)
        try await MigrationExecutor(database, migrations: [Self.initial, change]).migrate()
        let squashed = try MigrationLoader([Self.initial, change])
            .squashing("polls", to: "0002").migration
        let executor = try await MigrationExecutor(
            database,
            migrations: [Self.initial, change, squashed]
        )
        let order = Order()
        try await whileAnotherMigrates(other, order) { try await executor.migrate() }
        #expect(order.all == ["migrated", "worked"])
        let rows = try await database.rows(
            "SELECT COUNT(*) FROM django_migrations WHERE name = \(squashed.name)"
        )
        #expect(rows == [[.int(1)]])
        await database.close()
        await other.close()
    }

    @Test(arguments: TestBackend.installed, [true, false])
    func whoWaitsForATurnCanBeCancelled(_ backend: TestBackend, _ isAtomic: Bool) async throws {
        let place = try await Place(backend)
        let (database, other) = (try place.open(), try place.open())
        let all = [Self.initial, Self.change(isAtomic: isAtomic)]
        try await MigrationExecutor(database, migrations: [Self.initial]).migrate()
        let executor = try await MigrationExecutor(database, migrations: all)
        // The connection is kept, so that nothing but the migration gives the lock back.
        try await database.withConnection {
            let order = Order()
            try await whileAnotherMigrates(other, order, cancelling: true) {
                try await executor.migrate()
            }
            #expect(order.all == ["migrated"])
            try await MigrationExecutor(other, migrations: all).migrate()
        }
        #expect(try await MigrationExecutor(database, migrations: all).loader.plan().isEmpty)
        await database.close()
        await other.close()
    }

    @Test(arguments: TestBackend.installed, [true, false])
    func theTurnEndsWithATaskThatIsCancelled(
        _ backend: TestBackend,
        _ isAtomic: Bool
    ) async throws {
        let place = try await Place(backend)
        let (database, other) = (try place.open(), try place.open())
        let (isInside, enter) = AsyncStream.makeStream(of: Void.self)
        let change = Self.change(isAtomic: isAtomic) { data in
            enter.finish()
            // Until the task is cancelled.
            try await Task.sleep(for: .seconds(600))
        }
        try await MigrationExecutor(database, migrations: [Self.initial]).migrate()
        let executor = try await MigrationExecutor(database, migrations: [Self.initial, change])
        try await database.withConnection {
            let task = Task { _ = try await executor.migrate() }
            for await _ in isInside {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let all = [Self.initial, Self.change(isAtomic: isAtomic)]
            try await MigrationExecutor(other, migrations: all).migrate()
            if backend == .sqlite {
                #expect(try await database.rows("PRAGMA foreign_keys") == [[.int(1)]])
            } else {
                let own: [[SQLValue]] =
                    backend == .mysql
                    ? try await Self.lockTimeout(of: other) : [[.text("0")]]
                #expect(try await Self.lockTimeout(of: database) == own)
            }
        }
        await database.close()
        await other.close()
    }
}
