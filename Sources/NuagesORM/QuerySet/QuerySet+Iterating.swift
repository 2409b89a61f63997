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
    public func iterator(chunkSize: Int = 2000) throws -> RowSequence<M> {
        let set = self
        return try rows(
            chunkSize: chunkSize,
            complete: { models, database in
                try await models.load(set.prefetches, database)
                set.join(&models)
            },
            read: { related in
                let reader = RelatedReader<M>(related)
                return { row in try reader.read(from: &row) }
            }
        )
    }

    /// Values of each row one after the other, as ``values(_:)`` returns them all at once.
    ///
    ///     for try await (text, date) in try Question.objects.valuesIterator({
    ///         ($0.questionText, $0.pubDate)
    ///     }) { … }
    ///
    /// - Parameters:
    ///   - chunkSize: how many rows are fetched at once.
    ///   - expressions: fields and expressions.
    /// - Returns: a tuple for each row.
    /// - Throws: ``FieldError`` for a mistake in the query or a `chunkSize` below 1.
    public func valuesIterator<References: Sendable, Values: Sendable>(
        chunkSize: Int = 2000,
        @ValueSelectionBuilder _ expressions: (M.Fields) -> ValueSelection<References, Values>
    ) throws -> RowSequence<Values> {
        try selecting(expressions).iterator(chunkSize: chunkSize)
    }

    func rows<Element: Sendable>(
        chunkSize: Int,
        complete: (@Sendable (inout [Element], Database) async throws -> Void)? = nil,
        read: (RelatedRows) -> @Sendable (inout Row) throws -> Element?
    ) throws -> RowSequence<Element> {
        guard chunkSize > 0 else {
            throw FieldError.invalidQuery(
                "iterator() cannot fetch \(chunkSize) rows at once; chunkSize is at least 1."
            )
        }
        let database = try resolvedDatabase()
        let selected = try query.selected(for: database)
        return RowSequence(
            database: database,
            statement: selected?.0,
            chunkSize: chunkSize,
            complete: complete,
            read: read(try RelatedRows(selected?.1))
        )
    }
}

/// The rows of a query set, fetched in chunks while a loop walks over them.
public struct RowSequence<Element: Sendable>: AsyncSequence, Sendable {
    let database: Database
    /// Nil where the query is known to find nothing.
    let statement: SQLStatement?
    let chunkSize: Int
    /// Loads what belongs to the rows of a chunk.
    let complete: (@Sendable (inout [Element], Database) async throws -> Void)?
    let read: @Sendable (inout Row) throws -> Element?

    /// Starts at the first row.
    ///
    /// - Returns: what fetches the rows.
    public func makeAsyncIterator() -> Iterator { Iterator(self) }

    /// Fetches the rows.
    public struct Iterator: AsyncIteratorProtocol {
        private let rows: RowSequence
        private var cursor: RowCursor?
        private var chunk: [Element] = []
        private var position = 0
        private var isDone: Bool

        init(_ rows: RowSequence) {
            self.rows = rows
            isDone = rows.statement == nil
        }

        /// The next row.
        ///
        /// - Returns: the row; nil after the last one.
        /// - Throws: ``DatabaseError``.
        public mutating func next() async throws -> Element? {
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
            let (elements, hasMore) = try await readChunk(statement)
            chunk = elements
            position = 0
            if !hasMore { end() }
            if let complete = rows.complete, !chunk.isEmpty {
                try await complete(&chunk, rows.database)
            }
        }

        private mutating func readChunk(
            _ statement: SQLStatement
        ) async throws -> ([Element], hasMore: Bool) {
            let cursor: RowCursor
            if let open = self.cursor {
                cursor = open
            } else {
                cursor = try await RowCursor.open(statement, in: rows.database)
                self.cursor = cursor
            }
            // The one connection of a database in memory is needed for queries in the loop.
            let isShared = rows.database.core.readers.maxCount > 1
            let (read, size) = (rows.read, isShared ? rows.chunkSize : .max)
            return try await cursor.read { connection, number in
                var elements: [Element] = []
                let hasMore = try connection.fetch(size, from: number) { row in
                    if let element = try read(&row) { elements.append(element) }
                }
                return (elements, hasMore)
            }
        }

        private mutating func end() {
            isDone = true
            cursor = nil
        }
    }
}
