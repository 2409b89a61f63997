/// Refuses values above a limit.
public struct MaxValueValidator<Value: Sendable & CustomStringConvertible>: Validator {
    /// The limit.
    public var limit: Value
    /// The text of the error.
    public var message: ErrorMessage = "Ensure this value is less than or equal to %(limit_value)s."
    private let isLess: @Sendable (Value, Value) -> Bool

    /// Accepts values up to ``limit``.
    public func validate(_ value: Value) throws(ValidationError) {
        if isLess(limit, value) {
            throw ValidationError(
                message,
                code: "max_value",
                parameters: limitParameters(limit, value)
            )
        }
    }
}

extension MaxValueValidator where Value: Comparable {
    /// An upper limit.
    ///
    /// - Parameter limit: the largest value that is accepted.
    public init(_ limit: Value) {
        self.limit = limit
        isLess = { $0 < $1 }
    }
}

extension MaxValueValidator where Value == NumericValue {
    /// An upper limit for numbers.
    ///
    /// - Parameter limit: the largest number that is accepted.
    public init(_ limit: NumericValue) {
        self.limit = limit
        isLess = { $0 < $1 }
    }
}

/// Refuses values below a limit.
public struct MinValueValidator<Value: Sendable & CustomStringConvertible>: Validator {
    /// The limit.
    public var limit: Value
    /// The text of the error.
    public var message: ErrorMessage =
        "Ensure this value is greater than or equal to %(limit_value)s."
    private let isLess: @Sendable (Value, Value) -> Bool

    /// Accepts values from ``limit`` on.
    public func validate(_ value: Value) throws(ValidationError) {
        if isLess(value, limit) {
            throw ValidationError(
                message,
                code: "min_value",
                parameters: limitParameters(limit, value)
            )
        }
    }
}

extension MinValueValidator where Value: Comparable {
    /// A lower limit.
    ///
    /// - Parameter limit: the smallest value that is accepted.
    public init(_ limit: Value) {
        self.limit = limit
        isLess = { $0 < $1 }
    }
}

extension MinValueValidator where Value == NumericValue {
    /// A lower limit for numbers.
    ///
    /// - Parameter limit: the smallest number that is accepted.
    public init(_ limit: NumericValue) {
        self.limit = limit
        isLess = { $0 < $1 }
    }
}

private func limitParameters(
    _ limit: some CustomStringConvertible,
    _ value: some CustomStringConvertible
) -> [ErrorParameter] {
    [
        ErrorParameter("limit_value", limit.description),
        ErrorParameter("show_value", value.description),
        ErrorParameter("value", value.description),
    ]
}
