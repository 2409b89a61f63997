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
            try await waitingForAll(text, database) {
                try await database.execute(SQL(unsafe: text))
            }
        }
    }

    /// Lets a statement that waits for all who use a table, without keeping anybody out meanwhile,
    /// wait for ever: `CREATE INDEX CONCURRENTLY` that gives up leaves an index that is no use.
    private func waitingForAll(
        _ text: String,
        _ database: Database,
        _ run: () async throws -> Void
    ) async throws {
        guard let lockTimeout, StatementWords(text).contains("CONCURRENTLY") else {
            return try await run()
        }
        let limit = dialect.lockTimeout(lockTimeout, isAtomic: false).set
        for statement in dialect.lockTimeout(nil, isAtomic: false).set {
            try await executeSilently(statement)
        }
        do {
            try await run()
        } catch {
            for statement in limit { try? await executeSilently(statement) }
            throw error
        }
        for statement in limit { try await executeSilently(statement) }
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
