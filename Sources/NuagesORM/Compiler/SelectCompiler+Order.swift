extension SelectCompiler {
    /// A term of the order, with its SQL.
    struct OrderTerm {
        var node: OrderingNode
        var sql: SQL
        /// Whether it names a selected column.
        var isReference: Bool
    }

    /// The terms of `ORDER BY`, each once.
    ///
    /// Source: Django's `SQLCompiler.get_order_by`.
    mutating func orderTerms() throws -> [OrderTerm] {
        var result: [OrderTerm] = []
        var seen: Set<SQL> = []
        for (node, source, isReference) in try orderPairs() {
            var node = node
            if !isReference, query.combination != nil, !columns.isEmpty {
                node = try combinedOrder(node, source)
            }
            let sql = try writer.sql(node)
            var plain = node
            plain.nulls = nil
            plain.isDescending = false
            guard seen.insert(try writer.sql(plain)).inserted else { continue }
            result.append(OrderTerm(node: node, sql: sql, isReference: isReference))
        }
        return result
    }

    /// A term for the order of combined rows: it has to be among their columns.
    private mutating func combinedOrder(
        _ node: OrderingNode,
        _ source: ExpressionNode?
    ) throws -> OrderingNode {
        var node = node
        for column in columns where column.node == node.expression {
            if query.outputs != nil, let alias = column.alias,
                query.selectedAnnotations[alias] != nil, source != .reference([alias])
            {
                continue
            }
            let name: String
            if let alias = column.alias {
                name = alias
            } else if case .column(let reference) = column.node {
                name = reference.field.column
            } else {
                continue
            }
            node.expression = .named(name, column.node)
            return node
        }
        let name = "__orderbycol\(query.selection.count + 1)"
        for index in query.parts.indices {
            if query.parts[index].outputs != nil {
                throw DatabaseError.programming(
                    "Combined rows are ordered by their columns only.",
                    statement: nil
                )
            }
            if let source { try query.parts[index].annotate(name, source) }
        }
        node.expression = .named(name, node.expression)
        return node
    }

    private mutating func orderPairs() throws -> [(OrderingNode, ExpressionNode?, Bool)] {
        var terms = query.orderings
        if terms.isEmpty, query.usesDefaultOrdering {
            terms = query.model.defaultOrdering
            usesModelOrdering = !terms.isEmpty
        }
        var byName: [String: Int] = [:]
        var byNode: [Resolved: Int] = [:]
        for (index, column) in columns.enumerated() {
            if byNode[column.node] == nil { byNode[column.node] = index + 1 }
            if let alias = column.alias { byName[alias] = index + 1 }
        }
        var pairs: [(OrderingNode, ExpressionNode?, Bool)] = []
        for ordering in terms {
            let ordering = query.isReversed ? ordering.reversed : ordering
            switch ordering.term {
            case .random:
                let node = try query.function(.random, [])
                pairs.append((OrderingNode(expression: node, isDescending: false), nil, false))
            case .expression(let expression):
                pairs.append(try orderPair(expression, ordering, byName, byNode))
            case .name(let name):
                if let position = byName[name] {
                    let column = columns[position - 1]
                    var node = OrderingNode(
                        expression: column.node,
                        isDescending: ordering.isDescending
                    )
                    node.position = position
                    pairs.append((node, nil, true))
                } else {
                    pairs += try namedOrder(name, ordering)
                }
            }
        }
        return pairs
    }

    private mutating func orderPair(
        _ expression: ExpressionNode,
        _ ordering: Ordering,
        _ byName: [String: Int],
        _ byNode: [Resolved: Int]
    ) throws -> (OrderingNode, ExpressionNode?, Bool) {
        var resolved: Resolved
        var position: Int?
        if case .reference(let names) = expression {
            position = byName[names.joined(separator: "__")]
            resolved = try position.map { columns[$0 - 1].node } ?? query.resolve(expression)
        } else {
            resolved = try query.resolve(expression)
            position = byNode[resolved]
        }
        if case .value(let value, let type) = resolved, let type = type ?? ValueType(of: value) {
            resolved = try query.function(.cast, [resolved], type: type)
        }
        var node = OrderingNode(
            expression: resolved,
            isDescending: ordering.isDescending,
            nulls: ordering.nulls
        )
        if ordering.nulls == nil || features.supportsNullsModifier { node.position = position }
        return (node, expression, position != nil)
    }

    private mutating func namedOrder(
        _ name: String,
        _ ordering: Ordering
    ) throws -> [(OrderingNode, ExpressionNode?, Bool)] {
        let names = try NameParts.split(name)
        var annotation = query.annotations[name]
        var transforms: ArraySlice<String> = []
        if annotation == nil, let first = names.first {
            annotation = query.annotations[first]
            transforms = names.dropFirst()
        }
        if var node = annotation {
            for transform in transforms {
                node = try query.transformed(node, transform, among: Array(transforms))
            }
            if case .value(let value, let type) = node, let type = type ?? ValueType(of: value) {
                node = try query.function(.cast, [node], type: type)
            }
            return [
                (
                    OrderingNode(expression: node, isDescending: ordering.isDescending),
                    .reference(names), false
                )
            ]
        }
        if query.combination != nil, !columns.isEmpty {
            let node = try query.resolve(.reference(names))
            return [
                (
                    OrderingNode(expression: node, isDescending: ordering.isDescending),
                    .reference(names), false
                )
            ]
        }
        var seen: Set<[String]> = []
        let alias = query.initialAlias()
        let nodes = try modelOrder(names, of: query.model, alias, ordering.isDescending, &seen)
        return nodes.map { ($0, .reference(names), false) }
    }

    /// The order that a name stands for: that of the model behind a relation, or a column.
    private mutating func modelOrder(
        _ names: [String],
        of model: ModelInfo,
        _ alias: String,
        _ isDescending: Bool,
        _ seen: inout Set<[String]>
    ) throws -> [OrderingNode] {
        var reuse: Set<String>?
        let path = try query.joinPath(names, from: model, alias: alias, reuse: &reuse)
        let target = path.found.model
        if case .relation(let relation, _) = path.found.end, !target.defaultOrdering.isEmpty,
            relation.field?.attributeName != names.last, names != ["pk"], path.transforms.isEmpty
        {
            // The columns of the joins tell whether the order leads in a circle.
            let columns = path.aliases.flatMap { alias in
                query.join(alias)?.step?.pairs.flatMap { [$0.from.column, $0.to.column] } ?? []
            }
            guard seen.insert(columns).inserted, seen.count < 32 else {
                throw FieldError.invalidQuery("The order of the models leads in a circle.")
            }
            return try targetOrder(target, path, isDescending, &seen)
        }
        let (targets, end, _) = query.trim(path)
        return try targets.map { target in
            OrderingNode(
                expression: try query.column(target, end, path),
                isDescending: isDescending
            )
        }
    }

    private mutating func targetOrder(
        _ target: ModelInfo,
        _ path: JoinedPath,
        _ isDescending: Bool,
        _ seen: inout Set<[String]>
    ) throws -> [OrderingNode] {
        var result: [OrderingNode] = []
        for ordering in target.defaultOrdering {
            switch ordering.term {
            case .random: continue
            case .name(let name):
                result += try modelOrder(
                    NameParts.split(name),
                    of: target,
                    path.alias,
                    isDescending != ordering.isDescending,
                    &seen
                )
            case .expression(let node):
                let expression = try query.resolve(node, at: path.alias, of: target)
                result.append(
                    OrderingNode(
                        expression: expression,
                        isDescending: ordering.isDescending,
                        nulls: ordering.nulls
                    )
                )
            }
        }
        return result
    }

    /// Columns that only the order of distinct rows needs.
    func extraColumns(_ orderings: [OrderTerm]) -> [Column] {
        guard query.isDistinct, query.distinctFields.isEmpty else { return [] }
        let selected = Set(columns.map(\.sql))
        return orderings.compactMap { term in
            guard !term.isReference, let sql = try? writer.sql(term.node.expression),
                !selected.contains(sql)
            else { return nil }
            return Column(node: term.node.expression, sql: sql, alias: nil)
        }
    }
}

extension ResolvedQuery {
    /// An expression of the order of a model whose table is joined already.
    mutating func resolve(
        _ node: ExpressionNode,
        at alias: String,
        of model: ModelInfo
    ) throws -> Resolved {
        switch node {
        case .reference(let names):
            var reuse: Set<String>?
            let path = try joinPath(names, from: model, alias: alias, reuse: &reuse)
            let (targets, end, _) = trim(path)
            guard let target = targets.first else {
                throw unknown(names.joined(separator: "__"), model)
            }
            return try column(target, end, path)
        case .call(let call):
            var arguments: [Resolved] = []
            for argument in call.arguments {
                arguments.append(try resolve(argument, at: alias, of: model))
            }
            return try function(call.function, arguments, options: call.options, type: call.type)
        case .combined(let operation, let left, let right):
            let first = try resolve(left, at: alias, of: model)
            return try combined(operation, first, try resolve(right, at: alias, of: model))
        default: return try resolve(node)
        }
    }
}
