/// A regular expression with back-references, which no linear-time matcher can follow.
///
///     let regex = try BackReferenceRegex(#"(\w)\1"#)
///     try regex?.matches("book")      // true
///
/// The syntax and its meaning are those of ``LinearRegex``; look-arounds may stand anywhere. It
/// tries one way after the other, so a match takes so many steps at most: a text that would take
/// more is an error, not an answer.
package struct BackReferenceRegex: Sendable {
    /// How many steps a search may take.
    package static let stepLimit = 1_000_000

    private let pattern: String
    private let program: BackReferenceProgram

    /// Compiles a pattern; nil for one without back-references, which is ``LinearRegex``'s.
    ///
    /// - Parameters:
    ///   - pattern: the pattern in Python's syntax.
    ///   - options: Python's flags.
    /// - Throws: ``LinearRegexError``.
    package init?(_ pattern: String, options: RegexOptions = []) throws(LinearRegexError) {
        let parsed = try RegexParser.parse(pattern, options)
        let hasReference = parsed.node.contains {
            if case .backReference = $0 { true } else { false }
        }
        guard hasReference else { return nil }
        self.pattern = pattern
        program = try BackReferenceProgram(parsed.node, pattern: pattern)
    }

    /// Whether the pattern is found anywhere in a text (Python: `search`).
    ///
    /// - Parameter text: the text.
    /// - Returns: whether it is found.
    /// - Throws: ``TooManySteps``.
    package func matches(_ text: String) throws(TooManySteps) -> Bool {
        let found = text.withBytes { bytes in
            var matcher = BackReferenceMatcher(program, bytes, limit: Self.stepLimit)
            return matcher.search()
        }
        guard let found else { throw TooManySteps(pattern: pattern) }
        return found
    }

    /// A search that was given up.
    package struct TooManySteps: Error, Sendable, Hashable, CustomStringConvertible {
        /// The pattern.
        package let pattern: String

        /// What happened, and what to write instead.
        package var description: String {
            "'\(pattern)' took more than \(BackReferenceRegex.stepLimit) steps on a text, because "
                + "back-references make it try one way after the other. Leave them out, or bound "
                + "what is repeated in front of them."
        }
    }
}
