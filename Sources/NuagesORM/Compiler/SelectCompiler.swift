/// Writes a query that reads rows.
///
/// Source: Django's `SQLCompiler`.
struct SelectCompiler {
    struct Column: Hashable {
        var node: Resolved
        var sql: SQL
        var alias: String?
    }

    /// A query as SQL with what its columns are.
    struct Selected {
        var sql: SQL
        var columns: [Column]
        /// Which columns make which models; nil for values.
        var rows: SelectedRows?
    }

    var query: ResolvedQuery
    let writer: NodeWriter
    /// Whether a query that finds nothing is not asked at all.
    var skipsEmpty = true
    var columns: [Column] = []
    var rows: SelectedRows?
    /// Whether the order is the model's own, which groups do without.
    var usesModelOrdering = false
    /// The condition by what has to be known for it: the row, its group, the rows around it.
    var parts: (rows: WhereGroup?, groups: WhereGroup?, windows: WhereGroup?)

    init(_ query: ResolvedQuery, _ writer: NodeWriter) {
        self.query = query
        self.writer = writer
    }

    var features: DatabaseFeatures { writer.features }

    /// The query as SQL.
    ///
    /// - Throws: ``ConstantCondition/nothing`` where it can find nothing.
    mutating func select(
        withLimits: Bool = true,
        withAliases: Bool = false
    ) throws -> Selected {
        let aliased = withAliases || query.combination != nil
        try setUp(withAliases: aliased)
        let orderings = try orderTerms()
        parts = try query.condition.split(mustGroup: query.grouping != .none)
        let extra = extraColumns(orderings)
        let groups = try groupTerms(columns + extra, orderings)
        var order: [OrderTerm]? = orderings
        var sql: SQL
        if let combination = query.combination {
            sql = try combined(combination)
        } else if let windows = parts.windows {
            sql = try qualified(windows)
            order = nil
        } else {
            sql = try plain(columns + extra, groups, &order)
        }
        if let explanation = query.explanation {
            sql = "\(sql: try writer.dialect.explanationPrefix(explanation)) \(sql: sql)"
        }
        if let order, !order.isEmpty {
            let terms = SQL.joined(order.map(\.sql))
            if query.combination != nil, features.requiresCompoundOrderSubquery {
                sql = "SELECT * FROM (\(sql: sql)) ORDER BY \(sql: terms)"
            } else {
                sql.append(" ORDER BY \(sql: terms)")
            }
        }
        if withLimits, query.isSliced {
            sql.append(writer.dialect.limits(from: query.start, to: query.end))
        }
        if let lock = try lockClause() { sql.append(" \(sql: lock)") }
        if writer.dialect.sharesPlaceholders, !groups.isEmpty || query.isDistinct {
            sql.share(groups + (columns + extra).map(\.sql))
        }
        if query.isSubquery, !extra.isEmpty { sql = try withoutExtra(sql) }
        return Selected(sql: sql, columns: columns, rows: rows)
    }

    /// Leaves out the columns that only the order needed.
    private func withoutExtra(_ sql: SQL) throws -> SQL {
        var kept: [SQL] = []
        for column in columns {
            if let alias = column.alias {
                kept.append("\(identifier: "subquery").\(identifier: alias)")
            } else if case .column(let reference) = column.node {
                kept.append("\(identifier: "subquery").\(identifier: reference.field.column)")
            } else {
                kept.append(column.sql)
            }
        }
        return "SELECT \(sql: SQL.joined(kept)) FROM (\(sql: sql)) subquery"
    }

    private mutating func plain(
        _ selected: [Column],
        _ groups: [SQL],
        _ order: inout [OrderTerm]?
    ) throws -> SQL {
        let distinct = try distinctColumns()
        var sql: SQL = "SELECT "
        if query.isDistinct {
            if distinct.isEmpty {
                sql.append("DISTINCT ")
            } else {
                guard features.supportsDistinctOn else {
                    throw DatabaseError.notSupported(
                        "Rows cannot be distinct by fields in this database."
                    )
                }
                sql.append("DISTINCT ON (\(sql: SQL.joined(distinct))) ")
            }
        }
        sql.append(
            SQL.joined(
                selected.map { column in
                    column.alias.map { "\(sql: column.sql) AS \(identifier: $0)" } ?? column.sql
                }
            )
        )
        // Aggregates of nothing are asked all the same: their row has values.
        let condition = try condition(parts.rows)
        let from = try fromClause()
        if !from.isEmpty { sql.append(" FROM \(sql: from)") }
        if let condition { sql.append(" WHERE \(sql: condition)") }
        if !groups.isEmpty {
            if !distinct.isEmpty {
                throw UsageError.notAllowed("Annotated groups cannot be distinct by fields.")
            }
            sql.append(" GROUP BY \(sql: SQL.joined(groups))")
            if usesModelOrdering { order = nil }
        }
        if let groupCondition = try groupCondition() {
            if groups.isEmpty { sql.append(writer.dialect.groupingOfAll) }
            sql.append(" HAVING \(sql: groupCondition)")
        }
        return sql
    }

    private func condition(_ group: WhereGroup?) throws -> SQL? {
        guard let group else { return nil }
        do {
            return try writer.sql(group)
        } catch ConstantCondition.everything {
            return nil
        } catch ConstantCondition.nothing where !skipsEmpty {
            return "0 = 1"
        }
    }

    private func groupCondition() throws -> SQL? {
        guard let groups = parts.groups else { return nil }
        do {
            return try writer.sql(groups)
        } catch ConstantCondition.everything {
            return nil
        }
    }

    private mutating func distinctColumns() throws -> [SQL] {
        var columns: [SQL] = []
        for name in query.distinctFields {
            if query.selectedAnnotations[name] != nil {
                columns.append("\(identifier: name)")
                continue
            }
            let alias = query.initialAlias()
            var reuse: Set<String>?
            let path = try query.joinPath(
                NameParts.split(name),
                from: query.model,
                alias: alias,
                reuse: &reuse
            )
            let (targets, end, _) = query.trim(path)
            for target in targets {
                columns.append(try writer.sql(query.column(target, end, path)))
            }
        }
        return columns
    }
}
