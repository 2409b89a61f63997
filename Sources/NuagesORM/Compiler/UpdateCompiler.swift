/// Makes `UPDATE` statements.
struct UpdateCompiler {
    let query: Query
    let writer: NodeWriter

    /// The statement; nil if no row can match or nothing is set.
    func statement(
        _ assignments: [(field: String, value: ExpressionNode)]
    ) throws -> SQLStatement? {
        guard !query.isSliced else {
            throw FieldError.invalidQuery(
                "Rows that were limited cannot be updated; filter by their keys."
            )
        }
        var rows = try query.resolved()
        try rows.refuseCombined("update")
        guard !assignments.isEmpty else { return nil }
        _ = rows.initialAlias()
        var setters: [SQL] = []
        for (name, node) in assignments {
            let field = try field(name)
            setters.append(
                "\(identifier: field.column) = \(sql: try value(node, name, &rows))"
            )
        }
        let condition: SQL?
        do {
            condition = try Self.condition(rows, query, writer)
        } catch ConstantCondition.nothing {
            return nil
        }
        var sql: SQL = "UPDATE \(identifier: query.model.table) SET \(sql: SQL.joined(setters))"
        if let condition { sql.append(" WHERE \(sql: condition)") }
        return sql.statement(writer.dialect)
    }

    private func value(
        _ node: ExpressionNode,
        _ name: String,
        _ rows: inout ResolvedQuery
    ) throws -> SQL {
        if case .value(let value, nil) = node { return "\(value)" }
        if case .instance(let value, _) = node { return "\(value)" }
        var context = ResolutionContext()
        context.allowsJoins = false
        context.isForWriting = true
        var reuse: Set<String>?
        let resolved = try rows.resolve(node, context, reuse: &reuse)
        if resolved.containsAggregate {
            throw FieldError.invalidQuery("'\(name)' cannot be set to an aggregate.")
        }
        if resolved.containsWindow {
            throw FieldError.invalidQuery("'\(name)' cannot be set to a value of a window.")
        }
        return try writer.argument(resolved)
    }

    /// The condition on the rows of the table alone: where others are joined, a query of the keys.
    static func condition(
        _ rows: ResolvedQuery,
        _ query: Query,
        _ writer: NodeWriter
    ) throws -> SQL? {
        let needsKeys =
            rows.joins.count(where: { $0.useCount > 0 }) > 1 || rows.grouping != .none
            || rows.condition.containsAggregate || rows.condition.containsWindow
            || rows.isDistinct
        guard needsKeys else {
            do {
                return try writer.sql(rows.condition)
            } catch ConstantCondition.everything {
                return nil
            }
        }
        var keys = rows
        keys.clearOrdering(force: true)
        keys.isSubquery = true
        keys.selection = []
        keys.outputs = nil
        keys.related = .none
        keys.deferral = Deferral()
        try keys.addFields(["pk"])
        keys.setMask([])
        var outer = ResolvedQuery(rows.model)
        _ = outer.initialAlias()
        try keys.bumpPrefix(inside: &outer)
        var compiler = SelectCompiler(keys, writer)
        let text = try compiler.select().sql
        let columns = rows.model.members.primaryKey.map { field -> SQL in
            "\(identifier: rows.model.table).\(identifier: field.column)"
        }
        guard columns.count == 1 else {
            return "(\(sql: SQL.joined(columns))) IN (\(sql: text))"
        }
        return "\(sql: columns[0]) IN (\(sql: text))"
    }

    private func field(_ name: String) throws(FieldError) -> FieldInfo {
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
