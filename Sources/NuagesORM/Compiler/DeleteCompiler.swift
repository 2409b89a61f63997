/// Makes `DELETE` statements.
struct DeleteCompiler {
    let query: Query
    let writer: NodeWriter

    /// The statement; nil if no row can match.
    func statement() throws -> SQLStatement? {
        var rows = try query.resolved()
        try rows.refuseCombined("delete")
        _ = rows.initialAlias()
        let condition: SQL?
        do {
            condition = try UpdateCompiler.condition(rows, query, writer)
        } catch ConstantCondition.nothing {
            return nil
        }
        var sql: SQL = "DELETE FROM \(identifier: query.model.table)"
        if let condition { sql.append(" WHERE \(sql: condition)") }
        return sql.statement(writer.dialect)
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
