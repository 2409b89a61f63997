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
    public func values<each Expression: QueryExpression>(
        _ expressions: (M.Fields) -> (repeat each Expression)
    ) async throws -> [(repeat (each Expression).Value)] {
        let selected = expressions(M.Fields(path: RelationPath()))
        var nodes: [ExpressionNode] = []
        for expression in repeat each selected { nodes.append(expression.node) }
        let set = with { $0.add(.values(Query.Value.list(nodes))) }
        return try await set.fetchValues { row in
            (repeat try row.read((each Expression).Value.self))
        }
    }

    /// The rows of values, each read by a closure.
    func fetchValues<Element: Sendable>(
        _ read: @escaping @Sendable (inout Row) throws -> Element
    ) async throws -> [Element] {
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
    public func aggregate<each Expression: QueryExpression>(
        _ expressions: (M.Fields) -> (repeat each Expression)
    ) async throws -> (repeat (each Expression).Value) {
        let selected = expressions(M.Fields(path: RelationPath()))
        var nodes: [ExpressionNode] = []
        for expression in repeat each selected { nodes.append(expression.node) }
        let database = try resolvedDatabase()
        let named = nodes.enumerated().map { (name: "aggregate\($0 + 1)", node: $1) }
        let (statement, aggregate) = try query.aggregateStatement(named, for: database)
        guard let statement else {
            var values = aggregate.emptyResult.makeIterator()
            return (repeat try Self.decoded((each Expression).Value.self, values.next() ?? nil))
        }
        let rows = try await database.perform(statement, mode: .read) { connection in
            var rows: [(repeat (each Expression).Value)] = []
            _ = try connection.run(statement) { row in
                rows.append((repeat try row.read((each Expression).Value.self)))
            }
            return rows
        }
        guard let row = rows.first else {
            throw FieldError.invalidQuery("aggregate() takes values that are made of all rows.")
        }
        return row
    }

    /// A value that no database was asked for.
    private static func decoded<Value: FieldValue>(
        _ type: Value.Type,
        _ value: SQLValue?
    ) throws -> Value {
        do {
            var decoded: Value?
            try (value ?? .null).withColumn { column throws(DecodingFailure) in
                decoded = try Value(column: column)
            }
            guard let decoded else { throw DecodingFailure() }
            return decoded
        } catch {
            throw FieldError.invalidValue(field: "aggregate", expected: "\(Value.self)")
        }
    }

    /// The rows, each with values that are computed for it.
    ///
    ///     for (question, total) in try await Question.objects.annotated({
    ///         $0.choices.votes.sum()
    ///     }) { … }
    ///
    /// - Parameter expressions: fields, expressions and aggregates.
    /// - Returns: the rows with their values.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func annotated<each Expression: QueryExpression>(
        _ expressions: (M.Fields) -> (repeat each Expression)
    ) async throws -> [(M, repeat (each Expression).Value)] {
        let selected = expressions(M.Fields(path: RelationPath()))
        var nodes: [ExpressionNode] = []
        for expression in repeat each selected { nodes.append(expression.node) }
        let database = try resolvedDatabase()
        let set = with { query in
            query.add(
                .annotate(
                    nodes.enumerated().map { Query.Named(name: "annotation\($0 + 1)", node: $1) },
                    isSelected: true
                )
            )
        }
        guard let (statement, rows) = try set.query.selected(for: database) else { return [] }
        let related = try RelatedRows(rows)
        return try await database.perform(statement, mode: .read) { connection in
            var found: [(M, repeat (each Expression).Value)] = []
            _ = try connection.run(statement) { row in
                let model = try M(row: &row)
                let values = (repeat try row.read((each Expression).Value.self))
                found.append((try related.completed(model, &row), repeat each values))
            }
            return found
        }
    }
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
