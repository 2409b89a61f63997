import NuagesCore
import Synchronization

extension Model {
    /// The rows that a statement of one's own finds.
    ///
    ///     let word = "%swift%"
    ///     let questions = try await Question.raw(
    ///         "SELECT * FROM polls_question WHERE question_text LIKE \(word)"
    ///     ).all()
    ///     // SELECT * FROM polls_question WHERE question_text LIKE ?
    ///
    /// What is interpolated is bound, never put into the text. The columns are found by their names
    /// and stand in any order; each of the model must be among them.
    ///
    /// Django: `Manager.raw`.
    ///
    /// - Parameters:
    ///   - sql: the statement with its values.
    ///   - translations: the model's columns, by the names that the statement gives them.
    /// - Returns: the rows, fetched when they are asked for.
    public static func raw(
        _ sql: SQL,
        translations: [String: String] = [:]
    ) -> RawQuerySet<Self> {
        RawQuerySet(sql: sql, translations: translations)
    }
}

/// The rows of a model that a statement of one's own finds; see ``Model/raw(_:translations:)``.
public struct RawQuerySet<M: Model>: Sendable {
    let sql: SQL
    let translations: [String: String]
    private var database: Database?

    init(sql: SQL, translations: [String: String]) {
        self.sql = sql
        self.translations = translations
    }

    /// The rows of another database.
    ///
    /// - Parameter database: the database.
    /// - Returns: the rows.
    public func using(_ database: Database) -> Self {
        var copy = self
        copy.database = database
        return copy
    }

    /// All rows.
    ///
    /// - Returns: the rows in the statement's order.
    /// - Throws: ``FieldError/invalidQuery(_:)`` where a column of the model is missing,
    ///   ``DatabaseError``.
    public func all() async throws -> [M] {
        try await fetch { layout, row in try layout.model(row) }
    }

    /// All rows, each with what the statement returns besides, by name.
    ///
    ///     let aged = try await Question.raw(
    ///         "SELECT q.*, \(2026) - strftime('%Y', pub_date) AS years FROM polls_question q"
    ///     ).annotated()
    ///     aged.first?.1["years"]     // .int(3)
    ///
    /// - Returns: the rows in the statement's order, with the values of the other columns by the
    ///   kinds that the database gives them.
    /// - Throws: as ``all()`` does.
    public func annotated() async throws -> [(M, [String: SQLValue])] {
        try await fetch { layout, row in
            (try layout.model(row), try layout.others(row))
        }
    }

    /// The rows one after the other, with only a few of them in memory at a time.
    ///
    /// - Parameter chunkSize: how many rows are fetched at once.
    /// - Returns: the rows in the statement's order.
    /// - Throws: ``FieldError/invalidQuery(_:)`` for a `chunkSize` below 1; the loop throws as
    ///   ``all()`` does.
    public func iterator(chunkSize: Int = 2000) throws -> RowSequence<M> {
        guard chunkSize > 0 else {
            throw FieldError.invalidQuery(
                "iterator() cannot fetch \(chunkSize) rows at once; chunkSize is at least 1."
            )
        }
        let database = try resolvedDatabase()
        let layout = Mutex<RawLayout<M>?>(nil)
        let translations = translations
        return RowSequence(
            database: database,
            statement: sql.statement(database.dialect),
            chunkSize: chunkSize,
            complete: nil,
            read: { row in
                let known = try layout.withLock { layout in
                    let known = try layout ?? RawLayout(row.source, translations)
                    layout = known
                    return known
                }
                return try known.model(row)
            }
        )
    }

    private func resolvedDatabase() throws -> Database {
        try database ?? Database.routed(.read, M.info)
    }

    private func fetch<Element: Sendable>(
        _ read: @Sendable (RawLayout<M>, borrowing Row) throws -> Element
    ) async throws -> [Element] {
        let database = try resolvedDatabase()
        let statement = sql.statement(database.dialect)
        let mode: TransactionMode = sql.looksReadOnly ? .read : .write
        return try await database.perform(statement, mode: mode) { connection in
            var layout: RawLayout<M>?
            var found: [Element] = []
            _ = try connection.run(statement) { row in
                let known = try layout ?? RawLayout(row.source, translations)
                layout = known
                found.append(try read(known, row))
            }
            return found
        }
    }
}

/// Where the columns of a model stand among those of a statement.
struct RawLayout<M: Model>: Sendable {
    private let places: [Int]
    /// The columns that are none of the model's, with their names.
    private let others: [(place: Int, name: String)]

    init(_ source: any RowSource, _ translations: [String: String]) throws {
        let given = (0..<source.columnCount).map { source.columnName($0) }
        let names = given.map { translations[$0] ?? $0 }
        var places: [Int] = []
        var missing: [String] = []
        for column in M.info.members.columns {
            if let place = names.firstIndex(where: { $0.equalsBytes(column.column) }) {
                places.append(place)
            } else {
                missing.append(column.column)
            }
        }
        guard missing.isEmpty else {
            throw FieldError.invalidQuery(
                """
                raw() of \(M.schema.name) lacks \(Self.list(missing)); the statement returns \
                \(Self.list(given)). Select the columns, or name them in 'translations'.
                """
            )
        }
        self.places = places
        others = names.indices.filter { !places.contains($0) }.map { ($0, given[$0]) }
    }

    func model(_ row: borrowing Row) throws -> M {
        var whole = Row(ScatteredColumns(row.source, places))
        return try M(row: &whole)
    }

    func others(_ row: borrowing Row) -> [String: SQLValue] {
        var values: [String: SQLValue] = [:]
        for (place, name) in others { values[name] = row.source.column(place).sqlValue }
        return values
    }

    private static func list(_ names: [String]) -> String {
        names.map { "'\($0)'" }.joined(separator: ", ")
    }
}
