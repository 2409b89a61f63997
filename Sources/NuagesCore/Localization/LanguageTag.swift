/// Codes of languages, such as `en-us`, and the names of locales that belong to them, such as
/// `en_US`.
///
/// Django: `django.utils.translation`.
package enum LanguageTag {
    /// No code of a language is longer; the bound keeps the work for hostile input small.
    static let maxLength = 500

    /// The name of a language's locale.
    ///
    ///     LanguageTag.locale(of: "sr-latn")      // sr_Latn
    ///     LanguageTag.locale(of: "de-at")        // de_AT
    package static func locale(of language: String) -> String {
        let lower = PythonCase.lowercase(language)
        let (main, rest) = partition(lower, at: "-")
        guard !rest.isEmpty else {
            let scalars = language.unicodeScalars
            return PythonCase.lowercase(Truncator.text(scalars.prefix(3)))
                + Truncator.text(scalars.dropFirst(3))
        }
        let (country, tail) = partition(rest, at: "-")
        let shown =
            country.unicodeScalars.count > 2
            ? PythonCase.title(country) : PythonCase.uppercase(country)
        return "\(main)_\(shown)\(tail.isEmpty ? "" : "-\(tail)")"
    }

    /// The language of a locale.
    ///
    ///     LanguageTag.language(of: "pt_BR")      // pt-br
    package static func language(of locale: String) -> String {
        let (main, rest) = partition(locale, at: "_")
        guard locale.utf8.contains(UInt8(ascii: "_")) else { return PythonCase.lowercase(locale) }
        return "\(PythonCase.lowercase(main))-\(PythonCase.lowercase(rest))"
    }

    /// The text before and behind the first `separator`; all of it and nothing where there is none.
    private static func partition(
        _ text: String,
        at separator: Unicode.Scalar
    ) -> (String, String) {
        let scalars = text.unicodeScalars
        guard let index = scalars.firstIndex(of: separator) else { return (text, "") }
        return (String(scalars[..<index]), String(scalars[scalars.index(after: index)...]))
    }

    /// Whether a text can be a code: letters and digits in parts of at most eight.
    package static func isWellFormed(_ code: String) -> Bool {
        var parts = code.splitBytes(UInt8(ascii: "@"))
        guard parts.count <= 2 else { return false }
        if parts.count == 2 {
            let variant = parts.removeLast()
            guard (1...20).contains(variant.utf8.count),
                variant.utf8.allSatisfy(\.isASCIIAlphanumeric)
            else { return false }
        }
        let subtags = parts[0].splitBytes(UInt8(ascii: "-"))
        return subtags.enumerated().allSatisfy { index, subtag in
            (1...8).contains(subtag.utf8.count)
                && subtag.utf8.allSatisfy {
                    $0.isASCIIAlphanumeric && (index > 0 || !$0.isASCIIDigit)
                }
        }
    }
}

/// What a browser says of the languages of its user: the header `Accept-Language`.
///
/// Django: `parse_accept_lang_header`.
package enum AcceptLanguage {
    /// The languages that are asked for, the most wanted first; none for a malformed header.
    ///
    ///     AcceptLanguage.parse("de, en;q=0.5")      // [("de", 1), ("en", 0.5)]
    ///
    /// A header that is too long is read up to its last comma that is not.
    package static func parse(_ header: String) -> [(language: String, quality: Double)] {
        var scalars = Array(header.unicodeScalars.prefix(LanguageTag.maxLength + 1))
        if scalars.count > LanguageTag.maxLength {
            guard let comma = scalars.prefix(LanguageTag.maxLength).lastIndex(of: ","), comma > 0
            else { return [] }
            scalars = Array(scalars[..<comma])
        }
        let text = PythonCase.lowercase(Truncator.text(scalars))
        var parser = Parser(scalars: Array(text.unicodeScalars))
        var found: [(language: String, quality: Double)] = []
        while !parser.isAtEnd {
            guard let entry = parser.entry() else { return [] }
            found.append(entry)
        }
        return found.enumerated().sorted { left, right in
            left.element.quality == right.element.quality
                ? left.offset < right.offset : left.element.quality > right.element.quality
        }.map(\.element)
    }

    private struct Parser {
        let scalars: [Unicode.Scalar]
        var index = 0

        var isAtEnd: Bool { index == scalars.count }

        /// A language, its quality and the comma behind it.
        mutating func entry() -> (language: String, quality: Double)? {
            guard let language = language() else { return nil }
            let mark = index
            skipBlanks()
            var quality = 1.0
            if take(";") {
                skipBlanks()
                guard take("q"), take("="), let value = number() else { return nil }
                quality = value
            } else {
                index = mark
            }
            if isAtEnd { return (language, quality) }
            skipBlanks()
            guard take(",") else { return nil }
            skipBlanks()
            return (language, quality)
        }

        private mutating func language() -> String? {
            if take("*") { return "*" }
            let start = index
            guard run({ ("a"..."z").contains($0) }) else { return nil }
            while index < scalars.count, scalars[index] == "-" {
                index += 1
                guard run({ ("a"..."z").contains($0) || ("0"..."9").contains($0) }) else {
                    return nil
                }
            }
            return Truncator.text(scalars[start..<index])
        }

        /// One to eight scalars of a kind, and no more behind them.
        private mutating func run(_ belongs: (Unicode.Scalar) -> Bool) -> Bool {
            let start = index
            while index < scalars.count, belongs(scalars[index]) { index += 1 }
            return (1...8).contains(index - start)
        }

        /// `0`, `0.8`, `1.000`.
        private mutating func number() -> Double? {
            let isOne = take("1")
            guard isOne || take("0") else { return nil }
            guard take(".") else { return isOne ? 1 : 0 }
            var (value, unit) = (isOne ? 1.0 : 0.0, 0.1)
            for _ in 0..<3 {
                guard index < scalars.count, ("0"..."9").contains(scalars[index]),
                    !isOne || scalars[index] == "0"
                else { break }
                value += Double(scalars[index].value - 0x30) * unit
                unit /= 10
                index += 1
            }
            return (value * 1000).rounded() / 1000
        }

        private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            guard index < scalars.count, scalars[index] == scalar else { return false }
            index += 1
            return true
        }

        private mutating func skipBlanks() {
            while index < scalars.count, PythonText.isSpace(scalars[index]) { index += 1 }
        }
    }
}
