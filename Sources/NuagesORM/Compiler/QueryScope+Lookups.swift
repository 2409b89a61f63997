extension QueryScope {
    /// A comparison in SQL.
    func condition(
        _ lookup: Lookup,
        _ left: Resolved,
        _ operand: Operand
    ) throws(FieldError) -> WhereNode {
        switch lookup {
        case .isnull: return try nullTest(left, operand)
        case .exact:
            if operand.isNull { return .condition("\(sql: left.sql) IS NULL") }
            if case .value(.bool(let flag)) = operand, left.type == .booleanField {
                return .condition(flag ? left.sql : "NOT \(sql: left.sql)")
            }
            return try comparison(left, "=", operand, lookup)
        case .gt: return try comparison(left, ">", operand, lookup)
        case .gte: return try comparison(left, ">=", operand, lookup)
        case .lt: return try comparison(left, "<", operand, lookup)
        case .lte: return try comparison(left, "<=", operand, lookup)
        case .in: return try membership(left, operand)
        case .range: return try range(left, operand)
        case .iexact:
            if operand.isNull { return .condition("\(sql: left.sql) IS NULL") }
            return try match(lookup, left, operand)
        case .contains, .icontains, .startswith, .istartswith, .endswith, .iendswith:
            return try match(lookup, left, operand)
        }
    }

    private func nullTest(_ left: Resolved, _ operand: Operand) throws(FieldError) -> WhereNode {
        if operand.isTrueOrNull { return .condition("\(sql: left.sql) IS NULL") }
        if case .value(.bool(false)) = operand { return .condition("\(sql: left.sql) IS NOT NULL") }
        throw .invalidLookup(lookup: "isnull", reason: "takes true or false")
    }

    private func comparison(
        _ left: Resolved,
        _ sign: String,
        _ operand: Operand,
        _ lookup: Lookup
    ) throws(FieldError) -> WhereNode {
        let right = try single(operand, lookup)
        return .condition("\(sql: left.sql) \(sql: SQL(unsafe: sign)) \(sql: right)")
    }

    private func single(_ operand: Operand, _ lookup: Lookup) throws(FieldError) -> SQL {
        switch operand {
        case .value(.null):
            throw .invalidLookup(
                lookup: lookup.rawValue,
                reason: "cannot compare with NULL; use 'isnull'"
            )
        case .value(let value): return "\(value)"
        case .expression(let value): return value.isColumn ? "(\(sql: value.sql))" : value.sql
        case .values:
            throw .invalidLookup(lookup: lookup.rawValue, reason: "takes one value")
        }
    }

    /// Lists that are longer would make a statement of their own for each length, and may have
    /// more values than a statement can bind.
    private static let longList = 1000

    private func membership(_ left: Resolved, _ operand: Operand) throws(FieldError) -> WhereNode {
        switch operand {
        case .values(let values, _):
            if values.isEmpty { return .nothing }
            if values.count > Self.longList,
                let condition = dialect.membership(left.sql, in: values.compactMap(\.sql.value)),
                values.allSatisfy({ $0.sql.value != nil })
            {
                return .condition(condition)
            }
            return .condition("\(sql: left.sql) IN (\(sql: SQL.joined(values.map(\.sql))))")
        case .expression(let query): return .condition("\(sql: left.sql) IN \(sql: query.sql)")
        case .value:
            throw .invalidLookup(lookup: "in", reason: "takes several values or a query")
        }
    }

    private func range(_ left: Resolved, _ operand: Operand) throws(FieldError) -> WhereNode {
        guard case .values(let bounds, false) = operand, bounds.count == 2 else {
            throw .invalidLookup(lookup: "range", reason: "takes two values")
        }
        return .condition(
            "\(sql: left.sql) BETWEEN \(sql: bounds[0].sql) AND \(sql: bounds[1].sql)"
        )
    }

    private func match(
        _ lookup: Lookup,
        _ left: Resolved,
        _ operand: Operand
    ) throws(FieldError) -> WhereNode {
        let (leading, trailing) = lookup.wildcards
        switch operand {
        case .value(.text(let text)):
            let pattern = "\(leading)\(Self.escapedPattern(text))\(trailing)"
            return .condition(dialect.match(lookup, left.sql, "\(pattern)"))
        case .expression(let value):
            return .condition(
                dialect.match(
                    lookup,
                    left.sql,
                    dialect.pattern(value.sql, leading, trailing)
                )
            )
        case .value, .values:
            throw .invalidLookup(lookup: lookup.rawValue, reason: "takes text")
        }
    }

    /// The text as a `LIKE` pattern that matches only itself.
    static func escapedPattern(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "\\")
            {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Lookup {
    /// The wildcards before and behind the text of a pattern.
    var wildcards: (String, String) {
        switch self {
        case .contains, .icontains: ("%", "%")
        case .startswith, .istartswith: ("", "%")
        case .endswith, .iendswith: ("%", "")
        default: ("", "")
        }
    }
}
