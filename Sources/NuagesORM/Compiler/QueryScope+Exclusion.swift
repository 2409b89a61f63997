extension QueryScope {
    /// A condition on a relation to many rows, inside a negation.
    struct Exclusion {
        let lookup: Lookup
        let path: RelationPath
        let name: String
        let transforms: [Transform]
        let operand: Operand
        let steps: [JoinMap.Step]
        /// The position of the first step to many rows.
        let many: Int

        var asksForNull: Bool {
            lookup == .isnull && operand.isTrueOrNull || lookup == .exact && operand.isNull
        }
    }

    /// `EXISTS` of a row that satisfies the condition: `NOT` of a join would only leave out the
    /// rows of the join, not the rows they belong to.
    mutating func exclusion(
        _ exclusion: Exclusion,
        _ reuse: inout Set<Int>
    ) throws(FieldError) -> Part {
        let prefix = Array(exclusion.steps[..<exclusion.many])
        var indices = join(prefix, reuse: reuse)
        let parent = prefix.last?.info ?? model
        let step = exclusion.steps[exclusion.many]
        let parentJoin = indices.last ?? 0
        let sameRow = reuse.first { joins[$0].parent == parentJoin && joins[$0].isJoin(of: step) }
        let mayMiss = exclusion.asksForNull && prefix.contains(where: \.isNullable)
        let key = trimmedColumn(parent.primaryKey, steps: prefix, indices: &indices)

        var inner = try QueryScope(parent, dialect: dialect, depth: depth + 1)
        try inner.addExcluded(exclusion)
        if let sameRow, inner.joins.count > 1 {
            // The row that an earlier condition of the same call is about.
            let column = step.info.primaryKey.column
            inner.conditions.append(
                .condition(
                    """
                    \(identifier: inner.joins[1].alias).\(identifier: column) = \
                    (\(identifier: joins[sameRow].alias).\(identifier: column))
                    """
                )
            )
            inner.joins.dropRoot()
        } else {
            let column = inner.linkToParent(by: step)
            inner.conditions.append(.condition("\(sql: column) = (\(sql: key.sql))"))
        }
        guard let sql = inner.existsClause else { return (.nothing, []) }
        guard mayMiss else { return (.condition(sql), []) }
        // NULL on the way to the rows is neither equal nor unequal to anything.
        return (
            .group(
                isAny: true,
                isNegated: false,
                [.condition(sql), .condition("\(sql: key.sql) IS NULL")]
            ), []
        )
    }

    /// The column that holds the key of the row outside; the query starts at the rows
    /// themselves where it can.
    private mutating func linkToParent(by step: JoinMap.Step) -> SQL {
        guard joins.count > 1, !joins[1].isOuter else {
            return "\(identifier: joins[0].alias).\(identifier: model.primaryKey.column)"
        }
        joins.dropRoot()
        return "\(identifier: joins[1].alias).\(identifier: step.column)"
    }

    /// The condition itself, asked of the model that has the relation to many rows.
    private mutating func addExcluded(_ exclusion: Exclusion) throws(FieldError) {
        var reuse: Set<Int> = []
        let path = RelationPath(names: Array(exclusion.path.names[exclusion.many...]))
        let (steps, field) = try steps(path, exclusion.name)
        var indices = join(steps, reuse: reuse)
        if !exclusion.asksForNull { joins.demote(indices) }
        let column = trimmedColumn(field, steps: steps, indices: &indices)
        reuse.formUnion(indices)
        var value = Resolved(
            column.sql,
            type: column.field.schema.type,
            isNullable: column.field.schema.isNullable
        )
        for transform in exclusion.transforms { value = try apply(transform, to: value) }
        let lookup = exclusion.asksForNull ? Lookup.isnull : exclusion.lookup
        conditions.append(try condition(lookup, value, exclusion.operand))
    }

    /// `EXISTS(SELECT 1 …)`; nil if no row can satisfy the conditions.
    private var existsClause: SQL? {
        let condition = WhereNode.all(conditions).simplified
        if case .nothing = condition { return nil }
        var sql: SQL = "EXISTS(SELECT 1 AS \(identifier: "a") FROM \(sql: joins.fromClause)"
        if let text = condition.sql { sql.append(" WHERE \(sql: text)") }
        sql.append(" LIMIT 1)")
        return sql
    }
}
