/// A regular expression whose matching takes time in proportion to the text, whatever the text.
///
///     let regex = try LinearRegex(#"^(?P<year>[0-9]{4})/(\w+)$"#)
///     regex.matches("2026/mai")                       // true
///     regex.firstMatch(in: "2026/mai")?["year"]       // 2026
///
/// The syntax and its meaning are those of Python's `re` for texts: `\d`, `\w` and `\s` are
/// Unicode's, `$` also matches in front of a line feed that ends the text. It runs on RE2
/// (https://github.com/google/re2), so `(a+)+$` cannot be made to run for hours.
///
/// What no linear-time matcher can follow is refused when the pattern is made: back-references,
/// and look-arounds that have no fixed place. Those that have one are supported: `^(?!admin)…`,
/// `…(?<!/edit)/$`.
public struct LinearRegex: Sendable, CustomStringConvertible {
    /// The pattern as it was written.
    public let description: String
    /// The names of the groups in order; nil for a group without a name.
    public let groupNames: [String?]
    /// The text that every match begins with, where the pattern is anchored at the start.
    package let literalPrefix: String

    private let regex: CompiledRegex
    /// For texts that end with a line feed; nil where that makes no difference.
    private let lineFeedRegex: CompiledRegex?
    private let lookArounds: [PinnedLookAround]

    /// Where a match may stand.
    package enum Place: Sendable {
        case anywhere, start, whole
    }

    /// Compiles a pattern.
    ///
    /// - Parameters:
    ///   - pattern: the pattern in Python's syntax.
    ///   - options: Python's flags.
    /// - Throws: ``LinearRegexError``, which says what to write instead.
    public init(_ pattern: String, options: Options = []) throws(LinearRegexError) {
        let plan = try RegexPlan(pattern, options)
        description = pattern
        groupNames = plan.groups.map(\.name)
        literalPrefix = plan.literalPrefix
        regex = try CompiledRegex(plan.main, pattern: pattern)
        lineFeedRegex =
            if let printed = plan.lineFeed {
                try CompiledRegex(printed, pattern: pattern)
            } else {
                nil
            }
        var tests: [PinnedLookAround] = []
        for lookAround in plan.lookArounds {
            tests.append(try PinnedLookAround(lookAround, pattern: pattern))
        }
        lookArounds = tests
    }

    /// Whether the pattern is found anywhere in a text (Python: `search`).
    ///
    /// - Parameter text: the text.
    /// - Returns: whether it is found.
    public func matches(_ text: String) -> Bool {
        text.withBytes { bytes in
            lookArounds.isEmpty
                ? compiled(for: bytes, .anywhere).matches(bytes, .anywhere)
                : spans(in: bytes, .anywhere) != nil
        }
    }

    /// Whether the pattern takes a text from its start to its end (Python: `fullmatch`).
    ///
    /// - Parameter text: the text.
    /// - Returns: whether it does.
    public func matchesWhole(_ text: String) -> Bool {
        text.withBytes { bytes in
            lookArounds.isEmpty
                ? regex.matches(bytes, .whole) : spans(in: bytes, .whole) != nil
        }
    }

    /// The first match in a text (Python: `search`).
    ///
    /// - Parameter text: the text.
    /// - Returns: the match with its groups; nil where there is none.
    public func firstMatch(in text: String) -> Match? { match(in: text, .anywhere) }

    /// The match of a whole text (Python: `fullmatch`).
    ///
    /// - Parameter text: the text.
    /// - Returns: the match with its groups; nil where there is none.
    public func wholeMatch(of text: String) -> Match? { match(in: text, .whole) }

    private func match(in text: String, _ place: Place) -> Match? {
        text.withBytes { spans(in: $0, place) }
            .map { Match(text: text, ranges: $0, names: groupNames) }
    }

    /// The whole match and the groups as ranges of bytes; `text` is valid UTF-8.
    package func spans(
        in text: UnsafeBufferPointer<UInt8>,
        _ place: Place
    ) -> [Range<Int>?]? {
        guard let spans = compiled(for: text, place).firstMatch(text, place),
            let whole = spans[0]
        else { return nil }
        for test in lookArounds where !test.allows(text, matchEnd: whole.upperBound) { return nil }
        return spans
    }

    private func compiled(
        for text: UnsafeBufferPointer<UInt8>,
        _ place: Place
    ) -> CompiledRegex {
        guard let lineFeedRegex, place != .whole, text.last == 0x0A else { return regex }
        return lineFeedRegex
    }
}

extension LinearRegex {
    /// Python's flags.
    public typealias Options = RegexOptions

    /// A place in a text where a pattern matched, with its groups.
    public struct Match: Sendable {
        private let text: String
        private let ranges: [Range<Int>?]
        private let names: [String?]

        init(text: String, ranges: [Range<Int>?], names: [String?]) {
            self.text = text
            self.ranges = ranges
            self.names = names
        }

        /// The bytes of the text that matched, by their offsets in UTF-8.
        public var range: Range<Int> { ranges[0] ?? 0..<0 }

        /// How many groups there are, the whole match not counted.
        public var groupCount: Int { ranges.count - 1 }

        /// The text of a group; group 0 is the whole match.
        ///
        /// - Parameter group: the number of the group.
        /// - Returns: nil for a group that took no part, or that does not exist.
        public subscript(group: Int) -> Substring? {
            guard ranges.indices.contains(group), let range = ranges[group] else { return nil }
            let utf8 = text.utf8
            let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
            return text[start..<utf8.index(start, offsetBy: range.count)]
        }

        /// The text of a group by its name, compared by its bytes.
        ///
        /// - Parameter name: the name.
        /// - Returns: nil for a group that took no part, or that does not exist.
        public subscript(name: String) -> Substring? {
            let index = names.firstIndex { $0.map { $0.utf8.elementsEqual(name.utf8) } == true }
            return index.flatMap { self[$0 + 1] }
        }
    }
}

extension String {
    /// Calls `body` with the bytes of the text, copied only where they are not in one piece.
    func withBytes<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
        return Array(utf8).withUnsafeBufferPointer(body)
    }
}
