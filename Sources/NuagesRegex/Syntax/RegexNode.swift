/// A pattern taken apart.
indirect enum RegexNode: Sendable {
    case scalar(Unicode.Scalar)
    case set(RegexSet)
    case concatenation([RegexNode])
    case alternation([RegexNode])
    case capture(RegexNode)
    case repetition(RegexNode, Repetition)
    case anchor(RegexAnchor)
    case lookAround(RegexNode, LookAround)
    /// What a group has taken, once more.
    case backReference(BackReference)
    /// Letters in the node are matched in any case, or in their own.
    case ignoringCase(RegexNode, Bool)

    struct Repetition: Sendable {
        var minimum: Int
        /// nil where there is no limit.
        var maximum: Int?
        var isLazy: Bool
    }

    struct LookAround: Sendable {
        var isAhead: Bool
        var isNegated: Bool
        /// Where it stands in the pattern.
        var offset: Int
    }

    struct BackReference: Sendable {
        /// The number of the group; the first one is 1.
        var group: Int
        /// Its name, where it was written.
        var name: String?
        /// Whether ASCII letters are the same in both cases (the flags `i` and `a`).
        var ignoresASCIICase: Bool
        /// Where it stands in the pattern.
        var offset: Int
    }

    static let empty = Self.concatenation([])

    /// How many scalars every match takes; nil where that differs.
    var fixedLength: Int? {
        switch self {
        case .scalar, .set: 1
        case .anchor, .lookAround: 0
        case .backReference: nil
        case .capture(let node), .ignoringCase(let node, _): node.fixedLength
        case .concatenation(let nodes):
            nodes.reduce(0 as Int?) { sum, node in
                guard let sum, let length = node.fixedLength else { return nil }
                let (total, overflows) = sum.addingReportingOverflow(length)
                return overflows ? nil : total
            }
        case .alternation(let nodes):
            nodes.dropFirst().reduce(nodes.first?.fixedLength) { length, node in
                node.fixedLength == length ? length : nil
            }
        case .repetition(let node, let repetition):
            repetition.minimum == repetition.maximum
                ? node.fixedLength.flatMap { length in
                    let (total, overflows) = length.multipliedReportingOverflow(
                        by: repetition.minimum
                    )
                    return overflows ? nil : total
                } : nil
        }
    }

    /// The literal text that every match begins with, where it is known.
    var literalPrefix: String {
        switch self {
        case .scalar(let scalar): String(Character(scalar))
        case .capture(let node): node.literalPrefix
        case .concatenation(let nodes):
            nodes.reduce(into: (text: "", isOpen: true)) { state, node in
                guard state.isOpen else { return }
                state.text += node.literalPrefix
                state.isOpen = node.isLiteral
            }.text
        default: ""
        }
    }

    /// Whether the node matches one text only, which is its ``literalPrefix``.
    private var isLiteral: Bool {
        switch self {
        case .scalar: true
        case .concatenation(let nodes): nodes.allSatisfy(\.isLiteral)
        case .capture(let node): node.isLiteral
        case .anchor(let anchor): anchor == .textStart
        default: false
        }
    }

    /// Whether every match begins at the start of the text.
    var isAnchoredAtStart: Bool {
        switch self {
        case .anchor(let anchor): anchor == .textStart
        case .capture(let node), .ignoringCase(let node, _): node.isAnchoredAtStart
        case .concatenation(let nodes): nodes.first?.isAnchoredAtStart == true
        case .alternation(let nodes): nodes.allSatisfy(\.isAnchoredAtStart)
        default: false
        }
    }

    /// Whether the node takes no text.
    var isZeroWidth: Bool { fixedLength == 0 }

    func contains(where condition: (RegexNode) -> Bool) -> Bool {
        if condition(self) { return true }
        return switch self {
        case .scalar, .set, .anchor, .backReference: false
        case .capture(let node), .ignoringCase(let node, _), .repetition(let node, _),
            .lookAround(let node, _):
            node.contains(where: condition)
        case .concatenation(let nodes), .alternation(let nodes):
            nodes.contains { $0.contains(where: condition) }
        }
    }
}

/// A place in a text.
enum RegexAnchor: Sendable, Hashable {
    /// `^` and `\A`.
    case textStart
    /// `^` with the flag `m`.
    case lineStart
    /// `\Z`.
    case textEnd
    /// `$`: the end, or in front of a line feed that ends the text.
    case dollar
    /// `$` with the flag `m`.
    case lineEnd
    /// `\b` with the flag `a`.
    case wordBoundary
    /// `\B` with the flag `a`.
    case notWordBoundary
}

/// One scalar out of many: `[…]`, `.`, `\d`.
struct RegexSet: Sendable {
    enum Class: Sendable, Hashable {
        case digit, space, word

        var unicode: ScalarRanges {
            switch self {
            case .digit: .digit
            case .space: .space
            case .word: .word
            }
        }

        var ascii: ScalarRanges {
            switch self {
            case .digit: .asciiDigit
            case .space: .asciiSpace
            case .word: .asciiWord
            }
        }
    }

    /// What is written out.
    var ranges: [ClosedRange<UInt32>] = []
    /// `\d`, `\s`, `\w` of Unicode.
    var classes: Set<Class> = []
    /// `\D`, `\S`, `\W` of Unicode.
    var negatedClasses: Set<Class> = []
    var isNegated = false

    /// All members written out.
    var members: ScalarRanges {
        var members = ScalarRanges(ranges)
        for name in classes { members = members.union(name.unicode) }
        for name in negatedClasses { members = members.union(name.unicode.inverted) }
        return isNegated ? members.inverted : members
    }
}
