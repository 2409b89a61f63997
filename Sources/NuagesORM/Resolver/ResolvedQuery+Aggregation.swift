/// A query whose only row is what aggregates make of others.
struct AggregateQuery {
    /// The query of the rows, where they have to be found before they are aggregated.
    var inner: ResolvedQuery?
    /// The query that is asked where there is none inside.
    var query: ResolvedQuery
    var names: [String]
    var nodes: [Resolved]
    /// Whether the answer is known without asking where nothing is found.
    var answersEmpty: Bool

    /// What the aggregates give where there are no rows.
    var emptyResult: [SQLValue?] { nodes.map(\.emptyResult) }
}

extension ResolvedQuery {
    /// The query for aggregates over the rows of this one.
    ///
    /// Source: Django's `Query.get_aggregation`.
    func aggregated(_ aggregates: [(name: String, node: ExpressionNode)]) throws -> AggregateQuery {
        if !distinctFields.isEmpty {
            throw UsageError.notAllowed("Rows that are distinct by fields cannot be aggregated.")
        }
        var query = self
        let mask = query.mask
        var refersToSubquery = false
        var refersToWindow = false
        var replacements: [Resolved: Resolved] = [:]
        var made: [(name: String, node: Resolved)] = []
        for (name, node) in aggregates {
            try ColumnAlias.check(name)
            var context = ResolutionContext()
            context.isSummary = true
            var reuse: Set<String>?
            var aggregate = try query.resolve(node, context, reuse: &reuse)
            guard aggregate.containsAggregate else {
                throw UsageError.invalidValue("'\(name)' is no aggregate.")
            }
            query.addToMask([name])
            for used in aggregate.names {
                guard let annotation = query.annotations[used] else { continue }
                refersToSubquery = refersToSubquery || annotation.isOrContainsSubquery
                refersToWindow = refersToWindow || annotation.containsWindow
            }
            aggregate = aggregate.replacing(replacements)
            query.annotations[name] = aggregate
            query.summaries.insert(name)
            replacements[.named(name, aggregate)] = aggregate
            made.append((name, aggregate))
        }
        for (name, _) in made { query.annotations[name] = nil }
        query.summaries = []
        query.setMask(mask)
        let (_, having, qualify) = try query.condition.split(mustGroup: false)
        let hasAggregation =
            query.annotations.nodes.contains(where: \.containsAggregate) || having != nil
        let needsInner =
            query.grouping.isList || query.isSliced || hasAggregation || refersToSubquery
            || refersToWindow || qualify != nil || query.isDistinct || query.combination != nil
        return needsInner
            ? try query.wrapped(made, hasAggregation: hasAggregation, hasQualify: qualify != nil)
            : query.plain(made)
    }

    /// The aggregates over the rows of the table itself.
    private func plain(_ made: [(name: String, node: Resolved)]) -> AggregateQuery {
        var query = self
        query.selection = []
        query.outputs = nil
        query.isValues = false
        query.hasDefaultColumns = false
        var replacements: [Resolved: Resolved] = [:]
        for (name, node) in query.annotations.elements { replacements[.named(name, node)] = node }
        var annotations = NamedNodes()
        for (name, node) in made { annotations[name] = node.replacing(replacements) }
        query.annotations = annotations
        query.mask = nil
        query.grouping = .none
        query.clearForAggregate()
        return AggregateQuery(
            query: query,
            names: annotations.names,
            nodes: annotations.nodes,
            answersEmpty: annotations.nodes.allSatisfy { $0.emptyResult != nil }
        )
    }

    private mutating func clearForAggregate() {
        clearOrdering(force: true)
        clearLimits()
        lock = nil
        related = .none
    }

    /// The aggregates over rows that a query inside finds first.
    private func wrapped(
        _ made: [(name: String, node: Resolved)],
        hasAggregation: Bool,
        hasQualify: Bool
    ) throws -> AggregateQuery {
        var inner = self
        inner.isSubquery = true
        inner.lock = nil
        inner.related = .none
        inner.setMask(Set(selectedAnnotations.names))
        if try inner.orderIsInGroups() { inner.clearOrdering(force: false) }
        if !inner.isDistinct {
            if inner.hasDefaultColumns, hasAggregation {
                let alias = inner.initialAlias()
                inner.grouping = .by(
                    model.members.primaryKey.map { .column(ColumnReference(alias, $0)) }
                )
            }
            inner.hasDefaultColumns = false
            if !hasQualify, combination == nil {
                var needed: Set<String> = []
                if case .by(let nodes) = grouping {
                    for node in nodes { needed.formUnion(node.names) }
                }
                for (_, node) in made { needed.formUnion(node.names) }
                for (name, node) in selectedAnnotations.elements where !node.groupingColumns.isEmpty
                {
                    needed.insert(name)
                }
                inner.setMask(needed)
            }
        }
        var references: [Resolved: Resolved] = [:]
        var outer: [Resolved] = []
        for (_, node) in made {
            var replacements: [Resolved: Resolved] = [:]
            for column in node.columns(resolvingNames: false) {
                if references[column] == nil {
                    let name = "__col\(references.count + 1)"
                    references[column] = .named(name, column)
                    inner.annotate(name, column)
                }
                replacements[column] = references[column]
            }
            outer.append(node.replacing(replacements))
        }
        if inner.selection.isEmpty, !inner.hasDefaultColumns, inner.selectedAnnotations.isEmpty {
            let alias = inner.initialAlias()
            inner.selection = model.members.primaryKey.map { .column(ColumnReference(alias, $0)) }
        }
        return AggregateQuery(
            inner: inner,
            query: self,
            names: made.map(\.name),
            nodes: outer,
            answersEmpty: outer.allSatisfy { $0.emptyResult != nil }
        )
    }

    /// Whether the order is by what rows are grouped by, so that it does not matter inside.
    private func orderIsInGroups() throws -> Bool {
        guard case .by(let groups) = grouping, !orderings.isEmpty else { return true }
        var query = self
        for ordering in orderings {
            let node: Resolved
            switch ordering.term {
            case .random: return false
            case .name(let name): node = try query.resolve(.reference(NameParts.split(name)))
            case .expression(let expression): node = try query.resolve(expression)
            }
            if !groups.contains(node) { return false }
        }
        return true
    }
}

extension Resolved {
    var isOrContainsSubquery: Bool {
        switch self {
        case .subquery(let query, _): query.containsSubquery || true
        default: containsSubquery
        }
    }

    /// What it gives where there are no rows at all; nil where only the database knows.
    var emptyResult: SQLValue? {
        switch self {
        case .aggregate(let node): return node.function.emptyResult
        case .value(let value, _): return value
        case .subquery: return .null
        case .exists: return .bool(false)
        case .named(_, let node): return node.emptyResult
        case .function(let node) where node.function == .coalesce:
            for argument in node.arguments {
                guard let value = argument.emptyResult else { return nil }
                if value != .null { return value }
            }
            return .null
        default: return nil
        }
    }
}

extension WhereGroup {
    var containsAggregate: Bool { children.contains(where: \.containsAggregate) }
    var containsWindow: Bool { children.contains(where: \.containsWindow) }

    /// The conditions on rows, on groups and on windows.
    ///
    /// Source: Django's `split_having_qualify`.
    func split(
        isNegated outer: Bool = false,
        mustGroup: Bool
    ) throws -> (rows: WhereGroup?, groups: WhereGroup?, windows: WhereGroup?) {
        guard containsAggregate || containsWindow else { return (self, nil, nil) }
        let negated = outer != isNegated
        let staysWhole =
            (negated && connector == .and) || (!negated && connector == .or) || connector == .xor
        if staysWhole, containsAggregate, !containsWindow { return (nil, self, nil) }
        var parts: (rows: [Resolved], groups: [Resolved], windows: [Resolved]) = ([], [], [])
        for child in children {
            if case .group(let group) = child {
                let (rows, groups, windows) = try group.split(
                    isNegated: negated,
                    mustGroup: mustGroup
                )
                if let rows { parts.rows.append(.group(rows)) }
                if let groups { parts.groups.append(.group(groups)) }
                if let windows { parts.windows.append(.group(windows)) }
            } else if child.containsWindow {
                parts.windows.append(child)
            } else if child.containsAggregate {
                parts.groups.append(child)
            } else {
                parts.rows.append(child)
            }
        }
        if staysWhole, !parts.windows.isEmpty {
            guard parts.rows.isEmpty || !mustGroup else {
                throw UsageError.notAllowed(
                    "Conditions on windows and on rows cannot stand in one OR where rows are grouped."
                )
            }
            return (nil, nil, self)
        }
        func group(_ children: [Resolved]) -> WhereGroup? {
            guard !children.isEmpty else { return nil }
            return WhereGroup(connector: connector, isNegated: isNegated, children: children)
        }
        return (group(parts.rows), group(parts.groups), group(parts.windows))
    }

    /// The conditions without the groups around them.
    var leaves: [Resolved] {
        children.flatMap { child in
            if case .group(let group) = child { group.leaves } else { [child] }
        }
    }
}
