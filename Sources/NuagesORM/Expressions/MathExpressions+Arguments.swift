// Functions of numbers whose further argument is a value of the row. What they give is NULL where
// that is.

extension QueryExpression where Value.Base: Numeric {
    /// The number rounded to as many digits behind the point as a value of the row says.
    ///
    /// - Parameter digits: how many digits; SQLite takes no negative number.
    /// - Returns: a number.
    public func rounded<Digits: QueryExpression>(
        _ digits: Digits
    ) -> ComputedExpression<Value.Base?> where Digits.Value.Base == Int {
        calling(.round, [digits.node])
    }

    /// The logarithm to a base that a row has.
    ///
    /// - Parameter base: the base.
    /// - Returns: a number.
    public func logarithm<Base: QueryExpression>(
        base: Base
    ) -> ComputedExpression<Double?> where Base.Value.Base: Numeric {
        ComputedExpression(.call(FunctionCall(.log, [base.node, node])))
    }

    /// The number raised to a power that a row has.
    ///
    ///     .annotate { $0.rate.power($0.years) }     // POWER("rate", "years")
    ///
    /// - Parameter exponent: the power.
    /// - Returns: a number.
    public func power<Exponent: QueryExpression>(
        _ exponent: Exponent
    ) -> ComputedExpression<Double?> where Exponent.Value.Base: Numeric {
        calling(.power, [exponent.node])
    }

    /// What is left over when the number is divided by another of the row.
    ///
    /// - Parameter divisor: what it is divided by.
    /// - Returns: a number.
    public func remainder<Divisor: QueryExpression>(
        _ divisor: Divisor
    ) -> ComputedExpression<Double?> where Divisor.Value.Base: Numeric {
        calling(.mod, [divisor.node])
    }
}

extension QueryExpression where Value.Base: BinaryInteger {
    /// What is left over when the value is divided by another of the row.
    @_disfavoredOverload
    public static func % <Other: QueryExpression>(
        left: Self,
        right: Other
    ) -> ComputedExpression<Value> where Other.Value.Base == Value.Base {
        ComputedExpression(.combined(.remainder, left.node, right.node))
    }

    /// The bits that both values of the row have.
    ///
    /// - Parameter mask: the other bits.
    /// - Returns: a number.
    public func bits<Mask: QueryExpression>(
        and mask: Mask
    ) -> ComputedExpression<Value> where Mask.Value.Base == Value.Base {
        ComputedExpression(.combined(.bitAnd, node, mask.node))
    }

    /// The bits that one of two values of the row has.
    ///
    /// - Parameter mask: the other bits.
    /// - Returns: a number.
    public func bits<Mask: QueryExpression>(
        or mask: Mask
    ) -> ComputedExpression<Value> where Mask.Value.Base == Value.Base {
        ComputedExpression(.combined(.bitOr, node, mask.node))
    }

    /// The bits that one of two values of the row has and not both.
    ///
    /// - Parameter mask: the other bits.
    /// - Returns: a number.
    public func bits<Mask: QueryExpression>(
        xor mask: Mask
    ) -> ComputedExpression<Value> where Mask.Value.Base == Value.Base {
        ComputedExpression(.combined(.bitXor, node, mask.node))
    }
}

extension QueryExpression {
    /// The value, or another of the row where it is NULL.
    ///
    ///     .order { $0.nickname.ifNull($0.name).ascending }      // COALESCE("nickname", "name")
    ///
    /// - Parameter fallback: the other value.
    /// - Returns: a value, which is NULL where the other is.
    @_disfavoredOverload
    public func ifNull<Fallback: QueryExpression>(
        _ fallback: Fallback
    ) -> ComputedExpression<Fallback.Value> where Fallback.Value.Base == Value.Base {
        calling(.coalesce, [fallback.node])
    }

    /// NULL where another value of the row is the same, the value otherwise.
    ///
    /// - Parameter other: the other value.
    /// - Returns: a value.
    @_disfavoredOverload
    public func nullIf<Other: QueryExpression>(
        _ other: Other
    ) -> ComputedExpression<Value.Base?> where Other.Value.Base == Value.Base {
        calling(.nullIf, [other.node])
    }
}
