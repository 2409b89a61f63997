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
    public var squareRoot: ComputedExpression<Value.DoubleResult> { calling(.sqrt) }
    /// The natural logarithm.
    public var naturalLogarithm: ComputedExpression<Value.DoubleResult> { calling(.ln) }
    /// e raised to the number.
    public var exponential: ComputedExpression<Value.DoubleResult> { calling(.exp) }
    /// The sine of the angle in radians.
    public var sine: ComputedExpression<Value.DoubleResult> { calling(.sin) }
    /// The cosine of the angle in radians.
    public var cosine: ComputedExpression<Value.DoubleResult> { calling(.cos) }
    /// The tangent of the angle in radians.
    public var tangent: ComputedExpression<Value.DoubleResult> { calling(.tan) }
    /// The cotangent of the angle in radians.
    public var cotangent: ComputedExpression<Value.DoubleResult> { calling(.cot) }
    /// The angle in radians whose sine it is.
    public var arcSine: ComputedExpression<Value.DoubleResult> { calling(.asin) }
    /// The angle in radians whose cosine it is.
    public var arcCosine: ComputedExpression<Value.DoubleResult> { calling(.acos) }
    /// The angle in radians whose tangent it is.
    public var arcTangent: ComputedExpression<Value.DoubleResult> { calling(.atan) }
    /// The angle in degrees.
    public var degrees: ComputedExpression<Value.DoubleResult> { calling(.degrees) }
    /// The angle in radians.
    public var radians: ComputedExpression<Value.DoubleResult> { calling(.radians) }

    /// The logarithm to a base.
    ///
    /// - Parameter base: the base.
    /// - Returns: a number.
    public func logarithm(base: Double) -> ComputedExpression<Value.DoubleResult> {
        ComputedExpression(.call(FunctionCall(.log, [.value(.double(base)), node])))
    }

    /// The number raised to a power.
    ///
    /// - Parameter exponent: the power.
    /// - Returns: a number.
    public func power(_ exponent: Double) -> ComputedExpression<Value.DoubleResult> {
        calling(.power, [.value(.double(exponent))])
    }

    /// What is left over when the number is divided.
    ///
    /// - Parameter divisor: what it is divided by.
    /// - Returns: a number.
    public func remainder(_ divisor: Value.Base) -> ComputedExpression<Value.DoubleResult> {
        calling(.mod, [divisor.operand])
    }

    /// The angle in radians of the point that is so high, and so far to the right as the argument.
    ///
    /// - Parameter x: how far it is to the right.
    /// - Returns: a number.
    public func arcTangent<Other: QueryExpression>(
        over x: Other
    ) -> ComputedExpression<Value.DoubleResult> where Other.Value.Base: Numeric {
        calling(.atan2, [x.node])
    }
}
