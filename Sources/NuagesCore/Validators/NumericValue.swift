/// A number that a validator compares with: the value of a field or one of its limits.
public enum NumericValue: Sendable, Hashable, CustomStringConvertible {
    /// A whole number.
    case int(Int)
    /// A floating-point number.
    case double(Double)
    /// An exact decimal number.
    case decimal(ExactDecimal)

    /// The text that Python's `str()` gives.
    public var description: String {
        switch self {
        case .int(let value): String(value)
        case .double(let value): PythonText.repr(value)
        case .decimal(let value): value.description
        }
    }

    /// The nearest `Double`.
    public var double: Double {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        case .decimal(let value): value.doubleValue
        }
    }

    /// The number in digits; the shortest ones that read back as a floating-point number.
    package var decimal: ExactDecimal {
        switch self {
        case .int(let value): ExactDecimal(value)
        case .double(let value): ExactDecimal(PythonText.repr(value)) ?? .zero
        case .decimal(let value): value
        }
    }

    /// Whether `left` is smaller; false where either is not a number.
    public static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.int(let left), .int(let right)): left < right
        case (.double(let left), .double(let right)): left < right
        default: left.decimal < right.decimal
        }
    }

    /// The sum, exact unless a floating-point number takes part or it leaves the 64 bits.
    func adding(_ other: Self) -> Self {
        switch (self, other) {
        case (.int(let left), .int(let right)):
            let (sum, overflow) = left.addingReportingOverflow(right)
            return overflow ? .double(Double(left) + Double(right)) : .int(sum)
        case (.double, _), (_, .double):
            return .double(double + other.double)
        default:
            return .decimal(decimal.adding(other.decimal))
        }
    }
}

extension NumericValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    /// A whole number.
    public init(integerLiteral value: Int) { self = .int(value) }

    /// A floating-point number.
    public init(floatLiteral value: Double) { self = .double(value) }
}

extension ExactDecimal {
    /// The exact sum; the larger number where the exponents are too far apart to write both out.
    package func adding(_ other: Self) -> Self {
        guard isFinite, other.isFinite else { return isFinite ? other : self }
        let low = min(exponent, other.exponent)
        let span = max(adjustedExponent, other.adjustedExponent).subtractingReportingOverflow(low)
        guard !span.overflow, span.partialValue < 5000 else {
            return adjustedExponent < other.adjustedExponent ? other : self
        }
        let left = aligned(to: low, count: span.partialValue + 2)
        let right = other.aligned(to: low, count: span.partialValue + 2)
        var sum = zip(left, right).map { Int($0) + Int($1) }
        let isNegative = (sum.first { $0 != 0 } ?? 0) < 0
        if isNegative { sum = sum.map { -$0 } }
        for index in sum.indices.dropFirst().reversed() {
            let carry = floorDivide(sum[index], 10)
            sum[index] -= carry * 10
            sum[index - 1] += carry
        }
        return ExactDecimal(
            isNegative: isNegative,
            digits: sum.map { UInt8(truncatingIfNeeded: $0) },
            exponent: low
        )
    }

    /// The signed digits down to the exponent `low`, `count` of them.
    private func aligned(to low: Int, count: Int) -> [Int8] {
        let sign: Int8 = isNegative ? -1 : 1
        let shown = digits.map { Int8($0) * sign } + Array(repeating: 0, count: exponent - low)
        return Array(repeating: 0, count: max(0, count - shown.count)) + shown
    }
}
