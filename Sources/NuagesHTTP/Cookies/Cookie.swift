internal import NuagesCore

/// A cookie that a response sets.
///
///     try response.setCookie(Cookie("theme", "dark", maxAge: 86_400))
///
/// The flags are strong unless said otherwise: `Secure`, `HttpOnly`, `SameSite=Lax`.
///
/// Django: the arguments of `HttpResponse.set_cookie`, whose defaults have none of the three.
public struct Cookie: Sendable {
    /// Whether the cookie goes with requests that other sites begin.
    public enum SameSite: String, Sendable {
        /// Only with requests that this site begins.
        case strict = "Strict"
        /// Also with links from other sites that are followed.
        case lax = "Lax"
        /// Always; needs `Secure`.
        case none = "None"
    }

    /// The name: a token.
    public var name: String
    /// The value; what may not stand in a cookie is escaped.
    public var value: String
    /// How long the browser keeps it, in seconds; nil is as long as it runs.
    public var maxAge: Int?
    /// When the browser forgets it, in seconds since 1970; made of ``maxAge`` unless given.
    public var expires: Int?
    /// The path below which it is sent.
    public var path: String? = "/"
    /// The domain it is sent to with all below it; nil is this host alone.
    public var domain: String?
    /// Whether it is sent by TLS only.
    public var isSecure = true
    /// Whether scripts of the page cannot read it.
    public var isHTTPOnly = true
    /// Whether it goes with requests that other sites begin.
    public var sameSite: SameSite? = .lax
    /// Whether it is kept apart for each site that embeds this one; needs `Secure`.
    public var isPartitioned = false

    /// A cookie with strong flags.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - value: the value.
    ///   - maxAge: how long the browser keeps it, in seconds.
    public init(_ name: String, _ value: String, maxAge: Int? = nil) {
        self.name = name
        self.value = value
        self.maxAge = maxAge
    }

    /// The value of a `Set-Cookie` field.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970, from which ``expires`` is counted.
    ///   - isDeleted: whether the cookie is to be forgotten; its prefix then need not be kept.
    /// - Returns: `name=value; Path=/; …`
    /// - Throws: ``CookieError`` for what a browser would refuse or read otherwise.
    func header(now: Int, isDeleted: Bool = false) throws(CookieError) -> String {
        try check(keepsPrefix: !isDeleted)
        // In the order of Python's `http.cookies`, which Django's responses have.
        var text = name
        text.reserveCapacity(192)
        text += "="
        text += Self.quoted(value)
        if let domain { text += "; Domain=\(domain)" }
        if let expires = expires ?? maxAge.map({ now &+ $0 }) {
            text += "; expires="
            text += HTTPDate.text(expires)
        }
        if isHTTPOnly { text += "; HttpOnly" }
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        if isPartitioned { text += "; Partitioned" }
        if let path { text += "; Path=\(path)" }
        if let sameSite { text += "; SameSite=\(sameSite.rawValue)" }
        if isSecure { text += "; Secure" }
        return text
    }

    private func check(keepsPrefix: Bool) throws(CookieError) {
        guard !name.isEmpty, name.utf8.allSatisfy(\.isToken) else { throw .invalidName(name) }
        for (attribute, text) in [("Path", path), ("Domain", domain)] {
            guard let text else { continue }
            let isClean = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3B }
            guard isClean else { throw .invalidAttribute(attribute, cookie: name) }
        }
        guard keepsPrefix else { return }
        if name.utf8.starts(with: "__Host-".utf8), !isSecure || path != "/" || domain != nil {
            throw .prefixNotKept(name, needs: "Secure, Path=/ and no Domain")
        }
        if name.utf8.starts(with: "__Secure-".utf8), !isSecure {
            throw .prefixNotKept(name, needs: "Secure")
        }
        if sameSite == SameSite.none, !isSecure {
            throw .prefixNotKept(name, needs: "Secure, because of SameSite=None")
        }
    }

    /// The value as Python's `http.cookies` writes it: in quotes with octal escapes if need be.
    private static func quoted(_ value: String) -> String {
        guard !value.utf8.isEmpty else { return "\"\"" }
        if value.utf8.allSatisfy({ $0.isToken || $0 == 0x3A }) { return value }
        var output = "\""
        for scalar in value.unicodeScalars {
            switch scalar.value {
            case 0x22: output += "\\\""
            case 0x5C: output += "\\\\"
            case 0..<0x20, 0x7F..<0x100, 0x2C, 0x3B:
                let octal = String(scalar.value, radix: 8)
                output += "\\" + String(repeating: "0", count: 3 - octal.utf8.count) + octal
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}

/// A cookie that browsers would refuse, or read otherwise than meant.
public enum CookieError: Error, Hashable, CustomStringConvertible {
    /// The name is no token.
    case invalidName(String)
    /// `Path` or `Domain` has blanks, a semicolon or other letters that are not allowed there.
    case invalidAttribute(String, cookie: String)
    /// The name's prefix promises flags that the cookie does not have.
    case prefixNotKept(String, needs: String)
    /// The cookie is to be signed, but the site has no key.
    case noSigner(String)

    /// What is wrong with the cookie.
    public var description: String {
        switch self {
        case .invalidName(let name):
            "'\(LogText.escape(name, limit: 64))' is not the name of a cookie: names are letters, "
                + "digits and !#$%&'*+-.^_`|~."
        case .invalidAttribute(let attribute, let cookie):
            "The \(attribute) of the cookie '\(cookie)' has a character that is not allowed there."
        case .prefixNotKept(let name, let needs):
            "The cookie '\(LogText.escape(name, limit: 64))' needs \(needs)."
        case .noSigner(let name):
            "The cookie '\(LogText.escape(name, limit: 64))' cannot be signed: secretKey of the "
                + "site's HTTPSettings is not set."
        }
    }
}
