#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension NodeWriter {
    private static let longList = 1000

    /// A comparison as SQL.
    func sql(_ node: LookupNode) throws -> SQL {
        if case .columns(let columns) = node.left { return try tuple(node, columns) }
        if node.left.type?.family == .json || JSONPaths.isKey(node.left),
            let text = try json(node)
        {
            return text
        }
        if let text = try year(node) { return text }
        if let type = node.left.type,
            let write = CustomLookups.lookup(node.lookup.rawValue, type)?.write
        {
            return try write(LookupArguments(node, type, self))
        }
        switch node.lookup {
        case .isnull: return try nullTest(node)
        case .exact: return try exact(node)
        case .gt: return try comparison(node, ">")
        case .gte: return try comparison(node, ">=")
        case .lt: return try comparison(node, "<")
        case .lte: return try comparison(node, "<=")
        case .in: return try membership(node)
        case .range: return try range(node)
        case .contains, .icontains, .startswith, .istartswith, .endswith, .iendswith, .iexact:
            return try match(node)
        case .regex, .iregex:
            return try dialect.regex(
                try left(node),
                try right(node),
                ignoresCase: node.lookup == .iregex
            )
        default:
            throw FieldError.unsupportedLookup(
                names: node.lookup.rawValue,
                kind: node.left.type?.field.rawValue ?? "expression",
                choices: LookupTable.names(node.left.type)
            )
        }
    }

    /// The left-hand side.
    func left(_ node: LookupNode) throws -> SQL {
        let text = try argument(node.left)
        if case .lookup = node.left { return "(\(sql: text))" }
        return dialect.lookupCast(node.lookup, text, type: node.left.type)
    }

    /// The right-hand side.
    func right(_ node: LookupNode) throws -> SQL {
        switch node.right {
        case .value(let value): return dialect.bindOperand(value, type: node.left.type)
        case .values(let values):
            return SQL.joined(values.map { dialect.bindOperand($0, type: node.left.type) })
        case .expression(.columns):
            throw UsageError.invalidValue("A composite primary key cannot be compared with.")
        case .expression(let expression): return try operand(expression)
        }
    }

    /// An expression on the right-hand side, in parentheses where it needs them.
    func operand(_ expression: Resolved) throws -> SQL {
        // Nothing is compared with a query that is known to find nothing.
        if case .subquery = expression { return try sql(expression) }
        let text = try argument(expression)
        switch expression {
        case .value: return text
        default: return text.startsWithParenthesis ? text : "(\(sql: text))"
        }
    }

    private func nullTest(_ node: LookupNode) throws -> SQL {
        guard case .value(.bool(let isNull)) = node.right else {
            throw FieldError.invalidLookup(lookup: "isnull", reason: "takes true or false")
        }
        if case .value(let value, _) = node.left {
            throw (value == .null) == isNull
                ? ConstantCondition.everything : ConstantCondition.nothing
        }
        return "\(sql: try left(node)) \(sql: isNull ? "IS NULL" : "IS NOT NULL")"
    }

    private func exact(_ node: LookupNode) throws -> SQL {
        if case .value(.bool(let flag)) = node.right, node.left.isConditional {
            let text = try conditionText(node)
            return flag ? text : "NOT \(sql: text)"
        }
        return try comparison(node, "=")
    }

    private func conditionText(_ node: LookupNode) throws -> SQL {
        let text = try sql(node.left)
        if case .lookup = node.left { return "(\(sql: text))" }
        return text
    }

    private func comparison(_ node: LookupNode, _ sign: SQL) throws -> SQL {
        var node = node
        if node.left.type?.family == .integer, case .value(let value) = node.right {
            node.right = .value(try inRange(value, node))
        }
        return "\(sql: try left(node)) \(sql: sign) \(sql: try right(node))"
    }

    /// A number that the column cannot hold is more or less than all of them.
    private func inRange(_ value: SQLValue, _ node: LookupNode) throws -> SQLValue {
        guard let type = node.left.type, let range = dialect.range(of: type) else { return value }
        let isBelow: Bool
        let isAbove: Bool
        switch value {
        case .int(let number):
            isBelow = number < range.lowerBound
            isAbove = number > range.upperBound
        case .decimal(let number):
            isBelow = number < Decimal(range.lowerBound)
            isAbove = number > Decimal(range.upperBound)
        default: return value
        }
        guard isBelow || isAbove else { return value }
        switch node.lookup {
        case .gt, .gte: throw isBelow ? ConstantCondition.everything : ConstantCondition.nothing
        case .lt, .lte: throw isBelow ? ConstantCondition.nothing : ConstantCondition.everything
        default: throw ConstantCondition.nothing
        }
    }

    private func membership(_ node: LookupNode) throws -> SQL {
        let left = try left(node)
        switch node.right {
        case .values(let values):
            var seen: Set<SQLValue> = []
            let distinct = values.filter { $0 != .null && seen.insert($0).inserted }
            if distinct.isEmpty { throw ConstantCondition.nothing }
            if distinct.count > Self.longList, let text = dialect.membership(left, in: distinct) {
                return text
            }
            let list = SQL.joined(distinct.map { dialect.bindOperand($0, type: node.left.type) })
            return "\(sql: left) IN (\(sql: list))"
        case .expression(.list(let nodes)):
            return "\(sql: left) IN (\(sql: SQL.joined(try nodes.map { try argument($0) })))"
        case .expression(.subquery(let query, _))
        where query.isSliced && !features.supportsLimitedMembership:
            let rows = try sql(.subquery(query, nil))
            return "\(sql: left) IN (SELECT * FROM \(sql: rows) limited)"
        case .expression(let expression): return "\(sql: left) IN \(sql: try operand(expression))"
        case .value: throw FieldError.invalidLookup(lookup: "in", reason: "takes several values")
        }
    }

    private func range(_ node: LookupNode) throws -> SQL {
        let bounds: [SQL]
        switch node.right {
        case .values(let values):
            bounds = values.map { dialect.bindOperand($0, type: node.left.type) }
        case .expression(.list(let nodes)): bounds = try nodes.map { try argument($0) }
        default: bounds = []
        }
        guard bounds.count == 2 else {
            throw FieldError.invalidLookup(lookup: "range", reason: "takes two values")
        }
        return "\(sql: try left(node)) BETWEEN \(sql: bounds[0]) AND \(sql: bounds[1])"
    }

    private func match(_ node: LookupNode) throws -> SQL {
        let (leading, trailing) = node.lookup.wildcards
        let left = try left(node)
        switch node.right {
        case .value(.text(let text)):
            // SQLite's patterns end there, so that "a\0b" would find "a".
            guard !text.utf8.contains(0) else {
                throw DatabaseError.data(
                    "The lookup '\(node.lookup)' takes no text with a NUL character.",
                    statement: nil
                )
            }
            let text = dialect.patternText(text, type: node.left.type)
            if node.lookup == .iexact, !dialect.comparesExactlyByPattern {
                return dialect.match(.iexact, left, "\(text)")
            }
            let pattern = "\(leading)\(Self.escapedPattern(text))\(trailing)"
            return dialect.match(node.lookup, left, "\(pattern)")
        case .expression(let expression):
            var text = try operand(expression)
            if node.left.type?.field == .uuidField { text = dialect.uuidText(text) }
            if node.lookup == .iexact { return dialect.match(.iexact, left, text) }
            return dialect.match(node.lookup, left, dialect.pattern(text, leading, trailing))
        case .value, .values:
            throw FieldError.invalidLookup(lookup: node.lookup.rawValue, reason: "takes text")
        }
    }

    /// Text for LIKE with its wildcards escaped.
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

    /// A year is compared by its first and last day, so that indexes are of use.
    private func year(_ node: LookupNode) throws -> SQL? {
        guard [.exact, .gt, .gte, .lt, .lte].contains(node.lookup),
            case .function(let call) = node.left, call.function.isKind(of: .extract),
            let part = call.options["part"], case .value(.int(let year)) = node.right,
            part == .text("year") || part == .text("iso_year"),
            let source = call.arguments.first
        else { return nil }
        guard
            let bounds = YearBounds(
                year,
                isISO: part == .text("iso_year"),
                isMoment: source.type?.family == .dateTime
            )
        else { throw UsageError.invalidValue("The year \(year) is not among 1 to 9999.") }
        let left = try argument(source)
        func bound(_ value: SQLValue) -> SQL { dialect.bindOperand(value, type: source.type) }
        switch node.lookup {
        case .exact:
            return "\(sql: left) BETWEEN \(sql: bound(bounds.first)) AND \(sql: bound(bounds.last))"
        case .gt: return "\(sql: left) > \(sql: bound(bounds.last))"
        case .gte: return "\(sql: left) >= \(sql: bound(bounds.first))"
        case .lt: return "\(sql: left) < \(sql: bound(bounds.first))"
        case .lte: return "\(sql: left) <= \(sql: bound(bounds.last))"
        default: return nil
        }
    }

    // MARK: Composite keys

    private func tuple(_ node: LookupNode, _ columns: [ColumnReference]) throws -> SQL {
        try TupleLookups(self, columns).sql(node)
    }

    private func json(_ node: LookupNode) throws -> SQL? {
        try JSONLookups(self).sql(node)
    }
}

extension SQL {
    /// Whether it is digits only, which need no parentheses.
    var isNumber: Bool {
        guard fragments.count == 1, case .text(let text) = fragments[0] else { return false }
        return text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    var startsWithParenthesis: Bool {
        guard case .text(let text)? = fragments.first else { return false }
        return text.utf8.first == UInt8(ascii: "(")
    }
}

extension Lookup {
    /// What stands before and behind the text in a pattern.
    var wildcards: (String, String) {
        switch self {
        case .contains, .icontains: ("%", "%")
        case .startswith, .istartswith: ("", "%")
        case .endswith, .iendswith: ("%", "")
        default: ("", "")
        }
    }
}
