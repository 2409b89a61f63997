/// A pattern as instructions that ``BackReferenceMatcher`` runs.
struct BackReferenceProgram: Sendable {
    enum Instruction: Sendable {
        /// Takes this scalar.
        case scalar(UInt32)
        /// Takes a scalar that is the same but for its case; the value is ``FoldedScalar``'s.
        case folded(UInt32)
        /// Takes one of the members of a set, or one that is not.
        case set(Int, isNegated: Bool, ignoresCase: Bool)
        case anchor(RegexAnchor)
        case backReference(group: Int, Comparison)
        /// Notes the place in a slot.
        case note(Int)
        /// Goes on at the first, and at the second where that fails.
        case split(Int, Int)
        case jump(Int)
        /// Goes on at the target where nothing was taken since the slot was noted.
        case leaveIfEmpty(slot: Int, Int)
        /// Begins a look-around so many scalars back; `end` is behind its ``lookAroundEnd``.
        case lookAround(back: Int, isNegated: Bool, end: Int)
        case lookAroundEnd(isNegated: Bool)
        case match
    }

    enum Comparison: Sendable {
        case exact, asciiCase, anyCase
    }

    private(set) var code: [Instruction] = []
    private(set) var sets: [ScalarRanges] = []
    private(set) var slotCount: Int
    private let pattern: String
    private var groupCount = 0
    private var work = 0

    /// How many nodes a pattern may have with its repetitions written out.
    private static let maxWork = 50_000

    init(_ node: RegexNode, pattern: String) throws(LinearRegexError) {
        self.pattern = pattern
        slotCount = 2 * (RegexParser.maxGroups + 1)
        try compile(node, ignoresCase: false)
        code.append(.match)
    }

    // As deep as groups are nested, which the parser bounds.
    private mutating func compile(
        _ node: RegexNode,
        ignoresCase: Bool
    ) throws(LinearRegexError) {
        work += 1
        guard work <= Self.maxWork else {
            throw .tooLarge(pattern: pattern, reason: "its repetitions are too many")
        }
        switch node {
        case .scalar(let scalar):
            let folded = FoldedScalar.value(of: scalar.value)
            code.append(ignoresCase ? .folded(folded) : .scalar(scalar.value))
        case .set(let set):
            var positive = set
            positive.isNegated = false
            code.append(
                .set(sets.count, isNegated: set.isNegated, ignoresCase: ignoresCase)
            )
            sets.append(positive.members)
        case .concatenation(let nodes):
            for node in nodes { try compile(node, ignoresCase: ignoresCase) }
        case .alternation(let nodes): try compile(alternatives: nodes, ignoresCase: ignoresCase)
        case .capture(let node):
            groupCount += 1
            let group = groupCount
            code.append(.note(2 * group))
            try compile(node, ignoresCase: ignoresCase)
            code.append(.note(2 * group + 1))
        case .repetition(let node, let repetition):
            try compile(node, repetition, ignoresCase: ignoresCase)
        case .ignoringCase(let node, let isCaseless):
            try compile(node, ignoresCase: isCaseless)
        case .anchor(let anchor): code.append(.anchor(anchor))
        case .backReference(let reference):
            let comparison: Comparison =
                ignoresCase ? .anyCase : reference.ignoresASCIICase ? .asciiCase : .exact
            code.append(.backReference(group: reference.group, comparison))
        case .lookAround(let body, let kind):
            try compile(body, kind, ignoresCase: ignoresCase)
        }
    }

    private mutating func compile(
        alternatives nodes: [RegexNode],
        ignoresCase: Bool
    ) throws(LinearRegexError) {
        var jumps: [Int] = []
        for (index, node) in nodes.enumerated() {
            guard index < nodes.count - 1 else {
                try compile(node, ignoresCase: ignoresCase)
                break
            }
            let split = code.count
            code.append(.split(split + 1, 0))
            try compile(node, ignoresCase: ignoresCase)
            jumps.append(code.count)
            code.append(.jump(0))
            code[split] = .split(split + 1, code.count)
        }
        for jump in jumps { code[jump] = .jump(code.count) }
    }

    private mutating func compile(
        _ node: RegexNode,
        _ repetition: RegexNode.Repetition,
        ignoresCase: Bool
    ) throws(LinearRegexError) {
        let groups = groupCount
        // Every copy of the body has the same groups.
        func body(_ program: inout Self) throws(LinearRegexError) {
            program.groupCount = groups
            try program.compile(node, ignoresCase: ignoresCase)
        }
        for _ in 0..<repetition.minimum { try body(&self) }
        guard let maximum = repetition.maximum else {
            try compileLoop(repetition.isLazy, body)
            return
        }
        var splits: [Int] = []
        for _ in repetition.minimum..<maximum {
            splits.append(code.count)
            code.append(.jump(0))
            try body(&self)
        }
        for split in splits {
            code[split] = Self.split(split + 1, code.count, isLazy: repetition.isLazy)
        }
        // The groups of a body that is never matched have their numbers nevertheless.
        if maximum == 0 { groupCount = groups + node.captureCount }
    }

    private mutating func compileLoop(
        _ isLazy: Bool,
        _ body: (inout Self) throws(LinearRegexError) -> Void
    ) throws(LinearRegexError) {
        let slot = slotCount
        slotCount += 1
        let start = code.count
        code.append(.jump(0))
        code.append(.note(slot))
        try body(&self)
        // A body that took nothing would be repeated for ever.
        code.append(.leaveIfEmpty(slot: slot, code.count + 2))
        code.append(.jump(start))
        code[start] = Self.split(start + 1, code.count, isLazy: isLazy)
    }

    private static func split(_ body: Int, _ rest: Int, isLazy: Bool) -> Instruction {
        isLazy ? .split(rest, body) : .split(body, rest)
    }

    private mutating func compile(
        _ body: RegexNode,
        _ kind: RegexNode.LookAround,
        ignoresCase: Bool
    ) throws(LinearRegexError) {
        var back = 0
        if !kind.isAhead {
            guard let length = body.fixedLength else {
                throw .malformed(
                    pattern: pattern,
                    offset: kind.offset,
                    reason: "look-behind requires fixed-width pattern"
                )
            }
            back = length
        }
        let start = code.count
        code.append(.jump(0))
        try compile(body, ignoresCase: ignoresCase)
        code.append(.lookAroundEnd(isNegated: kind.isNegated))
        code[start] = .lookAround(back: back, isNegated: kind.isNegated, end: code.count)
    }
}

extension RegexNode {
    /// How many groups capture in the node.
    fileprivate var captureCount: Int {
        switch self {
        case .scalar, .set, .anchor, .backReference: 0
        case .capture(let node): 1 + node.captureCount
        case .repetition(let node, _), .ignoringCase(let node, _), .lookAround(let node, _):
            node.captureCount
        case .concatenation(let nodes), .alternation(let nodes):
            nodes.reduce(0) { $0 + $1.captureCount }
        }
    }
}

/// Scalars that are the same but for their case have one value.
enum FoldedScalar {
    static func value(of scalar: UInt32) -> UInt32 {
        if scalar < 0x80 { return (0x41...0x5A).contains(scalar) ? scalar | 0x20 : scalar }
        guard let scalar = Unicode.Scalar(scalar) else { return scalar }
        let upper = only(scalar.properties.uppercaseMapping) ?? scalar
        return (only(upper.properties.lowercaseMapping) ?? upper).value
    }

    /// The scalar in lower case, which is all that Python's back-references ask for.
    static func lowercase(of scalar: UInt32) -> UInt32 {
        if scalar < 0x80 { return value(of: scalar) }
        guard let found = Unicode.Scalar(scalar) else { return scalar }
        return only(found.properties.lowercaseMapping)?.value ?? scalar
    }

    /// What a set has to have one of, for the scalar to be a member in any case.
    static func variants(of scalar: UInt32) -> [UInt32] {
        guard let found = Unicode.Scalar(scalar) else { return [scalar] }
        let others = [found.properties.lowercaseMapping, found.properties.uppercaseMapping]
        return [scalar, value(of: scalar)] + others.compactMap { only($0)?.value }
    }

    private static func only(_ text: String) -> Unicode.Scalar? {
        let scalars = text.unicodeScalars
        return scalars.count == 1 ? scalars.first : nil
    }
}
