/// Refuses text with fewer code points than a limit.
public struct MinLengthValidator: Validator {
    /// The limit.
    public var limit: Int
    /// The text of the error.
    public var message = ErrorMessage(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        plural:
            "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        by: "limit_value"
    )

    /// A lower limit.
    ///
    /// - Parameter limit: the number of code points that are enough.
    public init(_ limit: Int) { self.limit = limit }

    /// Accepts text of at least ``limit`` code points.
    public func validate(_ value: String) throws(ValidationError) {
        // Every code point has at most 4 bytes, so most texts need no counting.
        if value.utf8.count / 4 >= limit { return }
        try validate(count: value.unicodeScalars.count, of: value)
    }

    /// Accepts collections of at least ``limit`` elements.
    ///
    /// - Parameters:
    ///   - count: the number of elements.
    ///   - value: the value as text, for the message.
    /// - Throws: ``ValidationError``.
    public func validate(count: Int, of value: String) throws(ValidationError) {
        if count >= limit { return }
        throw ValidationError(
            message,
            code: "min_length",
            parameters: lengthParameters(limit, count, value)
        )
    }
}

/// Refuses text with more code points than a limit.
public struct MaxLengthValidator: Validator {
    /// The limit.
    public var limit: Int
    /// The text of the error.
    public var message = ErrorMessage(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        plural: "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        by: "limit_value"
    )

    /// An upper limit.
    ///
    /// - Parameter limit: the number of code points that are allowed.
    public init(_ limit: Int) { self.limit = limit }

    /// Accepts text of at most ``limit`` code points.
    public func validate(_ value: String) throws(ValidationError) {
        if value.utf8.count <= limit { return }
        try validate(count: value.unicodeScalars.count, of: value)
    }

    /// Accepts collections of at most ``limit`` elements.
    ///
    /// - Parameters:
    ///   - count: the number of elements.
    ///   - value: the value as text, for the message.
    /// - Throws: ``ValidationError``.
    public func validate(count: Int, of value: String) throws(ValidationError) {
        if count <= limit { return }
        throw ValidationError(
            message,
            code: "max_length",
            parameters: lengthParameters(limit, count, value)
        )
    }
}

private func lengthParameters(_ limit: Int, _ count: Int, _ value: String) -> [ErrorParameter] {
    [
        ErrorParameter("limit_value", limit), ErrorParameter("show_value", count),
        ErrorParameter("value", value),
    ]
}
