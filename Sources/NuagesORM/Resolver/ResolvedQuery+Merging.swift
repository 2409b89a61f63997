extension ResolvedQuery {
    /// Puts the conditions of another query of the same model behind those of this one.
    ///
    /// Source: Django's `Query.combine`, `qs & other` and the like.
    mutating func merge(_ connector: WhereGroup.Connector, _ query: Query) throws {
        var other = try inner(query)
        if combination != nil || other.combination != nil {
            throw UsageError.notAllowed("Combined queries cannot be merged.")
        }
        if isValues,
            Set(selectedNames) != Set(other.selectedNames)
                || Set(selectedAnnotations.names) != Set(other.selectedAnnotations.names)
        {
            throw UsageError.notAllowed("Merged queries have to select the same values.")
        }
        if connector == .and {
            if other.isEmpty {
                self = other
                return
            }
            if isEmpty { return }
        } else {
            if isEmpty {
                self = other
                return
            }
            if other.isEmpty { return }
            if isSliced { self = try byKeys() }
            if other.isSliced { other = try other.byKeys() }
        }
        guard model.concrete === other.model.concrete, model === other.model else {
            throw UsageError.notAllowed("Queries of two models cannot be merged.")
        }
        if isSliced { throw UsageError.notAllowed("A query cannot be merged once it is sliced.") }
        guard isDistinct == other.isDistinct, distinctFields == other.distinctFields else {
            throw UsageError.notAllowed("Distinct queries cannot be merged with others.")
        }
        try merge(connector, &other)
    }

    /// The rows by a query of their keys, which may be filtered again.
    private func byKeys() throws -> ResolvedQuery {
        var keys = self
        try keys.setValues([.field("pk")])
        var result = ResolvedQuery(model)
        var reuse: Set<String>?
        let alias = result.initialAlias()
        guard let key = model.members.primaryKey.first else { return self }
        let embedded = try result.embedded(keys, reuse: &reuse)
        let test = try result.lookup(
            ["in"],
            .column(ColumnReference(alias, key)),
            .expression(.subquery(embedded, nil))
        )
        result.condition.add(.group(WhereGroup(children: [test])), .and)
        return result
    }

    private mutating func merge(
        _ connector: WhereGroup.Connector,
        _ other: inout ResolvedQuery
    ) throws {
        let initial = initialAlias()
        try other.bumpPrefix(inside: &self, except: [initial])
        var reuse: Set<String> = connector == .and ? [] : Set(joins.map(\.alias))
        var votes = JoinVotes(connector, childCount: 2, isNegated: false)
        votes.add(joins.filter { $0.kind == .inner }.map(\.alias))
        var aliases: [String: String] = [:]
        var otherVotes: [String] = []
        for join in other.joins.dropFirst() {
            var new = join.relabeled(aliases)
            new.alias = ""
            let wasInner = join.kind == .inner
            let alias = add(new, reuse: reuse)
            if wasInner { otherVotes.append(alias) }
            reuse.remove(alias)
            if join.alias != alias { aliases[join.alias] = alias }
            if join.useCount == 0 { release(alias) }
        }
        votes.add(Set(otherVotes).sorted())
        _ = votes.update(&self)
        prefixes.formUnion(other.prefixes)
        condition.add(.group(other.condition.relabeled(aliases)), connector)
        if other.selection.isEmpty {
            selection = []
        } else {
            setSelection(other.selection.map { $0.relabeled(aliases) })
        }
        if !other.orderings.isEmpty { orderings = other.orderings }
    }
}
