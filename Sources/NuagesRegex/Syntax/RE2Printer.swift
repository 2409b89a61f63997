/// Writes a pattern in the syntax of RE2.
///
/// Everything is written so that RE2's own defaults do not matter: classes as Unicode categories,
/// anchors as `\A` and `\z`, literals escaped.
struct RE2Printer: Sendable {
    private(set) var text = ""
    /// The numbers that our groups have in RE2; index 0 is the whole match.
    private(set) var groups: [Int] = [0]
    /// The groups that stand for `$` in front of a last line feed.
    private(set) var lineFeedGroups: [Int] = []
    /// Whether the pattern looks at texts that end with a line feed, which `$` may leave over.
    private let endsWithLineFeed: Bool
    private let pattern: String
    private var groupCount = 0

    /// Prints `node`.
    ///
    /// - Throws: ``LinearRegexError/unsupported(pattern:offset:construct:remedy:)`` for what
    ///   RE2 cannot express.
    init(
        _ node: RegexNode,
        pattern: String,
        endsWithLineFeed: Bool
    ) throws(LinearRegexError) {
        self.endsWithLineFeed = endsWithLineFeed
        self.pattern = pattern
        try print(node, isTail: true)
    }

    // As deep as groups are nested, which the parser bounds.
    private mutating func print(_ node: RegexNode, isTail: Bool) throws(LinearRegexError) {
        switch node {
        case .scalar(let scalar): text += Self.escaped(scalar.value)
        case .set(let set): text += Self.text(of: set)
        case .concatenation(let nodes):
            for index in nodes.indices {
                let isLast = isTail && nodes[(index + 1)...].allSatisfy(\.isZeroWidth)
                try print(nodes[index], isTail: isLast)
            }
        case .alternation(let nodes):
            text += "(?:"
            for index in nodes.indices {
                if index > 0 { text += "|" }
                try print(nodes[index], isTail: isTail)
            }
            text += ")"
        case .capture(let node):
            groupCount += 1
            groups.append(groupCount)
            text += "("
            try print(node, isTail: isTail)
            text += ")"
        case .repetition(let node, let repetition):
            text += "(?:"
            try print(node, isTail: isTail && repetition.maximum.map { $0 <= 1 } == true)
            text += ")" + Self.text(of: repetition)
        case .ignoringCase(let node, let isCaseless):
            text += isCaseless ? "(?i:" : "(?-i:"
            try print(node, isTail: isTail)
            text += ")"
        case .anchor(let anchor): try print(anchor, isTail: isTail)
        case .lookAround(_, let kind): throw Self.lookAround(kind, pattern)
        case .backReference(let reference): throw Self.backReference(reference, pattern)
        }
    }

    private static func backReference(
        _ reference: RegexNode.BackReference,
        _ pattern: String
    ) -> LinearRegexError {
        let names = reference.name == nil ? "" : " under names of their own"
        return .unsupported(
            pattern: pattern,
            offset: reference.offset,
            construct: "a back-reference" + (reference.name.map { " to '\($0)'" } ?? ""),
            remedy: "Capture both parts\(names) and compare them in the view or validator."
        )
    }

    static func lookAround(_ kind: RegexNode.LookAround, _ pattern: String) -> LinearRegexError {
        let remedy =
            kind.isAhead
            ? "A look-ahead can stand behind '^' and text of a fixed length, such as "
                + "'^(?!admin)'. Anchor the pattern, or check the value in the view or validator."
            : "A look-behind can stand in front of text of a fixed length and '$', such as "
                + "'(?<!/edit)$'. Anchor the pattern, or check the value in the view or validator."
        return .unsupported(
            pattern: pattern,
            offset: kind.offset,
            construct: kind.isAhead ? "a look-ahead" : "a look-behind",
            remedy: remedy
        )
    }

    private mutating func print(
        _ anchor: RegexAnchor,
        isTail: Bool
    ) throws(LinearRegexError) {
        switch anchor {
        case .textStart: text += #"\A"#
        case .lineStart: text += "(?m:^)"
        case .textEnd: text += #"\z"#
        case .lineEnd: text += "(?m:$)"
        case .wordBoundary: text += #"\b"#
        case .notWordBoundary: text += #"\B"#
        case .dollar:
            guard isTail else {
                throw .unsupported(
                    pattern: pattern,
                    offset: 0,
                    construct: "'$' with text behind it",
                    remedy: "Write '\\Z' for the very end, or put '$' last."
                )
            }
            guard endsWithLineFeed else {
                text += #"\z"#
                return
            }
            groupCount += 1
            lineFeedGroups.append(groupCount)
            text += #"(\n)?\z"#
        }
    }

    private static func text(of repetition: RegexNode.Repetition) -> String {
        let lazy = repetition.isLazy ? "?" : ""
        switch (repetition.minimum, repetition.maximum) {
        case (0, nil): return "*" + lazy
        case (1, nil): return "+" + lazy
        case (0, 1): return "?" + lazy
        case (let minimum, nil): return "{\(minimum),}" + lazy
        case (let minimum, let maximum?):
            return minimum == maximum ? "{\(minimum)}" : "{\(minimum),\(maximum)}" + lazy
        }
    }

    // MARK: Characters

    private static func escaped(_ value: UInt32) -> String {
        switch value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2F, 0x20:
            Unicode.Scalar(value).map { String(Character($0)) } ?? ""
        default: #"\x{"# + String(value, radix: 16) + "}"
        }
    }

    private static func text(of ranges: ScalarRanges) -> String {
        ranges.ranges.map { range in
            range.count == 1
                ? escaped(range.lowerBound)
                : escaped(range.lowerBound) + "-" + escaped(range.upperBound)
        }.joined()
    }

    private static func text(of set: RegexSet) -> String {
        guard set.negatedClasses.isEmpty else { return writtenOut(set) }
        var items = text(of: ScalarRanges(set.ranges))
        for name in set.classes {
            switch name {
            case .digit: items += #"\p{Nd}"#
            case .word: items += #"\p{L}\p{N}_"#
            case .space: items += text(of: .space)
            }
        }
        if items.isEmpty { return writtenOut(set) }
        return "[" + (set.isNegated ? "^" : "") + items + "]"
    }

    /// A set that RE2 has no short form for; one negated class has one.
    private static func writtenOut(_ set: RegexSet) -> String {
        if set.negatedClasses.count == 1, set.classes.isEmpty, set.ranges.isEmpty {
            return text(of: RegexSet(classes: set.negatedClasses, isNegated: !set.isNegated))
        }
        let members = text(of: set.members)
        return members.isEmpty ? #"[^\x{0}-\x{10ffff}]"# : "[" + members + "]"
    }
}
