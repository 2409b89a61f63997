extension DynamicQuery {
    /// The rows one after the other, with only a few of them in memory at a time.
    ///
    ///     for try await row in try DynamicQuery(Question.self).iterator() { … }
    ///
    /// It is ``QuerySet/iterator(chunkSize:)`` by names: rows of `prefetch` are loaded for each
    /// chunk.
    ///
    /// - Parameter chunkSize: how many rows are fetched at once.
    /// - Returns: the rows in their order.
    /// - Throws: ``FieldError`` and ``UsageError`` for mistakes in the query or a `chunkSize`
    ///   below 1.
    public func iterator(chunkSize: Int = 2000) throws -> RowSequence<DynamicRow> {
        guard chunkSize > 0 else {
            throw FieldError.invalidQuery(
                "iterator() cannot fetch \(chunkSize) rows at once; chunkSize is at least 1."
            )
        }
        let database = try resolvedDatabase()
        let selection = try selection(for: database)
        let set = self
        return RowSequence(
            database: database,
            statement: selection?.0,
            chunkSize: chunkSize,
            complete: { rows, database in try await set.complete(&rows, database) },
            read: { row in try selection?.1.read(&row) }
        )
    }

    /// How the database goes about the query.
    ///
    ///     try await DynamicQuery(Book.self).filter(.condition("pk", 1)).explain()
    ///     // "2 0 0 SEARCH polls_book USING INTEGER PRIMARY KEY (rowid=?)"
    ///
    /// - Parameters:
    ///   - format: such as `json`, where the database has several.
    ///   - options: further options, such as `["analyze": "true"]`.
    /// - Returns: what the database says, a line for each row; nothing where the query is known to
    ///   find nothing.
    /// - Throws: ``UsageError`` for an option that the database does not have, ``DatabaseError``.
    public func explain(
        format: String? = nil,
        options: [String: String] = [:]
    ) async throws -> String {
        let explanation = Explanation(format: format, options: options)
        return try await query.explained(explanation, by: try resolvedDatabase())
    }
}
