/// Accepts host names with at least two labels.
///
/// Django: `DomainNameValidator`.
public struct DomainNameValidator: Validator {
    /// Whether letters outside ASCII are accepted (internationalized names).
    public var acceptsIDNA: Bool
    /// The text of the error.
    public var message: ErrorMessage = "Enter a valid domain name."
    /// The code of the error.
    public var code = "invalid"

    /// The rule for domain names.
    ///
    /// - Parameter acceptsIDNA: whether letters outside ASCII are accepted.
    public init(acceptsIDNA: Bool = true) { self.acceptsIDNA = acceptsIDNA }

    /// Accepts `example.com` and `例え.jp`.
    public func validate(_ value: String) throws(ValidationError) {
        let scalars = Array(value.unicodeScalars)
        let isValid =
            scalars.count <= 255
            && (acceptsIDNA
                ? Self.isDomain(scalars[...], allowsTrailingDot: true)
                : Self.isASCIIDomain(scalars[...]))
        if !isValid {
            throw ValidationError(message, code: code, parameters: [ErrorParameter("value", value)])
        }
    }

    /// Whether the scalars are a domain name of at least two labels.
    static func isDomain(
        _ scalars: ArraySlice<Unicode.Scalar>,
        allowsTrailingDot: Bool
    ) -> Bool {
        var scalars = scalars
        if allowsTrailingDot, scalars.last == "." { scalars = scalars.dropLast() }
        let labels = scalars.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let top = labels.last else { return false }
        return labels.dropLast().allSatisfy { isLabel($0, isMember) } && isTopLevel(top)
    }

    private static func isASCIIDomain(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        var scalars = scalars
        if scalars.last == "." { scalars = scalars.dropLast() }
        let labels = scalars.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let top = labels.last else { return false }
        return labels.allSatisfy { isLabel($0, isASCIIMember) } && top.count >= 2
    }

    /// 1 to 63 members or hyphens, no hyphen at either end.
    private static func isLabel(
        _ label: ArraySlice<Unicode.Scalar>,
        _ isMember: (Unicode.Scalar) -> Bool
    ) -> Bool {
        (1...63).contains(label.count) && label.first != "-" && label.last != "-"
            && label.allSatisfy { $0 == "-" || isMember($0) }
    }

    private static func isTopLevel(_ label: ArraySlice<Unicode.Scalar>) -> Bool {
        guard label.first != "-", label.last != "-" else { return false }
        let isWord =
            (2...63).contains(label.count)
            && label.allSatisfy { $0 == "-" || (isMember($0) && !isASCIIDigit($0)) }
        if isWord { return true }
        let prefix = label.prefix(4).map { $0.properties.lowercaseMapping }.joined()
        return prefix == "xn--" && (5...63).contains(label.count)
            && label.dropFirst(4).allSatisfy(isASCIIMember)
    }

    private static func isMember(_ scalar: Unicode.Scalar) -> Bool {
        isASCIIMember(scalar) || (0xA1...0xFFFF).contains(scalar.value)
    }

    private static func isASCIIMember(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    private static func isASCIIDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }
}
