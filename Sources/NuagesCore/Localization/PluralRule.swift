/// Which of a message's forms goes with a number: the field `Plural-Forms` of a catalogue.
///
///     let rule = PluralRule(header: "nplurals=2; plural=(n > 1);")
///     rule?.form(of: 1)     // 0
///
/// Source: GNU gettext, "Additional functions for plural forms". The expression is read and
/// computed in bounded time; it may come from a file that somebody else has written.
struct PluralRule: Sendable {
    /// How many forms a message has.
    let formCount: Int
    private let expression: PluralExpression

    /// One form for 1, another for all else; what a catalogue without the field has.
    static let germanic = PluralRule(
        formCount: 2,
        expression: .binary(.notEqual, .number, .constant(1))
    )

    private init(formCount: Int, expression: PluralExpression) {
        self.formCount = formCount
        self.expression = expression
    }

    /// The rule of a header field; nil where it is malformed.
    init?(header: String) {
        var count: Int?
        var expression: PluralExpression?
        for field in header.splitBytes(UInt8(ascii: ";")) {
            let text = PythonText.stripped(field)
            guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = String(text[text.utf8.index(after: equals)...])
            switch PythonText.stripped(String(text[..<equals])) {
            case "nplurals": count = PythonText.stripped(value).decimalDigitsValue
            case "plural":
                var parser = PluralExpressionParser(value)
                expression = parser.parse()
            default: break
            }
        }
        guard let count, (1...100).contains(count), let expression else { return nil }
        self.init(formCount: count, expression: expression)
    }

    /// The expression of a header field as it is written, such as `(n != 1)`.
    ///
    /// It is a rule that was read, so it consists of numbers, operators and `n`, in JavaScript too.
    static func expressionText(header: String) -> String? {
        let allowed = Set("n0123456789 \t?:!=<>&|+-*/%()".utf8)
        for field in header.splitBytes(UInt8(ascii: ";")) {
            let text = PythonText.stripped(field)
            guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")),
                PythonText.stripped(String(text[..<equals])).equalsBytes("plural")
            else { continue }
            let value = PythonText.stripped(String(text[text.utf8.index(after: equals)...]))
            return value.utf8.allSatisfy(allowed.contains) ? value : nil
        }
        return nil
    }

    /// The form that goes with a number, from 0; nil where the rule names none that there is.
    func form(of number: Int) -> Int? {
        guard let form = expression.value(for: number), (0..<formCount).contains(form) else {
            return nil
        }
        return form
    }
}

/// What a plural rule computes.
indirect enum PluralExpression: Sendable {
    enum Operator: Sendable {
        case or, and, equal, notEqual, less, greater, lessOrEqual, greaterOrEqual
        case plus, minus, times, divided, remainder
    }

    /// `n`
    case number
    case constant(Int)
    case not(PluralExpression)
    case binary(Operator, PluralExpression, PluralExpression)
    /// `a ? b : c`
    case choice(PluralExpression, PluralExpression, PluralExpression)

    /// The value; nil for a division by zero.
    ///
    /// The parser bounds the depth.
    func value(for number: Int) -> Int? {
        switch self {
        case .number: return number
        case .constant(let value): return value
        case .not(let inner): return inner.value(for: number).map { $0 == 0 ? 1 : 0 }
        case .choice(let condition, let first, let second):
            guard let chosen = condition.value(for: number) else { return nil }
            return chosen != 0 ? first.value(for: number) : second.value(for: number)
        case .binary(let operation, let left, let right):
            guard let left = left.value(for: number) else { return nil }
            if operation == .or, left != 0 { return 1 }
            if operation == .and, left == 0 { return 0 }
            return right.value(for: number).flatMap { operation.apply(left, $0) }
        }
    }
}

extension PluralExpression.Operator {
    fileprivate func apply(_ left: Int, _ right: Int) -> Int? {
        switch self {
        case .or, .and: right != 0 ? 1 : 0
        case .equal: left == right ? 1 : 0
        case .notEqual: left != right ? 1 : 0
        case .less: left < right ? 1 : 0
        case .greater: left > right ? 1 : 0
        case .lessOrEqual: left <= right ? 1 : 0
        case .greaterOrEqual: left >= right ? 1 : 0
        case .plus: left &+ right
        case .minus: left &- right
        case .times: left &* right
        case .divided: right == 0 || right == -1 ? nil : Self.floored(left, right).quotient
        case .remainder: right == 0 || right == -1 ? nil : Self.floored(left, right).remainder
        }
    }

    /// Division that rounds down, as Python's does; both differ for negative numbers only.
    private static func floored(_ left: Int, _ right: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = left.quotientAndRemainder(dividingBy: right)
        guard remainder != 0, (remainder < 0) != (right < 0) else { return (quotient, remainder) }
        return (quotient - 1, remainder + right)
    }
}

/// Reads a plural rule's expression, which has C's operators and precedences.
struct PluralExpressionParser {
    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    private static let lengthLimit = 1000
    /// How deep parentheses, `!` and `?:` may be nested.
    private static let depthLimit = 40

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The expression; nil where it is malformed, too long or too deep.
    mutating func parse() -> PluralExpression? {
        guard bytes.count <= Self.lengthLimit, let expression = choice() else { return nil }
        skipBlanks()
        return index == bytes.count ? expression : nil
    }

    private mutating func choice() -> PluralExpression? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit, let condition = binary(0) else { return nil }
        guard take("?") else { return condition }
        guard let first = choice(), take(":"), let second = choice() else { return nil }
        return .choice(condition, first, second)
    }

    /// Operators by precedence, the loosest first; longer ones stand before their beginnings.
    private static let levels: [[(text: String, operation: PluralExpression.Operator)]] = [
        [("||", .or)], [("&&", .and)], [("==", .equal), ("!=", .notEqual)],
        [("<=", .lessOrEqual), (">=", .greaterOrEqual), ("<", .less), (">", .greater)],
        [("+", .plus), ("-", .minus)], [("*", .times), ("/", .divided), ("%", .remainder)],
    ]

    private mutating func binary(_ level: Int) -> PluralExpression? {
        guard level < Self.levels.count else { return unary() }
        guard var left = binary(level + 1) else { return nil }
        while let entry = Self.levels[level].first(where: { take($0.text) }) {
            guard let right = binary(level + 1) else { return nil }
            left = .binary(entry.operation, left, right)
        }
        return left
    }

    private mutating func unary() -> PluralExpression? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { return nil }
        if take("!") { return unary().map { .not($0) } }
        if take("(") {
            guard let inner = choice(), take(")") else { return nil }
            return inner
        }
        if take("n") { return .number }
        let start = index
        while index < bytes.count, bytes[index].isASCIIDigit { index += 1 }
        guard index > start, index - start <= 18 else { return nil }
        return bytes[start..<index].reduce(0) { $0 * 10 + Int($1 - 0x30) }.constant
    }

    private mutating func take(_ text: String) -> Bool {
        skipBlanks()
        guard bytes[index...].starts(with: text.utf8) else { return false }
        index += text.utf8.count
        return true
    }

    private mutating func skipBlanks() {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    }
}

extension Int {
    fileprivate var constant: PluralExpression { .constant(self) }
}
