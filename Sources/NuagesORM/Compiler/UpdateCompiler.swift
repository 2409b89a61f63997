/// Makes `UPDATE` statements.
struct UpdateCompiler {
    let query: Query
    let dialect: any SQLDialect

    /// The statement; nil if no row can match or nothing is set.
    func statement(
        _ assignments: [(field: String, value: ExpressionNode)]
    ) throws(FieldError) -> SQLStatement? {
        guard !query.isSliced else {
            throw .invalidQuery("Rows that were limited cannot be updated; filter by their keys.")
        }
        guard !query.isEmpty, !assignments.isEmpty else { return nil }
        var scope = try QueryScope(query.model, dialect: dialect)
        for call in query.filters { try scope.add(call) }
        let needsKeys = scope.joins.hasJoins || !scope.groupConditions.isEmpty
        let condition = WhereNode.all(scope.conditions).simplified
        if case .nothing = condition { return nil }

        var setters: [SQL] = []
        var values = try QueryScope(query.model, dialect: dialect)
        for (name, node) in assignments {
            let field = try field(name)
            guard !node.containsAggregate else {
                throw .invalidQuery("'\(name)' cannot be set to an aggregate.")
            }
            let value = try values.resolve(node, reuse: nil).sql
            setters.append("\(identifier: field.column) = \(sql: value)")
        }
        guard !values.joins.hasJoins else {
            throw .invalidQuery("A field can only be set to values of its own row.")
        }
        var sql: SQL = "UPDATE \(identifier: query.model.table) SET \(sql: SQL.joined(setters))"
        if needsKeys {
            let keys = try SelectCompiler(query, dialect: dialect, depth: 1).subquery
            let key = query.model.primaryKey.column
            sql.append(
                " WHERE \(identifier: query.model.table).\(identifier: key) IN (\(sql: keys))"
            )
        } else if let text = condition.sql {
            sql.append(" WHERE \(sql: text)")
        }
        return sql.statement(dialect)
    }

    private func field(_ name: String) throws(FieldError) -> ModelInfo.FieldInfo {
        guard let field = query.model.field(name) else {
            throw .unknownField(
                name: name,
                model: query.model.schema.name,
                choices: query.model.fields.map(\.schema.name)
            )
        }
        return field
    }
}
