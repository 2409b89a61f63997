import NuagesCore

/// The condition of `{% if %}`.
indirect enum Condition: Sendable {
    case value(FilterExpression)
    case not(Condition)
    case and(Condition, Condition)
    case or(Condition, Condition)
    case compare(Comparison, Condition, Condition)

    enum Comparison: String, Sendable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case isIdentical = "is"
        case isNotIdentical = "is not"
        case contained = "in"
        case notContained = "not in"
    }

    /// Whether the condition holds; a missing variable that a filter needs makes it false.
    func isTrue(_ renderer: Renderer) throws -> Bool {
        do {
            return try evaluate(renderer).isTrue
        } catch TemplateError.variableDoesNotExist {
            return false
        }
    }

    /// The condition's value: like Python, `and` and `or` give one of their operands.
    ///
    /// An operator whose operands fail is false, as in Django.
    private func evaluate(_ renderer: Renderer) throws -> ContextValue {
        if case .value(let expression) = self {
            return try renderer.resolve(expression, ignoresFailures: true)
        }
        do {
            return try evaluateOperator(renderer)
        } catch let deferral as Deferral {
            throw deferral
        } catch let error as CancellationError {
            throw error
        } catch {
            return .bool(false)
        }
    }

    private func evaluateOperator(_ renderer: Renderer) throws -> ContextValue {
        switch self {
        case .value(let expression):
            return try renderer.resolve(expression, ignoresFailures: true)
        case .not(let operand): return .bool(!(try operand.evaluate(renderer).isTrue))
        case .and(let left, let right):
            let value = try left.evaluate(renderer)
            return value.isTrue ? try right.evaluate(renderer) : value
        case .or(let left, let right):
            let value = try left.evaluate(renderer)
            return value.isTrue ? value : try right.evaluate(renderer)
        case .compare(let comparison, let left, let right):
            let left = try renderer.settledThroughout(left.evaluate(renderer))
            let right = try renderer.settledThroughout(right.evaluate(renderer))
            return .bool(comparison.holds(left, right))
        }
    }
}

extension Condition.Comparison {
    /// Whether the comparison holds; false for operands that cannot be compared.
    func holds(_ left: ContextValue, _ right: ContextValue) -> Bool {
        switch self {
        case .equal: left.isEqual(to: right)
        case .notEqual: !left.isEqual(to: right)
        case .less: left.compared(to: right) == -1
        case .lessOrEqual: left.compared(to: right).map { $0 <= 0 } ?? false
        case .greater: left.compared(to: right) == 1
        case .greaterOrEqual: left.compared(to: right).map { $0 >= 0 } ?? false
        case .isIdentical: left.isIdentical(to: right)
        case .isNotIdentical: !left.isIdentical(to: right)
        case .contained: right.contains(left) ?? false
        case .notContained: right.contains(left).map { !$0 } ?? false
        }
    }
}

extension ContextValue {
    /// Python's `is`, as far as values can tell: the same constant, the same small number, the same
    /// text, the same object.
    func isIdentical(to other: ContextValue) -> Bool {
        switch (self, other) {
        case (.none, .none): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.string(let left), .string(let right)): left.equalsBytes(right)
        case (.object, .object): isEqual(to: other)
        default: false
        }
    }
}

/// Parses conditions by precedence, as Django's `smartif`.
struct ConditionParser {
    private enum Word {
        case value(FilterExpression, String)
        case symbol(String)
        case end
    }

    private static let precedences: [String: Int] = [
        "or": 6, "and": 7, "not": 8, "in": 9, "not in": 9, "is": 10, "is not": 10, "==": 10,
        "!=": 10, ">": 10, ">=": 10, "<": 10, "<=": 10,
    ]
    private static let depthLimit = 100

    private var words: [Word]
    private var index = 0
    private var depth = 0

    static func parse(_ words: [String], _ parser: Parser) throws(TemplateError) -> Condition {
        var conditionParser = ConditionParser(words: try joined(words, parser))
        let condition = try conditionParser.expression(0)
        switch conditionParser.current {
        case .end: return condition
        case .value(_, let text), .symbol(let text):
            throw .syntax("Unused '\(text)' at end of if expression.")
        }
    }

    private init(words: [Word]) { self.words = words }

    /// Makes one word of `is not` and `not in`, and compiles the values.
    private static func joined(
        _ words: [String],
        _ parser: Parser
    ) throws(TemplateError) -> [Word] {
        var joined: [Word] = []
        var index = 0
        while index < words.count {
            let next = index + 1 < words.count ? words[index + 1] : ""
            if words[index] == "is", next == "not" {
                joined.append(.symbol("is not"))
                index += 1
            } else if words[index] == "not", next == "in" {
                joined.append(.symbol("not in"))
                index += 1
            } else if precedences[words[index]] != nil {
                joined.append(.symbol(words[index]))
            } else {
                joined.append(.value(try parser.compileFilter(words[index]), words[index]))
            }
            index += 1
        }
        return joined
    }

    private var current: Word { index < words.count ? words[index] : .end }

    private func precedence(_ word: Word) -> Int {
        if case .symbol(let symbol) = word { return Self.precedences[symbol] ?? 0 }
        return 0
    }

    private mutating func expression(_ minimum: Int) throws(TemplateError) -> Condition {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw .limitExceeded("The condition is nested more than \(Self.depthLimit) deep.")
        }
        var left = try prefix()
        var length = 0
        while minimum < precedence(current), case .symbol(let symbol) = current {
            index += 1
            length += 1
            guard length <= Self.depthLimit * 10 else {
                throw .limitExceeded("The condition has more than \(Self.depthLimit * 10) parts.")
            }
            left = try infix(symbol, left)
        }
        return left
    }

    private mutating func prefix() throws(TemplateError) -> Condition {
        let word = current
        index += 1
        switch word {
        case .value(let expression, _): return .value(expression)
        case .symbol("not"): return .not(try expression(8))
        case .symbol(let symbol):
            throw .syntax("Not expecting '\(symbol)' in this position in if tag.")
        case .end: throw .syntax("Unexpected end of expression in if tag.")
        }
    }

    private mutating func infix(
        _ symbol: String,
        _ left: Condition
    ) throws(TemplateError) -> Condition {
        switch symbol {
        case "and": return .and(left, try expression(7))
        case "or": return .or(left, try expression(6))
        default:
            guard let comparison = Condition.Comparison(rawValue: symbol) else {
                throw .syntax("Not expecting '\(symbol)' as infix operator in if tag.")
            }
            return .compare(
                comparison,
                left,
                try expression(Self.precedences[symbol] ?? 10)
            )
        }
    }
}
