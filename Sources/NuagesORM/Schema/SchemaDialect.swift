/// How a database's tables are made and changed: the part of the schema editor that differs
/// between databases.
public protocol SchemaDialect: Sendable {
    /// How the database writes names and values.
    var sql: any SQLDialect { get }
    /// What the database can do.
    var features: DatabaseFeatures { get }
    /// The names of indexes and constraints.
    var names: SchemaNames { get }

    /// The type of a column.
    ///
    /// - Parameters:
    ///   - field: the field that gives the column its type; never a relation.
    ///   - isReference: whether the column refers to it, so that it does not count up.
    /// - Returns: the type, such as `varchar(200)`.
    func columnType(of field: FieldSchema, isReference: Bool) -> String

    /// What stands at the end of a column's definition, such as `AUTOINCREMENT`.
    func typeSuffix(of field: FieldSchema) -> String?

    /// The condition that each value of a column has to satisfy, such as `"age" >= 0`.
    func check(of field: FieldSchema, column: String) -> String?

    /// The operator class of a second index that patterns need on text columns of this type; nil
    /// where there is none.
    func patternOperatorClass(ofType type: String) -> String?

    /// Whether a field that asks for an index gets one of its own.
    ///
    /// - Parameters:
    ///   - field: the field.
    ///   - type: the type of its column.
    /// - Returns: whether it does.
    func hasOwnIndex(_ field: FieldSchema, type: String) -> Bool

    /// The statement that drops an index, by its quoted name and that of its table.
    func dropIndex(_ name: String, of table: String) -> String

    /// The statement that renames an index, by quoted names.
    func renameIndex(_ name: String, to newName: String, of table: String) -> String

    /// Runs before an index over columns is dropped, or the constraint that it belongs to.
    func prepareToDropIndex(
        over columns: [String],
        of model: TableModel,
        editor: inout SchemaEditor
    ) async throws

    /// The statement that sets a table's comment, by the quoted name and a literal.
    func commentTable(_ name: String, _ comment: String) -> String

    /// The statement that drops a table, by its quoted name.
    func dropTable(_ name: String) -> String

    /// The text of an expression that is computed from columns.
    func text(
        of expression: SchemaExpression,
        in model: TableModel
    ) throws -> String

    /// A default as a literal.
    func literal(_ value: SQLValue, for field: FieldSchema) throws -> String

    /// Runs the changes of a migration, in a transaction where it is asked for, while no other
    /// process migrates the database.
    ///
    /// - Parameters:
    ///   - database: the database.
    ///   - isAtomic: whether a transaction is around the changes.
    ///   - lockTimeout: how long a statement waits for others who use a table; nil for ever. What the
    ///     connection had is restored.
    ///   - body: makes the changes.
    /// - Throws: what `body` throws, and the database's error.
    func migrating(
        _ database: Database,
        atomically isAtomic: Bool,
        lockTimeout: Duration?,
        _ body: () async throws -> Void
    ) async throws

    /// Changes the records of migrations, all or none, while no other process migrates the database.
    ///
    /// - Parameters:
    ///   - database: the database.
    ///   - lockTimeout: how long a statement waits for others; nil for ever.
    ///   - body: makes the changes.
    /// - Throws: what `body` throws, and the database's error.
    func recording(
        _ database: Database,
        lockTimeout: Duration?,
        _ body: () async throws -> Void
    ) async throws

    /// Adds a column to a table.
    func add(
        _ field: FieldSchema,
        filler: FieldSchema,
        to old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws

    /// Removes a column from a table.
    func remove(
        _ field: FieldSchema,
        from old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws

    /// Changes a column of a table.
    func alter(
        _ change: FieldChange,
        of old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws

    /// Changes the table of a many-to-many relation.
    func alterThrough(
        _ old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws

    /// Adds a constraint that is a part of the table's definition.
    func add(
        _ constraint: ConstraintSchema,
        to model: TableModel,
        editor: inout SchemaEditor
    ) async throws

    /// Removes a constraint that is a part of the table's definition.
    func remove(
        _ constraint: ConstraintSchema,
        from model: TableModel,
        editor: inout SchemaEditor
    ) async throws

    /// The schema of a table as the database has it; nil when there is no such table.
    func table(_ name: String, in database: Database) async throws -> IntrospectedTable?

    /// The names of all tables.
    func tableNames(in database: Database) async throws -> [String]

    /// About how many rows a table has, told without counting them; nil where nobody knows, and
    /// where there is no such table.
    func estimatedRows(of table: String, in database: Database) async throws -> Int?

    /// What a statement does that others have to wait for: rewriting or locking a table.
    ///
    /// - Parameters:
    ///   - statement: the statement's words.
    ///   - change: the types of the column that it alters.
    /// - Returns: the hazards.
    func hazards(
        of statement: StatementWords,
        changing change: ColumnTypeChange?
    ) -> [MigrationHazard]

    /// Runs statements of a migration without a transaction that wait for locks for a time of their
    /// own, then restores what the connection had.
    ///
    /// - Parameters:
    ///   - timeout: the time; nil for ever.
    ///   - database: the database, of which the task holds a connection.
    ///   - body: runs the statements.
    /// - Throws: what `body` throws, and the database's error.
    func withLockTimeout(
        _ timeout: Duration?,
        in database: Database,
        _ body: () async throws -> Void
    ) async throws

    /// Whether an error says that a lock was not free in time.
    func isLockTimeout(_ error: DatabaseError) -> Bool
}

extension SchemaDialect {
    /// Nil.
    public func patternOperatorClass(ofType type: String) -> String? { nil }
    /// True.
    public func hasOwnIndex(_ field: FieldSchema, type: String) -> Bool { true }
    /// `DROP INDEX`.
    public func dropIndex(_ name: String, of table: String) -> String { "DROP INDEX \(name)" }
    /// `ALTER INDEX … RENAME TO …`.
    public func renameIndex(_ name: String, to newName: String, of table: String) -> String {
        "ALTER INDEX \(name) RENAME TO \(newName)"
    }
    /// Nothing.
    public func prepareToDropIndex(
        over columns: [String],
        of model: TableModel,
        editor: inout SchemaEditor
    ) async throws {}
    /// `COMMENT ON TABLE`.
    public func commentTable(_ name: String, _ comment: String) -> String {
        "COMMENT ON TABLE \(name) IS \(comment)"
    }
    /// Nil.
    public func estimatedRows(of table: String, in database: Database) async throws -> Int? { nil }
    /// None.
    public func hazards(
        of statement: StatementWords,
        changing change: ColumnTypeChange?
    ) -> [MigrationHazard] { [] }
    /// Runs `body`.
    public func withLockTimeout(
        _ timeout: Duration?,
        in database: Database,
        _ body: () async throws -> Void
    ) async throws { try await body() }
    /// Takes turns with migrations, in a transaction.
    public func recording(
        _ database: Database,
        lockTimeout: Duration?,
        _ body: () async throws -> Void
    ) async throws {
        let isAtomic = features.supportsTransactionalDDL
        try await migrating(database, atomically: isAtomic, lockTimeout: lockTimeout) {
            if isAtomic { try await body() } else { try await database.atomic { try await body() } }
        }
    }
    /// Runs changes whose statements wait for others as long as they must.
    package func migrating(
        _ database: Database,
        atomically isAtomic: Bool,
        _ body: () async throws -> Void
    ) async throws {
        try await migrating(database, atomically: isAtomic, lockTimeout: nil, body)
    }
    /// False.
    public func isLockTimeout(_ error: DatabaseError) -> Bool { false }
    /// `DROP TABLE`.
    public func dropTable(_ name: String) -> String { "DROP TABLE \(name)" }
}

/// A driver's dialect that can change schemas.
public protocol SchemaDialectProvider {
    /// How the database's tables are made and changed.
    var schema: any SchemaDialect { get }
}

extension Database {
    /// How the database's tables are made and changed.
    ///
    /// - Throws: ``MigrationError/unsupportedDatabase(_:)`` when the driver cannot change schemas.
    public var schema: any SchemaDialect {
        get throws(MigrationError) {
            guard let provider = dialect as? any SchemaDialectProvider else {
                throw .unsupportedDatabase(dialect.vendor)
            }
            return provider.schema
        }
    }
}
