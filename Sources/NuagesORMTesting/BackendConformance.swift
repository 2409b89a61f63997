public import NuagesORM

/// What the ORM asks of every database, as checks that a backend can be run against.
///
/// Each check takes a database without tables, makes its own, and throws ``Failure`` where the
/// database does something else than it should. It uses no test framework, and fits into any:
///
///     @Test(arguments: BackendConformance.checks)
///     func conforms(check: BackendConformance.Check) async throws {
///         let database = try await OurDatabase.openEmpty()
///         try await check.run(on: database)
///         await database.close()
///     }
///
/// The checks of what ``DatabaseFeatures`` says that the database cannot do are passed.
public enum BackendConformance {
    /// All checks, in the order in which they are best looked at.
    public static let checks: [Check] =
        types + lookups + functions + writing + transactions + schemas + connections

    /// One thing that a database has to do.
    public struct Check: Sendable, CustomStringConvertible {
        /// What it is about, such as `keepsEveryKindOfValue`.
        public let name: String
        private let body: @Sendable (Database) async throws -> Void

        init(_ name: String, _ body: @escaping @Sendable (Database) async throws -> Void) {
            self.name = name
            self.body = body
        }

        /// The name.
        public var description: String { name }

        /// Runs the check.
        ///
        /// - Parameter database: a database without tables, which the check leaves as it happens
        ///   to be; with at least two connections, unless it can have only one.
        /// - Throws: ``Failure`` where the database does not conform, and what the database throws.
        public func run(on database: Database) async throws {
            try await database.use { try await body(database) }
        }
    }

    /// Where a database does not do what it should.
    public struct Failure: Error, CustomStringConvertible {
        /// What was expected and what was found.
        public let description: String
    }

    /// The check with a name.
    ///
    /// - Parameter name: such as `keepsEveryKindOfValue`.
    /// - Returns: the check; nil where there is none.
    public static func check(named name: String) -> Check? { checks.first { $0.name == name } }

    /// Makes the tables of the checks' own models.
    static func makeTables(_ database: Database) async throws {
        let models: [any Model.Type] = [Shelf.self, Volume.self, Sample.self]
        let state = MigrationState(models.map { $0.schema })
        try await database.schema.migrating(database, atomically: true) {
            var editor = try SchemaEditor(database)
            for label in state.labels { try await editor.create(TableModel(label, in: state)) }
            try await editor.finish()
        }
    }

    /// Throws unless both are equal.
    static func expect<Value: Equatable>(
        _ found: Value,
        _ expected: Value,
        _ what: @autoclosure () -> String
    ) throws(Failure) {
        guard found != expected else { return }
        throw Failure(description: "\(what()): \(expected) was expected, \(found) found.")
    }

    /// Throws unless the condition holds.
    static func require(_ holds: Bool, _ what: @autoclosure () -> String) throws(Failure) {
        if !holds { throw Failure(description: what()) }
    }

    /// What an error has to be.
    struct ExpectedError: Sendable {
        let matches: @Sendable (any Error) -> Bool

        /// A refusal of a constraint.
        static func violation(_ kind: IntegrityViolation.Kind) -> Self {
            Self { error in
                if case DatabaseError.integrity(let violation) = error {
                    violation.kind == kind
                } else {
                    false
                }
            }
        }

        /// A statement that is wrong.
        static let programming = Self { error in
            if case DatabaseError.programming = error { true } else { false }
        }

        /// Any error of the database.
        static let database = Self { $0 is DatabaseError }

        /// The end of a task that was cancelled.
        static let cancellation = Self { $0 is CancellationError }
    }

    /// Throws unless `body` throws what is expected.
    static func expectError(
        _ what: String,
        _ expected: ExpectedError,
        _ body: () async throws -> Void
    ) async throws {
        do {
            try await body()
        } catch {
            guard !expected.matches(error) else { return }
            throw Failure(description: "\(what): another error was thrown: \(error)")
        }
        throw Failure(description: "\(what): no error was thrown.")
    }
}
