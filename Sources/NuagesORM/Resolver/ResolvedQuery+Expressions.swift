/// How names in an expression are looked up.
struct ResolutionContext {
    var allowsJoins = true
    /// Whether names stand for the selected columns of an inner query: in `aggregate()`.
    var isSummary = false
    /// Whether the result is written to a column.
    var isForWriting = false
    var depth = 0

    var deeper: ResolutionContext {
        var copy = self
        copy.depth += 1
        return copy
    }
}

extension ResolvedQuery {
    mutating func resolve(
        _ node: ExpressionNode,
        _ context: ResolutionContext = ResolutionContext()
    ) throws -> Resolved {
        var reuse: Set<String>?
        return try resolve(node, context, reuse: &reuse)
    }

    /// Finds the names of an expression.
    mutating func resolve(
        _ node: ExpressionNode,
        _ outer: ResolutionContext,
        reuse: inout Set<String>?
    ) throws -> Resolved {
        try checkDepth(outer.depth, "An expression")
        let context = outer.deeper
        switch node {
        case .reference(let names): return try reference(names, context, reuse: &reuse)
        case .outer(let inner):
            switch inner {
            case .reference(let names): return .outer(names.joined(separator: "__"))
            default: return .furtherOut(inner)
            }
        case .value(let value, let type): return .value(value, type)
        case .instance(let value, _): return .value(value, nil)
        case .row(let row):
            return row.key.count == 1
                ? .value(row.key[0], nil) : .list(row.key.map { .value($0, nil) })
        case .star: return .star
        case .raw(let sql, let type): return .raw(sql, type)
        case .invalid(let error): throw error
        case .list(let nodes): return .list(try resolve(nodes, context, reuse: &reuse))
        case .condition, .all, .any, .oddCount:
            return try condition(node, context, reuse: &reuse)
        case .not(let inner): return try negated(inner, context, reuse: &reuse)
        case .lookup(let name, let left, let right):
            return try comparison(name, left, right, context, reuse: &reuse)
        case .transform(let name, let inner):
            return try transformed(try resolve(inner, context, reuse: &reuse), name, among: [name])
        case .combined(let operation, let left, let right):
            return try combined(
                operation,
                try resolve(left, context, reuse: &reuse),
                try resolve(right, context, reuse: &reuse)
            )
        case .call(let call): return try resolve(call, context, reuse: &reuse)
        case .aggregate(let aggregate): return try resolve(aggregate, context, reuse: &reuse)
        case .window(let window): return try resolve(window, context, reuse: &reuse)
        case .branches(let branches, let otherwise, let type):
            return try self.branches(branches, otherwise, type, context, reuse: &reuse)
        case .subquery(let query, let type):
            let resolved = try embedded(
                try self.inner(query, at: context.depth),
                reuse: &reuse
            )
            return .subquery(resolved, type)
        case .exists(let query):
            return .exists(
                try embedded(
                    try self.inner(query, at: context.depth).asExistence(),
                    reuse: &reuse
                )
            )
        case .typed(let inner, let type):
            return .typed(try resolve(inner, context, reuse: &reuse), type)
        }
    }

    private mutating func resolve(
        _ nodes: [ExpressionNode],
        _ context: ResolutionContext,
        reuse: inout Set<String>?
    ) throws -> [Resolved] {
        var result: [Resolved] = []
        for node in nodes { result.append(try single(node, context, reuse: &reuse)) }
        return result
    }

    /// An expression of one column.
    private mutating func single(
        _ node: ExpressionNode,
        _ context: ResolutionContext,
        reuse: inout Set<String>?
    ) throws -> Resolved {
        let resolved = try resolve(node, context, reuse: &reuse)
        if case .columns = resolved {
            throw UsageError.invalidValue("A composite primary key cannot stand in an expression.")
        }
        return resolved
    }

    /// A condition inside an expression: its joins are outer, so that no row is lost.
    private mutating func condition(
        _ node: ExpressionNode,
        _ context: ResolutionContext,
        reuse: inout Set<String>?
    ) throws -> Resolved {
        var filter = FilterContext()
        filter.depth = context.depth
        filter.allowsJoins = context.allowsJoins
        filter.isSummary = context.isSummary
        filter.splitsMany = false
        let tree: ExpressionNode =
            switch node {
            case .all, .any, .oddCount, .not: node
            default: .all([node])
            }
        var (group, needed) = try conditions(tree, reuse: &reuse, filter)
        promote(needed)
        group.isExpression = true
        return .group(group)
    }

    private mutating func negated(
        _ inner: ExpressionNode,
        _ context: ResolutionContext,
        reuse: inout Set<String>?
    ) throws -> Resolved {
        switch inner {
        case .condition, .all, .any, .oddCount:
            return try condition(.not(inner), context, reuse: &reuse)
        default:
            let resolved = try resolve(inner, context, reuse: &reuse)
            guard resolved.isConditional else { throw UsageError.notACondition }
            return .not(resolved)
        }
    }

    private mutating func comparison(
        _ name: Lookup,
        _ left: ExpressionNode,
        _ right: ExpressionNode,
        _ context: ResolutionContext,
        reuse: inout Set<String>?
    ) throws -> Resolved {
        var filter = FilterContext()
        filter.depth = context.depth
        filter.allowsJoins = context.allowsJoins
        filter.isSummary = context.isSummary
        let leftNode = try resolve(left, context, reuse: &reuse)
        return try lookup([name.rawValue], leftNode, try operand(right, filter, reuse: &reuse))
    }

    private mutating func resolve(
        _ call: FunctionCall,
        _ context: ResolutionContext,
        reuse: inout Set<String>?
    ) throws -> Resolved {
        let arguments = try resolve(call.arguments, context, reuse: &reuse)
        return try function(call.function, arguments, options: call.options, type: call.type)
    }

    private mutating func resolve(
        _ window: Window,
        _ context: ResolutionContext,
        reuse: inout Set<String>?
    ) throws -> Resolved {
        let expression = try resolve(window.expression, context, reuse: &reuse)
        switch expression {
        case .aggregate(let node) where node.function.isWindowCompatible: break
        case .function(let node) where node.function.isWindowOnly: break
        default:
            throw UsageError.invalidValue("A window takes an aggregate or a window function.")
        }
        return .window(
            WindowNode(
                expression: expression,
                partition: try resolve(window.partition, context, reuse: &reuse),
                ordering: try orderings(window.ordering, context, reuse: &reuse),
                frame: window.frame,
                type: window.type ?? expression.type
            )
        )
    }

    /// The orderings inside an aggregate or a window.
    mutating func orderings(
        _ orderings: [Ordering],
        _ context: ResolutionContext,
        reuse: inout Set<String>?
    ) throws -> [OrderingNode] {
        var result: [OrderingNode] = []
        for ordering in orderings {
            let node: ExpressionNode =
                switch ordering.term {
                case .expression(let node): node
                case .name(let name): .reference(try NameParts.split(name))
                case .random: .call(FunctionCall(.random, []))
                }
            result.append(
                OrderingNode(
                    expression: try resolve(node, context, reuse: &reuse),
                    isDescending: ordering.isDescending,
                    nulls: ordering.nulls
                )
            )
        }
        return result
    }

    private mutating func branches(
        _ branches: [ExpressionNode.Branch],
        _ otherwise: ExpressionNode?,
        _ type: ValueType?,
        _ context: ResolutionContext,
        reuse: inout Set<String>?
    ) throws -> Resolved {
        var nodes: [BranchesNode.Branch] = []
        for branch in branches {
            switch branch.condition {
            case .all(let parts) where parts.isEmpty, .any(let parts) where parts.isEmpty:
                throw UsageError.invalidValue("A branch needs a condition.")
            default: break
            }
            let condition = try resolve(branch.condition, context, reuse: &reuse)
            guard condition.isConditional else { throw UsageError.notACondition }
            nodes.append(
                BranchesNode.Branch(
                    condition: condition,
                    result: try single(branch.result, context, reuse: &reuse)
                )
            )
        }
        let rest = try single(otherwise ?? .value(.null), context, reuse: &reuse)
        let known = (nodes.map(\.result) + [rest]).compactMap(\.type)
        return .branches(
            BranchesNode(
                branches: nodes,
                otherwise: rest,
                type: try type ?? OutputTypes.common(known)
            )
        )
    }

    // MARK: Names

    /// What a name stands for: an annotation or a column, with its transforms.
    mutating func reference(
        _ names: [String],
        _ context: ResolutionContext,
        reuse: inout Set<String>?
    ) throws -> Resolved {
        if !annotations.isEmpty {
            let name = names.joined(separator: "__")
            if let annotation = annotations[name] {
                return try annotated(name, annotation, context)
            }
            if let first = names.first, var annotation = annotations[first] {
                for name in names.dropFirst() {
                    annotation = try transformed(annotation, name, among: Array(names.dropFirst()))
                }
                return annotation
            }
        }
        let alias = initialAlias()
        let path = try joinPath(names, from: model, alias: alias, reuse: &reuse)
        let (targets, end, aliases) = trim(path)
        if !context.allowsJoins, aliases.count > 1 { throw FieldError.joinsNotAllowed }
        guard targets.count == 1 else {
            if targets.count > 1, path.transforms.isEmpty {
                return .columns(targets.map { ColumnReference(end, $0) })
            }
            throw FieldError.invalidQuery(
                "'\(names.joined(separator: "__"))' has several columns, so it is no expression."
            )
        }
        let node = try column(targets[0], end, path)
        reuse?.formUnion(aliases)
        return node
    }

    private func annotated(
        _ name: String,
        _ annotation: Resolved,
        _ context: ResolutionContext
    ) throws -> Resolved {
        if !context.allowsJoins {
            for case .column(let column) in annotation.columns() {
                if let join = join(column.alias), join.kind != .base {
                    throw FieldError.joinsNotAllowed
                }
            }
        }
        guard context.isSummary else { return annotation }
        guard let selected = selectedAnnotations[name] else {
            throw FieldError.invalidQuery(
                "The alias '\(name)' cannot be aggregated; use annotate in place of alias."
            )
        }
        return .named(name, selected)
    }

    // MARK: Queries inside

    /// A query as part of this one: its aliases differ and names of this one are found.
    mutating func embedded(
        _ query: ResolvedQuery,
        reuse: inout Set<String>?
    ) throws -> ResolvedQuery {
        var inner = query
        try inner.bumpPrefix(inside: &self)
        inner.isSubquery = true
        inner.condition = try outerNamesFound(in: inner.condition, reuse: &reuse)
        if inner.combination != nil {
            for index in inner.parts.indices {
                inner.parts[index] = try embedded(inner.parts[index], reuse: &reuse)
            }
        }
        try inner.annotations.mapNodes { try outerNamesFound(in: $0, reuse: &reuse) }
        inner.selection = try inner.selection.map { try outerNamesFound(in: $0, reuse: &reuse) }
        for join in joins {
            inner.externalAliases[join.alias] = join.alias != join.table
        }
        return inner
    }

    private mutating func outerNamesFound(
        in group: WhereGroup,
        reuse: inout Set<String>?
    ) throws -> WhereGroup {
        guard case .group(let found) = try outerNamesFound(in: .group(group), reuse: &reuse) else {
            return group
        }
        return found
    }

    /// Replaces the names of queries further out by what they are here.
    private mutating func outerNamesFound(
        in node: Resolved,
        reuse: inout Set<String>?
    ) throws -> Resolved {
        switch node {
        case .outer(let name):
            let names = annotations[name] == nil ? try NameParts.split(name) : [name]
            let found = try reference(names, ResolutionContext(), reuse: &reuse)
            if found.containsWindow {
                throw DatabaseError.notSupported(
                    "An expression over a window of the outer query cannot stand in a query inside."
                )
            }
            if case .column(var column) = found {
                column.isMultivalued = names.count > 1
                return .column(column)
            }
            return found
        case .furtherOut(.outer(.reference(let names))):
            return .outer(names.joined(separator: "__"))
        case .furtherOut(.outer(let inner)): return .furtherOut(inner)
        case .furtherOut(let inner): return .furtherOut(inner)
        case .subquery(var query, let type):
            query = try outerNamesFound(inside: query, reuse: &reuse)
            return .subquery(query, type)
        case .exists(let query): return .exists(try outerNamesFound(inside: query, reuse: &reuse))
        default:
            var reused = reuse
            var copy = self
            let result = try node.map { try copy.outerNamesFound(in: $0, reuse: &reused) }
            self = copy
            reuse = reused
            return result
        }
    }

    private mutating func outerNamesFound(
        inside query: ResolvedQuery,
        reuse: inout Set<String>?
    ) throws -> ResolvedQuery {
        var inner = query
        inner.condition = try outerNamesFound(in: inner.condition, reuse: &reuse)
        var annotations = inner.annotations
        try annotations.mapNodes { try outerNamesFound(in: $0, reuse: &reuse) }
        inner.annotations = annotations
        inner.selection = try inner.selection.map { try outerNamesFound(in: $0, reuse: &reuse) }
        for index in inner.parts.indices {
            inner.parts[index] = try outerNamesFound(inside: inner.parts[index], reuse: &reuse)
        }
        for join in joins where inner.externalAliases[join.alias] == nil {
            inner.externalAliases[join.alias] = join.alias != join.table
        }
        return inner
    }

    /// The query as one that only tells whether there are rows.
    func asExistence(isLimited: Bool = true) throws -> ResolvedQuery {
        var query = self
        if !(query.isDistinct && query.isSliced) {
            if case .model = query.grouping {
                try query.addFields(query.model.members.columns.map(\.attributeName))
                query.setGrouping(allowsNames: false)
            }
            query.clearSelection()
        }
        if query.combination == .union {
            query.parts = try query.parts.map { try $0.asExistence(isLimited: false) }
        }
        query.clearOrdering(force: true)
        if isLimited { query.slice(from: nil, to: 1) }
        query.annotations["a"] = .raw("1", .integer)
        query.addToMask(["a"])
        if query.outputs != nil {
            query.outputs?.append(Output(name: "a", selected: .annotation("a")))
        }
        return query
    }
}

/// Parts of a name between pairs of underscores.
enum NameParts {
    static func split(_ text: String) throws(FieldError) -> [String] {
        guard !text.isEmpty, text.utf8.count <= 1000, !text.utf8.contains(0) else {
            throw .invalidName(text)
        }
        let bytes = Array(text.utf8)
        var parts: [String] = []
        var start = 0
        var index = 0
        let underscore = UInt8(ascii: "_")
        while index < bytes.count {
            if index + 1 < bytes.count, bytes[index] == underscore, bytes[index + 1] == underscore {
                parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
                start = index + 2
                index = start
            } else {
                index += 1
            }
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        guard parts.count <= 64 else { throw .invalidName(text) }
        return parts
    }
}
