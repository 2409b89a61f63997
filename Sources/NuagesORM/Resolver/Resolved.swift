/// An expression whose names have been found: aliases of tables, columns and types.
indirect enum Resolved: Sendable, Hashable {
    case column(ColumnReference)
    /// The columns of a composite key.
    case columns([ColumnReference])
    /// A selected expression by its name.
    case named(String, Resolved)
    case value(SQLValue, ValueType?)
    case list([Resolved])
    case star
    case function(FunctionNode)
    case combined(CombinedNode)
    case aggregate(AggregateNode)
    case window(WindowNode)
    case branches(BranchesNode)
    case subquery(ResolvedQuery, ValueType?)
    case exists(ResolvedQuery)
    case lookup(LookupNode)
    case group(WhereGroup)
    case not(Resolved)
    case typed(Resolved, ValueType)
    case raw(SQL, ValueType?)
    /// A name of a query further out, and whether it leads along a relation.
    case outer(String)
    /// A name of the query outside the one further out.
    case furtherOut(ExpressionNode)
    case nothing
}

/// A column of a joined table.
struct ColumnReference: Sendable, Hashable {
    var alias: String
    let field: FieldInfo
    var type: ValueType
    /// Whether it belongs to an outer query and stands behind a relation to many.
    var isMultivalued = false

    init(_ alias: String, _ field: FieldInfo, type: ValueType? = nil) {
        self.alias = alias
        self.field = field
        self.type = type ?? ValueType(field)
    }
}

struct FunctionNode: Sendable, Hashable {
    let function: SQLFunction
    var arguments: [Resolved]
    var options: [String: SQLValue]
    var type: ValueType?
}

struct CombinedNode: Sendable, Hashable {
    /// How the database computes it: moments and durations need its functions.
    enum Kind: Sendable, Hashable {
        case plain, duration, temporalSubtraction
    }

    let kind: Kind
    let operation: ArithmeticOperator
    var left: Resolved
    var right: Resolved
    var type: ValueType?
}

struct AggregateNode: Sendable, Hashable {
    let function: AggregateFunction
    var arguments: [Resolved]
    let isDistinct: Bool
    var filter: Resolved?
    var ordering: [OrderingNode]
    var type: ValueType?
}

struct WindowNode: Sendable, Hashable {
    var expression: Resolved
    var partition: [Resolved]
    var ordering: [OrderingNode]
    let frame: WindowFrame?
    var type: ValueType?
}

struct BranchesNode: Sendable, Hashable {
    struct Branch: Sendable, Hashable {
        var condition: Resolved
        var result: Resolved
    }

    var branches: [Branch]
    var otherwise: Resolved
    var type: ValueType?
}

/// A comparison.
struct LookupNode: Sendable, Hashable {
    /// The right-hand side: a value as it was given, or an expression.
    enum Operand: Sendable, Hashable {
        case value(SQLValue)
        case values([SQLValue])
        case expression(Resolved)

        var isNull: Bool {
            if case .value(.null) = self { true } else { false }
        }

        var expression: Resolved? {
            if case .expression(let node) = self { node } else { nil }
        }
    }

    let lookup: Lookup
    var left: Resolved
    var right: Operand
}

/// Conditions that hold together, one at least, or in odd number.
struct WhereGroup: Sendable, Hashable {
    enum Connector: String, Sendable, Hashable {
        case and = "AND"
        case or = "OR"
        case xor = "XOR"
    }

    var connector = Connector.and
    var isNegated = false
    var children: [Resolved] = []
    /// Whether it stands where an expression does and so needs parentheses.
    var isExpression = false

    var isEmpty: Bool { children.isEmpty }

    /// Adds a condition as Django's trees do: groups of the same connector melt into one.
    mutating func add(_ node: Resolved, _ other: Connector) {
        if connector != other {
            children = [.group(self), node]
            connector = other
        } else if case .group(let group) = node, !group.isNegated,
            group.connector == other || group.children.count == 1
        {
            children += group.children
        } else {
            children.append(node)
        }
    }
}

struct OrderingNode: Sendable, Hashable {
    var expression: Resolved
    var isDescending: Bool
    var nulls: Ordering.Nulls?
    /// Its number in the selected columns.
    var position: Int?
}

extension Resolved {
    /// The expressions it is made of.
    var sources: [Resolved] {
        switch self {
        case .column, .value, .star, .raw, .outer, .furtherOut, .nothing: []
        case .columns(let columns): columns.map { .column($0) }
        case .named(_, let node), .not(let node), .typed(let node, _): [node]
        case .list(let nodes): nodes
        case .function(let node): node.arguments
        case .combined(let node): [node.left, node.right]
        case .aggregate(let node):
            node.arguments + (node.filter.map { [$0] } ?? []) + node.ordering.map(\.expression)
        case .window(let node):
            [node.expression] + node.partition + node.ordering.map(\.expression)
        case .branches(let node):
            node.branches.flatMap { [$0.condition, $0.result] } + [node.otherwise]
        case .subquery, .exists: []
        case .lookup(let node): [node.left] + (node.right.expression.map { [$0] } ?? [])
        case .group(let group): group.children
        }
    }

    /// The same expression with the expressions it is made of replaced.
    func map(_ change: (Resolved) throws -> Resolved) rethrows -> Resolved {
        switch self {
        case .column, .columns, .value, .star, .raw, .outer, .furtherOut, .nothing, .subquery,
            .exists:
            return self
        case .named(let name, let node): return .named(name, try change(node))
        case .not(let node): return .not(try change(node))
        case .typed(let node, let type): return .typed(try change(node), type)
        case .list(let nodes): return .list(try nodes.map(change))
        case .function(var node):
            node.arguments = try node.arguments.map(change)
            return .function(node)
        case .combined(var node):
            node.left = try change(node.left)
            node.right = try change(node.right)
            return .combined(node)
        case .aggregate(var node):
            node.arguments = try node.arguments.map(change)
            node.filter = try node.filter.map(change)
            node.ordering = try node.ordering.map { try $0.map(change) }
            return .aggregate(node)
        case .window(var node):
            node.expression = try change(node.expression)
            node.partition = try node.partition.map(change)
            node.ordering = try node.ordering.map { try $0.map(change) }
            return .window(node)
        case .branches(var node):
            node.branches = try node.branches.map {
                BranchesNode.Branch(
                    condition: try change($0.condition),
                    result: try change($0.result)
                )
            }
            node.otherwise = try change(node.otherwise)
            return .branches(node)
        case .lookup(var node):
            node.left = try change(node.left)
            if case .expression(let right) = node.right {
                node.right = .expression(try change(right))
            }
            return .lookup(node)
        case .group(var group):
            group.children = try group.children.map(change)
            return .group(group)
        }
    }

    var containsAggregate: Bool {
        switch self {
        case .aggregate: true
        case .window: false
        default: sources.contains(where: \.containsAggregate)
        }
    }

    var containsWindow: Bool {
        switch self {
        case .window: true
        default: sources.contains(where: \.containsWindow)
        }
    }

    var containsSubquery: Bool {
        switch self {
        case .subquery, .exists: true
        default: sources.contains(where: \.containsSubquery)
        }
    }

    /// Whether it is true or false, so that it may stand in a filter alone.
    var isConditional: Bool {
        switch self {
        case .lookup, .group, .not, .exists, .nothing: true
        default: type?.field == .booleanField
        }
    }

    /// The type of what it gives, where it is known.
    var type: ValueType? {
        switch self {
        case .column(let column): column.type
        case .columns: ValueType(.compositePrimaryKey)
        case .named(_, let node): node.type
        case .value(let value, let type): type ?? ValueType(of: value)
        case .list(let nodes): nodes.first?.type
        case .star, .outer, .furtherOut: nil
        case .function(let node): node.type
        case .combined(let node): node.type
        case .aggregate(let node): node.type
        case .window(let node): node.type
        case .branches(let node): node.type
        case .subquery(let query, let type): type ?? query.outputType
        case .exists, .lookup, .group, .not, .nothing: .boolean
        case .typed(_, let type): type
        case .raw(_, let type): type
        }
    }

    /// The expression with another type, for those that have one of their own.
    func with(type: ValueType) -> Resolved {
        switch self {
        case .function(var node):
            node.type = type
            return .function(node)
        case .combined(var node):
            node.type = type
            return .combined(node)
        case .aggregate(var node):
            node.type = type
            return .aggregate(node)
        case .window(var node):
            node.type = type
            return .window(node)
        case .branches(var node):
            node.type = type
            return .branches(node)
        case .value(let value, nil): return .value(value, type)
        case .column(var column):
            column.type = type
            return .column(column)
        default: return .typed(self, type)
        }
    }

    /// The names of selected expressions that it stands on.
    var names: Set<String> {
        if case .named(let name, _) = self { return [name] }
        return sources.reduce(into: []) { $0.formUnion($1.names) }
    }

    /// The columns in it; a name counts as what stands behind it, or not at all.
    func columns(resolvingNames: Bool = true, withExternal: Bool = false) -> [Resolved] {
        switch self {
        case .column: return [self]
        case .named where !resolvingNames: return []
        case .subquery(let query, _), .exists(let query):
            return withExternal ? query.externalColumns.map { .column($0) } : []
        default:
            return sources.flatMap {
                $0.columns(resolvingNames: resolvingNames, withExternal: withExternal)
            }
        }
    }

    /// The expression with parts of it replaced by others.
    func replacing(_ replacements: [Resolved: Resolved]) -> Resolved {
        guard !replacements.isEmpty else { return self }
        if let replacement = replacements[self] { return replacement }
        return map { $0.replacing(replacements) }
    }

    /// The expression with other aliases of tables.
    func relabeled(_ aliases: [String: String]) -> Resolved {
        guard !aliases.isEmpty else { return self }
        switch self {
        case .column(var column):
            column.alias = aliases[column.alias] ?? column.alias
            return .column(column)
        case .columns(let columns):
            return .columns(
                columns.map { column in
                    var column = column
                    column.alias = aliases[column.alias] ?? column.alias
                    return column
                }
            )
        case .subquery(var query, let type):
            query.relabel(aliases)
            return .subquery(query, type)
        case .exists(var query):
            query.relabel(aliases)
            return .exists(query)
        default: return map { $0.relabeled(aliases) }
        }
    }

    /// What rows are grouped by where this is selected.
    var groupingColumns: [Resolved] {
        switch self {
        case .value, .aggregate, .star, .outer, .furtherOut, .nothing: return []
        case .function(let node) where node.function == .random: return []
        case .column, .named, .raw: return [self]
        case .list(let nodes): return nodes.flatMap(\.groupingColumns)
        case .window(let node):
            return (node.partition + node.ordering.map(\.expression)).flatMap(\.groupingColumns)
        case .lookup, .group: return sources.flatMap(\.groupingColumns)
        case .subquery(let query, _), .exists(let query):
            let columns = query.externalColumns
            return columns.contains(where: \.isMultivalued) ? [self] : columns.map { .column($0) }
        case .branches(let node) where node.branches.isEmpty: return node.otherwise.groupingColumns
        case .columns(let columns): return columns.map { .column($0) }
        case .typed(let node, let type):
            if case .subquery = node { return node.groupingColumns }
            return node.with(type: type).ownGroupingColumns
        case .function, .combined, .branches, .not: return ownGroupingColumns
        }
    }

    private var ownGroupingColumns: [Resolved] {
        if case .typed(let node, _) = self, case .column = node { return [self] }
        return containsAggregate ? sources.flatMap(\.groupingColumns) : [self]
    }
}

extension OrderingNode {
    func map(_ change: (Resolved) throws -> Resolved) rethrows -> OrderingNode {
        var copy = self
        copy.expression = try change(expression)
        return copy
    }
}
