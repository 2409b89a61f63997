/// Reads a pattern in the syntax of Python's `re` for texts.
///
/// It knows all of that syntax, so that what cannot be matched in linear time is named and
/// nothing is taken for something else.
struct RegexParser {
    /// How deeply groups may be nested.
    static let maxDepth = 100
    /// How many groups a pattern may have.
    static let maxGroups = 100

    let pattern: String
    let scalars: [Unicode.Scalar]
    var index = 0
    var flags: RegexOptions
    var groupNames: [String?] = []
    /// The numbers of the groups that are not closed yet.
    var openGroups: [Int] = []
    private var depth = 0

    struct Result {
        var node: RegexNode
        var groupNames: [String?]
    }

    private init(_ pattern: String, _ options: RegexOptions) {
        self.pattern = pattern
        scalars = Array(pattern.unicodeScalars)
        flags = options
    }

    static func parse(
        _ pattern: String,
        _ options: RegexOptions
    ) throws(LinearRegexError) -> Result {
        var parser = Self(pattern, options)
        try parser.readGlobalFlags()
        let isCaseless = parser.flags.contains(.ignoreCase) && !parser.flags.contains(.ascii)
        let node = try parser.alternatives()
        if parser.index < parser.scalars.count {
            throw parser.malformed("unbalanced parenthesis")
        }
        return Result(
            node: isCaseless ? .ignoringCase(node, true) : node,
            groupNames: parser.groupNames
        )
    }

    // MARK: Reading

    var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func take() -> Unicode.Scalar? {
        guard index < scalars.count else { return nil }
        defer { index += 1 }
        return scalars[index]
    }

    mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars[index...].starts(with: wanted) else { return false }
        index += wanted.count
        return true
    }

    func malformed(_ reason: String, at offset: Int? = nil) -> LinearRegexError {
        .malformed(pattern: pattern, offset: offset ?? index, reason: reason)
    }

    func unsupported(_ construct: String, _ remedy: String, at offset: Int) -> LinearRegexError {
        .unsupported(pattern: pattern, offset: offset, construct: construct, remedy: remedy)
    }

    // MARK: Structure

    /// Recursion is bounded by ``maxDepth``.
    mutating func alternatives() throws(LinearRegexError) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maxDepth else {
            throw .tooLarge(
                pattern: pattern,
                reason: "groups are nested more than \(Self.maxDepth) deep"
            )
        }
        var branches = [try sequence()]
        while next == "|" {
            index += 1
            branches.append(try sequence())
        }
        return branches.count == 1 ? branches[0] : .alternation(branches)
    }

    private mutating func sequence() throws(LinearRegexError) -> RegexNode {
        var nodes: [RegexNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            if flags.contains(.verbose), skipFormatting(scalar) { continue }
            let start = index
            index += 1
            guard let node = try item(scalar, at: start) else { continue }
            nodes.append(try repeated(node, at: start))
        }
        return nodes.count == 1 ? nodes[0] : .concatenation(nodes)
    }

    /// White space and comments of the flag `x`.
    private mutating func skipFormatting(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\n", "\r", "\u{0B}", "\u{0C}":
            index += 1
            return true
        case "#":
            while let scalar = take(), scalar != "\n" {}
            return true
        default: return false
        }
    }

    private mutating func item(
        _ scalar: Unicode.Scalar,
        at start: Int
    ) throws(LinearRegexError) -> RegexNode? {
        switch scalar {
        case "\\": return try escape(at: start)
        case "[": return try set(at: start)
        case "(": return try group(at: start)
        case ".":
            let excluded: [ClosedRange<UInt32>] = flags.contains(.dotAll) ? [] : [0x0A...0x0A]
            return .set(RegexSet(ranges: excluded, isNegated: true))
        case "^": return .anchor(flags.contains(.multiline) ? .lineStart : .textStart)
        case "$": return .anchor(flags.contains(.multiline) ? .lineEnd : .dollar)
        case "*", "+", "?": throw malformed("nothing to repeat", at: start)
        case "{":
            index = start
            if try quantifier() != nil { throw malformed("nothing to repeat", at: start) }
            index = start + 1
            return literal(scalar)
        default: return literal(scalar)
        }
    }

    func literal(_ scalar: Unicode.Scalar) -> RegexNode {
        if flags.isSuperset(of: [.ignoreCase, .ascii]) {
            let both = ScalarRanges([scalar.value...scalar.value]).withBothASCIICases
            if both.ranges.count > 1 { return .set(RegexSet(ranges: both.ranges)) }
        }
        return .scalar(scalar)
    }

    // MARK: Quantifiers

    private mutating func repeated(
        _ node: RegexNode,
        at start: Int
    ) throws(LinearRegexError) -> RegexNode {
        let offset = index
        guard var repetition = try quantifier() else { return node }
        switch node {
        case .anchor: throw malformed("nothing to repeat", at: offset)
        case .lookAround:
            throw unsupported("a repeated look-around", "Leave the quantifier out.", at: offset)
        default: break
        }
        if take("+") {
            throw unsupported(
                "a possessive quantifier",
                "Write it without the '+': there is no backtracking to prevent.",
                at: offset
            )
        }
        repetition.isLazy = take("?")
        let after = index
        if try quantifier() != nil { throw malformed("multiple repeat", at: after) }
        return .repetition(node, repetition)
    }

    /// A quantifier, or nil where none stands here; `{` that begins none is a literal.
    private mutating func quantifier() throws(LinearRegexError) -> RegexNode.Repetition? {
        let start = index
        switch next {
        case "*": return one(minimum: 0, maximum: nil)
        case "+": return one(minimum: 1, maximum: nil)
        case "?": return one(minimum: 0, maximum: 1)
        case "{": break
        default: return nil
        }
        index += 1
        if next == "}" {
            index = start
            return nil
        }
        let low = number()
        var high = low
        if take(",") { high = number() }
        guard take("}") else {
            index = start
            return nil
        }
        let minimum = low ?? 0
        if let high, high < minimum {
            throw malformed("min repeat greater than max repeat", at: start)
        }
        guard minimum <= 1000, (high ?? 0) <= 1000 else {
            throw .tooLarge(pattern: pattern, reason: "a count in '{…}' is above 1000")
        }
        return RegexNode.Repetition(minimum: minimum, maximum: high, isLazy: false)
    }

    private mutating func one(minimum: Int, maximum: Int?) -> RegexNode.Repetition {
        index += 1
        return RegexNode.Repetition(minimum: minimum, maximum: maximum, isLazy: false)
    }

    /// Decimal digits; a number too large to matter is capped.
    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar) {
            value = min((value ?? 0) * 10 + Int(scalar.value - 0x30), 1_000_000)
            index += 1
        }
        return value
    }
}
