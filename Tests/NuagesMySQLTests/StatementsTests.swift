import DatabaseTestSupport
import NuagesMySQL
import NuagesORM
import Testing

/// Statements, their errors and their transactions.
@Suite(
    .enabled(if: MariaDBServer.isInstalled, "MariaDB is not installed"),
    .timeLimit(.minutes(2))
)
struct StatementsTests {
    private static func database(connections: Int = 4) async throws -> Database {
        let database = try await TestBackend.mysql.open(
            pool: PoolOptions(maxConnections: connections)
        )
        try await database.execute("CREATE TABLE t (id int PRIMARY KEY, name varchar(5) UNIQUE)")
        return database
    }

    @Test func setsSessionsUp() async throws {
        let database = try await Self.database(connections: 1)
        let settings = try await database.rows(
            """
            SELECT @@time_zone, @@character_set_client, @@sql_auto_is_null, @@tx_isolation,
                @@local_infile, @@sql_mode LIKE '%STRICT_ALL_TABLES%'
            """
        )
        #expect(
            settings.first.map { Array($0.prefix(4)) } == [
                .text("+00:00"), .text("utf8mb4"), .int(0), .text("READ-COMMITTED"),
            ]
        )
        #expect(settings.first?.last == .int(1))
        try await database.withConnection {
            try await database.execute("SET time_zone = '+05:00'")
            try await database.execute("CREATE TEMPORARY TABLE mine (id int)")
            #expect(try await database.rows("SELECT @@time_zone") == [[.text("+05:00")]])
        }
        #expect(try await database.rows("SELECT @@time_zone") == [[.text("+00:00")]])
        await #expect(throws: DatabaseError.self) { try await database.rows("SELECT * FROM mine") }
    }

    @Test func tellsWhatWentWrong() async throws {
        let database = try await Self.database()
        try await database.execute(
            """
            CREATE TABLE c (id int PRIMARY KEY, t_id int, n int NOT NULL, CONSTRAINT c_n_check
            CHECK (n > 0), CONSTRAINT c_t_id_fk FOREIGN KEY (t_id) REFERENCES t (id))
            """
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
        #expect(unique?.constraint == "name")
        #expect(unique?.message.contains("'a'") == false)
        #expect(await violation("INSERT INTO t VALUES (1, 'b')")?.kind == .primaryKey)
        let key = await violation("INSERT INTO c VALUES (1, 7, 1)")
        #expect(key?.kind == .foreignKey)
        #expect(key?.constraint == "c_t_id_fk")
        #expect(key?.columns == ["t_id"])
        let null = await violation("INSERT INTO c VALUES (1, 1, NULL)")
        #expect(null?.kind == .notNull)
        #expect(null?.columns == ["n"])
        #expect(await violation("INSERT INTO c (id) VALUES (1)")?.kind == .notNull)
        let check = await violation("INSERT INTO c VALUES (1, 1, 0)")
        #expect(check?.kind == .check)
        #expect(check?.constraint == "c_n_check")
        #expect(check?.table == "c")
        try await database.execute("INSERT INTO c VALUES (1, 1, 1)")
        #expect(await violation("DELETE FROM t")?.kind == .foreignKey)
        let statements: [(SQL, (DatabaseError) -> Bool)] = [
            ("SELEC", { if case .programming = $0 { true } else { false } }),
            ("SELECT * FROM nowhere", { if case .programming = $0 { true } else { false } }),
            ("SELECT nothing FROM t", { if case .programming = $0 { true } else { false } }),
            ("SELECT 1; SELECT 2", { if case .programming = $0 { true } else { false } }),
            ("", { if case .programming = $0 { true } else { false } }),
            ("SELECT ?", { if case .programming = $0 { true } else { false } }),
            (
                "INSERT INTO t VALUES (3, 'too long')",
                { if case .data = $0 { true } else { false } }
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

    @Test func countsRowsThatChanged() async throws {
        let database = try await Self.database()
        #expect(try await database.execute("INSERT INTO t VALUES (1, 'a'), (2, 'b')") == 2)
        #expect(try await database.execute("INSERT INTO t VALUES (3, 'c') RETURNING id") == 1)
        #expect(
            try await database.rows("INSERT INTO t VALUES (4, 'd') RETURNING id") == [[.int(4)]]
        )
        #expect(try await database.execute("SELECT * FROM t") == 0)
        #expect(try await database.execute("DELETE FROM t WHERE id > 1 RETURNING id") == 3)
        #expect(try await database.execute("DROP TABLE t") == 0)
    }

    @Test func keepsStatementsPreparedAndForgetsOldOnes() async throws {
        let database = try await Self.database(connections: 1)
        for number in 0..<1000 {
            let rows = try await database.rows(SQL(unsafe: "SELECT \(number) AS n\(number % 500)"))
            #expect(rows == [[.int(number)]])
        }
        let kept = try await database.rows("SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'")
        #expect(kept.count == 1)
    }

    @Test func preparesAgainWhereATableChanged() async throws {
        let database = try await Self.database(connections: 1)
        try await database.execute("INSERT INTO t VALUES (1, 'a')")
        let query: SQL = "SELECT * FROM t WHERE id = \(1)"
        #expect(try await database.rows(query) == [[.int(1), .text("a")]])
        try await database.execute("ALTER TABLE t ADD COLUMN extra int")
        #expect(try await database.rows(query) == [[.int(1), .text("a"), .null]])
        try await database.execute("UPDATE t SET name = '2.5'")
        try await database.execute("ALTER TABLE t MODIFY name double")
        #expect(try await database.rows(query) == [[.int(1), .double(2.5), .null]])
        try await database.withConnection { _ = try await database.rows(query) }
        #expect(try await database.rows(query) == [[.int(1), .double(2.5), .null]])
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
        try await database.atomic {}
        let ids = try await database.rows("SELECT id FROM t ORDER BY id")
        #expect(ids == [[.int(1)], [.int(3)]])
        let open = try await database.rows("SELECT COUNT(*) FROM information_schema.innodb_trx")
        #expect(open.count == 1)
    }

    @Test func readsOnlyInTransactionsThatOnlyRead() async throws {
        let database = try await Self.database()
        await #expect(throws: DatabaseError.self) {
            try await database.atomic(mode: .read) {
                try await database.execute("INSERT INTO t VALUES (1, 'a')")
            }
        }
        try await database.atomic { try await database.execute("INSERT INTO t VALUES (1, 'a')") }
        #expect(try await database.rows("SELECT COUNT(*) FROM t") == [[.int(1)]])
    }

    /// Two transactions that wait for each other: one is rolled back, and told so.
    @Test func tellsOfDeadlocks() async throws {
        let database = try await Self.database()
        try await database.execute("INSERT INTO t VALUES (1, 'a'), (2, 'b')")
        let (first, second) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
        @Sendable func change(
            _ row: Int,
            then other: Int,
            _ mine: AsyncStream<Void>.Continuation,
            _ others: AsyncStream<Void>
        ) async -> (any Error)? {
            do {
                try await database.atomic {
                    try await database.execute("UPDATE t SET name = NULL WHERE id = \(row)")
                    mine.finish()
                    for await _ in others {}
                    do {
                        try await database.execute("UPDATE t SET name = NULL WHERE id = \(other)")
                    } catch {
                        // Nothing else can run: the server is outside of the transaction now.
                        await #expect(throws: DatabaseError.transactionAborted) {
                            try await database.execute("INSERT INTO t VALUES (9, 'z')")
                        }
                        throw error
                    }
                }
                return nil
            } catch {
                return error
            }
        }
        async let one = change(1, then: 2, first.continuation, second.stream)
        async let two = change(2, then: 1, second.continuation, first.stream)
        let errors = await [one, two].compactMap { $0 }
        #expect(errors.count == 1)
        guard case DatabaseError.serialization? = errors.first else {
            Issue.record("\(errors)")
            return
        }
        #expect(
            try await database.rows("SELECT COUNT(*), COUNT(name) FROM t") == [[.int(2), .int(0)]]
        )
    }

    @Test func waitsForLocksOnlySoLong() async throws {
        let url = try await MariaDBServer.common().makeDatabase()
        let database = try MySQLDatabase.open(url + "&lock-timeout=1")
        try await database.execute("CREATE TABLE t (id int PRIMARY KEY)")
        try await database.execute("INSERT INTO t VALUES (1)")
        try await database.atomic {
            try await database.execute("UPDATE t SET id = 2")
            let error = await #expect(throws: DatabaseError.self) {
                try await Task.detached { try await database.execute("DELETE FROM t") }.value
            }
            guard case .operational? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
        #expect(try await database.rows("SELECT id FROM t") == [[.int(2)]])
    }

    @Test func endsStatementsOfCancelledTasks() async throws {
        let database = try await Self.database(connections: 1)
        let clock = ContinuousClock()
        let start = clock.now
        let mark = "cancelled by \(Int.random(in: 0...Int.max))"
        let single = Task { try await database.rows(SQL(unsafe: "SELECT SLEEP(30), '\(mark)'")) }
        let inTransaction = Task {
            try await database.atomic {
                try await database.execute("INSERT INTO t VALUES (1, 'a')")
                _ = try await database.rows(SQL(unsafe: "SELECT SLEEP(30), '\(mark)'"))
            }
        }
        try await Self.waitForSleep(of: mark)
        single.cancel()
        await #expect(throws: CancellationError.self) { try await single.value }
        try await Self.waitForSleep(of: mark)
        inTransaction.cancel()
        await #expect(throws: CancellationError.self) { try await inTransaction.value }
        #expect(clock.now - start < .seconds(25))
        // The connection is clean.
        #expect(try await database.rows("SELECT COUNT(*) FROM t") == [[.int(0)]])
    }

    /// Waits until a statement sleeps.
    private static func waitForSleep(of mark: String) async throws {
        let watcher = try MySQLDatabase.open(MariaDBServer.common().url())
        while try await watcher.rows(
            """
            SELECT 1 FROM information_schema.processlist WHERE state = 'User sleep'
            AND info LIKE \("%\(mark)%")
            """
        ).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        await watcher.close()
    }

    /// A server that was taken over asks for files in answer to any statement.
    @Test func sendsNoFilesOfThisMachine() async throws {
        let database = try await Self.database()
        try await database.execute("SET GLOBAL local_infile = 1")
        await #expect(throws: DatabaseError.self) {
            try await database.execute("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t (name)")
        }
        #expect(try await database.rows("SELECT COUNT(*) FROM t") == [[.int(0)]])
    }

    @Test func sendsSeveralStatements() async throws {
        let database = try await Self.database(connections: 1)
        let answers = try await database.rows(of: [
            "SELECT \(1)", "SELECT \("a") AS v UNION SELECT \("b") ORDER BY v",
            "SELECT 1 FROM t WHERE false",
        ])
        #expect(answers == [[[.int(1)]], [[.text("a")], [.text("b")]], []])
        await #expect(throws: DatabaseError.self) {
            try await database.atomic {
                try await database.rows(of: ["INSERT INTO t VALUES (1, 'a')", "SELECT nothing"])
            }
        }
        #expect(try await database.rows("SELECT COUNT(*) FROM t") == [[.int(0)]])
    }

    @Test func refusesPasswordsAndDatabasesThatAreWrong() async throws {
        let socket = try MariaDBServer.common().socket
        for url in [
            "mysql://nobody:s3cret@localhost/mysql?socket=\(socket)",
            "mysql://tests@localhost/nowhere?socket=\(socket)",
            "mysql://tests:s3cret@localhost/mysql?socket=/nowhere",
        ] {
            let database = try MySQLDatabase.open(url)
            let error = await #expect(throws: DatabaseError.self) {
                try await database.rows("SELECT 1")
            }
            #expect(error.map { !"\($0)".contains("s3cret") } ?? false)
        }
    }
}
