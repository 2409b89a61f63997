/// Changes the tables of a database, or collects the SQL that would.
///
/// Statements that need the tables of a whole migration, such as `CREATE INDEX`, wait until
/// ``finish()``.
public struct SchemaEditor {
    /// A statement that waits, with what it is about, so that it goes when that goes.
    package struct Deferred {
        package var table: String
        package var columns: [String]
        package var text: String
    }

    /// An operation of a migration that has begun.
    struct Progress {
        var description: String
        /// Whether it does what the editor does not see, such as code in Swift.
        var isOpaque: Bool
        /// How many of its statements have been run.
        var statements = 0
    }

    /// How the database's tables are made and changed.
    public let dialect: any SchemaDialect
    /// The database; nil when only SQL is collected and none is at hand to look at.
    public let database: Database?
    /// Whether SQL is collected rather than run.
    public let isCollecting: Bool
    /// The SQL so far, when it is collected: statements with `;`, and comments.
    public internal(set) var collected: [String] = []
    var deferred: [Deferred] = []
    /// How long a statement waits for a lock, where no transaction is around the migration.
    var lockTimeout: Duration?
    private var progress: [Progress] = []

    /// An editor that changes a database.
    ///
    /// - Parameter database: the database.
    /// - Throws: ``MigrationError/unsupportedDatabase(_:)`` when the driver cannot change schemas.
    public init(_ database: Database) throws(MigrationError) {
        dialect = try database.schema
        self.database = database
        isCollecting = false
    }

    /// An editor that collects SQL.
    ///
    /// - Parameters:
    ///   - dialect: how the database's tables are made and changed.
    ///   - database: a database to look at for what the models do not tell.
    public init(collectingFor dialect: any SchemaDialect, database: Database? = nil) {
        self.dialect = dialect
        self.database = database
        isCollecting = true
    }

    /// Runs or collects a statement.
    ///
    /// - Parameter text: the statement without `;`.
    /// - Throws: the database's error.
    public mutating func execute(_ text: String) async throws {
        if isCollecting {
            collected.append(text.hasSuffix(";") ? text : text + ";")
        } else if let database {
            try await waitingForAll(text, database) { try await run(text, database) }
            if !progress.isEmpty { progress[progress.count - 1].statements += 1 }
        }
    }

    /// How often a statement is tried again where what was done before it cannot be taken back.
    private static let lockRetries = 5

    /// Runs a statement, several times where a lock that it needs is not free: each time it changed
    /// nothing, and those who wait behind it get their turn in between.
    private func run(_ text: String, _ database: Database) async throws {
        var retries = lockTimeout == nil || finished.isEmpty ? 0 : Self.lockRetries
        while true {
            do {
                try await database.execute(SQL(unsafe: text))
                return
            } catch let error as DatabaseError {
                guard retries > 0, !database.isInTransaction, dialect.isLockTimeout(error) else {
                    throw error
                }
            }
            retries -= 1
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Notes that an operation of a migration begins.
    mutating func begin(_ operation: any MigrationOperation) {
        progress.append(
            Progress(description: operation.describe(), isOpaque: !operation.reducesToSQL)
        )
    }

    /// The operations that have changed the database, with the last one where a part of it has.
    var finished: [String] {
        let whole = progress.dropLast().filter { $0.isOpaque || $0.statements > 0 }
        let part = progress.suffix(1).filter { $0.statements > 0 }
        return whole.map(\.description) + part.map { "\($0.description) (in part)" }
    }

    /// Lets a statement that waits for all who use a table, without keeping anybody out meanwhile,
    /// wait for ever: `CREATE INDEX CONCURRENTLY` that gives up leaves an index that is no use.
    private func waitingForAll(
        _ text: String,
        _ database: Database,
        _ run: () async throws -> Void
    ) async throws {
        guard lockTimeout != nil, StatementWords(text).contains("CONCURRENTLY") else {
            return try await run()
        }
        try await dialect.withLockTimeout(nil, in: database, run)
    }

    /// Runs a statement that is not shown, such as a setting of the connection.
    package func executeSilently(_ text: String) async throws {
        guard !isCollecting, let database else { return }
        try await database.execute(SQL(unsafe: text))
    }

    /// Adds a line to the collected SQL.
    ///
    /// - Parameter text: the line.
    public mutating func comment(_ text: String) {
        if isCollecting { collected.append("-- \(text)") }
    }

    /// Runs the statements that wait.
    ///
    /// - Throws: the database's error.
    public mutating func finish() async throws {
        let statements = deferred
        deferred = []
        if !statements.isEmpty {
            progress.append(Progress(description: "Indexes and foreign keys", isOpaque: false))
        }
        for statement in statements { try await execute(statement.text) }
    }

    /// Forgets statements about a table that goes.
    package mutating func forget(table: String) { deferred.removeAll { $0.table == table } }

    /// Forgets statements about a column that goes.
    package mutating func forget(column: String, of table: String) {
        deferred.removeAll { $0.table == table && $0.columns.contains(column) }
    }

    /// Whether migrations make the model's table in the database.
    ///
    /// - Parameter model: the model.
    /// - Returns: false for a model that is not managed, for a proxy, and for one that needs another
    ///   kind of database.
    public func migrates(_ model: TableModel) -> Bool {
        model.isMigrated && model.schema.isPossible(on: dialect.sql.vendor, dialect.features)
    }

    package func quote(_ name: String) -> String { dialect.sql.quote(name) }

    /// The schema of a table as the database has it, where there is one to look at.
    package func introspect(_ table: String) async throws -> IntrospectedTable? {
        guard let database else { return nil }
        return try await dialect.table(table, in: database)
    }
}
