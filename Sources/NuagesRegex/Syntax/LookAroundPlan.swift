/// A look-around whose place in the text is known from the match alone, so that it is one more
/// test beside the match and everything stays linear.
struct LookAroundPlan: Sendable {
    /// The place: so many scalars behind the start of the text, or in front of the match's end.
    enum Place: Sendable {
        case afterStart(Int)
        case beforeEnd(Int)
    }

    let place: Place
    let kind: RegexNode.LookAround
    let printed: RE2Printer

    /// Takes the look-arounds out of the outermost sequence of a pattern.
    ///
    /// - Returns: the rest of the pattern, and the tests.
    /// - Throws: ``LinearRegexError`` for one that has no fixed place.
    static func extract(
        from node: RegexNode,
        pattern: String
    ) throws(LinearRegexError) -> (rest: RegexNode, tests: [LookAroundPlan]) {
        if case .ignoringCase(let inner, let isCaseless) = node {
            let (rest, tests) = try extract(from: inner, isCaseless: isCaseless, pattern: pattern)
            return (.ignoringCase(rest, isCaseless), tests)
        }
        return try extract(from: node, isCaseless: nil, pattern: pattern)
    }

    private static func extract(
        from node: RegexNode,
        isCaseless: Bool?,
        pattern: String
    ) throws(LinearRegexError) -> (rest: RegexNode, tests: [LookAroundPlan]) {
        let nodes =
            switch node {
            case .concatenation(let nodes): nodes
            case .lookAround: [node]
            default: [RegexNode]()
            }
        var rest: [RegexNode] = []
        var tests: [LookAroundPlan] = []
        for (index, item) in nodes.enumerated() {
            guard case .lookAround(let body, let kind) = item else {
                rest.append(item)
                continue
            }
            guard
                let place = place(before: nodes[..<index], behind: nodes[(index + 1)...]),
                isSelfContained(body, kind)
            else { throw RE2Printer.lookAround(kind, pattern) }
            let wrapped = isCaseless.map { RegexNode.ignoringCase(body, $0) } ?? body
            let anchored = RegexNode.concatenation(
                kind.isAhead ? [.anchor(.textStart), wrapped] : [wrapped, .anchor(.textEnd)]
            )
            let printed = try RE2Printer(anchored, pattern: pattern, endsWithLineFeed: false)
            tests.append(LookAroundPlan(place: place, kind: kind, printed: printed))
        }
        return tests.isEmpty ? (node, []) : (.concatenation(rest), tests)
    }

    private static func place(
        before: ArraySlice<RegexNode>,
        behind: ArraySlice<RegexNode>
    ) -> Place? {
        if before.first?.isAnchoredAtStart == true,
            let length = RegexNode.concatenation(Array(before)).fixedLength
        {
            return .afterStart(length)
        }
        guard case .anchor(let anchor)? = behind.last(where: { !$0.isLookAround }),
            anchor == .dollar || anchor == .textEnd
        else { return nil }
        return RegexNode.concatenation(Array(behind)).fixedLength.map { .beforeEnd($0) }
    }

    /// Whether the body sees no more of the text than what it is given: the part behind its place
    /// for a look-ahead, the part in front for a look-behind.
    private static func isSelfContained(_ body: RegexNode, _ kind: RegexNode.LookAround) -> Bool {
        !body.contains { node in
            switch node {
            case .anchor(.textEnd), .anchor(.dollar): !kind.isAhead
            case .anchor(.textStart): kind.isAhead
            case .anchor, .lookAround: true
            default: false
            }
        }
    }
}

extension RegexNode {
    fileprivate var isLookAround: Bool {
        if case .lookAround = self { true } else { false }
    }
}
