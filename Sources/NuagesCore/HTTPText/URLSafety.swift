/// Guards against URLs that lead somewhere else.
public enum URLSafety {
    /// Longer URLs are never allowed as targets of a redirect that a request asks for.
    static let maxLength = 2048

    /// Whether a URL from a request may be redirected to: it stays on one of `hosts`.
    ///
    ///     URLSafety.isAllowed("/next/", hosts: ["example.com"])              // true
    ///     URLSafety.isAllowed("//evil.example/", hosts: ["example.com"])     // false
    ///
    /// Django: `url_has_allowed_host_and_scheme`.
    ///
    /// - Parameters:
    ///   - url: the URL.
    ///   - hosts: the hosts that are allowed, with their ports.
    ///   - requiresHTTPS: whether an absolute URL has to be `https`.
    /// - Returns: false for an empty URL, another host or another scheme.
    public static func isAllowed(
        _ url: String,
        hosts: some Collection<String>,
        requiresHTTPS: Bool = false
    ) -> Bool {
        guard url.utf8.count <= maxLength * 4 else { return false }
        let scalars = url.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return false }
        let stripped = String(scalars[first...last])
        guard stripped.unicodeScalars.count <= maxLength else { return false }
        // Browsers read `\` as `/`, yet it may stand in a user name: both readings must pass.
        let slashed = String(
            decoding: stripped.utf8.map { $0 == 0x5C ? 0x2F : $0 },
            as: UTF8.self
        )
        return isAllowedAsIs(stripped, hosts, requiresHTTPS)
            && isAllowedAsIs(slashed, hosts, requiresHTTPS)
    }

    private static func isAllowedAsIs(
        _ url: String,
        _ hosts: some Collection<String>,
        _ requiresHTTPS: Bool
    ) -> Bool {
        // Browsers skip any number of slashes before a host.
        guard !url.utf8.starts(with: [0x2F, 0x2F, 0x2F]), let parts = URLParts(url) else {
            return false
        }
        if parts.authority.isEmpty, !parts.scheme.isEmpty { return false }
        // Browsers skip control characters before a URL.
        guard let first = url.unicodeScalars.first, !isControl(first) else { return false }
        let scheme = parts.scheme.isEmpty && !parts.authority.isEmpty ? "http" : parts.scheme
        let schemes = requiresHTTPS ? ["", "https"] : ["", "http", "https"]
        return (parts.authority.isEmpty || hosts.contains { $0.equalsBytes(parts.authority) })
            && schemes.contains { $0.equalsBytes(scheme) }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    /// Whether a URL may stand in a link: it has no scheme, or one that runs no code.
    ///
    ///     URLSafety.isHarmless("/next/?a=b:c")                  // true
    ///     URLSafety.isHarmless(" java\nscript:alert(1)")        // false
    ///
    /// Reads the scheme as browsers do (URL Standard, section 4.4): blanks and control characters
    /// in front and line ends anywhere do not count.
    ///
    /// - Parameter url: the URL, or the beginning of one.
    /// - Returns: true for relative URLs and `http`, `https`, `mailto`, `tel`, `sms` and `ftp`.
    public static func isHarmless(_ url: String) -> Bool {
        var scheme: [UInt8] = []
        for byte in url.utf8.drop(while: { $0 <= 0x20 }) {
            switch byte {
            case 0x09, 0x0A, 0x0D: continue
            case UInt8(ascii: ":"):
                return harmlessSchemes.contains { scheme.elementsEqual($0.utf8) }
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                scheme.append(byte)
            default:
                guard byte.isASCIIAlphanumeric else { return true }
                scheme.append(byte.isASCIIDigit ? byte : byte | 0x20)
            }
            // No scheme is longer; what is would be none that is allowed.
            guard scheme.count <= 64 else { return false }
        }
        return true
    }

    private static let harmlessSchemes = ["http", "https", "mailto", "tel", "sms", "ftp"]

    /// Whether `host` is the domain `pattern`, or below it where `pattern` begins with a dot.
    ///
    /// Django: `is_same_domain`.
    package static func isSameDomain(_ host: String, _ pattern: String) -> Bool {
        guard !pattern.utf8.isEmpty else { return false }
        let pattern = pattern.asciiLowercased
        guard pattern.utf8.first == 0x2E else { return pattern.equalsBytes(host) }
        let bytes = Array(host.utf8)
        let wanted = Array(pattern.utf8)
        return bytes.elementsEqual(wanted.dropFirst())
            || (bytes.count >= wanted.count && bytes.suffix(wanted.count).elementsEqual(wanted))
    }

    /// The path with a second leading slash encoded, so that no browser takes it for a host.
    ///
    /// Django: `escape_leading_slashes`.
    package static func escapingLeadingSlashes(_ url: String) -> String {
        let bytes = url.utf8
        guard bytes.starts(with: [0x2F, 0x2F]) else { return url }
        return "/%2F" + String(Substring(bytes.dropFirst(2)))
    }
}
