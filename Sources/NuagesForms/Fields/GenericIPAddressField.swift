public import NuagesCore

/// An IPv4 or IPv6 address, the latter in its shortest form.
public struct GenericIPAddressField: FormField {
    /// The type of the cleaned value.
    public typealias Value = String

    /// What every field has.
    public var options = FieldOptions()
    /// Which addresses are accepted.
    public var version: IPAddressValidator.Version
    /// Whether `::ffff:192.0.2.1` is cleaned to `192.0.2.1`.
    public var unpacksIPv4: Bool
    /// The most code points.
    public var maxLength: Int?
    /// The fewest code points.
    public var minLength: Int?

    /// An IP address.
    ///
    /// - Parameters:
    ///   - version: which addresses are accepted.
    ///   - unpackIPv4: whether `::ffff:192.0.2.1` is cleaned to `192.0.2.1`.
    ///   - maxLength: the most code points.
    ///   - minLength: the fewest code points.
    public init(
        _ version: IPAddressValidator.Version = .both,
        unpackIPv4: Bool = false,
        maxLength: Int? = IPAddressValidator.maxLength,
        minLength: Int? = nil
    ) {
        self.version = version
        unpacksIPv4 = unpackIPv4
        self.maxLength = maxLength
        self.minLength = minLength
    }

    /// The address in its shortest form.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return "" }
        let text = PythonText.stripped(raw.text)
        guard text.utf8.contains(UInt8(ascii: ":")) else { return .string(text) }
        guard text.unicodeScalars.count <= maxLength ?? IPAddressValidator.maxLength,
            let address = IPv6Address(text)
        else {
            throw ValidationError(
                "This is not a valid IPv6 address.",
                code: "invalid",
                parameters: [ErrorParameter("protocol", "IPv6")]
            )
        }
        if unpacksIPv4, let mapped = address.mappedIPv4 { return .string(mapped.description) }
        return .string(address.description)
    }

    /// The form of an address, the limits and the rule against NUL.
    public var ownValidators: [FieldValidator] {
        [FieldValidator(IPAddressValidator(version))]
            + TextConversion.validators(minLength: minLength, maxLength: maxLength)
    }

    /// `maxlength` and `minlength`.
    public func attributes(for widget: any Widget) -> HTMLAttributes {
        TextConversion.attributes(minLength: minLength, maxLength: maxLength, for: widget)
    }
}
