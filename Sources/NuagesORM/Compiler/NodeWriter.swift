/// A condition that is true of every row, or of none, and so needs no SQL.
enum ConstantCondition: Error {
    case everything
    case nothing
}

/// Writes resolved expressions as SQL.
struct NodeWriter: Sendable {
    let dialect: any SQLDialect
    let features: DatabaseFeatures
    /// Whether columns are written with the aliases of their tables.
    var qualifiesColumns = true

    /// The expression as SQL.
    ///
    /// - Throws: ``ConstantCondition`` for a condition that needs none.
    func sql(_ node: Resolved) throws -> SQL {
        switch node {
        case .column(let column): return self.column(column)
        case .columns(let columns): return SQL.joined(columns.map { self.column($0) })
        case .named(let name, _): return "\(identifier: name)"
        case .value(let value, let type): return dialect.bind(value, type ?? ValueType(of: value))
        case .list(let nodes): return SQL.joined(try nodes.map { try sql($0) })
        case .star: return "*"
        case .function(let node): return try sql(node)
        case .combined(let node): return try sql(node)
        case .aggregate(let node): return try sql(node)
        case .window(let node): return try sql(node)
        case .branches(let node): return try sql(node)
        case .subquery(let query, _): return "(\(sql: try subquery(query)))"
        case .exists(let query): return try existence(query)
        case .lookup(let node): return try sql(node)
        case .group(let group): return try sql(group)
        case .not(let inner): return try negation(inner)
        case .typed(let inner, let type): return dialect.number(try sql(inner), type)
        case .raw(let text, _): return text.isNumber ? text : "(\(sql: text))"
        case .outer, .furtherOut:
            throw UsageError.notAllowed(
                "The query refers to a query around it, so it can only stand inside one."
            )
        case .nothing: throw ConstantCondition.nothing
        }
    }

    private func column(_ column: ColumnReference) -> SQL {
        guard qualifiesColumns else { return "\(identifier: column.field.column)" }
        return "\(identifier: column.alias).\(identifier: column.field.column)"
    }

    /// An argument: what is never or always true becomes a value.
    func argument(_ node: Resolved) throws -> SQL {
        do {
            return try sql(node)
        } catch ConstantCondition.nothing {
            guard let value = node.emptyResult else { throw ConstantCondition.nothing }
            return dialect.bind(value, node.type)
        } catch ConstantCondition.everything {
            return dialect.bind(.bool(true), .boolean)
        }
    }

    private func sql(_ node: FunctionNode) throws -> SQL {
        let arguments = FunctionArguments(
            arguments: try node.arguments.map { try argument($0) },
            types: node.arguments.map(\.type),
            options: node.options,
            type: node.type,
            dialect: dialect,
            features: features,
            nodes: node.arguments,
            writer: self
        )
        let text = try node.function.write(arguments)
        // Django writes these as they are.
        if [.cast, .log, .atan2, .raw].contains(node.function) { return text }
        return node.type.map { dialect.number(text, $0) } ?? text
    }

    private func sql(_ node: CombinedNode) throws -> SQL {
        let (left, right) = (try argument(node.left), try argument(node.right))
        switch node.kind {
        case .plain:
            let text: SQL = "(\(sql: dialect.combine(node.operation, left, right)))"
            return node.type.map { dialect.number(text, $0) } ?? text
        case .duration:
            return
                "(\(sql: try dialect.combineDuration(node.operation, left, right, types: (node.left.type, node.right.type))))"
        case .temporalSubtraction:
            return dialect.subtractMoments(left, right, type: node.left.type ?? .dateTime)
        }
    }

    private func sql(_ node: AggregateNode) throws -> SQL {
        if node.function.name == "AnyValue", !features.supportsAnyValue {
            throw DatabaseError.notSupported("ANY_VALUE is not known to this database.")
        }
        let text = try dialect.aggregate(node.function, plainSQL(node), node.type)
        return node.type.map { dialect.number(text, $0) } ?? text
    }

    private func plainSQL(_ node: AggregateNode) throws -> AggregateText {
        var ordering = SQL()
        if !node.ordering.isEmpty {
            guard features.supportsAggregateOrdering else {
                throw DatabaseError.notSupported("Aggregates have no order in this database.")
            }
            ordering = " ORDER BY \(sql: SQL.joined(try node.ordering.map { try sql($0) }))"
        }
        var filter = SQL()
        var arguments = try node.arguments.map { try argument($0) }
        if let condition = node.filter {
            do {
                let test = try sql(condition)
                if features.supportsAggregateFilter {
                    filter = " FILTER (WHERE \(sql: test))"
                } else if let first = arguments.first {
                    // The values of other rows become NULL, which aggregates pass over.
                    let value: SQL = node.arguments.first == .star ? "1" : first
                    arguments[0] = "CASE WHEN \(sql: test) THEN \(sql: value) ELSE NULL END"
                }
            } catch ConstantCondition.everything {}
        }
        return AggregateText(
            arguments: arguments,
            isDistinct: node.isDistinct,
            ordering: ordering,
            filter: filter,
            isDelimiterComma: node.arguments.last == .value(.text(","), nil)
        )
    }

    private func sql(_ node: WindowNode) throws -> SQL {
        var expression = node.expression
        if node.type?.family == .decimal, !features.hasExactDecimals {
            expression = expression.with(type: .float)
        }
        var parts: [SQL] = []
        if !node.partition.isEmpty {
            parts.append("PARTITION BY \(sql: SQL.joined(try node.partition.map { try sql($0) }))")
        }
        if !node.ordering.isEmpty {
            parts.append("ORDER BY \(sql: SQL.joined(try node.ordering.map { try sql($0) }))")
        }
        if let frame = node.frame { parts.append(try sql(frame)) }
        let text: SQL = """
            \(sql: try sql(expression)) OVER (\(sql: SQL.joined(parts, separator: " ")))
            """
        return node.type.map { dialect.number(text, $0) } ?? text
    }

    private func sql(_ frame: WindowFrame) throws -> SQL {
        func bound(_ offset: Int?, isStart: Bool) throws -> String {
            switch offset {
            case nil: return isStart ? "UNBOUNDED PRECEDING" : "UNBOUNDED FOLLOWING"
            case 0?: return "CURRENT ROW"
            case let offset? where offset < 0: return "\(offset.magnitude) PRECEDING"
            case let offset?: return "\(offset) FOLLOWING"
            }
        }
        if frame.unit == .rows, let start = frame.start, let end = frame.end, start > end {
            throw UsageError.invalidValue("A frame cannot start behind its end.")
        }
        if frame.unit == .range {
            if let start = frame.start, start > 0 {
                throw UsageError.invalidValue("A frame of values starts at the row or before it.")
            }
            if let end = frame.end, end < 0 {
                throw UsageError.invalidValue("A frame of values ends at the row or behind it.")
            }
            if features.rangeFramesAreUnbounded,
                frame.start.map({ $0 != 0 }) ?? false || frame.end.map({ $0 != 0 }) ?? false
            {
                throw DatabaseError.notSupported(
                    "Frames of values are unbounded or end at the row in this database."
                )
            }
        }
        if frame.exclusion != nil, !features.supportsFrameExclusion {
            throw DatabaseError.notSupported("Frames cannot exclude rows in this database.")
        }
        let start = try bound(frame.start, isStart: true)
        let end = try bound(frame.end, isStart: false)
        let exclusion = frame.exclusion.map { " EXCLUDE \($0.rawValue)" } ?? ""
        return SQL(unsafe: "\(frame.unit.rawValue) BETWEEN \(start) AND \(end)\(exclusion)")
    }

    private func sql(_ node: BranchesNode) throws -> SQL {
        var cases: [SQL] = []
        var otherwise = node.otherwise
        for branch in node.branches {
            do {
                cases.append(
                    """
                    WHEN \(sql: try sql(branch.condition)) THEN \(sql: try argument(branch.result))
                    """
                )
            } catch ConstantCondition.nothing {
                continue
            } catch ConstantCondition.everything {
                otherwise = branch.result
                break
            }
        }
        guard !cases.isEmpty else {
            if case .value(let value, let type) = otherwise, let type = type ?? ValueType(of: value)
            {
                return dialect.cast(dialect.bind(value, type), to: type)
            }
            return try argument(otherwise)
        }
        let text: SQL = """
            CASE \(sql: SQL.joined(cases, separator: " ")) ELSE \(sql: try argument(otherwise)) END
            """
        guard let type = node.type else { return text }
        return dialect.number(dialect.unify(text, type), type)
    }

    private func subquery(_ query: ResolvedQuery) throws -> SQL {
        var compiler = SelectCompiler(query, self)
        return try compiler.select().sql
    }

    private func existence(_ query: ResolvedQuery) throws -> SQL {
        do {
            return "EXISTS(\(sql: try subquery(query)))"
        } catch ConstantCondition.nothing {
            return dialect.bind(.bool(false), .boolean)
        }
    }

    private func negation(_ inner: Resolved) throws -> SQL {
        do {
            return "NOT \(sql: try sql(inner))"
        } catch ConstantCondition.nothing {
            return dialect.bind(.bool(true), .boolean)
        }
    }

    /// A term of `ORDER BY`.
    func sql(_ ordering: OrderingNode) throws -> SQL {
        if case .columns(let columns) = ordering.expression {
            return SQL.joined(
                try columns.map { column in
                    var copy = ordering
                    copy.expression = .column(column)
                    return try sql(copy)
                }
            )
        }
        let expression: SQL =
            if let position = ordering.position {
                SQL(unsafe: String(position))
            } else {
                try argument(ordering.expression)
            }
        var text: SQL = "\(sql: expression) \(sql: ordering.isDescending ? "DESC" : "ASC")"
        switch ordering.nulls {
        case nil: break
        case let nulls? where features.supportsNullsModifier:
            text.append(nulls == .first ? " NULLS FIRST" : " NULLS LAST")
        case .last? where !(ordering.isDescending && features.nullsAreSmall):
            text = "\(sql: expression) IS NULL, \(sql: text)"
        case .first? where !(!ordering.isDescending && features.nullsAreSmall):
            text = "\(sql: expression) IS NOT NULL, \(sql: text)"
        default: break
        }
        return text
    }

    /// Conditions joined by their connector.
    func sql(_ group: WhereGroup) throws -> SQL {
        var fullNeeded = group.connector == .and ? group.children.count : 1
        var emptyNeeded = group.connector == .and ? 1 : group.children.count
        if group.connector == .xor { return try oddCount(group) }
        var parts: [SQL] = []
        for child in group.children {
            do {
                parts.append(try sql(child))
            } catch ConstantCondition.nothing {
                emptyNeeded -= 1
            } catch ConstantCondition.everything {
                fullNeeded -= 1
            }
            if emptyNeeded == 0 {
                throw group.isNegated ? ConstantCondition.everything : ConstantCondition.nothing
            }
            if fullNeeded == 0 {
                throw group.isNegated ? ConstantCondition.nothing : ConstantCondition.everything
            }
        }
        guard !parts.isEmpty else { throw ConstantCondition.everything }
        let text = SQL.joined(parts, separator: group.connector == .and ? " AND " : " OR ")
        if group.isNegated { return "NOT (\(sql: text))" }
        return parts.count > 1 || group.isExpression ? "(\(sql: text))" : text
    }

    /// An odd number of the conditions holds.
    private func oddCount(_ group: WhereGroup) throws -> SQL {
        let any = Resolved.group(WhereGroup(connector: .or, children: group.children))
        var terms: [SQL] = []
        for child in group.children {
            let branches = BranchesNode(
                branches: [
                    BranchesNode.Branch(condition: child, result: .value(.int(1), .integer))
                ],
                otherwise: .value(.int(0), .integer),
                type: .integer
            )
            terms.append(try sql(branches))
        }
        let sum = terms.dropFirst().reduce(terms.first ?? "0") { "(\(sql: $0) + \(sql: $1))" }
        let test: SQL =
            terms.count > 2 ? "\(1) = (MOD(\(sql: sum), \(2)))" : "\(1) = (\(sql: sum))"
        let all = WhereGroup(
            isNegated: group.isNegated,
            children: [any, .raw(test, .boolean)]
        )
        return try sql(all)
    }
}

/// The parts of a written aggregate.
public struct AggregateText: Sendable {
    /// What is aggregated, then what the function takes besides.
    public var arguments: [SQL]
    /// Whether each value counts once.
    public var isDistinct: Bool
    /// ` ORDER BY …` inside the brackets, or nothing.
    public var ordering: SQL
    /// ` FILTER (WHERE …)` behind the brackets, or nothing.
    public var filter: SQL
    /// Whether the last argument is the delimiter `,`.
    public var isDelimiterComma: Bool

    /// `NAME(DISTINCT argument, … ORDER BY …) FILTER (WHERE …)`.
    public func call(_ name: String) -> SQL {
        """
        \(sql: SQL(unsafe: name))(\(sql: isDistinct ? "DISTINCT " : SQL())\
        \(sql: SQL.joined(arguments))\(sql: ordering))\(sql: filter)
        """
    }
}
