/// Makes `DELETE` statements.
struct DeleteCompiler {
    let query: Query
    let dialect: any SQLDialect

    /// The statement that deletes the rows of the query itself; nil if no row can match.
    func statement() throws(FieldError) -> SQLStatement? {
        guard !query.isEmpty else { return nil }
        var scope = try QueryScope(query.model, dialect: dialect)
        for call in query.filters { try scope.add(call) }
        let condition = WhereNode.all(scope.conditions).simplified
        if case .nothing = condition { return nil }
        var sql: SQL = "DELETE FROM \(identifier: query.model.table)"
        if scope.joins.hasJoins || !scope.groupConditions.isEmpty {
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

    /// The statement that deletes the rows whose `column` holds one of `values`.
    static func statement(
        _ model: ModelInfo,
        column: String,
        in values: [SQLValue],
        dialect: any SQLDialect
    ) -> SQLStatement {
        let list = SQL.joined(values.map { "\($0)" })
        let sql: SQL = """
            DELETE FROM \(identifier: model.table) \
            WHERE \(identifier: model.table).\(identifier: column) IN (\(sql: list))
            """
        return sql.statement(dialect)
    }
}
