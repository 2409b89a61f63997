extension QuerySet {
    /// The rows one after the other, with only a few of them in memory at a time.
    ///
    ///     for try await question in try Question.objects.iterator() { … }
    ///     // SELECT "polls_question"."id", … FROM "polls_question"
    ///
    /// The statement keeps a connection until its last row was read or the loop was left. Rows that
    /// are written meanwhile are not seen, except by the transaction that writes them. A database
    /// that has one connection only, as one in memory, is asked for all rows at once.
    ///
    /// Django: `QuerySet.iterator`; rows of `prefetch` are loaded for each chunk.
    ///
    /// - Parameter chunkSize: how many rows are fetched at once.
    /// - Returns: the rows in their order.
    /// - Throws: ``FieldError`` for a mistake in the query or a `chunkSize` below 1.
    public func iterator(chunkSize: Int = 2000) throws -> ModelSequence<M> {
        guard chunkSize > 0 else {
            throw FieldError.invalidQuery(
                "iterator() cannot fetch \(chunkSize) rows at once; chunkSize is at least 1."
            )
        }
        let database = try resolvedDatabase()
        let statement = try SelectCompiler(query, dialect: database.dialect).statement()
        return ModelSequence(
            set: self,
            database: database,
            statement: statement,
            chunkSize: chunkSize
        )
    }

    /// Reads the row that a statement of this query set stands on; nil where a join found none.
    func read(_ row: inout Row) throws -> M? {
        guard case .model(let related) = query.selection, !related.relations.isEmpty else {
            return try M(row: &row)
        }
        return try related.read(M.self, from: &row)
    }
}

/// The rows of a query set, fetched in chunks while a loop walks over them.
public struct ModelSequence<M: Model>: AsyncSequence, Sendable {
    /// A row.
    public typealias Element = M

    let set: QuerySet<M>
    let database: Database
    /// Nil where the query is known to find nothing.
    let statement: SQLStatement?
    let chunkSize: Int

    /// Starts at the first row.
    ///
    /// - Returns: what fetches the rows.
    public func makeAsyncIterator() -> Iterator { Iterator(self) }

    /// Fetches the rows.
    public struct Iterator: AsyncIteratorProtocol {
        private let rows: ModelSequence
        private var cursor: RowCursor?
        private var chunk: [M] = []
        private var position = 0
        private var isDone: Bool

        init(_ rows: ModelSequence) {
            self.rows = rows
            isDone = rows.statement == nil
        }

        /// The next row.
        ///
        /// - Returns: the row; nil after the last one.
        /// - Throws: ``DatabaseError``.
        public mutating func next() async throws -> M? {
            while position == chunk.count {
                guard !isDone else { return nil }
                do {
                    try await fetch()
                } catch {
                    end()
                    throw error
                }
            }
            defer { position += 1 }
            return chunk[position]
        }

        private mutating func fetch() async throws {
            guard let statement = rows.statement else { return end() }
            let cursor: RowCursor
            if let open = self.cursor {
                cursor = open
            } else {
                cursor = try await RowCursor.open(statement, in: rows.database)
                self.cursor = cursor
            }
            // The one connection of a database in memory is needed for queries in the loop.
            let isShared = rows.database.core.readers.maxCount > 1
            let (set, size) = (rows.set, isShared ? rows.chunkSize : .max)
            let (models, hasMore) = try await cursor.read { connection, number in
                var models: [M] = []
                let hasMore = try connection.fetch(size, from: number) { row in
                    if let model = try set.read(&row) { models.append(model) }
                }
                return (models, hasMore)
            }
            chunk = models
            position = 0
            if !hasMore { end() }
            for prefetch in set.prefetches where !chunk.isEmpty {
                try await prefetch.load(&chunk, rows.database)
            }
        }

        private mutating func end() {
            isDone = true
            cursor = nil
        }
    }
}
