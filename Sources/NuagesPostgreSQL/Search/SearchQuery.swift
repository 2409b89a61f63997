public import NuagesORM

/// What documents are searched for.
///
///     SearchQuery("red tomato")                           // both words
///     SearchQuery("red tomato", type: .phrase)            // one behind the other
///     SearchQuery("'tomato' & ('red' | 'green')", type: .raw)
///     SearchQuery("'tomato' ('red' OR 'green')", type: .websearch)
///     SearchQuery("meat") & ~SearchQuery("cheese")
///
/// All but `raw` take any text that a visitor types; `raw` is a syntax whose mistakes are errors of
/// the database, so text from outside goes into ``Lexeme``s.
///
/// Django: `SearchQuery`.
public struct SearchQuery: QueryExpression {
    /// How the text is read.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// All words, wherever they stand.
        case plain
        /// All words, one behind the other.
        case phrase
        /// PostgreSQL's own syntax.
        case raw
        /// The syntax of search engines, which has no mistakes: quotes, `OR` and `-`.
        case websearch
    }

    /// A query.
    public typealias Value = TextSearchQuery
    /// The query as the compiler reads it.
    public let node: ExpressionNode

    private init(_ node: ExpressionNode) { self.node = node }

    /// A query of text.
    ///
    /// - Parameters:
    ///   - text: what is searched for.
    ///   - config: the rules of the language; nil for the database's own.
    ///   - type: how the text is read.
    public init(_ text: String, config: SearchConfig? = nil, type: Kind = .plain) {
        self.init(.value(.text(text)), config, type)
    }

    /// A query of text that the database has.
    ///
    /// - Parameters:
    ///   - expression: text.
    ///   - config: the rules of the language; nil for the database's own.
    ///   - type: how the text is read.
    public init(
        of expression: some QueryExpression,
        config: SearchConfig? = nil,
        type: Kind = .plain
    ) { self.init(expression.node, config, type) }

    /// A query of lexemes.
    ///
    /// - Parameters:
    ///   - lexeme: words that are escaped.
    ///   - config: the rules of the language; nil for the database's own.
    public init(_ lexeme: Lexeme, config: SearchConfig? = nil) {
        self.init(lexeme.node, config, .raw)
    }

    private init(_ node: ExpressionNode, _ config: SearchConfig?, _ type: Kind) {
        let options: [String: SQLValue] =
            type == .plain ? [:] : ["search_type": .text(type.rawValue)]
        self.init(SearchConfig.call(SearchFunctions.query, config, [node], options: options))
    }

    /// What has both.
    public static func & (left: Self, right: Self) -> Self { combined(left, "&&", right) }
    /// What has one of them.
    public static func | (left: Self, right: Self) -> Self { combined(left, "||", right) }

    /// What does not have it.
    public static prefix func ~ (query: Self) -> Self {
        if case .call(var call) = query.node, call.function == SearchFunctions.query {
            let isInverted = call.options["invert"] == .bool(true)
            call.options["invert"] = isInverted ? nil : .bool(true)
            return Self(.call(call))
        }
        return Self(.call(FunctionCall(SearchFunctions.invertedQuery, [query.node])))
    }

    private static func combined(_ left: Self, _ connector: String, _ right: Self) -> Self {
        Self(
            .call(
                FunctionCall(
                    SearchFunctions.combinedQuery,
                    [left.node, right.node],
                    options: ["connector": .text(connector)]
                )
            )
        )
    }
}

/// A word that is searched for as it is, escaped, so that it may come from a visitor.
///
///     SearchQuery(Lexeme("fruit") & Lexeme("che", prefix: true))     // 'fruit' & 'che':*
///     SearchQuery(~Lexeme("meat") | Lexeme("fish", weight: .a))
///
/// Of more than a thousand words together the query is an error.
///
/// Django: `Lexeme`.
public struct Lexeme: Sendable, Hashable {
    /// A word, or several things with a sign between them.
    private indirect enum Content: Sendable, Hashable {
        case word(String, label: String, isInverted: Bool)
        case combined([Content], String)
        case tooMany

        /// What stands between signs of a kind: the parts where it is such a row, else itself.
        func parts(of other: String) -> [Content] {
            if case .combined(let parts, let sign) = self, sign == other { return parts }
            return [self]
        }
    }

    private let content: Content
    /// How many words there are, which is how deep they can be nested.
    private let count: Int

    private static let maxCount = 1000

    private init(_ content: Content, count: Int) {
        self.content = content
        self.count = count
    }

    /// A word.
    ///
    /// - Parameters:
    ///   - value: the word; characters with a meaning in queries count as blanks. Without anything
    ///     else in it, the query is an error.
    ///   - prefix: whether longer words that begin so are found too.
    ///   - weight: the weight that the word has where it is found.
    public init(_ value: String, prefix: Bool = false, weight: SearchWeight? = nil) {
        content = .word(
            Self.escaped(value),
            label: (prefix ? "*" : "") + (weight?.rawValue ?? ""),
            isInverted: false
        )
        count = 1
    }

    /// What has both.
    public static func & (left: Self, right: Self) -> Self { combined(left, "&", right) }

    /// What has one of them.
    public static func | (left: Self, right: Self) -> Self { combined(left, "|", right) }

    private static func combined(_ left: Self, _ sign: String, _ right: Self) -> Self {
        let count = left.count + right.count
        // The count of words that are left out stays, so that it cannot overflow.
        guard count <= maxCount else { return Self(.tooMany, count: maxCount + 1) }
        let parts = left.content.parts(of: sign) + right.content.parts(of: sign)
        return Self(.combined(parts, sign), count: count)
    }

    /// What does not have it.
    public static prefix func ~ (lexeme: Self) -> Self {
        Self(inverted(lexeme.content), count: lexeme.count)
    }

    /// The opposite; of several things it is that of each, with the other sign.
    private static func inverted(_ content: Content) -> Content {
        switch content {
        case .word(let text, let label, let isInverted):
            .word(text, label: label, isInverted: !isInverted)
        case .combined(let parts, let sign):
            .combined(parts.map { inverted($0) }, sign == "&" ? "|" : "&")
        case .tooMany: .tooMany
        }
    }

    /// The words in PostgreSQL's syntax; an error where there is no word.
    var node: ExpressionNode {
        if content == .tooMany {
            return .invalid(
                .invalidQuery("A query has at most \(Self.maxCount) lexemes; this one has more.")
            )
        }
        guard let text = Self.text(content) else {
            return .invalid(
                .invalidQuery(
                    "A lexeme needs a letter or digit; signs such as '&' and blanks are left out."
                )
            )
        }
        return .value(.text(text))
    }

    private static func text(_ content: Content) -> String? {
        switch content {
        case .word(let text, let label, let isInverted):
            guard !text.isEmpty else { return nil }
            return (isInverted ? "!" : "") + "'\(text)'" + (label.isEmpty ? "" : ":\(label)")
        case .combined(let parts, let sign):
            let texts = parts.compactMap { self.text($0) }
            guard texts.count == parts.count else { return nil }
            return "(\(texts.joined(separator: " \(sign) ")))"
        case .tooMany: return nil
        }
    }

    private static let signs = Set("'\0[]()|&:*!@<>\\".utf8)

    /// The word without signs that mean something, and with single blanks.
    private static func escaped(_ value: String) -> String {
        var bytes: [UInt8] = []
        for byte in value.utf8 {
            let isBlank = byte == 0x20 || (0x09...0x0D).contains(byte) || signs.contains(byte)
            if !isBlank {
                bytes.append(byte)
            } else if let last = bytes.last, last != 0x20 {
                bytes.append(0x20)
            }
        }
        if bytes.last == 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
