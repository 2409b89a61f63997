/// Refuses numbers that are no multiple of a step, counted from an offset.
public struct StepValueValidator: Validator {
    /// The distance between two accepted numbers.
    public var step: NumericValue
    /// A number that is accepted; nil counts from zero.
    public var offset: NumericValue?

    /// A rule for numbers at a fixed distance.
    ///
    /// - Parameters:
    ///   - step: the distance between two accepted numbers.
    ///   - offset: a number that is accepted; nil counts from zero.
    public init(_ step: NumericValue, offset: NumericValue? = nil) {
        self.step = step
        self.offset = offset
    }

    /// Accepts multiples of ``step``.
    public func validate(_ value: NumericValue) throws(ValidationError) {
        let distance =
            if case .int(let number) = value, case .int(let start) = offset ?? .int(0) {
                Double(number) - Double(start)
            } else {
                value.double - (offset?.double ?? 0)
            }
        let remainder = distance.remainder(dividingBy: step.double)
        if abs(remainder) <= 1e-9 { return }
        guard let offset else {
            throw ValidationError(
                "Ensure this value is a multiple of step size %(limit_value)s.",
                code: "step_size",
                parameters: [
                    ErrorParameter("limit_value", step.description),
                    ErrorParameter("show_value", value.description),
                    ErrorParameter("value", value.description),
                ]
            )
        }
        let start = Self.convert(offset, like: value)
        let first = start.adding(step)
        throw ValidationError(
            """
            Ensure this value is a multiple of step size %(limit_value)s, starting from \
            %(offset)s, e.g. %(offset)s, %(valid_value1)s, %(valid_value2)s, and so on.
            """,
            code: "step_size",
            parameters: [
                ErrorParameter("limit_value", step.description),
                ErrorParameter("offset", start.description),
                ErrorParameter("valid_value1", first.description),
                ErrorParameter("valid_value2", start.adding(step.adding(step)).description),
            ]
        )
    }

    /// The offset in the type of the value, as the message shows it.
    private static func convert(_ offset: NumericValue, like value: NumericValue) -> NumericValue {
        switch (value, offset) {
        case (.double, _): .double(offset.double)
        case (.decimal, _): .decimal(offset.decimal)
        case (.int, .double(let number)) where number.magnitude < 9e18: .int(Int(number))
        default: offset
        }
    }
}
