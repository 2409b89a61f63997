import NuagesCore

extension QuerySet {
    /// Whether a row is among those that are found.
    ///
    ///     try await Book.objects.filter { $0.inPrint == true }.contains(book)
    ///     // SELECT 1 AS "a" … WHERE ("in_print" = 1 AND "id" = ?) LIMIT 1
    ///
    /// - Parameter row: the row.
    /// - Returns: true if it is.
    /// - Throws: ``ModelError/unsaved(model:)``, ``FieldError``, ``DatabaseError``.
    public func contains(_ row: M) async throws -> Bool {
        try query.resolved().refuseCombined("contains")
        _ = try row.id.saved()
        return try await filtered(.condition(["pk", "exact"], row.id.operand), isNegated: false)
            .exists()
    }

    /// The row that comes first by some fields.
    ///
    ///     try await Question.objects.earliest { $0.pubDate }
    ///     // … ORDER BY "polls_question"."pub_date" ASC LIMIT 1
    ///
    /// - Parameter fields: fields or expressions, the first one first.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none, ``FieldError``,
    ///   ``DatabaseError``.
    public func earliest<References: Sendable, Values: Sendable>(
        @ValueSelectionBuilder by fields: (M.Fields) -> ValueSelection<References, Values>
    ) async throws -> M {
        try await end(Self.orderings(fields(M.queryFields).nodes), isLatest: false)
    }

    /// The row that comes last by some fields.
    ///
    ///     try await Question.objects.latest { $0.pubDate }
    ///     // … ORDER BY "polls_question"."pub_date" DESC LIMIT 1
    ///
    /// - Parameter fields: fields or expressions, the first one first.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none, ``FieldError``,
    ///   ``DatabaseError``.
    public func latest<References: Sendable, Values: Sendable>(
        @ValueSelectionBuilder by fields: (M.Fields) -> ValueSelection<References, Values>
    ) async throws -> M {
        try await end(Self.orderings(fields(M.queryFields).nodes), isLatest: true)
    }

    /// The row that comes first by the fields that the model names in `latestBy`.
    ///
    /// - Returns: the row.
    /// - Throws: ``UsageError`` where the model names none, ``ModelError/doesNotExist(model:)``,
    ///   ``DatabaseError``.
    public func earliest() async throws -> M {
        try await end(try namedOrderings(), isLatest: false)
    }

    /// The row that comes last by the fields that the model names in `latestBy`.
    ///
    /// - Returns: the row.
    /// - Throws: ``UsageError`` where the model names none, ``ModelError/doesNotExist(model:)``,
    ///   ``DatabaseError``.
    public func latest() async throws -> M {
        try await end(try namedOrderings(), isLatest: true)
    }

    private static func orderings(_ nodes: [ExpressionNode]) -> [Ordering] {
        nodes.map { node in
            guard case .reference(let names) = node else {
                return Ordering(node, isDescending: false)
            }
            return Ordering(name: names.joined(separator: "__"))
        }
    }

    private func namedOrderings() throws -> [Ordering] {
        let names = query.model.schema.latestBy
        guard !names.isEmpty else {
            throw UsageError.notAllowed(
                "'\(query.model.schema.name)' does not say by which fields it has a latest row."
            )
        }
        return names.map { Ordering(name: $0) }
    }

    private func end(_ orderings: [Ordering], isLatest: Bool) async throws -> M {
        guard !query.isSliced else {
            throw UsageError.notAllowed("A query cannot be ordered once it is sliced.")
        }
        let set = with { query in
            if isLatest { query.add(.reverse) }
            query.add(.order(orderings))
            query.slice(offset: 0, count: 1)
        }
        return try await set.get()
    }

    /// The row at a position.
    ///
    ///     try await Book.objects.order { $0.title.ascending }.row(at: 2)     // LIMIT 1 OFFSET 2
    ///
    /// - Parameter position: from 0.
    /// - Returns: the row.
    /// - Throws: ``UsageError`` for a negative position, ``ModelError/doesNotExist(model:)`` where
    ///   there are fewer rows, ``FieldError``, ``DatabaseError``.
    public func row(at position: Int) async throws -> M {
        guard position >= 0 else {
            throw UsageError.notAllowed(
                "Positions of rows are counted from the start: they are not negative."
            )
        }
        return try M.only(try await limit(1, offset: position).all())
    }

    // MARK: Rows by keys

    /// The rows with some primary keys, by their keys.
    ///
    ///     let books = try await Book.objects.inBulk([1, 2])       // [Book.ID: Book]
    ///     // … WHERE "polls_book"."id" IN (?, ?)
    ///
    /// - Parameter ids: the keys.
    /// - Returns: the rows that were found.
    /// - Throws: ``UsageError`` behind a slice, ``FieldError``, ``DatabaseError``.
    public func inBulk(_ ids: some Sequence<PrimaryKey<M>>) async throws -> [PrimaryKey<M>: M] {
        let rows = try await rows(of: "pk", ids.map(\.operand))
        return Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
    }

    /// All rows of the query set, by their keys.
    ///
    /// - Returns: the rows.
    /// - Throws: ``UsageError`` behind a slice, ``FieldError``, ``DatabaseError``.
    public func inBulk() async throws -> [PrimaryKey<M>: M] {
        let rows = try await rows(of: "pk", nil)
        return Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
    }

    /// The rows with some values of a unique field, by these values.
    ///
    ///     try await Person.objects.inBulk(["ada@example.com"], by: \.email)
    ///
    /// - Parameters:
    ///   - values: the values; nil for all rows.
    ///   - field: a field of which no two rows have the same value.
    /// - Returns: the rows that were found.
    /// - Throws: ``UsageError`` behind a slice and for a field that is not unique, ``FieldError``,
    ///   ``DatabaseError``.
    public func inBulk<Value: FieldValue & Hashable>(
        _ values: [Value]? = nil,
        by field: KeyPath<M.Fields, FieldExpression<Value>>
    ) async throws -> [Value: M] {
        let name = M.queryFields[keyPath: field].lookupPath
        try query.checkKey(name)
        var found: [Value: M] = [:]
        for row in try await rows(of: name, values.map { $0.map(\.operand) }) {
            guard let value = M.meta.field(named: name)?.value(of: row) else { continue }
            found[try value.read(Value.self)] = row
        }
        return found
    }

    private func rows(of name: String, _ values: [ExpressionNode]?) async throws -> [M] {
        try query.refuseSlicedKeys()
        guard let values else { return try await all() }
        var rows: [M] = []
        for query in query.batches(by: name, values, in: try resolvedDatabase()) {
            rows += try await with { $0 = query }.all()
        }
        return rows
    }
}
