extension QuerySet {
    /// Values of each row in place of the row.
    ///
    ///     for (text, total) in try await Question.objects.values({
    ///         ($0.questionText, $0.choices.votes.sum())
    ///     }) { … }
    ///
    /// An aggregate is made of the rows that are joined to each row.
    ///
    /// - Parameter expressions: fields and expressions.
    /// - Returns: a tuple for each row.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func values<References: Sendable, Values: Sendable>(
        @ValueSelectionBuilder _ expressions: (M.Fields) -> ValueSelection<References, Values>
    ) async throws -> [Values] { try await selecting(expressions).all() }

    /// The rows of values, each read by a closure.
    func fetchValues<Element>(
        _ query: Query,
        _ read: @escaping @Sendable (inout Row) throws -> Element
    ) async throws -> [Element] where Element: Sendable {
        let database = try resolvedDatabase()
        guard let statement = try query.statement(for: database) else { return [] }
        return try await database.perform(statement, mode: .read) { connection in
            var rows: [Element] = []
            _ = try connection.run(statement) { row in rows.append(try read(&row)) }
            return rows
        }
    }

    /// One value of each row in place of the row.
    ///
    ///     try await Question.objects.valuesList(\.questionText)     // ["What's new?", …]
    ///
    /// - Parameter field: the field.
    /// - Returns: the values.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func valuesList<Value: FieldValue>(
        _ field: KeyPath<M.Fields, FieldExpression<Value>>
    ) async throws -> [Value] {
        try await values { $0[keyPath: field] }
    }

    /// A value that is made of all rows.
    ///
    ///     try await Choice.objects.aggregate { $0.votes.sum() }     // Optional(12)
    ///
    /// - Parameter expressions: aggregates.
    /// - Returns: their values.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func aggregate<References: Sendable, Values: Sendable>(
        @ValueSelectionBuilder _ expressions: (M.Fields) -> ValueSelection<References, Values>
    ) async throws -> Values {
        let selection = expressions(M.queryFields)
        return try await aggregate(selection.nodes, selection.read)
    }

    func aggregate<Values: Sendable>(
        _ nodes: [ExpressionNode],
        _ read: @escaping @Sendable (inout Row) throws -> Values
    ) async throws -> Values {
        let database = try resolvedDatabase()
        let named = nodes.enumerated().map { (name: "aggregate\($0 + 1)", node: $1) }
        let (statement, aggregate) = try query.aggregateStatement(named, for: database)
        guard let statement else {
            // What no database was asked for.
            var row = Row(try ValueRow(aggregate.emptyResult.map { $0 ?? .null }))
            return try read(&row)
        }
        let rows = try await database.perform(statement, mode: .read) { connection in
            var rows: [Values] = []
            _ = try connection.run(statement) { row in rows.append(try read(&row)) }
            return rows
        }
        guard let row = rows.first else {
            throw FieldError.invalidQuery("aggregate() takes values that are made of all rows.")
        }
        return row
    }

    /// The rows, each with values that are computed for it: ``annotate(_:by:)``, asked at once.
    ///
    ///     for (question, total) in try await Question.objects.annotated({
    ///         $0.choices.votes.sum()
    ///     }) { … }
    ///
    /// - Parameter expressions: fields, expressions and aggregates.
    /// - Returns: the rows with their values.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func annotated<References: Sendable, Values: Sendable>(
        @ValueSelectionBuilder _ expressions: (M.Fields) -> ValueSelection<References, Values>
    ) async throws -> [(M, Values)] { try await annotate(by: expressions).all() }
}

extension Query.Value {
    /// Columns of values: fields by name, everything else by a name of its own.
    static func list(_ nodes: [ExpressionNode]) -> [Self] {
        var seen: Set<[String]> = []
        return nodes.enumerated().map { index, node in
            if case .reference(let names) = node, seen.insert(names).inserted {
                return .field(names.joined(separator: "__"))
            }
            return .expression("value\(index + 1)", node)
        }
    }
}
