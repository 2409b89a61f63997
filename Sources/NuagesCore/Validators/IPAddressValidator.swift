/// Accepts IP addresses of one or both versions.
///
/// Django: `validate_ipv4_address`, `validate_ipv6_address`, `validate_ipv46_address`.
public struct IPAddressValidator: Validator {
    /// Which addresses are meant.
    public enum Version: Sendable {
        /// IPv4 only.
        case v4
        /// IPv6 only.
        case v6
        /// Either.
        case both
    }

    /// The longest text of an IPv6 address.
    public static let maxLength = 39

    /// Which addresses are accepted.
    public var version: Version

    /// The rule for IP addresses.
    ///
    /// - Parameter version: which addresses are accepted.
    public init(_ version: Version = .both) { self.version = version }

    /// Accepts `192.0.2.1` and `2001:db8::1`.
    public func validate(_ value: String) throws(ValidationError) {
        let isValid =
            switch version {
            case .v4: IPv4Address(value) != nil
            case .v6: Self.isIPv6(value)
            case .both: IPv4Address(value) != nil || Self.isIPv6(value)
            }
        if isValid { return }
        let name =
            switch version {
            case .v4: "IPv4"
            case .v6: "IPv6"
            case .both: "IPv4 or IPv6"
            }
        throw ValidationError(
            "Enter a valid %(protocol)s address.",
            code: "invalid",
            parameters: [ErrorParameter("protocol", name), ErrorParameter("value", value)]
        )
    }

    private static func isIPv6(_ text: String) -> Bool {
        text.unicodeScalars.count <= maxLength && IPv6Address(text) != nil
    }
}
