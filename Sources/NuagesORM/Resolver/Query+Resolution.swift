import NuagesCore

extension Query {
    /// The query with all names found.
    ///
    /// - Parameter depth: how deep it stands in other queries.
    /// - Returns: the query.
    /// - Throws: ``FieldError``, ``UsageError`` or ``DatabaseError`` for what cannot be asked.
    func resolved(at depth: Int = 0) throws -> ResolvedQuery {
        var query = ResolvedQuery(model)
        query.nesting.depth = depth
        var isAfterSticky = false
        for step in steps {
            // As in Django each call starts with joins of its own, but for what is said to share.
            if !query.isSticky { query.usedAliases = [] }
            query.isSticky = false
            if case .sticky = step {
                isAfterSticky = true
                continue
            }
            try query.take(step)
            if isAfterSticky {
                query.isSticky = true
                isAfterSticky = false
            }
        }
        return query
    }
}

extension ResolvedQuery {
    mutating func take(_ step: Query.Step) throws {
        switch step {
        case .filter(let node, let isNegated):
            try refuseCombined(isNegated ? "exclude" : "filter")
            if isSliced {
                throw UsageError.notAllowed("A query cannot be filtered once it is sliced.")
            }
            try filter(node, isNegated: isNegated)
        case .sticky: break
        case .annotate(let nodes, let isSelected):
            try refuseCombined(isSelected ? "annotate" : "alias")
            try annotate(nodes, isSelected: isSelected)
        case .values(let values): try setValues(values)
        case .order(let orderings):
            if isSliced {
                throw UsageError.notAllowed("A query cannot be ordered once it is sliced.")
            }
            clearOrdering(force: true, clearsDefault: false)
            try addOrderings(orderings)
        case .reverse:
            if isSliced {
                throw UsageError.notAllowed("A query cannot be reversed once it is sliced.")
            }
            isReversed.toggle()
        case .distinct(let fields):
            try refuseCombined("distinct")
            if isSliced {
                throw UsageError.notAllowed("A query cannot be made distinct once it is sliced.")
            }
            distinctFields = fields
            isDistinct = true
        case .slice(let low, let high): slice(from: low, to: high)
        case .combine(let combination, let isAll, let others):
            try combine(combination, isAll: isAll, others)
        case .merge(let connector, let other): try merge(connector, other)
        case .related(let selection):
            try refuseCombined("select_related")
            if isValues {
                throw UsageError.notAllowed("Related rows cannot be selected behind values.")
            }
            add(selection)
        case .deferring(let names):
            try checkLoading("defer")
            deferral.deferAlso(names)
        case .only(let names):
            try checkLoading("only")
            for name in names {
                if let first = try NameParts.split(name).first, filteredRelations[first] != nil {
                    throw UsageError.notAllowed("A filtered relation cannot be loaded in part.")
                }
            }
            deferral.loadOnly(
                names.map { name in
                    name.equalsBytes("pk") ? model.members.primaryKey.first?.name ?? name : name
                }
            )
        case .loadAll:
            try checkLoading("defer")
            deferral = Deferral()
        case .lock(let lock): self.lock = lock
        case .explain(let explanation): self.explanation = explanation
        case .prefetch(let prefetch): try addCondition(of: prefetch)
        case .empty: setEmpty()
        case .invalid(let error): throw error
        }
    }

    private mutating func add(_ selection: RelatedSelection) {
        if selection.followsAll || selection.isEmpty {
            related = selection
        } else if related.followsAll {
            related = selection
        } else {
            related.tree.merge(selection.tree)
        }
    }

    private func checkLoading(_ name: String) throws {
        try refuseCombined(name)
        if isValues {
            throw UsageError.notAllowed("Columns cannot be deferred behind values.")
        }
    }

    func refuseCombined(_ operation: String) throws {
        guard let combination else { return }
        throw DatabaseError.notSupported(
            "\(operation) cannot follow \(combination.rawValue.lowercased())."
        )
    }

    // MARK: Annotations

    mutating func annotate(_ nodes: [Query.Named], isSelected: Bool) throws {
        let taken: Set<String> =
            isValues ? Set((outputs ?? []).map(\.name)) : Set(model.members.fieldNames)
        for named in nodes {
            if taken.contains(named.name) { throw UsageError.conflictingName(named.name) }
            if let relation = named.relation {
                try addFilteredRelation(named.name, relation, named.node)
            } else {
                try annotate(named.name, named.node, isSelected: isSelected)
            }
        }
        let hasAggregate = nodes.contains { annotations[$0.name]?.containsAggregate == true }
        guard hasAggregate else { return }
        if isValues { setGrouping() } else { grouping = .model }
    }

    mutating func annotate(_ name: String, _ node: ExpressionNode, isSelected: Bool = true) throws {
        try ColumnAlias.check(name)
        try annotate(name, resolve(node), isSelected: isSelected)
    }

    mutating func annotate(_ name: String, _ node: Resolved, isSelected: Bool = true) {
        if isSelected {
            addToMask([name])
        } else {
            setMask(Set(selectedAnnotations.names).subtracting([name]))
        }
        annotations[name] = node
        if isSelected, outputs != nil,
            outputs?.contains(where: { $0.name.equalsBytes(name) }) == false
        {
            outputs?.append(Output(name: name, selected: .annotation(name)))
        }
    }

    private mutating func addFilteredRelation(
        _ name: String,
        _ relation: String,
        _ condition: ExpressionNode
    ) throws {
        if name.utf8.contains(UInt8(ascii: ".")) {
            throw UsageError.invalidAlias(name)
        }
        try ColumnAlias.check(name)
        let (lookups, path, _) = try solve(NameParts.split(relation))
        guard lookups.isEmpty else {
            throw UsageError.invalidValue(
                "The relation of a filtered relation has no lookups: '\(relation)'."
            )
        }
        for names in condition.conditionNames {
            let (lookups, parts, _) = try solve(names)
            let length = max(0, parts.count - (lookups.isEmpty ? 2 : 1))
            for (index, part) in parts.prefix(length).enumerated()
            where index < path.count && path[index] != part {
                throw UsageError.invalidValue(
                    "The condition of a filtered relation is about '\(relation)' only."
                )
            }
            if parts.count > path.count + 1 {
                throw UsageError.invalidValue(
                    "The condition of a filtered relation goes no deeper than '\(relation)'."
                )
            }
        }
        filteredRelations[name] = FilteredRelation(
            name: name,
            path: path,
            condition: condition.replacingPrefix(path, by: name)
        )
    }

    // MARK: Values

    mutating func setValues(_ values: [Query.Value]) throws {
        var added: [Query.Named] = []
        for case .expression(let name, let node) in values {
            added.append(Query.Named(name: name, node: node))
        }
        if !added.isEmpty { try annotate(added, isSelected: true) }
        related = .none
        deferral = Deferral()
        clearOutputs()
        var fields: [String] = []
        var chosen: [Output] = []
        if values.isEmpty {
            fields = model.members.columns.map(\.attributeName)
        } else {
            for value in values { try ColumnAlias.check(value.name) }
            if annotations.isEmpty {
                fields = values.map(\.name)
                chosen = fields.enumerated().map { Output(name: $1, selected: .column($0)) }
            } else {
                (fields, chosen) = try chooseValues(values.map(\.name))
            }
            setMask(
                Set(
                    chosen.compactMap { output in
                        if case .annotation(let name) = output.selected { name } else { nil }
                    }
                )
            )
        }
        switch grouping {
        case .model:
            try addFields(model.members.columns.map(\.attributeName), allowsMany: false)
            setGrouping(allowsNames: false)
            clearOutputs()
        case .by(let nodes):
            let names = Set(chosen.map(\.name))
            grouping = .by(
                nodes.map { node in
                    if case .named(let name, _) = node, !names.contains(name) {
                        annotations[name] ?? node
                    } else {
                        node
                    }
                }
            )
        case .none: break
        }
        selectedNames = fields
        try addFields(fields)
        outputs = values.isEmpty ? nil : chosen
        isValues = true
    }

    private mutating func chooseValues(_ names: [String]) throws -> ([String], [Output]) {
        hasDefaultColumns = false
        let selected = selectedAnnotations
        var fields: [String] = []
        var chosen: [Output] = []
        for name in names {
            if selected[name] != nil {
                chosen.append(Output(name: name, selected: .annotation(name)))
            } else if annotations[name] != nil {
                throw FieldError.invalidQuery(
                    selected.isEmpty
                        ? "The alias '\(name)' cannot be selected; use annotate in place of alias."
                        : """
                        The alias '\(name)' cannot be selected: an earlier values left it out; \
                        name it there.
                        """
                )
            } else {
                if !selected.isEmpty { _ = try path(NameParts.split(name), from: model) }
                chosen.append(Output(name: name, selected: .column(fields.count)))
                fields.append(name)
            }
        }
        return (fields, chosen)
    }

    /// Selects columns by name.
    mutating func addFields(_ names: [String], allowsMany: Bool = true) throws {
        let alias = initialAlias()
        var columns: [Resolved] = []
        for name in names {
            var reuse: Set<String>?
            let path: JoinedPath
            do {
                path = try joinPath(
                    NameParts.split(name),
                    from: model,
                    alias: alias,
                    reuse: &reuse,
                    allowsMany: allowsMany
                )
            } catch is MultipleJoin {
                throw FieldError.unknownField(
                    name: name,
                    model: model.schema.name,
                    choices: model.members.names
                )
            }
            let (targets, end, _) = trim(path)
            if targets.count > 1 {
                columns.append(.columns(targets.map { ColumnReference(end, $0) }))
            } else if let target = targets.first {
                columns.append(try column(target, end, path))
            }
        }
        if !columns.isEmpty { setSelection(columns) }
    }

    // MARK: Grouping

    /// Groups by what is selected.
    mutating func setGrouping(allowsNames: Bool = true) {
        if allowsNames, !selectedNames.isEmpty { nameSelectedExpressions() }
        var nodes = selection
        for (name, node) in selectedAnnotations.elements {
            let columns = node.groupingColumns
            guard !columns.isEmpty else { continue }
            if allowsNames, !node.containsAggregate {
                nodes.append(.named(name, node))
            } else {
                nodes += columns
            }
        }
        grouping = .by(nodes)
    }

    /// Selected transforms become annotations, so that grouping can name them.
    private mutating func nameSelectedExpressions() {
        var moved = NamedNodes()
        var names: [String] = []
        var nodes: [Resolved] = []
        for (name, node) in zip(selectedNames, selection) {
            switch node {
            case .column, .columns:
                names.append(name)
                nodes.append(node)
            default: moved[name] = node
            }
        }
        guard !moved.isEmpty else { return }
        annotations.prepend(moved)
        selection = nodes
        selectedNames = names
        if var outputs {
            for index in outputs.indices {
                if moved[outputs[index].name] != nil {
                    outputs[index].selected = .annotation(outputs[index].name)
                } else if let place = names.firstIndex(where: {
                    $0.equalsBytes(outputs[index].name)
                }) {
                    outputs[index].selected = .column(place)
                }
            }
            self.outputs = outputs
        }
        if let mask { self.mask = mask.union(moved.names) }
    }

    // MARK: Ordering

    mutating func addOrderings(_ orderings: [Ordering]) throws {
        for ordering in orderings {
            switch ordering.term {
            case .random: break
            case .name(let name):
                if annotations[name] != nil { continue }
                _ = try path(NameParts.split(name), from: model)
            case .expression(let node):
                if node.containsAggregate {
                    throw FieldError.invalidQuery(
                        "A query is ordered by aggregates only that are annotated too."
                    )
                }
            }
        }
        if orderings.isEmpty {
            usesDefaultOrdering = false
        } else {
            self.orderings += orderings
        }
    }

    // MARK: Other queries

    private mutating func combine(
        _ combination: Query.Combination,
        isAll: Bool,
        _ others: [Query]
    ) throws {
        var queries = [self]
        for other in others { queries.append(try inner(other)) }
        if combination == .union, isEmpty, parts.isEmpty {
            let rest = queries.dropFirst().filter { !$0.isEmpty || !$0.parts.isEmpty }
            guard let first = rest.first else { return }
            self = first
            if rest.count > 1 { combine(combination, isAll: isAll, Array(rest)) }
            return
        }
        if combination == .union, others.isEmpty { return }
        if combination == .intersection {
            if isEmpty { return }
            if let empty = queries.first(where: \.isEmpty) {
                self = empty
                return
            }
        }
        if combination == .difference, isEmpty { return }
        combine(combination, isAll: isAll, queries)
    }

    private mutating func combine(
        _ combination: Query.Combination,
        isAll: Bool,
        _ queries: [ResolvedQuery]
    ) {
        clearOrdering(force: true)
        usesDefaultOrdering = true
        clearLimits()
        parts = queries.enumerated().map { index, query in
            var query = query
            if index > 0 { query.clearOrdering(clearsDefault: false) }
            return query
        }
        self.combination = combination
        combinesAll = isAll
    }
}

extension ModelMembers {
    /// The names of fields that annotations cannot have.
    var fieldNames: [String] {
        columns.flatMap { [$0.name, $0.attributeName] } + relations.map(\.name)
            + reverses.filter { !$0.isHidden }.map(\.queryName)
    }
}
