/// A pattern, read and written out for RE2: all that can be known without compiling it.
///
/// The macros that take patterns use it too, so that a mistake shows where it was written.
struct RegexPlan: Sendable {
    /// A group that captures.
    struct Group: Sendable {
        var name: String?
        /// Whether a match may leave it out.
        var isOptional: Bool
    }

    let groups: [Group]
    let main: RE2Printer
    /// For texts that end with a line feed; nil where that makes no difference.
    let lineFeed: RE2Printer?
    let lookArounds: [LookAroundPlan]
    /// The text that every match begins with; empty for a pattern that may begin anywhere.
    let literalPrefix: String

    init(_ pattern: String, _ options: RegexOptions) throws(LinearRegexError) {
        let parsed = try RegexParser.parse(pattern, options)
        let (node, lookArounds) = try LookAroundPlan.extract(from: parsed.node, pattern: pattern)
        var isOptional: [Bool] = []
        node.collectGroups(isOptional: false, into: &isOptional)
        groups = zip(parsed.groupNames, isOptional).map { Group(name: $0, isOptional: $1) }
        main = try RE2Printer(node, pattern: pattern, endsWithLineFeed: false)
        let hasDollar = node.contains { if case .anchor(.dollar) = $0 { true } else { false } }
        lineFeed =
            hasDollar ? try RE2Printer(node, pattern: pattern, endsWithLineFeed: true) : nil
        self.lookArounds = lookArounds
        literalPrefix = node.isAnchoredAtStart ? node.literalPrefix : ""
    }
}

extension RegexNode {
    /// Whether each group may be left out, in order; as deep as groups are nested.
    fileprivate func collectGroups(isOptional: Bool, into found: inout [Bool]) {
        switch self {
        case .scalar, .set, .anchor, .lookAround, .backReference: break
        case .capture(let node):
            found.append(isOptional)
            node.collectGroups(isOptional: isOptional, into: &found)
        case .ignoringCase(let node, _): node.collectGroups(isOptional: isOptional, into: &found)
        case .repetition(let node, let repetition):
            node.collectGroups(
                isOptional: isOptional || repetition.minimum == 0,
                into: &found
            )
        case .concatenation(let nodes):
            for node in nodes { node.collectGroups(isOptional: isOptional, into: &found) }
        case .alternation(let nodes):
            for node in nodes { node.collectGroups(isOptional: true, into: &found) }
        }
    }
}
