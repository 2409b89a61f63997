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
        let database = try resolvedDatabase()
        let set = with { $0.selection = .values(nodes) }
        let compiler = SelectCompiler(set.query, dialect: database.dialect)
        guard let statement = try compiler.statement() else { return [] }
        return try await database.perform(statement, mode: .read) { connection in
            var rows: [(repeat (each Expression).Value)] = []
            _ = try connection.run(statement) { row in
                rows.append((repeat try row.read((each Expression).Value.self)))
            }
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
        let compiler = SelectCompiler(query, dialect: database.dialect)
        let statement = try compiler.aggregate(nodes) ?? emptyAggregate(nodes, database)
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

    /// The aggregates of no rows, computed by the database so that each has its own idea of them.
    private func emptyAggregate(
        _ nodes: [ExpressionNode],
        _ database: Database
    ) throws(FieldError) -> SQLStatement {
        var query = Query(self.query.model)
        query.filters = [
            Query.FilterCall(
                condition: .lookup(.isnull, .field(RelationPath(), "pk"), .value(.bool(true))),
                isNegated: false
            )
        ]
        let compiler = SelectCompiler(query, dialect: database.dialect)
        guard let statement = try compiler.aggregate(nodes) else {
            throw .invalidQuery("There is nothing to aggregate.")
        }
        return statement
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
        guard case .model(let related) = query.selection else {
            throw FieldError.invalidQuery("Values cannot be annotated.")
        }
        let set = with { $0.selection = .annotated(related, nodes) }
        let compiler = SelectCompiler(set.query, dialect: database.dialect)
        guard let statement = try compiler.statement() else { return [] }
        return try await database.perform(statement, mode: .read) { connection in
            var rows: [(M, repeat (each Expression).Value)] = []
            _ = try connection.run(statement) { row in
                guard let model = try related.read(M.self, from: &row) else { return }
                rows.append((model, repeat try row.read((each Expression).Value.self)))
            }
            return rows
        }
    }
}
