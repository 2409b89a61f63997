/// A rule that compares a value with a limit: the base of rules of your own.
///
///     let even = BaseValidator(2, code: "even", message: "Ensure this value is a multiple of 2.") {
///         value, limit in value % limit != 0
///     }
///
/// Django: `BaseValidator`, whose subclasses say how to compare.
public struct BaseValidator<Value: Sendable>: Validator {
    /// What values are compared with.
    public var limit: Value
    /// The text of the error; it may name `%(limit_value)s` and `%(show_value)s`.
    public var message: ErrorMessage
    /// The code of the error.
    public var code: String
    private let isRefused: @Sendable (_ value: Value, _ limit: Value) -> Bool

    /// A rule.
    ///
    /// - Parameters:
    ///   - limit: what values are compared with.
    ///   - code: the code of the error.
    ///   - message: the text of the error.
    ///   - isRefused: whether a value breaks the rule.
    public init(
        _ limit: Value,
        code: String = "limit_value",
        message: ErrorMessage = "Ensure this value is %(limit_value)s (it is %(show_value)s).",
        isRefused: @escaping @Sendable (_ value: Value, _ limit: Value) -> Bool
    ) {
        self.limit = limit
        self.message = message
        self.code = code
        self.isRefused = isRefused
    }

    /// Accepts what the rule does not refuse.
    public func validate(_ value: Value) throws(ValidationError) {
        guard isRefused(value, limit) else { return }
        throw ValidationError(
            message,
            code: code,
            parameters: [
                ErrorParameter("limit_value", Self.text(limit)),
                ErrorParameter("show_value", Self.text(value)),
                ErrorParameter("value", Self.text(value)),
            ]
        )
    }

    private static func text(_ value: Value) -> String {
        if let flag = value as? Bool { return flag ? "True" : "False" }
        return String(describing: value)
    }
}

extension BaseValidator where Value: Equatable {
    /// Refuses all values but one.
    ///
    /// - Parameter limit: the value that is accepted.
    public init(_ limit: Value) { self.init(limit) { $0 != $1 } }
}
