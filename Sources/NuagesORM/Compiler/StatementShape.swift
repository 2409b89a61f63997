import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A query with marks in place of the values that its conditions compare with.
///
/// Queries that differ in these values only have one shape, and their statements differ in what is
/// bound only. A mark is a value of the same kind that no program uses.
struct StatementShape {
    private(set) var query: Query
    /// The values that were taken out, by the number of their mark.
    private(set) var values: [SQLValue] = []

    /// The most values that are taken out; a long list is compiled each time.
    private static let maxValues = 32

    /// The shape of a query; nil for one that is better compiled as it is.
    init?(_ query: Query) {
        self.query = Query(query.model)
        for step in query.steps {
            if case .filter(let node, let isNegated) = step {
                guard let marked = marked(node, depth: 0) else { return nil }
                self.query.add(.filter(marked, isNegated: isNegated))
            } else {
                self.query.add(step)
            }
        }
        guard self.query.canBeKey else { return nil }
    }

    private mutating func marked(_ node: ExpressionNode, depth: Int) -> ExpressionNode? {
        guard depth < 32 else { return nil }
        switch node {
        case .condition(let path, let operand):
            return operandMarked(operand).map { .condition(path, $0) }
        case .lookup(let lookup, let left, let right):
            return operandMarked(right).map { .lookup(lookup, left, $0) }
        case .all(let nodes): return markedAll(nodes, depth).map { .all($0) }
        case .any(let nodes): return markedAll(nodes, depth).map { .any($0) }
        case .not(let inner): return marked(inner, depth: depth + 1).map { .not($0) }
        default: return node
        }
    }

    private mutating func markedAll(_ nodes: [ExpressionNode], _ depth: Int) -> [ExpressionNode]? {
        var result: [ExpressionNode] = []
        result.reserveCapacity(nodes.count)
        for node in nodes {
            guard let marked = marked(node, depth: depth + 1) else { return nil }
            result.append(marked)
        }
        return result
    }

    private mutating func operandMarked(_ operand: ExpressionNode) -> ExpressionNode? {
        switch operand {
        case .value(let value, let type): return mark(value).map { .value($0, type) }
        case .instance(let value, let model): return mark(value).map { .instance($0, model: model) }
        case .list(let nodes):
            guard nodes.count <= Self.maxValues else { return nil }
            var result: [ExpressionNode] = []
            for node in nodes {
                guard case .value(let value, let type) = node, let mark = mark(value) else {
                    return nil
                }
                result.append(.value(mark, type))
            }
            return .list(result)
        default: return operand
        }
    }

    /// The mark of a value, or the value where it decides how the statement looks; nil where there
    /// are too many values.
    private mutating func mark(_ value: SQLValue) -> SQLValue? {
        // What a pattern makes of text with NUL is no matter of the text alone.
        if case .text(let text) = value, text.utf8.contains(0) { return nil }
        guard StatementMark.make(0, like: value) != nil else { return value }
        let number = values.firstIndex(of: value) ?? values.count
        guard number < Self.maxValues else { return nil }
        if number == values.count { values.append(value) }
        return StatementMark.make(number, like: value)
    }
}

/// Values that stand for others while a statement is made.
enum StatementMark {
    /// A mark of the same kind; nil for kinds whose values change what the statement looks like.
    static func make(_ number: Int, like value: SQLValue) -> SQLValue? {
        switch value {
        case .int(let integer): range(of: integer).map { .int($0.mark(number)) }
        // With characters that patterns escape, and those that UUIDs have.
        case .text: .text("\u{2}%_\\nuages-\(number):\u{2}")
        case .double(let double): double.isFinite ? .double(28_411.375 + Double(number)) : nil
        case .decimal(let decimal):
            range(of: decimal).map { .decimal(Decimal($0.mark(number))) }
        case .date: CalendarDate(daysSince1970: 71_003 + number).map { .date($0) }
        case .dateTime: .dateTime(Date(timeIntervalSince1970: 6_134_700_123.5 + Double(number)))
        case .uuid:
            .uuid(
                UUID(
                    uuid: (
                        0x6E, 0x75, 0x61, 0x67, 0x65, 0x73, 0x4D, 0x61, 0x9A, 0x6B, 0x73, 0, 0, 0,
                        0, UInt8(truncatingIfNeeded: number)
                    )
                )
            )
        case .null, .bool, .time, .blob, .json, .duration, .array, .range: nil
        }
    }

    /// Numbers that the same columns can hold, with the first of their marks.
    private struct Range {
        let bounds: ClosedRange<Int>
        let firstMark: Int

        func mark(_ number: Int) -> Int { firstMark + 13 * number }
    }

    /// The ranges that numbers are told apart by.
    ///
    /// Whether a number is out of the range of a column is decided when a query is compiled, so
    /// that numbers that differ in it have different marks. The bounds are those that columns of
    /// any database have; beyond the last each number is compiled by itself.
    private static let ranges = [
        Range(bounds: Int(Int32.min) ... -32_769, firstMark: -1_028_411),
        Range(bounds: -32_768 ... -1, firstMark: -28_411),
        Range(bounds: 0...32_767, firstMark: 28_411),
        Range(bounds: 32_768...65_535, firstMark: 48_411),
        Range(bounds: 65_536...Int(Int32.max), firstMark: 1_028_411),
    ]

    private static func range(of number: Int) -> Range? {
        rangeIndex(of: number).map { ranges[$0] }
    }

    /// Which of the ranges a number is in; two numbers in one range have the same statements.
    static func rangeIndex(of number: Int) -> Int? {
        ranges.firstIndex { $0.bounds.contains(number) }
    }

    /// None for a number between two ranges, such as -0.5.
    private static func range(of number: Decimal) -> Range? {
        guard number.isFinite else { return nil }
        return ranges.first { range in
            number >= Decimal(range.bounds.lowerBound) && number <= Decimal(range.bounds.upperBound)
        }
    }
}

/// A statement whose values are put in each time.
struct StatementTemplate: Sendable {
    /// Where a bound value comes from.
    private enum Source: Sendable {
        case constant(SQLValue)
        case value(Int)
        /// A pattern of the text, with its wildcards escaped.
        case pattern(String, Int, String)
    }

    let text: String
    private var sources: [Source] = []

    /// A template of the statement of a shape; nil where a mark is found in another place than in
    /// a comparison that takes every value of its kind as it is.
    init?(_ statement: SQLStatement, _ shape: StatementShape, comparisons: Int) {
        text = statement.text
        var marks: [SQLValue: Int] = [:]
        var texts: [(number: Int, escaped: String)] = []
        for (number, value) in shape.values.enumerated() {
            guard let mark = StatementMark.make(number, like: value) else { return nil }
            marks[mark] = number
            if case .text(let text) = mark {
                texts.append((number, NodeWriter.escapedPattern(text)))
            }
        }
        var found: Set<Int> = []
        var count = 0
        for binding in statement.bindings {
            var source = marks[binding].map { Source.value($0) } ?? .constant(binding)
            if case .constant(.text(let text)) = source {
                for (number, escaped) in texts {
                    guard let range = text.firstRange(of: escaped) else { continue }
                    source = .pattern(
                        String(text[..<range.lowerBound]),
                        number,
                        String(text[range.upperBound...])
                    )
                }
            }
            switch source {
            case .constant: break
            case .value(let number), .pattern(_, let number, _):
                found.insert(number)
                count += 1
            }
            sources.append(source)
        }
        guard found.count == shape.values.count, count == comparisons else { return nil }
    }

    /// The statement with values.
    ///
    /// - Parameter values: by the numbers of their marks.
    /// - Returns: the statement.
    func statement(_ values: [SQLValue]) -> SQLStatement {
        var bindings: [SQLValue] = []
        bindings.reserveCapacity(sources.count)
        for source in sources {
            switch source {
            case .constant(let value): bindings.append(value)
            case .value(let number): bindings.append(values[number])
            case .pattern(let start, let number, let end):
                guard case .text(let text) = values[number] else { continue }
                bindings.append(.text(start + NodeWriter.escapedPattern(text) + end))
            }
        }
        return SQLStatement(text, bindings)
    }
}

extension ResolvedQuery {
    /// How many values its conditions bind that are compared with as they are.
    var plainComparisons: Int { Resolved.group(condition).plainComparisons }
}

extension Resolved {
    fileprivate var plainComparisons: Int {
        switch self {
        case .group(let group): group.children.reduce(0) { $0 + $1.plainComparisons }
        case .not(let inner): inner.plainComparisons
        case .exists(let query): query.plainComparisons
        case .lookup(let node): node.plainComparisons
        default: 0
        }
    }
}

extension LookupNode {
    /// Lookups that look at no value: neither at how large it is nor at what it holds.
    private static let plain: Set<Lookup> = [
        .exact, .iexact, .gt, .gte, .lt, .lte, .in, .range, .contains, .icontains, .startswith,
        .istartswith, .endswith, .iendswith,
    ]

    fileprivate var plainComparisons: Int {
        if case .expression(.subquery(let query, _)) = right { return query.plainComparisons }
        guard Self.plain.contains(lookup), let type = left.type, !JSONPaths.isKey(left),
            CustomLookups.lookup(lookup.rawValue, type) == nil
        else { return 0 }
        switch type.family {
        case .integer, .float, .decimal, .text, .date, .dateTime, .time, .uuid: break
        case .boolean, .duration, .json, .binary, .address, .other: return 0
        }
        switch right {
        case .value(let value): return StatementMark.make(0, like: value) == nil ? 0 : 1
        case .values(let values):
            return values.count { StatementMark.make(0, like: $0) != nil }
        case .expression: return 0
        }
    }
}
