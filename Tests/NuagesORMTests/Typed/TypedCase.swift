import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

/// A query in its typed form and by names: the SQL of both, and the rows of the typed one.
struct TypedCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let typed: @Sendable () async throws -> [String]
    let dynamic: @Sendable () async throws -> Void
    let sql: String
    let rows: [String]
    private var open: @Sendable (TestBackend) async throws -> Database = {
        try await TestDatabase.filled($0)
    }

    init(
        _ description: String,
        _ typed: @escaping @Sendable () async throws -> [String],
        _ dynamic: @escaping @Sendable () async throws -> Void,
        _ sql: String,
        _ rows: [String]
    ) {
        testDescription = description
        self.typed = typed
        self.dynamic = dynamic
        self.sql = sql
        self.rows = rows
    }

    /// The query of another database.
    func on(_ open: @escaping @Sendable (TestBackend) async throws -> Database) -> Self {
        var copy = self
        copy.open = open
        return copy
    }

    /// The SQL is that of SQLite; others write it in their own way, the same for both forms.
    func check(_ backend: TestBackend) async throws {
        let database = try await open(backend)
        let (rows, log) = try await database.use { try await Database.capturingQueries(typed) }
        let (_, other) = try await database.use { try await Database.capturingQueries(dynamic) }
        #expect(log.texts == other.texts)
        if backend == .sqlite { #expect(log.texts.map(shortened) == [sql]) }
        #expect(rows == self.rows)
    }
}

func text(_ value: (some Any)?) -> String { value.map { "\($0)" } ?? "-" }
