/// A URL taken apart as Python's `urlsplit` does it, which is how Django reads URLs.
package struct URLParts: Sendable, Equatable {
    package var scheme = ""
    package var authority = ""
    package var path = ""
    package var query: String?
    package var fragment: String?

    /// Takes `url` apart; nil for an authority with unbalanced brackets.
    package init?(_ url: String) {
        // `urlsplit` strips leading C0 controls and blanks, and removes tabs and line breaks, as
        // browsers do.
        var bytes = Array(url.utf8.drop { $0 <= 0x20 })
        bytes.removeAll { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        var rest = bytes[...]
        if let colon = rest.firstIndex(of: 0x3A), Self.isScheme(rest[..<colon]) {
            scheme = String(decoding: rest[..<colon], as: UTF8.self).asciiLowercased
            rest = rest[(colon + 1)...]
        }
        if rest.starts(with: [0x2F, 0x2F]) {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? rest.endIndex
            guard Self.hasBalancedBrackets(rest[..<end]) else { return nil }
            authority = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[end...]
        }
        if let hash = rest.firstIndex(of: 0x23) {
            fragment = String(decoding: rest[(hash + 1)...], as: UTF8.self)
            rest = rest[..<hash]
        }
        if let mark = rest.firstIndex(of: 0x3F) {
            query = String(decoding: rest[(mark + 1)...], as: UTF8.self)
            rest = rest[..<mark]
        }
        path = String(decoding: rest, as: UTF8.self)
    }

    private static func isScheme(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, (first | 0x20) &- 0x61 < 26 else { return false }
        return bytes.allSatisfy {
            $0.isASCIIAlphanumeric || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E
        }
    }

    /// Brackets only stand around a whole IPv6 address, with nothing but a port behind it.
    private static func hasBalancedBrackets(_ authority: ArraySlice<UInt8>) -> Bool {
        let host = authority.split(separator: 0x40, omittingEmptySubsequences: false).last ?? []
        let hasOpen = authority.contains(0x5B)
        guard hasOpen == authority.contains(0x5D) else { return false }
        guard hasOpen else { return true }
        guard host.first == 0x5B, let close = host.firstIndex(of: 0x5D) else { return false }
        let address = host[host.startIndex + 1..<close]
        let behind = host[(close + 1)...]
        return !address.isEmpty && address.contains(0x3A)
            && address.allSatisfy { $0.hexValue != nil || $0 == 0x3A || $0 == 0x2E }
            && (behind.isEmpty || behind.first == 0x3A)
    }

    /// The URL put together again.
    package var text: String {
        var output = scheme.isEmpty ? "" : scheme + ":"
        if !authority.isEmpty || path.utf8.starts(with: [0x2F, 0x2F]) {
            output += "//" + authority
        }
        output += path
        if let query, !query.isEmpty { output += "?" + query }
        if let fragment, !fragment.isEmpty { output += "#" + fragment }
        return output
    }

    /// `path` with its `.` and `..` segments resolved (RFC 3986, section 5.2.4).
    package static func removingDotSegments(_ path: String) -> String {
        var output: [String] = []
        let segments = path.split(onByte: 0x2F)
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            if segment == "." {
                if isLast { output.append("") }
            } else if segment == ".." {
                if output.count > 1 { output.removeLast() }
                if isLast { output.append("") }
            } else {
                output.append(segment)
            }
        }
        return output.joined(separator: "/")
    }
}
