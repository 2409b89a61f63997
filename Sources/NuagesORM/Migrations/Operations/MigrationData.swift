/// What a data migration works with: the models of its point in history, and the database.
public struct MigrationData: Sendable {
    /// The label of the app.
    public let app: String
    /// The models as the migrations up to here leave them.
    public let state: MigrationState
    /// The database; statements run in the migration's transaction.
    public let database: Database

    /// Runs a statement.
    ///
    /// - Parameter sql: the statement, whose interpolated values are bound.
    /// - Returns: the number of rows that it changed.
    /// - Throws: the database's error.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int { try await database.execute(sql) }

    /// Runs a query.
    ///
    /// - Parameter sql: the query, whose interpolated values are bound.
    /// - Returns: the rows.
    /// - Throws: the database's error.
    public func rows(_ sql: SQL) async throws -> [[SQLValue]] { try await database.rows(sql) }

    /// A model of the app as it was, with the names of its table and columns.
    ///
    /// - Parameter name: the model's name in any case.
    /// - Returns: the model.
    /// - Throws: ``MigrationError/unknownModel(_:choices:)`` when there is none.
    public func model(_ name: String) throws(MigrationError) -> ModelSchema {
        try state.model(MigrationState.label(app, name))
    }
}
