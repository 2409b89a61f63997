/// Comparisons of composite keys.
struct TupleLookups {
    private let writer: NodeWriter
    private let columns: [ColumnReference]

    init(_ writer: NodeWriter, _ columns: [ColumnReference]) {
        self.writer = writer
        self.columns = columns
    }

    func sql(_ node: LookupNode) throws -> SQL {
        switch node.lookup {
        case .isnull:
            guard case .value(.bool(let isNull)) = node.right else {
                throw UsageError.invalidValue("The lookup 'isnull' takes true or false.")
            }
            let tests = try columns.map {
                try writer.sql(
                    LookupNode(lookup: .isnull, left: .column($0), right: .value(.bool(isNull)))
                )
            }
            return isNull
                ? "(\(sql: SQL.joined(tests, separator: " OR ")))"
                : "(\(sql: SQL.joined(tests, separator: " AND ")))"
        case .in: return try membership(node)
        case .exact:
            if case .expression(.subquery(let query, _)) = node.right {
                let text = try writer.sql(.subquery(query, nil))
                return "(\(sql: try writer.sql(node.left))) = \(sql: text)"
            }
            return try equal(try values(node.right))
        case .gt, .gte, .lt, .lte: return try ordered(node.lookup, try values(node.right))
        default:
            throw FieldError.unsupportedLookup(
                names: node.lookup.rawValue,
                kind: FieldType.compositePrimaryKey.rawValue,
                choices: LookupTable.names(ValueType(.compositePrimaryKey))
            )
        }
    }

    private func values(_ operand: LookupNode.Operand) throws -> [SQLValue] {
        switch operand {
        case .values(let values) where values.count == columns.count: return values
        case .value(let value) where columns.count == 1: return [value]
        default:
            throw UsageError.invalidValue(
                "A composite key is compared with \(columns.count) values."
            )
        }
    }

    private func bound(_ value: SQLValue, _ index: Int) throws -> SQL {
        let type = columns[index].type
        return writer.dialect.bindOperand(try value.prepared(as: type), type: type)
    }

    private func column(_ index: Int) throws -> SQL { try writer.sql(.column(columns[index])) }

    private func equal(_ values: [SQLValue]) throws -> SQL {
        let parts = try columns.indices.map { index -> SQL in
            "\(sql: try column(index)) = \(sql: try bound(values[index], index))"
        }
        return "(\(sql: SQL.joined(parts, separator: " AND ")))"
    }

    /// `(a, b) > (1, 2)`, spelled out for databases without tuples: a > 1 OR (a = 1 AND b > 2).
    private func ordered(_ lookup: Lookup, _ values: [SQLValue]) throws -> SQL {
        let strict: SQL = lookup == .gt || lookup == .gte ? ">" : "<"
        let allowsEqual = lookup == .gte || lookup == .lte
        var alternatives: [SQL] = []
        for last in columns.indices {
            var parts: [SQL] = []
            for index in 0..<last {
                parts.append("\(sql: try column(index)) = \(sql: try bound(values[index], index))")
            }
            let sign: SQL = allowsEqual && last == columns.count - 1 ? "\(sql: strict)=" : strict
            parts.append(
                "\(sql: try column(last)) \(sql: sign) \(sql: try bound(values[last], last))"
            )
            alternatives.append("(\(sql: SQL.joined(parts, separator: " AND ")))")
        }
        return "(\(sql: SQL.joined(alternatives, separator: " OR ")))"
    }

    private func membership(_ node: LookupNode) throws -> SQL {
        if case .expression(.subquery(let query, _)) = node.right {
            let text = try writer.sql(.subquery(query, nil))
            return "(\(sql: try writer.sql(node.left))) IN \(sql: text)"
        }
        guard case .expression(.list(let tuples)) = node.right else {
            if case .values(let values) = node.right, values.isEmpty { throw ConstantCondition.nothing }
            throw UsageError.invalidValue("A composite key is sought in a list of keys.")
        }
        var alternatives: [SQL] = []
        for tuple in tuples {
            guard case .list(let nodes) = tuple, nodes.count == columns.count else {
                throw UsageError.invalidValue(
                    "A composite key is compared with \(columns.count) values."
                )
            }
            var values: [SQLValue] = []
            for case .value(let value, _) in nodes { values.append(value) }
            guard values.count == columns.count, !values.contains(.null) else { continue }
            alternatives.append(try equal(values))
        }
        if alternatives.isEmpty { throw ConstantCondition.nothing }
        return alternatives.count == 1
            ? alternatives[0] : "(\(sql: SQL.joined(alternatives, separator: " OR ")))"
    }
}
