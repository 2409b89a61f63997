public import NuagesORM

extension QuerySet {
    /// Stores many rows by `COPY`, which is several times as fast as `bulkCreate`: all of them, or
    /// none.
    ///
    ///     try await Book.objects.copy(from: books)
    ///     // COPY "library_book" ("title", "author_id") FROM STDIN
    ///
    /// The keys that the database makes are not known afterwards, and no signals are sent. What the
    /// first row leaves to the database, such as its key, all rows leave to it. As `bulkCreate` it
    /// opens no savepoint: where a row is refused inside an `atomic` block, that block can only be
    /// rolled back.
    ///
    /// - Parameter rows: new rows, which are read once.
    /// - Returns: the number of rows.
    /// - Throws: `UsageError` for rows of several tables, for expressions, and for rows that leave
    ///   other columns to the database than the first; `ModelError/unsaved(model:)`; `DatabaseError`,
    ///   `notSupported` for a database that is not PostgreSQL.
    @discardableResult
    public func copy(from rows: some Sequence<M>) async throws -> Int {
        var copy = try ModelCopy(self)
        return try await copy.database.atomic(savepoint: false) {
            for row in rows { try await copy.append(row) }
            return try await copy.finish()
        }
    }

    /// Stores many rows by `COPY` as they arrive: all of them, or none.
    ///
    ///     try await Book.objects.copy(from: lines.map { Book(title: $0) })
    ///
    /// Some megabytes of them are kept at most. The transaction is open until the last has arrived.
    ///
    /// - Parameter rows: new rows.
    /// - Returns: the number of rows.
    /// - Throws: what `rows` throws, and as ``copy(from:)``.
    @discardableResult
    public func copy<Rows: AsyncSequence>(from rows: Rows) async throws -> Int
    where Rows.Element == M {
        var copy = try ModelCopy(self)
        return try await copy.database.atomic(savepoint: false) {
            for try await row in rows { try await copy.append(row) }
            return try await copy.finish()
        }
    }
}

/// Rows on their way into a table.
private struct ModelCopy<M: Model> {
    /// So many bytes are sent by one statement: between two of them the connection is free, so that
    /// the rows may come from a query on it.
    private static var batchSize: Int { 4 << 20 }

    let database: Database
    private var values: CopiedValues<M>
    private var text = CopyText()
    private var count = 0

    init(_ set: QuerySet<M>) throws {
        database = try set.resolvedDatabase(.write)
        values = try CopiedValues()
    }

    mutating func append(_ row: M) async throws {
        try text.append(try values.values(of: row))
        if text.bytes.count >= Self.batchSize { try await send() }
    }

    mutating func finish() async throws -> Int {
        try await send()
        return count
    }

    private mutating func send() async throws {
        guard !text.bytes.isEmpty else { return }
        count += try await database.copy(text.bytes, into: values.table, columns: values.columns)
        text.removeAll()
    }
}
