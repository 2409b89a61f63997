import DatabaseTestSupport
import NuagesORM
import Testing

@Suite("Procedures and functions of the database")
struct ProcedureTests {
    private static func definitions(_ backend: TestBackend) -> [SQL] {
        switch backend {
        case .sqlite: []
        case .postgresql:
            [
                """
                CREATE FUNCTION next_number(n bigint) RETURNS bigint LANGUAGE sql AS \
                'SELECT n + 1'
                """,
                """
                CREATE PROCEDURE rename_writers(new text, INOUT old text) LANGUAGE plpgsql AS \
                'BEGIN UPDATE ops_writer SET name = new WHERE name = old; old := old || ''!''; END'
                """,
            ]
        case .mysql:
            [
                "CREATE FUNCTION next_number(n bigint) RETURNS bigint DETERMINISTIC RETURN n + 1",
                """
                CREATE PROCEDURE rename_writers(new text, old text) BEGIN \
                UPDATE ops_writer SET name = new WHERE name = old; SELECT CONCAT(old, '!'); END
                """,
            ]
        }
    }

    @Test(
        "They are called with values that are bound",
        arguments: TestBackend.installed.filter { $0 != .sqlite }
    )
    func calls(_ backend: TestBackend) async throws {
        try await backend.withTables { (database: Database) async throws in
            for definition in Self.definitions(backend) { try await database.execute(definition) }
            #expect(try await database.rows("SELECT next_number(\(41))") == [[.int(42)]])
            try await database.use { try await Writer.objects.create(Writer(name: "a'b")) }
            let called = try await database.rows("CALL rename_writers(\("c"), \("a'b"))")
            #expect(called == [[.text("a'b!")]])
            let names = try await database.use { try await Writer.objects.all().map(\.name) }
            #expect(names == ["c"])
            // The connection is as good as before.
            #expect(try await database.rows("SELECT next_number(\(1))") == [[.int(2)]])
        }
    }
}
