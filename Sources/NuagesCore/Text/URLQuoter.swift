/// Percent-encodes a URL that may be encoded already.
///
/// Django: `django.utils.html.smart_urlquote`.
package enum URLQuoter {
    private static let safe = PercentCoding.Safe("!$&'()*+,;=:/?#[]@~")

    /// The URL with every part encoded exactly once.
    package static func quote(_ url: String) -> String {
        guard var parts = URLParts(url) else { return requoted(url) }
        parts.authority = requoted(parts.authority)
        parts.path = requoted(parts.path)
        if !parts.authority.isEmpty, !parts.path.isEmpty,
            parts.path.utf8.first != UInt8(ascii: "/")
        {
            parts.path = "/\(parts.path)"
        }
        parts.query = parts.query.map(requotedQuery)
        parts.fragment = parts.fragment.map(requoted)
        let text = parts.text
        guard parts.authority.isEmpty, parts.scheme == "http" || parts.scheme == "https",
            parts.path.isEmpty || parts.path.utf8.first == UInt8(ascii: "/"),
            !parts.path.utf8.starts(with: "//".utf8)
        else { return text }
        // An address of the web without a host keeps the place of the host.
        return "\(parts.scheme)://\(text.dropFirst(parts.scheme.utf8.count + 1))"
    }

    private static func requoted(_ text: String) -> String {
        PercentCoding.encode(unquoted(text), safe: safe)
    }

    /// Decodes `%XX`; bytes that are not UTF-8 become the replacement character.
    private static func unquoted(_ text: String, plusIsBlank: Bool = false) -> String {
        let bytes = PercentCoding.decode(text.utf8, plusIsBlank: plusIsBlank) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Names and values are decoded twice, as in Django: once by the parser, once by itself.
    private static func requotedQuery(_ query: String) -> String {
        guard !query.isEmpty else { return "" }
        var pairs: [String] = []
        for field in query.splitBytes(UInt8(ascii: "&")) where !field.isEmpty {
            let equals = field.utf8.firstIndex(of: UInt8(ascii: "="))
            let name = equals.map { String(field[..<$0]) } ?? field
            let value = equals.map { String(field[field.utf8.index(after: $0)...]) } ?? ""
            pairs.append(
                [name, value].map {
                    PercentCoding.encodeForm(unquoted(unquoted($0, plusIsBlank: true)))
                }.joined(separator: "=")
            )
        }
        return pairs.joined(separator: "&")
    }
}
