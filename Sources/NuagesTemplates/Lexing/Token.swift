import NuagesCore

/// A piece of a template's source: text, `{{ variable }}`, `{% tag %}` or `{# comment #}`.
public struct Token: Sendable {
    /// What a piece of source is.
    public enum Kind: Sendable {
        /// Text that is written as it stands.
        case text
        /// `{{ … }}`
        case variable
        /// `{% … %}`
        case block
        /// `{# … #}`
        case comment
    }

    /// What the piece is.
    public let kind: Kind
    /// The text, or what stands between the delimiters, without blanks around it.
    public let contents: String
    /// The line on which the piece begins, from 1.
    public let line: Int
    /// The piece's bytes in the source.
    public let range: Range<Int>

    package init(kind: Kind, contents: String, line: Int, range: Range<Int>) {
        self.kind = kind
        self.contents = contents
        self.line = line
        self.range = range
    }

    /// The contents split at blanks that do not stand in quotes.
    ///
    ///     {% url "polls:detail" question.id as link %}
    ///     // ["url", "\"polls:detail\"", "question.id", "as", "link"]
    ///
    /// - Returns: the words; the first is the tag's name.
    /// - Throws: ``TemplateError`` for a `_("…")` that is not closed.
    public func splitContents() throws(TemplateError) -> [String] {
        var words: [String] = []
        var pieces = TokenSplitter.split(contents)[...]
        while let piece = pieces.popFirst() {
            guard piece.hasPrefix("_(\"") || piece.hasPrefix("_('") else {
                words.append(piece)
                continue
            }
            let end = piece.hasPrefix("_(\"") ? "\")" : "')"
            var joined = [piece]
            while joined.last?.hasSuffix(end) == false {
                guard let next = pieces.popFirst() else {
                    throw .syntax("Unclosed translation mark: \(piece)")
                }
                joined.append(next)
            }
            words.append(joined.joined(separator: " "))
        }
        return words
    }

    /// The contents split at blanks, quotes or not.
    var plainWords: [String] { contents.splitWords() }
}
