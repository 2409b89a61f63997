/// Accepts absolute URLs of at most 2,048 code points with one of the allowed schemes.
///
/// Django: `URLValidator`.
public struct URLValidator: Validator {
    /// The most code points that a URL may have.
    public static let maxLength = 2048

    /// The allowed schemes in lower case.
    public var schemes: [String]
    /// The text of the error.
    public var message: ErrorMessage = "Enter a valid URL."
    /// The code of the error.
    public var code = "invalid"

    /// The rule for URLs.
    ///
    /// - Parameter schemes: the allowed schemes in lower case.
    public init(schemes: [String] = ["http", "https", "ftp", "ftps"]) { self.schemes = schemes }

    /// Accepts `https://example.com/path?query#fragment`.
    public func validate(_ value: String) throws(ValidationError) {
        if PlainHost.isURL(value, schemes: schemes) || isValid(value) { return }
        throw ValidationError(message, code: code, parameters: [ErrorParameter("value", value)])
    }

    private func isValid(_ value: String) -> Bool {
        guard value.utf8.count <= Self.maxLength * 4 else { return false }
        let scalars = Array(value.unicodeScalars)
        guard scalars.count <= Self.maxLength,
            !scalars.contains(where: { $0 == "\t" || $0 == "\r" || $0 == "\n" }),
            let end = Self.schemeEnd(scalars), scalars[..<end].allSatisfy(Self.isSchemeMember)
        else { return false }
        var scheme = String.UnicodeScalarView()
        scheme.append(contentsOf: scalars[..<end])
        let lowered = UnicodeText.asciiLowercased(String(scheme))
        guard schemes.contains(where: { $0.utf8.elementsEqual(lowered.utf8) }) else { return false }
        let rest = scalars[(end + 3)...]
        guard let authority = Self.authority(rest) else { return false }
        if let user = Self.userInfoEnd(rest), Self.isHostAndRest(rest[user...]) {
            return Self.isAllowed(authority)
        }
        return Self.isHostAndRest(rest) && Self.isAllowed(authority)
    }

    private static func schemeEnd(_ scalars: [Unicode.Scalar]) -> Int? {
        scalars.indices.first { scalars[$0...].starts(with: [":", "/", "/"]) }
    }

    private static func isSchemeMember(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "+", "-": true
        default: false
        }
    }

    /// The part up to the path; nil where its brackets are unbalanced or a letter of it would
    /// become a delimiter under compatibility normalization.
    private static func authority(_ rest: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar>?
    {
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard authority.contains("[") == authority.contains("]"),
            !authority.contains(where: isDelimiterInDisguise)
        else { return nil }
        return authority
    }

    /// Scalars whose NFKC form holds `/`, `?`, `#`, `@` or `:`.
    private static func isDelimiterInDisguise(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2048, 0x2049, 0x2047, 0x2100, 0x2101, 0x2105, 0x2106, 0x2A74, 0xFE13, 0xFE16,
            0xFE55, 0xFE56, 0xFE5F, 0xFE6B, 0xFF03, 0xFF0F, 0xFF1A, 0xFF1F, 0xFF20:
            true
        default: false
        }
    }

    /// The index behind `user:password@`.
    private static func userInfoEnd(_ rest: ArraySlice<Unicode.Scalar>) -> Int? {
        var colons = 0
        for index in rest.indices {
            switch rest[index] {
            case "@": return index > rest.startIndex && rest.first != ":" ? index + 1 : nil
            case ":" where colons == 0: colons = 1
            case ":", "/": return nil
            case let scalar where PythonText.isSpace(scalar): return nil
            default: break
            }
        }
        return nil
    }

    /// Whether a host, a port and a path follow.
    private static func isHostAndRest(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
        let host: ArraySlice<Unicode.Scalar>
        if rest.first == "[" {
            guard let close = rest.firstIndex(of: "]") else { return false }
            host = rest[...close]
            guard host.count > 2, host.dropFirst().dropLast().allSatisfy(isAddressMember) else {
                return false
            }
        } else {
            host = rest.prefix { $0 != ":" && $0 != "/" && $0 != "?" && $0 != "#" }
            guard isHostName(host) else { return false }
        }
        var tail = rest[host.endIndex...]
        if tail.first == ":" {
            let port = tail.dropFirst().prefix { ("0"..."9").contains($0) }
            guard (1...5).contains(port.count) else { return false }
            tail = tail[port.endIndex...]
        }
        guard let first = tail.first else { return true }
        return (first == "/" || first == "?" || first == "#")
            && !tail.contains(where: PythonText.isSpace)
    }

    private static func isAddressMember(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."f", "A"..."F", "0"..."9", ":", ".": true
        default: false
        }
    }

    private static func isHostName(_ host: ArraySlice<Unicode.Scalar>) -> Bool {
        if DomainNameValidator.isDomain(host, allowsTrailingDot: true) { return true }
        guard host.count <= 15 else { return false }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: host)
        return IPv4Address(String(text)) != nil
            || UnicodeText.asciiLowercased(String(text)) == "localhost"
    }

    /// The rules for the host that a pattern cannot tell: a real IPv6 address, 253 characters.
    private static func isAllowed(_ authority: ArraySlice<Unicode.Scalar>) -> Bool {
        let afterUser = authority.lastIndex(of: "@").map { authority[($0 + 1)...] } ?? authority
        if afterUser.first == "[", let close = afterUser.firstIndex(of: "]") {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: afterUser[..<close].dropFirst())
            return text.count <= IPAddressValidator.maxLength && IPv6Address(String(text)) != nil
        }
        let name = afterUser.prefix { $0 != ":" }
        return !name.isEmpty && name.count <= 253
    }
}
