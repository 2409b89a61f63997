/// Makes `INSERT` statements.
struct InsertCompiler {
    let model: ModelInfo
    let dialect: any SQLDialect
    let features: DatabaseFeatures
    var ignoresConflicts = false

    /// One statement for several rows, each with a value for every field.
    ///
    /// - Parameters:
    ///   - rows: the values in the order of the fields.
    ///   - hasKeys: whether the rows bring their primary keys.
    /// - Returns: the statement; it returns the keys where the database makes them.
    func statement(_ rows: [[SQLValue]], hasKeys: Bool) -> SQLStatement {
        let key = model.primaryKeyIndex
        let fields = model.fields.filter { hasKeys || $0.index != key }
        let (start, end) = ignoresConflicts ? dialect.ignoringInsert : ("INSERT INTO", "")
        var sql: SQL = "\(sql: SQL(unsafe: start)) \(identifier: model.table)"
        if fields.isEmpty {
            sql.append(dialect.emptyInsert)
        } else {
            sql.append(" (\(identifiers: fields.map(\.column))) VALUES ")
            let tuples = rows.map { row in
                var tuple = SQL()
                tuple.append(tuple: fields.map { row[$0.index] })
                return tuple
            }
            sql.append(SQL.joined(tuples))
        }
        sql.append(SQL(unsafe: end))
        let returnsKeys = !hasKeys && !ignoresConflicts && features.supportsReturning
        if returnsKeys {
            sql.append(
                " RETURNING \(identifier: model.table).\(identifier: model.primaryKey.column)"
            )
        }
        return sql.statement(dialect)
    }
}
