/// Makes `INSERT` statements.
struct InsertCompiler {
    let model: ModelInfo
    let dialect: any SQLDialect
    var features: DatabaseFeatures
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
        let isEmpty = fields.isEmpty
        if isEmpty {
            sql.append(dialect.emptyInsert)
        } else {
            sql.append(" (\(identifiers: fields.map(\.column))) VALUES ")
        }
        var statement = sql.statement(dialect)
        if !isEmpty { append(rows, fields.map(\.index), to: &statement) }
        var ending = SQL(unsafe: end)
        let returnsKeys = !hasKeys && !ignoresConflicts && features.supportsReturning
        if returnsKeys {
            ending.append(
                " RETURNING \(identifier: model.table).\(identifier: model.primaryKey.column)"
            )
        }
        statement.text += ending.statement(dialect).text
        return statement
    }

    /// Writes `(?, ?), (?, ?)`; there may be many thousands, so that no list of parts is made.
    private func append(_ rows: [[SQLValue]], _ places: [Int], to statement: inout SQLStatement) {
        statement.bindings.reserveCapacity(rows.count * places.count)
        for (number, row) in rows.enumerated() {
            statement.text += number == 0 ? "(" : ", ("
            for (position, place) in places.enumerated() {
                statement.bindings.append(row[place])
                if position > 0 { statement.text += ", " }
                statement.text += dialect.placeholder(statement.bindings.count)
            }
            statement.text += ")"
        }
    }
}
