extension QueryExpression where Value.Base: Numeric {
    /// The mean over several rows, as a number of another type than `Double`; nil for no rows.
    ///
    ///     Book.objects.aggregate { $0.price.average(as: Decimal.self) }     // AVG("book"."price")
    ///
    /// Django: `output_field`.
    ///
    /// - Parameters:
    ///   - type: the type, such as `Decimal`.
    ///   - distinct: whether equal values count once.
    ///   - filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func average<Result: FieldValue & Numeric>(
        as type: Result.Type,
        distinct: Bool = false,
        filter: Condition? = nil
    ) -> ComputedExpression<Result?> {
        ComputedExpression(
            .average,
            [node],
            distinct: distinct,
            filter: filter,
            as: ValueType(Result.fieldType)
        )
    }

    /// The mean over several rows, as a number of another type than `Double`, or another number where there are no rows.
    ///
    /// - Parameters:
    ///   - type: the type, such as `Decimal`.
    ///   - distinct: whether equal values count once.
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the mean of no rows.
    /// - Returns: a value of several rows.
    public func average<Result: FieldValue & Numeric>(
        as type: Result.Type,
        distinct: Bool = false,
        filter: Condition? = nil,
        default fallback: Result
    ) -> ComputedExpression<Result> {
        ComputedExpression(
            .average,
            [node],
            distinct: distinct,
            filter: filter,
            default: fallback.operand,
            as: ValueType(Result.fieldType)
        )
    }

    /// How far the values are from their mean, as a number of another type than `Double`; nil for no rows.
    ///
    ///     $0.price.standardDeviation(as: Decimal.self)
    ///
    /// Django: `output_field`.
    ///
    /// - Parameters:
    ///   - type: the type, such as `Decimal`.
    ///   - isSample: whether the rows are a sample of more.
    ///   - filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func standardDeviation<Result: FieldValue & Numeric>(
        as type: Result.Type,
        isSample: Bool = false,
        filter: Condition? = nil
    ) -> ComputedExpression<Result?> {
        ComputedExpression(
            isSample ? .sampleStandardDeviation : .standardDeviation,
            [node],
            filter: filter,
            as: ValueType(Result.fieldType)
        )
    }

    /// How far the values are from their mean, as a number of another type than `Double`, or another number where there are no rows.
    ///
    /// - Parameters:
    ///   - type: the type, such as `Decimal`.
    ///   - isSample: whether the rows are a sample of more.
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the deviation of no rows.
    /// - Returns: a value of several rows.
    public func standardDeviation<Result: FieldValue & Numeric>(
        as type: Result.Type,
        isSample: Bool = false,
        filter: Condition? = nil,
        default fallback: Result
    ) -> ComputedExpression<Result> {
        ComputedExpression(
            isSample ? .sampleStandardDeviation : .standardDeviation,
            [node],
            filter: filter,
            default: fallback.operand,
            as: ValueType(Result.fieldType)
        )
    }

    /// The mean square distance of the values from their mean, as a number of another type than `Double`; nil for no rows.
    ///
    ///     $0.price.variance(as: Decimal.self, isSample: true)
    ///
    /// Django: `output_field`.
    ///
    /// - Parameters:
    ///   - type: the type, such as `Decimal`.
    ///   - isSample: whether the rows are a sample of more.
    ///   - filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func variance<Result: FieldValue & Numeric>(
        as type: Result.Type,
        isSample: Bool = false,
        filter: Condition? = nil
    ) -> ComputedExpression<Result?> {
        ComputedExpression(
            isSample ? .sampleVariance : .variance,
            [node],
            filter: filter,
            as: ValueType(Result.fieldType)
        )
    }

    /// The mean square distance of the values from their mean, as a number of another type than `Double`, or another number where there are no rows.
    ///
    /// - Parameters:
    ///   - type: the type, such as `Decimal`.
    ///   - isSample: whether the rows are a sample of more.
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the distance of no rows.
    /// - Returns: a value of several rows.
    public func variance<Result: FieldValue & Numeric>(
        as type: Result.Type,
        isSample: Bool = false,
        filter: Condition? = nil,
        default fallback: Result
    ) -> ComputedExpression<Result> {
        ComputedExpression(
            isSample ? .sampleVariance : .variance,
            [node],
            filter: filter,
            default: fallback.operand,
            as: ValueType(Result.fieldType)
        )
    }
}
