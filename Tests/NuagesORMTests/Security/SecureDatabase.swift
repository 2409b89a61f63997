import DatabaseTestSupport
import NuagesORM
import Testing

/// Databases that tests share which change nothing in them.
enum SecureDatabase {
    private static let sqlite = Task { try await TestDatabase.filled(.sqlite) }
    private static let postgresql = Task { try await TestDatabase.filled(.postgresql) }
    private static let mysql = Task { try await TestDatabase.filled(.mysql) }

    static func polls(_ backend: TestBackend) async throws -> Database {
        switch backend {
        case .sqlite: try await sqlite.value
        case .postgresql: try await postgresql.value
        case .mysql: try await mysql.value
        }
    }
}

/// What somebody tries, and what it has to end with.
struct Attempt: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let run: @Sendable () async throws -> Void

    init(_ description: String, _ run: @escaping @Sendable () async throws -> Void) {
        testDescription = description
        self.run = run
    }

    /// Expects an error of the ORM's own, and that nothing was sent.
    func expectRefusal(_ backend: TestBackend) async throws {
        let database = try await SecureDatabase.polls(backend)
        let statements = try await sql(database) {
            do {
                try await run()
                Issue.record("Not refused: \(testDescription)")
            } catch is FieldError {
            } catch is UsageError {
            } catch {
                Issue.record("\(testDescription): \(type(of: error)): \(error)")
            }
        }
        #expect(statements == [], "\(testDescription)")
    }
}
