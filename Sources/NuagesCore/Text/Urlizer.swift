/// Makes links of the URLs and mail addresses in text.
///
///     Urlizer().html("see www.example.com.")
///     // see <a href="http://www.example.com">www.example.com</a>.
///
/// Django: `django.utils.html.urlize`.
package struct Urlizer {
    /// Links longer than this are shown cut; nil shows them whole.
    package var trimLength: Int?
    /// Whether links get `rel="nofollow"`.
    package var addsNofollow = false
    /// Whether the text between the links is escaped.
    package var isEscaping = false
    /// Whether the text is HTML already.
    package var isSafe = false
    /// Whether links without a scheme get `https`.
    package var assumesHTTPS = false

    private static let urlLengthLimit = 2048

    package init() {}

    /// The text with its links.
    package func html(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var output = ""
        var start = 0
        for index in scalars.indices
        where index > start && Self.isSeparator(scalars[index]) != Self.isSeparator(scalars[start])
        {
            output += word(Truncator.text(scalars[start..<index]))
            start = index
        }
        if start < scalars.count { output += word(Truncator.text(scalars[start...])) }
        return output
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "<", ">", "\"", "'": true
        default: PythonText.isSpace(scalar)
        }
    }

    private func word(_ word: String) -> String {
        guard word.utf8.contains(where: { ".@:".utf8.contains($0) }) else { return plain(word) }
        let parts = PunctuationTrimmer.trim(word)
        guard let (url, isMail) = link(parts.middle) else { return plain(word) }
        var (lead, trail) = (parts.lead, parts.trail)
        var shown = trimmed(parts.middle)
        if isEscaping, !isSafe {
            lead = HTMLEscaper.escape(lead)
            trail = HTMLEscaper.escape(trail)
            shown = HTMLEscaper.escape(shown)
        }
        let attributes = addsNofollow && !isMail ? " rel=\"nofollow\"" : ""
        return "\(lead)<a href=\"\(HTMLEscaper.escape(url))\"\(attributes)>\(shown)</a>\(trail)"
    }

    private func plain(_ word: String) -> String {
        isEscaping && !isSafe ? HTMLEscaper.escape(word) : word
    }

    private func trimmed(_ text: String) -> String {
        guard let trimLength, text.unicodeScalars.count > trimLength else { return text }
        return Truncator.text(text.unicodeScalars.prefix(max(0, trimLength - 1))) + "…"
    }

    private func link(_ text: String) -> (url: String, isMail: Bool)? {
        let scalars = Array(text.unicodeScalars)
        if scalars.count <= Self.urlLengthLimit {
            if URLShape.hasScheme(scalars) {
                return (URLQuoter.quote(HTMLUnescaper.unescape(text)), false)
            }
            if URLShape.isHost(scalars) {
                let scheme = assumesHTTPS ? "https" : "http"
                return (URLQuoter.quote("\(scheme)://\(HTMLUnescaper.unescape(text))"), false)
            }
        }
        guard !text.utf8.contains(UInt8(ascii: ":")), let at = scalars.lastIndex(of: "@"),
            (try? EmailValidator(allowlist: []).validate(text)) != nil
        else { return nil }
        let local = PercentCoding.encode(Truncator.text(scalars[..<at]))
        let domain = PercentCoding.encode(Truncator.text(scalars[(at + 1)...]))
        return ("mailto:\(local)@\(domain)", true)
    }
}

/// Tells what looks like a URL.
private enum URLShape {
    private static let topLevels: Set<String> = ["com", "edu", "gov", "int", "mil", "net", "org"]

    /// Whether the text begins as `https?://\[?\w` does, in any case.
    static func hasScheme(_ scalars: [Unicode.Scalar]) -> Bool {
        var index = prefixLength(scalars, "http")
        guard index > 0 else { return false }
        if index < scalars.count,
            scalars[index] == "s" || scalars[index] == "S"
                || scalars[index] == "\u{17F}"
        {
            index += 1
        }
        guard scalars.count >= index + 3, Truncator.text(scalars[index..<(index + 3)]) == "://"
        else { return false }
        index += 3
        if index < scalars.count, scalars[index] == "[" { index += 1 }
        return index < scalars.count && PythonText.isWord(scalars[index])
    }

    /// `www.…`, or a host name under one of the first seven top-level domains with a path or none.
    static func isHost(_ scalars: [Unicode.Scalar]) -> Bool {
        if prefixLength(scalars, "www.") > 0 { return true }
        guard prefixLength(scalars, "http") == 0 else { return false }
        let host = scalars.prefix { $0 != "/" }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last,
            topLevels.contains(Truncator.text(last).asciiLowercased)
        else { return false }
        return labels.dropLast().allSatisfy(isLabel)
    }

    private static func isLabel(_ label: ArraySlice<Unicode.Scalar>) -> Bool {
        (1...63).contains(label.count) && label.first != "-" && label.last != "-"
            && label.allSatisfy { scalar in
                scalar == "-" || (0xA1...0xFFFF).contains(scalar.value)
                    || (scalar.isASCII
                        && UInt8(truncatingIfNeeded: scalar.value).isASCIIAlphanumeric)
            }
    }

    /// The length of a prefix, whatever its case; 0 where the text begins otherwise.
    private static func prefixLength(_ scalars: [Unicode.Scalar], _ prefix: String) -> Int {
        let wanted = Array(prefix.unicodeScalars)
        guard scalars.count >= wanted.count else { return 0 }
        for (scalar, other) in zip(scalars, wanted)
        where scalar.properties.lowercaseMapping != String(Character(other)) {
            return 0
        }
        return wanted.count
    }
}

/// Takes punctuation off both ends of a word, as long as it does not belong to a URL.
enum PunctuationTrimmer {
    private static let trailing: Set<Unicode.Scalar> = [".", ",", ":", ";", "!"]

    static func trim(_ word: String) -> (lead: String, middle: String, trail: String) {
        let scalars = Array(word.unicodeScalars)
        let start = scalars.firstIndex { $0 != "(" && $0 != "[" } ?? scalars.count
        var end = scalars.count
        var round = Brackets("(", ")", scalars[start...])
        var square = Brackets("[", "]", scalars[start...])
        // Where the next `&` before `end` is; found once and moved backwards only.
        var ampersand = scalars[start..<end].lastIndex(of: "&")
        var hasTrimmed = true
        while hasTrimmed, start < end {
            hasTrimmed = false
            round.trim(scalars, start: start, end: &end, &hasTrimmed)
            square.trim(scalars, start: start, end: &end, &hasTrimmed)
            while let place = ampersand, place >= end {
                ampersand = scalars[start..<place].lastIndex(of: "&")
            }
            let plainEnd = end
            while end > start, trailing.contains(scalars[end - 1]),
                ampersand == nil || scalars[end - 1] != ";"
            {
                end -= 1
            }
            if end != plainEnd { hasTrimmed = true }
            if end > start, scalars[end - 1] == ";" {
                let trimmed = endWithoutSemicolons(scalars, start, end, ampersand)
                if trimmed != end {
                    end = trimmed
                    hasTrimmed = true
                }
            }
        }
        return (
            Truncator.text(scalars[..<start]), Truncator.text(scalars[start..<end]),
            Truncator.text(scalars[end...])
        )
    }

    /// The end without semicolons that end no character reference.
    private static func endWithoutSemicolons(
        _ scalars: [Unicode.Scalar],
        _ start: Int,
        _ end: Int,
        _ ampersand: Int?
    ) -> Int {
        let from = ampersand ?? (end - 1)
        // A reference is at most 33 characters long; what is longer cannot end in one.
        let potential = Truncator.text(scalars[from..<end].prefix(128))
        let isWhole = end - from <= 128
        let unescaped = HTMLUnescaper.unescape(potential)
        let isReference =
            isWhole && !unescaped.equalsBytes(potential) && unescaped.utf8.last != UInt8(ascii: ";")
        guard !isReference else { return end }
        var stripped = end
        while stripped > start, trailing.contains(scalars[stripped - 1]) { stripped -= 1 }
        let semicolons = scalars[start..<end].reversed().prefix { $0 == ";" }.count
        guard ampersand != nil, semicolons > 1 else { return stripped }
        let first = scalars[stripped..<end].firstIndex(of: ";") ?? stripped
        return first + 1
    }

    /// Counts one kind of bracket, so that those which close more than were opened are trimmed.
    private struct Brackets {
        let closing: Unicode.Scalar
        let opened: Int
        var closed: Int

        init(
            _ opening: Unicode.Scalar,
            _ closing: Unicode.Scalar,
            _ scalars: ArraySlice<Unicode.Scalar>
        ) {
            self.closing = closing
            opened = scalars.count { $0 == opening }
            closed = scalars.count { $0 == closing }
        }

        mutating func trim(
            _ scalars: [Unicode.Scalar],
            start: Int,
            end: inout Int,
            _ hasTrimmed: inout Bool
        ) {
            guard opened < closed, end > start, scalars[end - 1] == closing else { return }
            let surplus = closed - opened
            end = max(start, end - surplus)
            closed -= surplus
            hasTrimmed = true
        }
    }
}
