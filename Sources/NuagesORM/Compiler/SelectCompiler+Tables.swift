extension SelectCompiler {
    /// The tables and how they are joined.
    func fromClause() throws -> SQL {
        var sql = SQL()
        for join in query.joins where join.useCount > 0 {
            if join.kind != .base, let step = join.step, let parent = join.parent {
                sql.append(join.kind == .outer ? " LEFT OUTER JOIN " : " INNER JOIN ")
                append(join, to: &sql)
                var conditions: [SQL] = step.pairs.map { pair in
                    """
                    \(identifier: parent).\(identifier: pair.from.column) = \
                    \(identifier: join.alias).\(identifier: pair.to.column)
                    """
                }
                if let filtered = join.filtered?.resolved, let text = try filterText(filtered) {
                    conditions.append("(\(sql: text))")
                }
                sql.append(" ON (\(sql: SQL.joined(conditions, separator: " AND ")))")
            } else {
                if !sql.isEmpty { sql.append(", ") }
                append(join, to: &sql)
            }
        }
        return sql
    }

    private func filterText(_ node: Resolved) throws -> SQL? {
        do {
            return try writer.sql(node)
        } catch ConstantCondition.everything {
            return nil
        } catch ConstantCondition.nothing {
            return "0 = 1"
        }
    }

    private func append(_ join: Join, to sql: inout SQL) {
        sql.append(identifier: join.table)
        if join.alias != join.table { sql.append(" \(identifier: join.alias)") }
    }

    func lockClause() throws -> SQL? {
        guard let lock = query.lock, features.hasRowLocks else { return nil }
        let tables = try lockedTables(lock)
        return try writer.dialect.lock(lock, tables: tables)
    }

    private func lockedTables(_ lock: RowLock) throws -> [String] {
        guard !lock.relations.isEmpty, let rows else { return [] }
        return try lock.relations.map { name in
            guard let alias = rows.alias(of: try NameParts.split(name), columns.map(\.node)) else {
                throw FieldError.unknownField(
                    name: name,
                    model: query.model.schema.name,
                    choices: rows.paths
                )
            }
            return alias
        }
    }
}
