/// The languages of a site, and the choice among them that a client's wishes lead to.
///
///     let choice = LanguageChoice(["en", "fr", "zh-hans"], standard: "en")
///     choice.variant(of: "fr-CA")                          // fr
///     choice.preferred(inAcceptLanguage: "zh-TW, fr;q=0.5")   // fr
///
/// Nothing is kept from one call to the next, so that no client can fill a cache.
///
/// Django: `get_supported_language_variant`, `parse_accept_lang_header`.
public struct LanguageChoice: Sendable {
    /// The codes of the languages, such as `en` and `pt-br` (`LANGUAGES`).
    public let languages: [String]
    /// The language where nothing else is wished (`LANGUAGE_CODE`).
    public let standard: String
    private let lowercased: [String]

    /// Longer codes are cut, as are longer lists of them (Django: 500 as well).
    package static let maxLength = 500

    /// A choice among languages.
    ///
    /// - Parameters:
    ///   - languages: the codes of the languages.
    ///   - standard: the language where nothing else is wished.
    public init(_ languages: [String], standard: String) {
        self.languages = languages
        self.standard = standard
        lowercased = languages.map(\.asciiLowercased)
    }

    /// Whether a code is one of the languages.
    ///
    /// - Parameter code: compared without regard to ASCII case.
    /// - Returns: true where it is.
    public func contains(_ code: String) -> Bool { index(of: code) != nil }

    /// The language as the site spells it.
    ///
    /// - Parameter code: compared without regard to ASCII case.
    /// - Returns: one of ``languages``, or ``standard`` where the code is none of them.
    public func spelling(of code: String) -> String {
        index(of: code).map { languages[$0] } ?? standard
    }

    private func index(of code: String) -> Int? {
        let code = code.asciiLowercased
        return lowercased.firstIndex { $0.equalsBytes(code) }
    }

    /// The language that serves a wish best: the one itself, a more general one, or another
    /// country's.
    ///
    /// - Parameters:
    ///   - code: what is wished, such as `pt-BR`.
    ///   - isStrict: whether another country's variant is out of the question.
    /// - Returns: the code as the wish spells it, or another variant's in lower case, as Django
    ///   has it; nil where none serves.
    public func variant(of code: String, isStrict: Bool = false) -> String? {
        guard !code.utf8.isEmpty else { return nil }
        var code = code
        if code.unicodeScalars.count > Self.maxLength {
            let head = Array(code.unicodeScalars.prefix(Self.maxLength))
            guard !isStrict, let dash = head.lastIndex(of: "-"), dash > 0 else { return nil }
            code = String(String.UnicodeScalarView(head[..<dash]))
        }
        for candidate in Self.candidates(of: code) where contains(candidate) { return candidate }
        guard !isStrict else { return nil }
        let main = code.split(onByte: 0x2D)[0] + "-"
        return lowercased.first { $0.utf8.starts(with: main.utf8) }
    }

    /// The code, the scripts that stand for it, and what is left when its ends are cut off.
    private static func candidates(of code: String) -> [String] {
        var candidates = [code]
        if let script = scripts.first(where: { $0.key.equalsBytes(code) }) {
            candidates.append(script.value)
        }
        var parts = code.split(onByte: 0x2D)
        while parts.count > 1 {
            parts.removeLast()
            candidates.append(parts.joined(separator: "-"))
        }
        return candidates
    }

    /// How Chinese is written where the code names a place only.
    private static let scripts = [
        "zh-cn": "zh-hans", "zh-my": "zh-hans", "zh-sg": "zh-hans", "zh-hk": "zh-hant",
        "zh-mo": "zh-hant", "zh-tw": "zh-hant",
    ]

    /// The language that begins a path: `/fr/polls/`.
    ///
    /// - Parameter path: a decoded path.
    /// - Returns: the language; nil where the path begins with none.
    public func language(ofPath path: String) -> String? {
        let bytes = path.utf8
        guard bytes.first == 0x2F else { return nil }
        let segment = bytes.dropFirst().prefix { $0 != 0x2F }
        guard !segment.isEmpty, segment.count <= Self.maxLength, Self.isPrefix(segment) else {
            return nil
        }
        return variant(of: String(Substring(segment)))
    }

    /// Words, at most three, with `-` or `@` between them.
    private static func isPrefix(_ segment: Substring.UTF8View) -> Bool {
        let words = segment.split(
            omittingEmptySubsequences: false,
            whereSeparator: { $0 == 0x2D || $0 == 0x40 }
        )
        return words.count <= 3
            && words.allSatisfy { word in
                !word.isEmpty && word.allSatisfy { $0.isASCIIAlphanumeric || $0 == 0x5F }
            }
    }

    /// The language that a client's `Accept-Language` asks for.
    ///
    /// - Parameter header: the value of the field.
    /// - Returns: the best; nil where the field is malformed or names no language of the site.
    public func preferred(inAcceptLanguage header: String) -> String? {
        for (language, _) in AcceptLanguage.parse(header) {
            if language == "*" { return nil }
            if let variant = variant(of: language) { return variant }
        }
        return nil
    }
}
