extension ValidatorSchema {
    /// Values from a limit on (`MinValueValidator`).
    ///
    ///     @Field(validators: [.minValue(0), .maxValue(100)]) var percent: Int
    public static func minValue(_ limit: some FieldValue) -> Self {
        Self("MinValueValidator", ["limit_value": limit.sqlValue])
    }

    /// Values up to a limit (`MaxValueValidator`).
    public static func maxValue(_ limit: some FieldValue) -> Self {
        Self("MaxValueValidator", ["limit_value": limit.sqlValue])
    }

    /// Text of at least some code points (`MinLengthValidator`).
    public static func minLength(_ limit: Int) -> Self {
        Self("MinLengthValidator", ["limit_value": .int(limit)])
    }

    /// Text of at most some code points (`MaxLengthValidator`).
    public static func maxLength(_ limit: Int) -> Self {
        Self("MaxLengthValidator", ["limit_value": .int(limit)])
    }

    /// Multiples of a step, counted from an offset (`StepValueValidator`).
    ///
    ///     @Field(validators: [.step(5, offset: 2)]) var seats: Int         // 2, 7, 12 …
    public static func step<Number: FieldValue>(_ step: Number, offset: Number? = nil) -> Self {
        var arguments = ["limit_value": step.sqlValue]
        if let offset { arguments["offset"] = offset.sqlValue }
        return Self("StepValueValidator", arguments)
    }

    /// Numbers with few enough digits (`DecimalValidator`).
    public static func decimal(maxDigits: Int?, decimalPlaces: Int?) -> Self {
        Self(
            "DecimalValidator",
            [
                "max_digits": maxDigits.map { .int($0) } ?? .null,
                "decimal_places": decimalPlaces.map { .int($0) } ?? .null,
            ]
        )
    }

    /// Text in which a pattern is found, or is not (`RegexValidator`).
    ///
    /// - Parameters:
    ///   - pattern: the pattern in Python's syntax.
    ///   - message: the text of the error; nil for the usual one.
    ///   - code: the code of the error; nil for `invalid`.
    ///   - inverseMatch: whether text is accepted in which the pattern is not found.
    /// - Returns: the validator.
    public static func regex(
        _ pattern: String,
        message: String? = nil,
        code: String? = nil,
        inverseMatch: Bool = false
    ) -> Self {
        var arguments: [String: SQLValue] = ["regex": .text(pattern)]
        if let message { arguments["message"] = .text(message) }
        if let code { arguments["code"] = .text(code) }
        if inverseMatch { arguments["inverse_match"] = .bool(true) }
        return Self("RegexValidator", arguments)
    }

    /// Names of files with one of some extensions (`FileExtensionValidator`).
    public static func fileExtension(_ allowed: [String]) -> Self {
        Self("FileExtensionValidator", ["allowed_extensions": .array(allowed.map { .text($0) })])
    }

    /// Whole numbers with a separator between them (`int_list_validator`).
    public static func integerList(
        separator: String = ",",
        allowsNegative: Bool = false
    ) -> Self {
        Self(
            "int_list_validator",
            ["sep": .text(separator), "allow_negative": .bool(allowsNegative)]
        )
    }

    /// Addresses of web pages (`URLValidator`).
    public static func url(schemes: [String] = ["http", "https", "ftp", "ftps"]) -> Self {
        Self("URLValidator", ["schemes": .array(schemes.map { .text($0) })])
    }

    /// Addresses of mail (`EmailValidator`).
    public static let email = Self("EmailValidator")
    /// Names of hosts (`DomainNameValidator`).
    public static let domainName = Self("DomainNameValidator")
    /// Letters, digits, hyphens and underscores of ASCII (`validate_slug`).
    public static let slug = Self("validate_slug")
    /// Letters and digits of any script, hyphens and underscores (`validate_unicode_slug`).
    public static let unicodeSlug = Self("validate_unicode_slug")
    /// Text that is a whole number (`validate_integer`).
    public static let integer = Self("validate_integer")
    /// Addresses of IPv4 (`validate_ipv4_address`).
    public static let ipv4Address = Self("validate_ipv4_address")
    /// Addresses of IPv6 (`validate_ipv6_address`).
    public static let ipv6Address = Self("validate_ipv6_address")
    /// Addresses of either version (`validate_ipv46_address`).
    public static let ipv46Address = Self("validate_ipv46_address")
    /// Whole numbers with commas between them (`validate_comma_separated_integer_list`).
    public static let commaSeparatedIntegers = Self("validate_comma_separated_integer_list")
    /// Names of files that browsers show as images (`validate_image_file_extension`).
    public static let imageFileExtension = Self("validate_image_file_extension")
    /// Text without NUL (`ProhibitNullCharactersValidator`).
    public static let noNullCharacters = Self("ProhibitNullCharactersValidator")
}
