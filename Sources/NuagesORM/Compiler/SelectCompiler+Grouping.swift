extension SelectCompiler {
    /// What rows are grouped by: what the query says, and what it selects and orders by besides.
    ///
    /// Source: Django's `SQLCompiler.get_group_by`.
    mutating func groupTerms(
        _ selected: [Column],
        _ orderings: [OrderTerm]
    ) throws -> [SQL] {
        var expressions: [Resolved] = []
        var names: Set<String> = []
        switch query.grouping {
        case .none: return []
        case .model: break
        case .by(let nodes):
            for node in nodes {
                if case .named(let name, let source) = node {
                    if names.insert(name).inserted { expressions.append(source) }
                } else {
                    expressions.append(node)
                }
            }
        }
        var positions: [Resolved: Int] = [:]
        for (index, column) in selected.enumerated() {
            if column.alias != nil { positions[column.node] = index + 1 }
            if let alias = column.alias, names.contains(alias) { continue }
            expressions += column.node.groupingColumns
        }
        if !usesModelOrdering {
            for term in orderings where !term.isReference {
                expressions += term.node.expression.groupingColumns
            }
        }
        let having = parts.groups.map { Resolved.group($0).groupingColumns } ?? []
        expressions += having
        var terms: [SQL] = []
        var seen: Set<SQL> = []
        for expression in collapsed(expressions, having) {
            let sql: SQL
            if features.groupsByPosition, let position = positions[expression] {
                sql = SQL(unsafe: String(position))
            } else {
                do {
                    sql = try writer.sql(expression)
                } catch is ConstantCondition {
                    continue
                }
            }
            if seen.insert(sql).inserted { terms.append(sql) }
        }
        return terms
    }

    /// The primary key stands for all columns of its table, where the database knows that.
    private func collapsed(_ expressions: [Resolved], _ having: [Resolved]) -> [Resolved] {
        guard features.groupsByPrimaryKey else { return expressions }
        var keys: Set<Resolved> = []
        var aliases: Set<String> = []
        for case .column(let column) in expressions
        where column.field.schema.isPrimaryKey && column.field.model.schema.isManaged {
            keys.insert(.column(column))
            aliases.insert(column.alias)
        }
        return expressions.filter { expression in
            guard case .column(let column) = expression else { return true }
            return keys.contains(expression) || having.contains(expression)
                || !aliases.contains(column.alias)
        }
    }
}
