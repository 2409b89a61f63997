/// How a condition is looked up.
struct FilterContext {
    var branchIsNegated = false
    var isNegated = false
    var allowsJoins = true
    var splitsMany = true
    var isSummary = false
    var updatesJoins = true
    var depth = 0
}

extension ResolutionContext {
    /// That of an expression in a condition.
    init(_ filter: FilterContext) {
        self.init(
            allowsJoins: filter.allowsJoins,
            isSummary: filter.isSummary,
            depth: filter.depth + 1
        )
    }
}

extension ResolvedQuery {
    /// Adds the conditions of one call of `filter` or `exclude`.
    mutating func filter(
        _ node: ExpressionNode,
        isNegated: Bool = false,
        reusesAll: Bool = false
    ) throws {
        let inner = joins.filter { $0.kind == .inner }.map(\.alias)
        // A condition that stands alone is a group of one: groups decide how tables are joined.
        let tree: ExpressionNode =
            switch node {
            case .all: isNegated ? .not(node) : node
            default: isNegated ? .not(.all([node])) : .all([node])
            }
        var reuse: Set<String>? = reusesAll ? nil : usedAliases
        let (group, _) = try conditions(tree, reuse: &reuse, FilterContext())
        usedAliases = reuse ?? []
        if !group.isEmpty { condition.add(.group(group), .and) }
        // Conditions on aggregates are about the groups of each row.
        if grouping == .none, !isValues, group.containsAggregate { grouping = .model }
        demote(inner)
    }

    /// A group of conditions with the joins that have to be inner for them.
    mutating func conditions(
        _ node: ExpressionNode,
        reuse: inout Set<String>?,
        _ context: FilterContext
    ) throws -> (WhereGroup, Set<String>) {
        try checkDepth(context.depth, "A condition")
        switch node {
        case .all(let nodes): return try group(nodes, .and, false, &reuse, context)
        case .any(let nodes): return try group(nodes, .or, false, &reuse, context)
        case .oddCount(let nodes): return try group(nodes, .xor, false, &reuse, context)
        case .not(.all(let nodes)): return try group(nodes, .and, true, &reuse, context)
        case .not(.any(let nodes)): return try group(nodes, .or, true, &reuse, context)
        case .not(.oddCount(let nodes)): return try group(nodes, .xor, true, &reuse, context)
        case .not(.condition(let names, let value)):
            return try group([.condition(names, value)], .and, true, &reuse, context)
        case .condition(let names, let value):
            return try comparison(names, value, reuse: &reuse, context)
        case .invalid(let error): throw error
        default:
            let resolved = try resolve(
                node,
                ResolutionContext(context),
                reuse: &reuse
            )
            guard resolved.isConditional else {
                throw UsageError.notACondition
            }
            guard case .lookup = resolved else {
                let test = try lookup([], resolved, .value(.bool(true)))
                return (WhereGroup(children: [test]), [])
            }
            return (WhereGroup(children: [resolved]), [])
        }
    }

    private mutating func group(
        _ nodes: [ExpressionNode],
        _ connector: WhereGroup.Connector,
        _ isNegated: Bool,
        _ reuse: inout Set<String>?,
        _ context: FilterContext
    ) throws -> (WhereGroup, Set<String>) {
        var inner = context
        inner.isNegated = context.isNegated != isNegated
        inner.branchIsNegated = context.branchIsNegated || isNegated
        inner.depth += 1
        var group = WhereGroup(connector: connector, isNegated: isNegated)
        var votes = JoinVotes(connector, childCount: nodes.count, isNegated: inner.isNegated)
        for node in nodes {
            let (part, needed) = try conditions(node, reuse: &reuse, inner)
            votes.add(needed)
            if !part.isEmpty { group.add(.group(part), connector) }
        }
        let needed = context.updatesJoins ? votes.update(&self) : []
        return (group, needed)
    }

    /// A path with its lookup, compared with a value.
    private mutating func comparison(
        _ names: [String],
        _ value: ExpressionNode,
        reuse: inout Set<String>?,
        _ context: FilterContext
    ) throws -> (WhereGroup, Set<String>) {
        let (lookups, parts, annotation) = try solve(names, isSummary: context.isSummary)
        if let annotation { try checkFilterable(annotation) }
        if !context.allowsJoins, parts.count > 1 {
            throw FieldError.joinsNotAllowed
        }
        let before = useCounts
        var operand = try self.operand(value, context, reuse: &reuse)
        var used = Set(joins.filter { $0.useCount > before[$0.alias] ?? 0 }.map(\.alias))
        if case .expression(let node) = operand { try checkFilterable(node) }
        if let annotation {
            return (WhereGroup(children: [try lookup(lookups, annotation, operand)]), [])
        }
        let alias = initialAlias()
        let path: JoinedPath
        do {
            path = try joinPath(
                parts,
                from: model,
                alias: alias,
                reuse: &reuse,
                allowsMany: !context.branchIsNegated || !context.splitsMany
            )
        } catch let error as MultipleJoin {
            return try exclusion(names, value, error, reuse: &reuse, context)
        }
        operand = try checked(operand, value, for: path)
        if case .composite = path.found.end, operand.isNull {
            throw FieldError.invalidLookup(
                lookup: lookups.last ?? "exact",
                reason: "takes the values of a composite key"
            )
        }
        used.formUnion(path.aliases)
        let (targets, end, aliases) = trim(path)
        reuse?.formUnion(aliases)
        let left: Resolved
        if targets.count == 1 {
            left = .column(try reference(targets[0], end, path))
        } else {
            left = .columns(targets.map { ColumnReference(end, $0) })
        }
        let condition = try lookup(lookups, left, operand)
        return negationSafe(
            condition,
            targets: targets,
            alias: end,
            aliases,
            operand,
            used,
            context
        )
    }

    private func reference(
        _ field: FieldInfo,
        _ alias: String,
        _ path: JoinedPath
    ) throws -> ColumnReference {
        var column = ColumnReference(alias, field)
        if path.found.end.isRelation { column.type.target = path.found.model.concrete }
        return column
    }

    /// Adds what a negated comparison needs where a side may be NULL.
    private func negationSafe(
        _ condition: Resolved,
        targets: [FieldInfo],
        alias: String,
        _ aliases: [String],
        _ operand: LookupNode.Operand,
        _ used: Set<String>,
        _ context: FilterContext
    ) -> (WhereGroup, Set<String>) {
        var group = WhereGroup(children: [condition])
        guard case .lookup(let node) = condition else { return (group, used) }
        let isNullTest = node.lookup == .isnull
        let asksForNull = node.right == .value(.bool(true))
        var requiresOuter = isNullTest && asksForNull && !context.isNegated
        if context.isNegated, !isNullTest || node.right == .value(.bool(false)),
            !node.right.isNull
        {
            requiresOuter = true
            if !isNullTest, let target = targets.first {
                let column = Resolved.column(ColumnReference(alias, target))
                if target.schema.isNullable || join(aliases.last ?? "")?.kind == .outer {
                    let hasNull: Bool =
                        if node.lookup == .in, case .values(let values) = node.right {
                            values.contains(.null)
                        } else {
                            false
                        }
                    let test = LookupNode(
                        lookup: .isnull,
                        left: column,
                        right: .value(.bool(hasNull))
                    )
                    group.add(.lookup(test), hasNull ? .or : .and)
                }
                if case .expression(.column(let other)) = operand, other.field.schema.isNullable {
                    let test = LookupNode(
                        lookup: .isnull,
                        left: .column(other),
                        right: .value(.bool(false))
                    )
                    group.add(.lookup(test), .and)
                }
            }
        }
        return (group, requiresOuter ? [] : used)
    }

    /// Windows and aggregates of some kinds may not be filtered by.
    func checkFilterable(_ node: Resolved) throws {
        for source in node.sources { try checkFilterable(source) }
    }

    /// The names of a keyword, split into lookups, path and annotation.
    func solve(
        _ names: [String],
        isSummary: Bool = false
    ) throws -> (lookups: [String], parts: [String], annotation: Resolved?) {
        if !annotations.isEmpty {
            for count in stride(from: names.count, through: 1, by: -1) {
                let name = names[..<count].joined(separator: "__")
                guard let annotation = annotations[name] else { continue }
                let node = isSummary ? Resolved.named(name, annotation) : annotation
                return (Array(names[count...]), [], node)
            }
        }
        let found = try path(names, from: model)
        return (found.rest, Array(names[..<(names.count - found.rest.count)]), nil)
    }

    /// The right-hand side of a comparison.
    mutating func operand(
        _ node: ExpressionNode,
        _ context: FilterContext,
        reuse: inout Set<String>?
    ) throws -> LookupNode.Operand {
        switch node {
        case .value(let value, nil): return .value(value)
        case .instance(let value, _): return .value(value)
        case .row(let row):
            let key = try row.savedKey
            return key.count == 1 ? .value(key[0]) : .values(key)
        case .list(let nodes):
            var values: [SQLValue] = []
            for node in nodes {
                switch node {
                case .value(let value, nil), .instance(let value, _): values.append(value)
                case .row(let row) where row.key.count == 1: values.append(try row.savedKey[0])
                default: break
                }
            }
            if values.count == nodes.count { return .values(values) }
            let context = ResolutionContext(context)
            var list: [Resolved] = []
            for node in nodes { list.append(try resolve(node, context, reuse: &reuse)) }
            return .expression(.list(list))
        default:
            let context = ResolutionContext(context)
            return .expression(try resolve(node, context, reuse: &reuse))
        }
    }

    /// Refuses rows of other models than the relation leads to.
    private func checked(
        _ operand: LookupNode.Operand,
        _ node: ExpressionNode,
        for path: JoinedPath
    ) throws -> LookupNode.Operand {
        guard path.found.end.isRelation else { return operand }
        let target = path.found.model
        switch (operand, node) {
        case (.expression(.subquery(let query, _)), _) where query.outputs == nil:
            guard query.model.isCompatible(with: target) else {
                throw UsageError.wrongModel(
                    found: query.model.schema.name,
                    expected: target.schema.name
                )
            }
        case (_, .instance(_, let label)): try check(label, target)
        case (_, .row(let row)):
            try check(row.model, target)
            let values = row.values(of: path.found.targets)
            return values.count == 1 ? .value(values[0]) : .values(values)
        case (_, .list(let nodes)):
            for case .instance(_, let label) in nodes { try check(label, target) }
            return try rows(nodes, path) ?? operand
        default: break
        }
        return operand
    }

    /// The values of rows in a list that a relation refers to.
    private func rows(
        _ nodes: [ExpressionNode],
        _ path: JoinedPath
    ) throws -> LookupNode.Operand? {
        var tuples: [[SQLValue]] = []
        var hasRows = false
        for node in nodes {
            switch node {
            case .row(let row):
                hasRows = true
                try check(row.model, path.found.model)
                tuples.append(row.values(of: path.found.targets))
            case .value(let value, nil), .instance(let value, _): tuples.append([value])
            default: return nil
            }
        }
        guard hasRows else { return nil }
        if tuples.allSatisfy({ $0.count == 1 }) { return .values(tuples.map { $0[0] }) }
        return .expression(.list(tuples.map { .list($0.map { .value($0, nil) }) }))
    }

    private func check(_ label: String, _ target: ModelInfo) throws {
        guard let found = target.graph.model(labeled: label) else { return }
        guard found.isCompatible(with: target) else {
            throw UsageError.wrongModel(found: found.schema.name, expected: target.schema.name)
        }
    }

    /// The conditions of a filtered relation.
    mutating func filteredCondition(
        _ node: ExpressionNode,
        reuse: inout Set<String>
    ) throws -> WhereGroup {
        let tree: ExpressionNode =
            switch node {
            case .all, .any, .oddCount, .not: node
            default: .all([node])
            }
        var optional: Set<String>? = reuse
        var context = FilterContext()
        context.splitsMany = false
        context.updatesJoins = false
        let group = try conditions(tree, reuse: &optional, context).0
        reuse = optional ?? []
        return group
    }
}

extension ModelInfo {
    /// Whether rows of this model may be compared with keys of the other.
    func isCompatible(with other: ModelInfo) -> Bool {
        concrete === other.concrete || members.inherits(from: other.concrete)
            || other.members.inherits(from: concrete)
    }
}
