/// Accepts email addresses of at most 320 code points.
///
/// Django: `EmailValidator`.
public struct EmailValidator: Validator {
    /// Domains that are accepted though they have one label.
    public var allowlist: [String]
    /// The text of the error.
    public var message: ErrorMessage = "Enter a valid email address."
    /// The code of the error.
    public var code = "invalid"

    /// The rule for email addresses.
    ///
    /// - Parameter allowlist: domains that are accepted though they have one label.
    public init(allowlist: [String] = ["localhost"]) { self.allowlist = allowlist }

    /// Accepts `ada@example.com`.
    public func validate(_ value: String) throws(ValidationError) {
        if PlainHost.isAddress(value) { return }
        let scalars = Array(value.unicodeScalars)
        if let at = scalars.lastIndex(of: "@"), scalars.count <= 320,
            Self.isUser(scalars[..<at]), isDomain(scalars[(at + 1)...])
        {
            return
        }
        throw ValidationError(message, code: code, parameters: [ErrorParameter("value", value)])
    }

    private func isDomain(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        if allowlist.contains(where: { $0.unicodeScalars.elementsEqual(scalars) }) { return true }
        if DomainNameValidator.isDomain(scalars, allowsTrailingDot: false) { return true }
        guard scalars.first == "[", scalars.last == "]", scalars.count > 2 else { return false }
        var literal = String.UnicodeScalarView()
        literal.append(contentsOf: scalars.dropFirst().dropLast())
        let text = String(literal)
        return IPv4Address(text) != nil || (IPv6Address(text) != nil && !literal.contains("%"))
    }

    private static func isUser(_ user: ArraySlice<Unicode.Scalar>) -> Bool {
        if user.first == "\"" { return isQuotedString(user) }
        return user.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && $0.allSatisfy(isAtomMember)
        }
    }

    private static func isAtomMember(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        case "-", "!", "#", "$", "%", "&", "'", "*", "+", "/", "=", "?", "^", "_", "`", "{", "}",
            "|", "~":
            true
        default: false
        }
    }

    private static func isQuotedString(_ user: ArraySlice<Unicode.Scalar>) -> Bool {
        guard user.count >= 2, user.last == "\"" else { return false }
        var escaped = false
        for scalar in user.dropFirst().dropLast() {
            let value = scalar.value
            if escaped {
                guard (1...9).contains(value) || (0x0B...0x7F).contains(value), value != 0x0D
                else { return false }
                escaped = false
            } else if scalar == "\\" {
                escaped = true
            } else {
                switch value {
                case 0x01...0x08, 0x0B, 0x0C, 0x0E...0x1F, 0x21, 0x23...0x5B, 0x5D...0x7F: break
                default: return false
                }
            }
        }
        return !escaped
    }
}
