/// Makes `SELECT` statements of queries.
struct SelectCompiler {
    private let query: Query
    private let dialect: any SQLDialect
    private let depth: Int

    init(_ query: Query, dialect: any SQLDialect, depth: Int = 0) {
        self.query = query
        self.dialect = dialect
        self.depth = depth
    }

    /// The statement; nil if it is known to find nothing.
    func statement() throws(FieldError) -> SQLStatement? {
        try select()?.statement(dialect)
    }

    /// The query inside another one; without a selection of its own it selects the keys.
    var subquery: SQL {
        get throws(FieldError) {
            var inner = query
            if case .model = inner.selection {
                inner.selection = .values([.field(RelationPath(), "pk")])
            }
            // An order is of no use there unless rows are left out by position.
            if !inner.isSliced { inner.ordering = [] }
            let compiler = SelectCompiler(inner, dialect: dialect, depth: depth)
            return try compiler.select() ?? "SELECT NULL WHERE 1 = 0"
        }
    }

    /// `SELECT … FROM …`; nil if it is known to find nothing.
    func select() throws(FieldError) -> SQL? {
        guard !query.isEmpty else { return nil }
        var scope = try QueryScope(query.model, dialect: dialect, depth: depth)
        for call in query.filters { try scope.add(call) }
        let columns = try columns(&scope)
        let orderings = try orderings(&scope)
        var sql: SQL = query.isDistinct ? "SELECT DISTINCT " : "SELECT "
        sql.append(SQL.joined(columns))
        guard try appendRest(&scope, to: &sql) else { return nil }
        if !orderings.isEmpty { sql.append(" ORDER BY \(sql: SQL.joined(orderings))") }
        appendLimit(to: &sql)
        return sql
    }

    /// `SELECT COUNT(*) …`; nil if there is nothing to count.
    func count() throws(FieldError) -> SQLStatement? {
        if query.isDistinct || query.isSliced || hasGroups {
            var inner = query
            if !inner.isSliced { inner.ordering = [] }
            guard let sql = try SelectCompiler(inner, dialect: dialect, depth: depth).select()
            else {
                return nil
            }
            return ("SELECT COUNT(*) FROM (\(sql: sql)) subquery" as SQL).statement(dialect)
        }
        return try single("COUNT(*) AS \(identifier: "__count")")
    }

    /// `SELECT 1 … LIMIT 1`; nil if nothing can exist.
    func exists() throws(FieldError) -> SQLStatement? {
        var inner = query
        // Distinct rows with an offset are counted by their columns, so those have to stay.
        if !(inner.isDistinct && inner.isSliced) { inner.selection = .values([]) }
        if !inner.isSliced { inner.ordering = [] }
        inner.limit = min(inner.limit ?? 1, 1)
        return try SelectCompiler(inner, dialect: dialect, depth: depth).select()?.statement(
            dialect
        )
    }

    /// Values of all rows together; nil if no row can match.
    func aggregate(_ nodes: [ExpressionNode]) throws(FieldError) -> SQLStatement? {
        guard !query.isDistinct, !query.isSliced else {
            throw .invalidQuery(
                "Rows that were limited or made distinct cannot be aggregated; filter by their keys."
            )
        }
        guard !query.filters.contains(where: { $0.condition.containsAggregate }) else {
            throw .invalidQuery(
                "Rows that were filtered by an aggregate cannot be aggregated; filter by their keys."
            )
        }
        var scope = try QueryScope(query.model, dialect: dialect, depth: depth)
        for call in query.filters { try scope.add(call) }
        var columns: [SQL] = []
        for node in nodes { columns.append(try scope.resolve(node, reuse: nil).sql) }
        var sql: SQL = "SELECT \(sql: SQL.joined(columns))"
        guard !query.isEmpty, try appendFrom(&scope, to: &sql) else { return nil }
        return sql.statement(dialect)
    }

    private func single(_ column: SQL) throws(FieldError) -> SQLStatement? {
        guard !query.isEmpty else { return nil }
        var scope = try QueryScope(query.model, dialect: dialect, depth: depth)
        for call in query.filters { try scope.add(call) }
        var sql: SQL = "SELECT \(sql: column)"
        guard try appendFrom(&scope, to: &sql) else { return nil }
        return sql.statement(dialect)
    }

    /// Whether rows of joined tables are put together for each row of the model.
    private var hasGroups: Bool {
        let selected: [ExpressionNode] =
            switch query.selection {
            case .model: []
            case .values(let nodes), .annotated(_, let nodes): nodes
            }
        return selected.contains(where: \.containsAggregate)
            || query.filters.contains { $0.condition.containsAggregate }
            || query.effectiveOrdering.contains { $0.node.containsAggregate }
    }

    private func columns(_ scope: inout QueryScope) throws(FieldError) -> [SQL] {
        switch query.selection {
        case .model(let related): return modelColumns(related, &scope)
        case .annotated(let related, let nodes):
            return modelColumns(related, &scope) + (try valueColumns(nodes, &scope))
        case .values(let nodes):
            return nodes.isEmpty ? ["1 AS \(identifier: "a")"] : try valueColumns(nodes, &scope)
        }
    }

    private func valueColumns(
        _ nodes: [ExpressionNode],
        _ scope: inout QueryScope
    ) throws(FieldError) -> [SQL] {
        var columns: [SQL] = []
        for node in nodes {
            var column = try scope.resolve(node, reuse: nil).sql
            if case .truncation(let truncation, _) = node {
                column.append(" AS \(identifier: truncation.columnName)")
            }
            columns.append(column)
        }
        return columns
    }

    /// The position of a selected period, which is ordered by it as the only way that all
    /// databases accept with `DISTINCT`.
    private func selectedPosition(of node: ExpressionNode) -> Int? {
        guard case .truncation = node, case .values(let nodes) = query.selection else { return nil }
        return nodes.firstIndex(of: node).map { $0 + 1 }
    }

    private func modelColumns(_ related: RelatedRows, _ scope: inout QueryScope) -> [SQL] {
        var columns: [SQL] = []
        appendColumns(of: query.model, join: 0, related, &scope, &columns)
        return columns
    }

    /// Adds the columns of a model and of what is joined to it, in the order in which
    /// ``RelatedRows/read(_:from:)`` takes them.
    private func appendColumns(
        of info: ModelInfo,
        join: Int,
        _ related: RelatedRows,
        _ scope: inout QueryScope,
        _ columns: inout [SQL]
    ) {
        let alias = scope.joins[join].alias
        for field in info.fields {
            columns.append("\(identifier: alias).\(identifier: field.column)")
        }
        for (index, rows) in related.relations {
            let field = info.fields[index]
            guard let target = field.target?.info else { continue }
            let next = scope.joins.join(.forward(field, to: target), on: join, reuse: nil)
            appendColumns(of: target, join: next, rows, &scope, &columns)
        }
    }

    private func orderings(_ scope: inout QueryScope) throws(FieldError) -> [SQL] {
        var terms: [SQL] = []
        for ordering in query.effectiveOrdering {
            try appendTerms(ordering, &scope, &terms, depth: 0)
        }
        return terms
    }

    private func appendTerms(
        _ ordering: Ordering,
        _ scope: inout QueryScope,
        _ terms: inout [SQL],
        depth: Int
    ) throws(FieldError) {
        if case .field(let path, let name) = ordering.node, depth < 8,
            let target = try scope.steps(path, name).field.target?.info,
            !target.schema.ordering.isEmpty, !name.utf8.elementsEqual("pk".utf8)
        {
            // A relation is ordered as the model it leads to.
            for text in target.schema.ordering {
                var inner = Ordering(name: text, of: target)
                inner.node = inner.node.behind(path.following(name))
                if ordering.isDescending { inner = inner.reversed }
                try appendTerms(inner, &scope, &terms, depth: depth + 1)
            }
            return
        }
        var term =
            if let position = selectedPosition(of: ordering.node) {
                SQL(unsafe: String(position))
            } else {
                try scope.resolve(ordering.node, reuse: nil).sql
            }
        term.append(ordering.isDescending ? " DESC" : " ASC")
        switch ordering.nulls {
        case .first: term.append(" NULLS FIRST")
        case .last: term.append(" NULLS LAST")
        case nil: break
        }
        if !terms.contains(term) { terms.append(term) }
    }

    /// Adds `FROM`, `WHERE`, `GROUP BY` and `HAVING`; false if no row can match.
    private func appendRest(_ scope: inout QueryScope, to sql: inout SQL) throws(FieldError) -> Bool
    {
        guard try appendFrom(&scope, to: &sql) else { return false }
        guard hasGroups else { return true }
        var keys: [SQL] = []
        switch query.selection {
        case .model(let related), .annotated(let related, _):
            keys = modelColumns(related, &scope)
        case .values: keys = modelColumns(RelatedRows(), &scope)
        }
        if case .values(let nodes) = query.selection {
            for node in nodes where !node.containsAggregate {
                let key = try scope.resolve(node, reuse: nil).sql
                if !keys.contains(key) { keys.append(key) }
            }
        }
        sql.append(" GROUP BY \(sql: SQL.joined(keys))")
        let having = WhereNode.all(scope.groupConditions).simplified
        if case .nothing = having { return false }
        if let text = having.sql { sql.append(" HAVING \(sql: text)") }
        return true
    }

    private func appendFrom(_ scope: inout QueryScope, to sql: inout SQL) throws(FieldError) -> Bool
    {
        let condition = WhereNode.all(scope.conditions).simplified
        if case .nothing = condition { return false }
        sql.append(" FROM \(sql: scope.joins.fromClause)")
        if let text = condition.sql { sql.append(" WHERE \(sql: text)") }
        return true
    }

    private func appendLimit(to sql: inout SQL) {
        if let limit = query.limit {
            sql.append(" LIMIT \(sql: SQL(unsafe: String(limit)))")
        } else if query.offset > 0 {
            sql.append(" LIMIT -1")
        }
        if query.offset > 0 { sql.append(" OFFSET \(sql: SQL(unsafe: String(query.offset)))") }
    }
}

extension ExpressionNode {
    /// The node, as it is seen from the model at the start of `path`.
    func behind(_ path: RelationPath) -> ExpressionNode {
        switch self {
        case .field(let inner, let name):
            .field(RelationPath(names: path.names + inner.names), name)
        case .transform(let transform, let node): .transform(transform, node.behind(path))
        case .truncation(let truncation, let node): .truncation(truncation, node.behind(path))
        default: self
        }
    }
}
