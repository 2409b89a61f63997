import DatabaseTestSupport
import NuagesORM
import NuagesPostgreSQL
import Testing

/// Statements, their errors and their transactions.
@Suite(
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct StatementsTests {
    private static func database(connections: Int = 4) async throws -> Database {
        let database = try await TestBackend.postgresql.open(
            pool: PoolOptions(maxConnections: connections)
        )
        try await database.execute("CREATE TABLE t (id int PRIMARY KEY, name varchar(5) UNIQUE)")
        return database
    }

    @Test func setsSessionsUp() async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let database = try PostgreSQLDatabase.open(
            url + "&options=-c%20timezone%3DAsia/Tokyo%20-c%20datestyle%3Dsql"
        )
        #expect(try await database.rows("SHOW timezone") == [[.text("UTC")]])
        #expect(try await database.rows("SHOW datestyle") == [[.text("ISO, MDY")]])
        #expect(try await database.rows("SHOW client_encoding") == [[.text("UTF8")]])
        try await database.withConnection {
            try await database.execute("SET TIME ZONE 'Europe/Paris'")
            try await database.execute("CREATE TEMP TABLE mine (id int)")
            #expect(try await database.rows("SHOW timezone") == [[.text("Europe/Paris")]])
        }
        #expect(try await database.rows("SHOW timezone") == [[.text("UTC")]])
        await #expect(throws: DatabaseError.self) { try await database.rows("SELECT * FROM mine") }
    }

    /// A statement that has been quick is waited for on the thread that asks, for a moment.
    @Test func waitsForSlowAnswersWithoutAskingAgain() async throws {
        let database = try await Self.database(connections: 1)
        try await database.execute("CREATE SEQUENCE s")
        func number(seconds: Double) async throws -> [[SQLValue]] {
            try await database.rows("SELECT nextval('s'), pg_sleep(\(seconds))::text")
        }
        for count in 1...5 { #expect(try await number(seconds: 0).first?.first == .int(count)) }
        #expect(try await number(seconds: 0.05).first?.first == .int(6))
        #expect(try await number(seconds: 0).first?.first == .int(7))
        // The same inside of a transaction that reads, and for statements that are sent together.
        try await database.atomic(mode: .read) { () async throws in
            for seconds in [0, 0.05, 0] {
                let rows = try await database.rows("SELECT 7, pg_sleep(\(seconds))::text")
                #expect(rows.first?.first == .int(7))
            }
        }
        let pair: @Sendable (Double) async throws -> [[[SQLValue]]] = { seconds in
            try await database.rows(of: [
                "SELECT nextval('s'), pg_sleep(\(seconds))::text",
                "SELECT nextval('s'), pg_sleep(\(seconds))::text",
            ])
        }
        for count in 0..<3 {
            let answers = try await pair(0)
            #expect(answers.map { $0[0][0] } == [.int(8 + 2 * count), .int(9 + 2 * count)])
        }
        #expect(try await pair(0.02).map { $0[0][0] } == [.int(14), .int(15)])
        // Whoever gives up does not leave the answer to the next statement.
        let waiting = Task { try await number(seconds: 20) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
        #expect(try await number(seconds: 0).first?.first != .int(15))
    }

    @Test func readsServicesAndSeveralHosts() async throws {
        let server = try PostgreSQLServer.common()
        let folder = server.url().split(separator: "host=")[1].split(separator: "&")[0]
        let database = try PostgreSQLDatabase.open(
            "postgres:///postgres?host=/nowhere,\(folder)&user=postgres&target_session_attrs=read-write"
        )
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
        for url in ["postgresql://[::1", "postgresql://h/db?nonsense=1"] {
            #expect(throws: DatabaseError.self) { try PostgreSQLDatabase.open(url) }
        }
        let nowhere = try PostgreSQLDatabase.open("postgresql://u:secret@/db?host=/nowhere")
        let error = await #expect(throws: DatabaseError.self) { try await nowhere.rows("SELECT 1") }
        #expect(error.map { !"\($0)".contains("secret") } ?? false)
    }

    @Test func tellsWhatWentWrong() async throws {
        let database = try await Self.database()
        try await database.execute(
            "CREATE TABLE c (id int PRIMARY KEY, t_id int REFERENCES t (id), n int NOT NULL CHECK (n > 0))"
        )
        try await database.execute("INSERT INTO t VALUES (1, 'a')")
        func violation(_ sql: SQL) async -> IntegrityViolation? {
            do {
                try await database.execute(sql)
            } catch DatabaseError.integrity(let violation) {
                return violation
            } catch {}
            return nil
        }
        let unique = await violation("INSERT INTO t VALUES (2, 'a')")
        #expect(unique?.kind == .unique)
        #expect(unique?.constraint == "t_name_key")
        #expect(unique?.table == "t")
        #expect(unique?.columns == ["name"])
        #expect(unique?.message.contains("'a'") == false)
        #expect(await violation("INSERT INTO t VALUES (1, 'b')")?.kind == .primaryKey)
        let key = await violation("INSERT INTO c VALUES (1, 7, 1)")
        #expect(key?.kind == .foreignKey)
        #expect(key?.constraint == "c_t_id_fkey")
        #expect(key?.columns == ["t_id"])
        let null = await violation("INSERT INTO c VALUES (1, 1, NULL)")
        #expect(null?.kind == .notNull)
        #expect(null?.columns == ["n"])
        #expect(await violation("INSERT INTO c VALUES (1, 1, 0)")?.constraint == "c_n_check")
        let statements: [(SQL, (DatabaseError) -> Bool)] = [
            ("SELEC", { if case .programming = $0 { true } else { false } }),
            ("SELECT * FROM nowhere", { if case .programming = $0 { true } else { false } }),
            ("SELECT 1; SELECT 2", { if case .programming = $0 { true } else { false } }),
            ("", { if case .programming = $0 { true } else { false } }),
            (
                "INSERT INTO t VALUES (3, 'too long')",
                { if case .data = $0 { true } else { false } }
            ),
            ("SELECT 1 / 0", { if case .data = $0 { true } else { false } }),
            ("COPY t TO STDOUT", { if case .programming = $0 { true } else { false } }),
            ("COPY t FROM STDIN", { if case .programming = $0 { true } else { false } }),
            (
                "CREATE DATABASE x TABLESPACE nowhere",
                { if case .programming = $0 { true } else { false } }
            ),
        ]
        for (sql, isExpected) in statements {
            let error = await #expect(throws: DatabaseError.self) {
                try await database.execute(sql)
            }
            #expect(error.map(isExpected) ?? false, "\(sql): \(String(describing: error))")
        }
        #expect(try await database.rows("SELECT COUNT(*) FROM t") == [[.int(1)]])
    }

    /// What could not be read as a type may be what a visitor typed.
    @Test(arguments: [
        "inet", "uuid", "date", "timestamptz", "int", "interval", "jsonb", "int[]", "int4range",
        "boolean", "regconfig",
    ])
    func quotesNoValues(type: String) async throws {
        let database = try await Self.database()
        let error = await #expect(throws: DatabaseError.self) {
            try await database.rows(
                "SELECT \("my-\"secret\", x")::\(sql: SQL(unsafe: type))"
            )
        }
        #expect(error.map { !"\($0)".contains("secret") } ?? false, "\(String(describing: error))")
        #expect(error.map { !"\($0)".isEmpty } ?? false)
    }

    @Test func quotesNoWordsOfSearches() async throws {
        let database = try await Self.database()
        let error = await #expect(throws: DatabaseError.self) {
            try await database.rows("SELECT to_tsquery(\("my & & secret"))")
        }
        #expect(error.map { !"\($0)".contains("secret") } ?? false)
        // The text of a statement is the program's.
        let other = await #expect(throws: DatabaseError.self) { try await database.rows("SELEC 1") }
        #expect(other.map { "\($0)".contains("SELEC") } ?? false)
    }

    @Test(arguments: ["COPY t FROM STDIN", "COPY t TO STDOUT", "/* c */ COPY t FROM STDIN"])
    func refusesCopyAsTheFirstStatementOfATransaction(text: String) async throws {
        let database = try await Self.database(connections: 1)
        await #expect(throws: DatabaseError.self) {
            try await database.atomic { _ = try await database.execute(SQL(unsafe: text)) }
        }
        try await database.atomic {
            _ = try await database.execute("INSERT INTO t VALUES (1, 'a')")
        }
        #expect(try await database.rows("SELECT COUNT(*) FROM t") == [[.int(1)]])
    }

    @Test func keepsNoLongTextsPrepared() async throws {
        let database = try await Self.database(connections: 1)
        for count in [20_000, 30_000, 20_000] {
            var list: SQL = "SELECT COUNT(*) FROM t WHERE id IN "
            list.append(tuple: (0..<count).map { .int($0) })
            #expect(try await database.rows(list) == [[.int(0)]])
            let sql = list
            try await database.atomic { () async throws in
                #expect(try await database.rows(sql) == [[.int(0)]])
                let both = try await database.rows(of: [sql, "SELECT 1"])
                #expect(both == [[[.int(0)]], [[.int(1)]]])
            }
        }
        let longest = try await database.rows(
            "SELECT MAX(length(statement)) < 65537 FROM pg_prepared_statements"
        )
        #expect(longest == [[.bool(true)]])
    }

    @Test func theServerForgetsStatementsWhosePlansAreOutOfDate() async throws {
        let database = try await Self.database(connections: 1)
        for name in ["a", "b", "c"] {
            _ = try await database.rows("SELECT * FROM t")
            try await database.execute("ALTER TABLE t ADD COLUMN \(identifier: name) int")
        }
        _ = try await database.rows("SELECT * FROM t")
        // What prepares another statement tells the server to forget those before.
        _ = try await database.rows("SELECT 1")
        let kept = try await database.rows(
            "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement = 'SELECT * FROM t'"
        )
        #expect(kept == [[.int(1)]])
    }

    @Test func keepsStatementsPreparedAndForgetsOldOnes() async throws {
        let database = try await Self.database(connections: 1)
        for number in 0..<1000 {
            let rows = try await database.rows(SQL(unsafe: "SELECT \(number) AS n\(number % 500)"))
            #expect(rows == [[.int(number)]])
        }
        let kept = try await database.rows("SELECT COUNT(*) FROM pg_prepared_statements")
        guard case .int(let count)? = kept.first?.first else {
            Issue.record("no count")
            return
        }
        #expect((1...400).contains(count))
    }

    @Test func preparesAgainWhereATableChanged() async throws {
        let database = try await Self.database(connections: 1)
        try await database.execute("INSERT INTO t VALUES (1, 'a')")
        let query: SQL = "SELECT * FROM t WHERE id = \(1)"
        #expect(try await database.rows(query) == [[.int(1), .text("a")]])
        try await database.execute("ALTER TABLE t ADD COLUMN extra int")
        #expect(try await database.rows(query) == [[.int(1), .text("a"), .null]])
        try await database.execute("DEALLOCATE ALL")
        #expect(try await database.rows(query) == [[.int(1), .text("a"), .null]])
        try await database.execute("ALTER TABLE t DROP COLUMN extra")
        try await database.atomic {
            // A transaction cannot be saved by preparing again, but the next one goes well.
            _ = try? await database.atomic { try await database.rows(query) }
        }
        #expect(try await database.rows(query) == [[.int(1), .text("a")]])
    }

    @Test func rollsBackBlocksAndSavepoints() async throws {
        let database = try await Self.database()
        struct Stop: Error {}
        try await database.atomic {
            try await database.execute("INSERT INTO t VALUES (1, 'a')")
            do {
                try await database.atomic {
                    try await database.execute("INSERT INTO t VALUES (2, 'b')")
                    try await database.execute("INSERT INTO t VALUES (1, 'c')")
                }
            } catch DatabaseError.integrity {}
            try await database.execute("INSERT INTO t VALUES (3, 'd')")
        }
        await #expect(throws: Stop.self) {
            try await database.atomic {
                try await database.execute("INSERT INTO t VALUES (4, 'e')")
                throw Stop()
            }
        }
        // A failed statement whose error is kept: nothing else can run, and nothing is committed.
        func failing() async throws {
            try await database.atomic {
                try await database.execute("INSERT INTO t VALUES (5, 'f')")
                _ = try? await database.execute("INSERT INTO t VALUES (1, 'g')")
                await #expect(throws: DatabaseError.transactionAborted) {
                    try await database.rows("SELECT 1")
                }
            }
        }
        await #expect(throws: DatabaseError.transactionAborted) { try await failing() }
        try await database.atomic {}
        let ids = try await database.rows("SELECT id FROM t ORDER BY id")
        #expect(ids == [[.int(1)], [.int(3)]])
        #expect(
            try await database.rows(
                """
                SELECT COUNT(*) FROM pg_stat_activity WHERE state LIKE 'idle in%'
                AND datname = current_database()
                """
            ) == [[.int(0)]]
        )
    }

    @Test func readsOnlyInTransactionsThatOnlyRead() async throws {
        let database = try await Self.database()
        await #expect(throws: DatabaseError.self) {
            try await database.atomic(mode: .read) { () async throws in
                try await database.execute("INSERT INTO t VALUES (1, 'a')")
            }
        }
        #expect(
            try await database.atomic(mode: .read) { () async throws in
                try await database.rows("SHOW transaction_read_only")
            } == [[.text("on")]]
        )
    }

    @Test func beginsWithTheIsolationThatWasAsked() async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let database = try PostgreSQLDatabase.open(url, isolation: .serializable)
        try await database.execute("CREATE TABLE n (id int PRIMARY KEY, value int)")
        try await database.execute("INSERT INTO n VALUES (1, 0), (2, 0)")
        let isolation = try await database.atomic {
            try await database.rows("SHOW transaction_isolation")
        }
        #expect(isolation == [[.text("serializable")]])
        let error = await #expect(throws: DatabaseError.self) {
            try await database.atomic {
                _ = try await database.rows("SELECT SUM(value) FROM n")
                try await database.execute("UPDATE n SET value = 1 WHERE id = 1")
                // Another transaction that has read what this one changes, and the other way round.
                try await Task.detached {
                    try await database.atomic {
                        _ = try await database.rows("SELECT SUM(value) FROM n")
                        try await database.execute("UPDATE n SET value = 1 WHERE id = 2")
                    }
                }.value
            }
        }
        guard case .serialization? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func endsStatementsOfCancelledTasks() async throws {
        let database = try await Self.database(connections: 1)
        let clock = ContinuousClock()
        let start = clock.now
        let single = Task { try await database.rows("SELECT pg_sleep(30)") }
        let inTransaction = Task {
            try await database.atomic {
                try await database.execute("INSERT INTO t VALUES (1, 'a')")
                _ = try await database.rows("SELECT pg_sleep(30)")
            }
        }
        try await Self.wait(
            for:
                "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid() AND state = 'active'"
        )
        single.cancel()
        await #expect(throws: CancellationError.self) { try await single.value }
        try await Self.wait(
            for:
                "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid() AND state = 'active'"
        )
        inTransaction.cancel()
        await #expect(throws: CancellationError.self) { try await inTransaction.value }
        #expect(clock.now - start < .seconds(25))
        // The connection is clean.
        #expect(try await database.rows("SELECT COUNT(*) FROM t") == [[.int(0)]])
    }

    /// Waits until a query has rows.
    private static func wait(for query: String) async throws {
        let watcher = try PostgreSQLDatabase.open(PostgreSQLServer.common().url())
        while try await watcher.rows(SQL(unsafe: query)).isEmpty {
            try await Task.sleep(for: .milliseconds(5))
        }
        await watcher.close()
    }

    @Test func sendsSeveralStatementsAtOnce() async throws {
        let database = try await Self.database(connections: 1)
        for _ in 0..<2 {
            let answers = try await database.rows(of: [
                "SELECT \(1)", "SELECT \("a") UNION SELECT \("b") ORDER BY 1",
                "SELECT 1 WHERE false",
            ])
            #expect(answers == [[[.int(1)]], [[.text("a")], [.text("b")]], []])
        }
        for _ in 0..<2 {
            await #expect(throws: DatabaseError.self) {
                try await database.rows(of: [
                    "INSERT INTO t VALUES (\(1), 'a')", "SELECT 1 / \(0)",
                    "INSERT INTO t VALUES (2, 'b')",
                ])
            }
            await #expect(throws: DatabaseError.self) {
                try await database.atomic {
                    try await database.rows(of: [
                        "INSERT INTO t VALUES (\(1), 'a')", "SELECT 1 / \(0)",
                    ])
                }
            }
        }
        #expect(try await database.rows("SELECT COUNT(*) FROM t") == [[.int(0)]])
        try await database.atomic {
            let rows = try await database.rows(of: [
                "INSERT INTO t VALUES (\(1), 'a') RETURNING id", "SELECT COUNT(*) FROM t",
            ])
            #expect(rows == [[[.int(1)]], [[.int(1)]]])
        }
        #expect(try await database.rows(of: []).isEmpty)
        #expect(
            try await database.rows(of: ["CREATE TABLE u (id int)", "SELECT 1"]) == [
                [], [[.int(1)]],
            ]
        )
    }

    @Test func saysWhichPoolIsExhausted() async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let database = try PostgreSQLDatabase.open(
            url,
            pool: PoolOptions(maxConnections: 1, timeout: .milliseconds(50))
        )
        try await database.atomic {
            let error = await #expect(throws: DatabaseError.self) {
                try await Task.detached { try await database.rows("SELECT 1") }.value
            }
            #expect(error == .poolTimeout(after: .milliseconds(50), size: 1))
        }
        #expect(try await database.rows("SELECT 1") == [[.int(1)]])
    }
}
