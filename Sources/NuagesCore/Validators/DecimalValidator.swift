/// Refuses decimal numbers with too many digits.
public struct DecimalValidator: Validator {
    /// The number of digits that are allowed in all; nil sets no limit.
    public var maxDigits: Int?
    /// The number of digits that are allowed behind the point; nil sets no limit.
    public var decimalPlaces: Int?

    /// A limit for digits.
    ///
    /// - Parameters:
    ///   - maxDigits: allowed in all; nil sets no limit.
    ///   - decimalPlaces: allowed behind the point; nil sets no limit.
    public init(maxDigits: Int?, decimalPlaces: Int?) {
        self.maxDigits = maxDigits
        self.decimalPlaces = decimalPlaces
    }

    /// Accepts numbers with few enough digits.
    public func validate(_ value: ExactDecimal) throws(ValidationError) {
        guard value.isFinite else { throw error("Enter a number.", "invalid", nil, value) }
        var count = value.digits.count
        var decimals = 0
        if value.exponent >= 0 {
            if !value.isZero { count = saturated(count, value.exponent) }
        } else {
            decimals = value.exponent == .min ? .max : -value.exponent
            count = max(count, decimals)
        }
        if let maxDigits, count > maxDigits {
            throw error(Self.digits, "max_digits", maxDigits, value)
        }
        if let decimalPlaces, decimals > decimalPlaces {
            throw error(Self.places, "max_decimal_places", decimalPlaces, value)
        }
        if let maxDigits, let decimalPlaces, count - decimals > maxDigits - decimalPlaces {
            throw error(Self.wholeDigits, "max_whole_digits", maxDigits - decimalPlaces, value)
        }
    }

    private func saturated(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    private func error(
        _ message: ErrorMessage,
        _ code: String,
        _ limit: Int?,
        _ value: ExactDecimal
    ) -> ValidationError {
        ValidationError(
            message,
            code: code,
            parameters: (limit.map { [ErrorParameter("max", $0)] } ?? [])
                + [ErrorParameter("value", value.description)]
        )
    }

    private static let digits = ErrorMessage(
        "Ensure that there are no more than %(max)s digit in total.",
        plural: "Ensure that there are no more than %(max)s digits in total.",
        by: "max"
    )
    private static let places = ErrorMessage(
        "Ensure that there are no more than %(max)s decimal place.",
        plural: "Ensure that there are no more than %(max)s decimal places.",
        by: "max"
    )
    private static let wholeDigits = ErrorMessage(
        "Ensure that there are no more than %(max)s digit before the decimal point.",
        plural: "Ensure that there are no more than %(max)s digits before the decimal point.",
        by: "max"
    )
}
