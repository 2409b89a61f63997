import NuagesORM
import NuagesSQLite
import Testing

@Suite struct RawQueryTests {
    @Test func bindsInterpolatedValues() async throws {
        let database = try SQLiteDatabase.open(path: ":memory:")
        try await database.execute("CREATE TABLE t (id integer PRIMARY KEY, name text)")
        let name = "a\0b'; DROP TABLE t; --"
        let changed = try await database.execute(
            "INSERT INTO \(identifier: "t") (\(identifiers: ["id", "name"])) VALUES (\(1), \(name))"
        )
        #expect(changed == 1)
        #expect(
            try await database.rows("SELECT * FROM t WHERE name = \(name)") == [
                [.int(1), .text(name)]
            ]
        )
    }
}
