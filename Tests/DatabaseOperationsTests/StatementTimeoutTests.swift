import DatabaseTestSupport
import FoundationEssentials
import NuagesMySQL
import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite
import Testing

/// How long a statement may take.
@Suite(.timeLimit(.minutes(2)))
struct StatementTimeoutTests {
    private static let limit = PoolOptions(
        maxConnections: 1,
        statementTimeout: .milliseconds(200)
    )

    /// A statement that takes a minute, or no end.
    private static func slow(_ backend: TestBackend) -> SQL {
        switch backend {
        case .sqlite:
            """
            WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter)
            SELECT max(n) FROM counter
            """
        case .postgresql: "SELECT pg_sleep(60)"
        case .mysql: "SELECT SLEEP(60)"
        }
    }

    private static func expectTimeout(
        _ location: SourceLocation = #_sourceLocation,
        _ body: () async throws -> Void
    ) async {
        let error = await #expect(throws: DatabaseError.self, sourceLocation: location) {
            try await body()
        }
        guard case .statementTimeout? = error else {
            Issue.record("\(String(describing: error))", sourceLocation: location)
            return
        }
    }

    @Test(arguments: TestBackend.installed)
    func endsWhatTakesTooLong(_ backend: TestBackend) async throws {
        try await backend.withTables(pool: Self.limit) { (database: Database) async throws in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.rows(Self.slow(backend))
            }
            #expect(
                error
                    == .statementTimeout(
                        statement: Self.slow(backend).statement(database.dialect).text
                    )
            )
            let text = error.map { "\($0)" } ?? ""
            #expect(text.contains("$0.statementTimeout = …"), "\(text)")
            // The connection is there for the next.
            #expect(try await database.rows("SELECT 1").number == 1)
        }
    }

    @Test(arguments: TestBackend.installed)
    func endsStatementsOfTransactions(_ backend: TestBackend) async throws {
        try await backend.withTables(pool: Self.limit) { (database: Database) async throws in
            try await database.use { () async throws in
                await Self.expectTimeout {
                    try await database.atomic { () async throws in
                        try await Writer(name: "w").saved()
                        _ = try await database.rows(Self.slow(backend))
                    }
                }
                #expect(try await Writer.objects.count() == 0)
                try await database.atomic { try await Writer(name: "x").saved() }
                #expect(try await Writer.objects.count() == 1)
            }
        }
    }

    @Test(arguments: TestBackend.installed)
    func endsStatementsOfHeldConnections(_ backend: TestBackend) async throws {
        try await backend.withTables(pool: Self.limit) { (database: Database) async throws in
            await Self.expectTimeout {
                try await database.withConnection { () async throws in
                    _ = try await database.rows("SELECT 1")
                    _ = try await database.rows(Self.slow(backend))
                }
            }
            #expect(try await database.rows("SELECT 1").number == 1)
        }
    }

    /// A task that is cancelled is told so, however long its statement may take.
    @Test(arguments: TestBackend.installed)
    func tellsCancelledTasksSo(_ backend: TestBackend) async throws {
        let pool = PoolOptions(maxConnections: 1, statementTimeout: .seconds(30))
        try await backend.withTables(pool: pool) { (database: Database) async throws in
            let task = Task { try await database.rows(Self.slow(backend)) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    /// What was changed by hand on a connection is back for the next borrower.
    @Test(arguments: [TestBackend.postgresql, .mysql].filter(\.isInstalled))
    func setsTheLimitAgain(_ backend: TestBackend) async throws {
        let question: SQL =
            backend == .mysql ? "SELECT @@max_statement_time" : "SHOW statement_timeout"
        let lift: SQL =
            backend == .mysql ? "SET max_statement_time = 0" : "SET statement_timeout = 0"
        func isLimited(_ rows: [[SQLValue]]) -> Bool {
            [[[.text("200ms")]], [[.double(0.2)]], [[.decimal(0.2)]]].contains(rows)
        }
        try await backend.withTables(pool: Self.limit) { (database: Database) async throws in
            #expect(isLimited(try await database.rows(question)))
            try await database.withConnection { () async throws in
                try await database.execute(lift)
                #expect(!isLimited(try await database.rows(question)))
            }
            #expect(isLimited(try await database.rows(question)))
        }
    }

    @Test(arguments: TestBackend.installed)
    func zeroIsNoLimit(_ backend: TestBackend) async throws {
        try await backend.withTables(pool: PoolOptions(statementTimeout: .zero)) {
            (database: Database) async throws in
            #expect(try await database.rows("SELECT 1").number == 1)
        }
    }

    // MARK: URLs

    @Test func readsURLs() throws {
        let urls: [(String, any DatabaseDriver)] = [
            ("sqlite:db.sqlite3?statement_timeout=2.5", SQLiteDriver()),
            ("postgresql:///x?host=/run&statement_timeout=2.5", PostgreSQLDriver()),
            ("mysql://me@db/x?statement-timeout=2.5", MySQLDriver()),
        ]
        for (url, driver) in urls {
            #expect(try driver.open(url).options.statementTimeout == .milliseconds(2500))
            let none = String(url.dropLast(3)) + "0"
            #expect(try driver.open(none).options.statementTimeout == .zero)
            for wrong in ["x", "-1", "nan", "1e9", ""] {
                let error = #expect(throws: DatabaseError.self) {
                    try driver.open(String(url.dropLast(3)) + wrong)
                }
                let text = error.map { "\($0)" } ?? ""
                #expect(text.contains("statement") && !text.contains("me@db"), "\(text)")
            }
        }
        #expect(throws: DatabaseError.self) { try SQLiteDriver().open("sqlite:x?mode=ro") }
    }

    @Test(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"))
    func readsWhatLibpqDoesNotKnow() async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let main = try PostgreSQLDatabase.open(url)
        try await main.execute(#"CREATE ROLE "the clerk's""#)
        let options = "&isolation_level=repeatable-read&assume_role=the%20clerk%27s"
        let database = try PostgreSQLDatabase.open(
            "\(url)&statement_timeout=2.5\(options)&application_name=site",
            pool: PoolOptions(maxConnections: 1)
        )
        func check() async throws {
            #expect(try await database.rows("SELECT current_user") == [[.text("the clerk's")]])
            #expect(try await database.rows("SHOW statement_timeout") == [[.text("2500ms")]])
            #expect(try await database.rows("SHOW application_name") == [[.text("site")]])
            let level = try await database.atomic { () async throws in
                try await database.rows("SHOW transaction_isolation")
            }
            #expect(level == [[.text("repeatable read")]])
        }
        try await check()
        try await database.withConnection { _ = try await database.execute("RESET ROLE") }
        try await check()
        await database.close()
        let other = try PostgreSQLDatabase.open(url, isolation: .serializable, assumeRole: "nobody")
        await #expect(throws: DatabaseError.self) { try await other.rows("SELECT 1") }
        try await main.execute(#"DROP ROLE "the clerk's""#)
        for wrong in ["isolation_level=high", "assume_role=", "assume_role=a%00b"] {
            #expect(throws: DatabaseError.self) { try PostgreSQLDatabase.open("\(url)&\(wrong)") }
        }
        // The client program gets what it knows.
        let command = PostgreSQLDriver().shellCommand("\(url)\(options)").last ?? ""
        #expect(command.contains("user='postgres'") && !command.contains("assume_role"))
        await main.close()
    }

    @Test(.enabled(if: MariaDBServer.isInstalled, "MariaDB is not installed"))
    func readsTheIsolationOfMariaDB() async throws {
        let url = try await MariaDBServer.common().makeDatabase()
        let database = try MySQLDatabase.open("\(url)&isolation-level=SERIALIZABLE")
        #expect(try await database.rows("SELECT @@tx_isolation") == [[.text("SERIALIZABLE")]])
        await database.close()
        #expect(throws: DatabaseError.self) {
            try MySQLDatabase.open("\(url)&isolation-level=high")
        }
    }
}

/// Locks of numbers, which PostgreSQL has.
@Suite(
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(1))
)
struct AdvisoryLockTests {
    private static func isFree(_ key: Int64, _ database: Database) async throws -> Bool {
        try await database.atomic { try await database.tryAdvisoryLock(key) }
    }

    private static func withDatabases(
        _ body: (Database, Database) async throws -> Void
    ) async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let (first, second) = (
            try PostgreSQLDatabase.open(url), try PostgreSQLDatabase.open(url, name: "second")
        )
        try await body(first, second)
        await first.close()
        await second.close()
    }

    @Test func holdsTheLockForABlock() async throws {
        try await Self.withDatabases { (first: Database, second: Database) async throws in
            try await first.withAdvisoryLock(7) { () async throws in
                #expect(try await !Self.isFree(7, second))
                #expect(try await Self.isFree(8, second))
                #expect(try await first.rows("SELECT 1").number == 1)
            }
            #expect(try await Self.isFree(7, second))
            struct Failure: Error {}
            await #expect(throws: Failure.self) {
                try await first.withAdvisoryLock(7) { throw Failure() }
            }
            #expect(try await Self.isFree(7, second))
        }
    }

    @Test func holdsTheLockForATransaction() async throws {
        try await Self.withDatabases { (first: Database, second: Database) async throws in
            try await first.atomic { () async throws in
                try await first.withAdvisoryLock(-1) {}
                // Others would not see yet what was written under it.
                #expect(try await !Self.isFree(-1, second))
            }
            #expect(try await Self.isFree(-1, second))
        }
    }

    @Test func letsOthersShareIt() async throws {
        try await Self.withDatabases { (first: Database, second: Database) async throws in
            try await first.withAdvisoryLock(.max, shared: true) { () async throws in
                let isShared = try await second.atomic {
                    try await second.tryAdvisoryLock(.max, shared: true)
                }
                #expect(isShared)
                #expect(try await !Self.isFree(.max, second))
            }
        }
    }

    @Test func saysWhereThereAreNone() async throws {
        let other = try SQLiteDatabase.open(path: ":memory:")
        await #expect(throws: DatabaseError.self) { try await other.withAdvisoryLock(1) {} }
        await #expect(throws: DatabaseError.self) { try await other.tryAdvisoryLock(1) }
        try await Self.withDatabases { (first: Database, _: Database) async throws in
            await #expect(throws: DatabaseError.self) { try await first.tryAdvisoryLock(1) }
        }
    }
}
