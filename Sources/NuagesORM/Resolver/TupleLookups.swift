/// Comparisons of composite keys.
///
/// Source: Django's `fields/tuple_lookups.py`.
struct TupleLookups {
    private let writer: NodeWriter
    private let columns: [ColumnReference]

    init(_ writer: NodeWriter, _ columns: [ColumnReference]) {
        self.writer = writer
        self.columns = columns
    }

    func sql(_ node: LookupNode) throws -> SQL {
        switch node.lookup {
        case .isnull: return try nullTest(node.right)
        case .in: return try membership(node.right)
        case .exact:
            if let query = try subquery(node.right) { return "\(sql: try tuple()) = \(sql: query)" }
            return try equal(try operands(node.right))
        case .gt, .gte, .lt, .lte:
            if let query = try subquery(node.right) {
                return "\(sql: try tuple()) \(sql: sign(node.lookup)) \(sql: query)"
            }
            return try ordered(node.lookup, try operands(node.right))
        default:
            throw FieldError.unsupportedLookup(
                names: node.lookup.rawValue,
                kind: FieldType.compositePrimaryKey.rawValue,
                choices: LookupTable.names(ValueType(.compositePrimaryKey))
            )
        }
    }

    /// Refuses what a composite key cannot be compared with.
    static func check(_ operand: LookupNode.Operand, _ lookup: Lookup, count: Int) throws {
        if lookup == .isnull { return }
        switch operand {
        case .expression(.subquery): return
        case .expression(.outer), .expression(.furtherOut): if lookup != .in { return }
        case .expression(.list(let nodes)):
            guard lookup == .in else {
                if nodes.count == count { return }
                throw wrongCount(lookup, count)
            }
            for node in nodes {
                guard case .list(let parts) = node, parts.count == count else {
                    throw wrongCount(lookup, count)
                }
            }
            return
        case .values(let values):
            if values.isEmpty, lookup == .in { return }
            if values.count == count, lookup != .in { return }
        case .value, .expression: break
        }
        throw wrongCount(lookup, count)
    }

    private static func wrongCount(_ lookup: Lookup, _ count: Int) -> UsageError {
        .invalidValue(
            lookup == .in
                ? "A composite key is sought in a query, or in a list of keys of \(count) values each."
                : "A composite key is compared with \(count) values, a query or a name further out."
        )
    }

    // MARK: Parts

    private func column(_ index: Int) throws -> SQL { try writer.sql(.column(columns[index])) }

    private func tuple() throws -> SQL {
        "(\(sql: SQL.joined(try columns.indices.map { try column($0) })))"
    }

    private func subquery(_ operand: LookupNode.Operand) throws -> SQL? {
        guard case .expression(.subquery(let query, let type)) = operand else { return nil }
        return try writer.sql(.subquery(query, type))
    }

    private func sign(_ lookup: Lookup) -> SQL {
        switch lookup {
        case .gt: ">"
        case .gte: ">="
        case .lt: "<"
        default: "<="
        }
    }

    /// What each column is compared with.
    private func operands(_ operand: LookupNode.Operand) throws -> [SQL] {
        let operands: [SQL]
        switch operand {
        case .values(let values) where values.count == columns.count:
            operands = try zip(values, columns).map { try bound($0, $1) }
        case .expression(.list(let nodes)) where nodes.count == columns.count:
            operands = try zip(nodes, columns).map { try element($0, $1) }
        case .expression(.columns(let others)) where others.count == columns.count:
            operands = try others.map { try writer.sql(.column($0)) }
        default: throw Self.wrongCount(.exact, columns.count)
        }
        return operands
    }

    private func element(_ node: Resolved, _ column: ColumnReference) throws -> SQL {
        if case .value(let value, _) = node { return try bound(value, column) }
        return try writer.operand(node)
    }

    private func bound(_ value: SQLValue, _ column: ColumnReference) throws -> SQL {
        writer.dialect.bindOperand(try value.prepared(as: column.type), type: column.type)
    }

    // MARK: Lookups

    private func nullTest(_ operand: LookupNode.Operand) throws -> SQL {
        let isNull: Bool
        switch operand {
        case .value(.bool(let flag)): isNull = flag
        case .values(let values) where values == [.bool(true)] || values == [.bool(false)]:
            isNull = values == [.bool(true)]
        default: throw FieldError.invalidLookup(lookup: "isnull", reason: "takes true or false")
        }
        let tests = try columns.map {
            try writer.sql(
                LookupNode(lookup: .isnull, left: .column($0), right: .value(.bool(isNull)))
            )
        }
        return "(\(sql: SQL.joined(tests, separator: isNull ? " OR " : " AND ")))"
    }

    private func equal(_ operands: [SQL]) throws -> SQL {
        let parts = try columns.indices.map { index -> SQL in
            "\(sql: try column(index)) = \(sql: operands[index])"
        }
        return "(\(sql: SQL.joined(parts, separator: " AND ")))"
    }

    /// `(a, b) > (1, 2)`, spelled out for databases without tuples: a > 1 OR (a = 1 AND b > 2).
    private func ordered(_ lookup: Lookup, _ operands: [SQL]) throws -> SQL {
        let strict: SQL = lookup == .gt || lookup == .gte ? ">" : "<"
        let allowsEqual = lookup == .gte || lookup == .lte
        var alternatives: [SQL] = []
        for last in columns.indices {
            var parts: [SQL] = []
            for index in 0..<last {
                parts.append("\(sql: try column(index)) = \(sql: operands[index])")
            }
            let sign: SQL = allowsEqual && last == columns.count - 1 ? "\(sql: strict)=" : strict
            parts.append("\(sql: try column(last)) \(sql: sign) \(sql: operands[last])")
            alternatives.append("(\(sql: SQL.joined(parts, separator: " AND ")))")
        }
        return "(\(sql: SQL.joined(alternatives, separator: " OR ")))"
    }

    private func membership(_ operand: LookupNode.Operand) throws -> SQL {
        if let query = try subquery(operand) { return "\(sql: try tuple()) IN \(sql: query)" }
        if case .values(let values) = operand, values.isEmpty { throw ConstantCondition.nothing }
        guard case .expression(.list(let tuples)) = operand else {
            throw Self.wrongCount(.in, columns.count)
        }
        var alternatives: [SQL] = []
        for tuple in tuples {
            guard case .list(let nodes) = tuple, nodes.count == columns.count else {
                throw Self.wrongCount(.in, columns.count)
            }
            let hasNull = nodes.contains { if case .value(.null, _) = $0 { true } else { false } }
            if hasNull { continue }
            alternatives.append(try equal(try operands(.expression(.list(nodes)))))
        }
        if alternatives.isEmpty { throw ConstantCondition.nothing }
        return alternatives.count == 1
            ? alternatives[0] : "(\(sql: SQL.joined(alternatives, separator: " OR ")))"
    }
}
