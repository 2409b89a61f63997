#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// What is made of values that may be `NULL` may be `NULL` as well: these take the place of the
// members of the same names for other values.

extension QueryExpression where Value: NullableFieldValue, Value.Base == String {
    /// The number of characters.
    public var length: ComputedExpression<Int?> { calling(.length) }

    /// The number in Unicode of the first character.
    public var firstCodePoint: ComputedExpression<Int?> { calling(.ord) }

    /// Where a part begins, counted from 1; 0 where it is not in the text.
    ///
    /// - Parameter part: what is looked for.
    /// - Returns: a number.
    public func position(of part: String) -> ComputedExpression<Int?> {
        calling(.strIndex, [.value(.text(part))])
    }
}

extension QueryExpression where Value: NullableFieldValue, Value.Base: Numeric {
    /// The square root.
    public var squareRoot: ComputedExpression<Double?> { calling(.sqrt) }

    /// The natural logarithm.
    public var naturalLogarithm: ComputedExpression<Double?> { calling(.ln) }

    /// e raised to the number.
    public var exponential: ComputedExpression<Double?> { calling(.exp) }

    /// The sine of the angle in radians.
    public var sine: ComputedExpression<Double?> { calling(.sin) }

    /// The cosine of the angle in radians.
    public var cosine: ComputedExpression<Double?> { calling(.cos) }

    /// The tangent of the angle in radians.
    public var tangent: ComputedExpression<Double?> { calling(.tan) }

    /// The cotangent of the angle in radians.
    public var cotangent: ComputedExpression<Double?> { calling(.cot) }

    /// The angle in radians whose sine it is.
    public var arcSine: ComputedExpression<Double?> { calling(.asin) }

    /// The angle in radians whose cosine it is.
    public var arcCosine: ComputedExpression<Double?> { calling(.acos) }

    /// The angle in radians whose tangent it is.
    public var arcTangent: ComputedExpression<Double?> { calling(.atan) }

    /// The angle in degrees.
    public var degrees: ComputedExpression<Double?> { calling(.degrees) }

    /// The angle in radians.
    public var radians: ComputedExpression<Double?> { calling(.radians) }

    /// The logarithm to a base.
    ///
    /// - Parameter base: the base.
    /// - Returns: a number.
    public func logarithm(base: Double) -> ComputedExpression<Double?> {
        ComputedExpression(.call(FunctionCall(.log, [.value(.double(base)), node])))
    }

    /// The number raised to a power.
    ///
    /// - Parameter exponent: the power.
    /// - Returns: a number.
    public func power(_ exponent: Double) -> ComputedExpression<Double?> {
        calling(.power, [.value(.double(exponent))])
    }

    /// What is left over when the number is divided.
    ///
    /// - Parameter divisor: what it is divided by.
    /// - Returns: a number.
    public func remainder(_ divisor: Value.Base) -> ComputedExpression<Double?> {
        calling(.mod, [divisor.operand])
    }

    /// The angle in radians of the point that is so high, and so far to the right as the argument.
    ///
    /// - Parameter x: how far it is to the right.
    /// - Returns: a number.
    public func arcTangent<Other: QueryExpression>(
        over x: Other
    ) -> ComputedExpression<Double?> where Other.Value.Base: Numeric {
        calling(.atan2, [x.node])
    }
}

extension QueryExpression where Value: NullableFieldValue, Value.Base: DayValue {
    /// The year.
    public var year: ComputedExpression<Int?> { numbered("year") }

    /// The year of the week, by ISO 8601.
    public var isoYear: ComputedExpression<Int?> { numbered("iso_year") }

    /// The quarter, 1 to 4.
    public var quarter: ComputedExpression<Int?> { numbered("quarter") }

    /// The month, 1 to 12.
    public var month: ComputedExpression<Int?> { numbered("month") }

    /// The week of the year by ISO 8601, 1 to 53.
    public var week: ComputedExpression<Int?> { numbered("week") }

    /// The day of the month.
    public var day: ComputedExpression<Int?> { numbered("day") }

    /// The day of the week: 1 is Sunday, 7 is Saturday.
    public var weekday: ComputedExpression<Int?> { numbered("week_day") }

    /// The day of the week by ISO 8601: 1 is Monday, 7 is Sunday.
    public var isoWeekday: ComputedExpression<Int?> { numbered("iso_week_day") }
}

extension QueryExpression where Value: NullableFieldValue, Value.Base: ClockValue {
    /// The hour.
    public var hour: ComputedExpression<Int?> { numbered("hour") }

    /// The minute.
    public var minute: ComputedExpression<Int?> { numbered("minute") }

    /// The second.
    public var second: ComputedExpression<Int?> { numbered("second") }
}

extension QueryExpression where Value: NullableFieldValue, Value.Base == Date {
    /// A part of the moment on the clocks of a zone.
    ///
    ///     .filter { $0.published.part(.hour, in: "Asia/Tokyo") < 12 }
    ///
    /// - Parameters:
    ///   - part: which part.
    ///   - zone: the name of the zone.
    /// - Returns: a number.
    public func part(
        _ part: MomentPart,
        in zone: String
    )
        -> ComputedExpression<Int?>
    {
        calling(.extract, options: ["part": .text(part.rawValue), "zone": .text(zone)])
    }
}
