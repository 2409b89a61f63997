#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension QueryExpression where Value.Base: Numeric {
    /// The number without its sign.
    public var absolute: ComputedExpression<Value> { calling(.abs) }
    /// The least whole number that is not less.
    public var roundedUp: ComputedExpression<Value> { calling(.ceil) }
    /// The greatest whole number that is not greater.
    public var roundedDown: ComputedExpression<Value> { calling(.floor) }
    /// -1, 0 or 1.
    public var sign: ComputedExpression<Value> { calling(.sign) }

    /// The number rounded to digits behind the point.
    ///
    ///     try await Book.objects.values { $0.price.rounded(1) }      // ROUND("price", 1)
    ///
    /// - Parameter digits: how many digits; SQLite takes no negative number.
    /// - Returns: a number.
    public func rounded(_ digits: Int = 0) -> ComputedExpression<Value> {
        calling(.round, [.value(.int(digits))])
    }

    /// The square root.
    public var squareRoot: ComputedExpression<Double> { calling(.sqrt) }
    /// The natural logarithm.
    public var naturalLogarithm: ComputedExpression<Double> { calling(.ln) }
    /// e raised to the number.
    public var exponential: ComputedExpression<Double> { calling(.exp) }
    /// The sine of the angle in radians.
    public var sine: ComputedExpression<Double> { calling(.sin) }
    /// The cosine of the angle in radians.
    public var cosine: ComputedExpression<Double> { calling(.cos) }
    /// The tangent of the angle in radians.
    public var tangent: ComputedExpression<Double> { calling(.tan) }
    /// The cotangent of the angle in radians.
    public var cotangent: ComputedExpression<Double> { calling(.cot) }
    /// The angle in radians whose sine it is.
    public var arcSine: ComputedExpression<Double> { calling(.asin) }
    /// The angle in radians whose cosine it is.
    public var arcCosine: ComputedExpression<Double> { calling(.acos) }
    /// The angle in radians whose tangent it is.
    public var arcTangent: ComputedExpression<Double> { calling(.atan) }
    /// The angle in degrees.
    public var degrees: ComputedExpression<Double> { calling(.degrees) }
    /// The angle in radians.
    public var radians: ComputedExpression<Double> { calling(.radians) }

    /// The logarithm to a base.
    ///
    /// - Parameter base: the base.
    /// - Returns: a number.
    public func logarithm(base: Double) -> ComputedExpression<Double> {
        ComputedExpression(.call(FunctionCall(.log, [.value(.double(base)), node])))
    }

    /// The number raised to a power.
    ///
    /// - Parameter exponent: the power.
    /// - Returns: a number.
    public func power(_ exponent: Double) -> ComputedExpression<Double> {
        calling(.power, [.value(.double(exponent))])
    }

    /// What is left over when the number is divided.
    ///
    /// - Parameter divisor: what it is divided by.
    /// - Returns: a number.
    public func remainder(_ divisor: Value.Base) -> ComputedExpression<Double> {
        calling(.mod, [divisor.operand])
    }

    /// The angle in radians of the point that is so high, and so far to the right as the argument.
    ///
    /// - Parameter x: how far it is to the right.
    /// - Returns: a number.
    public func arcTangent<Other: QueryExpression>(
        over x: Other
    ) -> ComputedExpression<Double> where Other.Value.Base: Numeric {
        calling(.atan2, [x.node])
    }
}
