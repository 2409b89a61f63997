import NuagesCore
import Synchronization

extension DynamicQuery {
    /// The rows with a rule for related rows and fields that are asked for and were not fetched.
    ///
    ///     let choices = try await DynamicQuery(Choice.self).fetchMode(.peers).rows()
    ///     for choice in choices {
    ///         try await choice.fetched("question")    // one query for the questions of all choices
    ///     }
    ///
    /// Django: `QuerySet.fetch_mode`.
    ///
    /// - Parameter mode: the rule.
    /// - Returns: a query.
    public func fetchMode(_ mode: FetchMode) -> Self {
        var copy = self
        copy.fetchMode = mode
        return copy
    }

    /// Makes the rows of one query know of each other.
    func join(_ rows: inout [DynamicRow], _ database: Database) {
        let peers = RowPeers(fetchMode, rows, database)
        for index in rows.indices { rows[index].peers = peers }
    }
}

extension DynamicRow {
    /// The row that a foreign key leads to, or that refers to this one by a one-to-one field: the
    /// one that was fetched with this row, else one that is fetched now, as the query's
    /// ``DynamicQuery/fetchMode(_:)`` says.
    ///
    /// - Parameter name: the name that programs use for the relation.
    /// - Returns: the row; nil where there is none.
    /// - Throws: ``ModelError/fetchBlocked(model:)``, ``FieldError``, ``UsageError`` for a relation
    ///   to many rows, ``DatabaseError``.
    public func fetched(_ name: String) async throws -> DynamicRow? {
        if case .some(let row) = row(name) { return row }
        guard let query = try related(name) else { return nil }
        guard relationship(name) == .one else {
            throw UsageError.notAllowed(
                "'\(FieldError.shown(name))' leads to many rows; related(_:) queries them."
            )
        }
        if let peers { return try await peers.row(name, of: self) }
        return try await query.first()
    }

    /// The value of a field: the one that was fetched, else one that is fetched now, as the query's
    /// ``DynamicQuery/fetchMode(_:)`` says.
    ///
    /// - Parameter name: the name of a field that `only` or `defer` left out.
    /// - Returns: the value.
    /// - Throws: ``ModelError/fetchBlocked(model:)``, ``FieldError/unknownField(name:model:choices:)``,
    ///   ``ModelError/doesNotExist(model:)``, ``DatabaseError``.
    public func fetchedValue(_ name: String) async throws -> SQLValue {
        if let value = self[name] { return value }
        guard let model, let column = model.members.columnName(name) else {
            throw FieldError.unknownField(
                name: name,
                model: modelName ?? "values",
                choices: model?.members.names ?? names
            )
        }
        if let peers { return try await peers.value(column, of: self, model) }
        var copy = self
        try await copy.refresh([column])
        return copy[column] ?? .null
    }
}

/// The rows that one query found, and what was fetched for all of them since.
final class RowPeers: Sendable {
    /// What was fetched, by the names of relations and columns and then by the keys of rows.
    private struct Found {
        var rows: [String: [[SQLValue]: DynamicRow?]] = [:]
        var values: [String: [[SQLValue]: SQLValue]] = [:]
    }

    private let isBlocked: Bool
    private let rows: [DynamicRow]
    private let database: Database
    private let found = Mutex(Found())

    init(_ mode: FetchMode, _ rows: [DynamicRow], _ database: Database) {
        isBlocked = mode == .raises
        // Rows that raise need no others.
        self.rows = isBlocked ? [] : rows
        self.database = database
    }

    /// The row behind a relation; the first call fetches those of all rows.
    func row(_ name: String, of row: DynamicRow) async throws -> DynamicRow? {
        if isBlocked {
            throw ModelError.fetchBlocked(
                model: try row.related(name)?.query.model.schema.name ?? name
            )
        }
        if found.withLock({ $0.rows[name] }) == nil {
            var all = rows
            try await DynamicPrefetch.load([DynamicPrefetch(name)], into: &all, database)
            var byKey: [[SQLValue]: DynamicRow?] = [:]
            for row in all { byKey[row.key] = .some(row.row(name) ?? nil) }
            let fetched = byKey
            found.withLock { $0.rows[name] = fetched }
        }
        if let fetched = found.withLock({ $0.rows[name]?[row.key] }) { return fetched }
        return try await row.related(name)?.first()
    }

    /// The value of a column; the first call fetches those of all rows.
    func value(
        _ column: String,
        of row: DynamicRow,
        _ model: ModelInfo
    ) async throws -> SQLValue {
        if isBlocked { throw ModelError.fetchBlocked(model: model.schema.name) }
        if found.withLock({ $0.values[column] }) == nil {
            let keys = rows.map { DynamicExpression(DynamicRow.keyNode($0.key)) }
            let fetched = try await DynamicQuery(model, .base).using(database)
                .filter(.condition("pk__in", .list(keys))).order(by: []).only([column]).rows()
            var byKey: [[SQLValue]: SQLValue] = [:]
            for row in fetched { byKey[row.key] = row[column] ?? .null }
            let values = byKey
            found.withLock { $0.values[column] = values }
        }
        guard let value = found.withLock({ $0.values[column]?[row.key] }) else {
            throw ModelError.doesNotExist(model: model.schema.name)
        }
        return value
    }
}
