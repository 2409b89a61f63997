extension ResolvedQuery {
    /// Excludes rows that have related rows of a kind: `NOT EXISTS (…)` in place of a join, which
    /// would find the other related rows.
    ///
    /// Source: Django's `split_exclude`.
    mutating func exclusion(
        _ names: [String],
        _ value: ExpressionNode,
        _ error: MultipleJoin,
        reuse: inout Set<String>?,
        _ context: FilterContext
    ) throws -> (WhereGroup, Set<String>) {
        var inner = ResolvedQuery(model)
        inner.filteredRelations = filteredRelations
        let operand: ExpressionNode =
            switch value {
            case .outer: .outer(value)
            case .reference: .outer(value)
            default: value
            }
        try inner.filter(.condition(names, operand))
        inner.clearOrdering(force: true)
        let (prefix, containsOuter) = try inner.trimStart(error.names)
        guard case .column(let column)? = inner.selection.first else {
            throw FieldError.invalidName(names.joined(separator: "__"))
        }
        if reuse?.contains(column.alias) == true {
            // The row that an earlier condition of the same call is about.
            let alias = column.alias
            try inner.bumpPrefix(inside: &self)
            guard case .column(let moved)? = inner.selection.first,
                let key = column.field.model.keyFields.first
            else { throw FieldError.invalidName(names.joined(separator: "__")) }
            let test = LookupNode(
                lookup: .exact,
                left: .column(ColumnReference(moved.alias, key)),
                right: .expression(.column(ColumnReference(alias, key)))
            )
            inner.condition.add(.lookup(test), .and)
            inner.externalAliases[alias] = true
        } else {
            let test = LookupNode(
                lookup: .exact,
                left: .column(column),
                right: .expression(.outer(prefix.joined(separator: "__")))
            )
            inner.condition.add(.lookup(test), .and)
        }
        var exists = try inner.asExistence()
        exists = try embedded(exists, reuse: &reuse)
        let test = try lookup([], .exists(exists), .value(.bool(true)))
        var group = WhereGroup(children: [test])
        if containsOuter {
            var inner = context
            inner.isNegated = true
            inner.branchIsNegated = true
            let (orNull, _) = try conditions(
                .condition(prefix + ["isnull"], .value(.bool(true))),
                reuse: &reuse,
                inner
            )
            group.add(.group(orNull), .or)
        }
        return (group, [])
    }

    /// Leaves out the joins in front of the first to many, and selects the key that leads back.
    ///
    /// - Returns: the way from the outer query to that key, and whether a join before may miss.
    private mutating func trimStart(
        _ names: [(name: String, steps: [PathStep])]
    ) throws -> (prefix: [String], containsOuter: Bool) {
        let steps = names.flatMap(\.steps)
        let tables = joins.map(\.alias)
        guard let many = steps.firstIndex(where: \.isMany), many + 1 < tables.count else {
            throw FieldError.invalidQuery("The rows to exclude cannot be told apart.")
        }
        var containsOuter = false
        for index in 0..<many {
            if join(tables[index + 1])?.kind == .outer { containsOuter = true }
            release(tables[index])
        }
        var rest = many
        var prefix: [String] = []
        for (name, steps) in names {
            if rest - steps.count < 0 { break }
            prefix.append(name)
            rest -= steps.count
        }
        let step = steps[many]
        // The columns of the relation: its key in one table, what the key refers to in the other.
        let pairs = step.pairs
        guard let key = pairs.first?.from else {
            throw FieldError.invalidQuery("The rows to exclude cannot be told apart.")
        }
        prefix.append(key.name)
        let firstJoin = join(tables[many + 1])
        let columns: [ColumnReference]
        if let firstJoin, firstJoin.kind != .outer, firstJoin.filtered == nil {
            columns = pairs.map { ColumnReference(firstJoin.alias, $0.to) }
            release(tables[many])
        } else {
            columns = pairs.map { ColumnReference(tables[many], $0.from) }
        }
        if let first = joins.firstIndex(where: { $0.useCount > 0 }) {
            joins[first] = Join(
                alias: joins[first].alias,
                model: joins[first].model,
                useCount: joins[first].useCount
            )
        }
        setSelection(columns.map { .column($0) })
        return (prefix, containsOuter)
    }
}
