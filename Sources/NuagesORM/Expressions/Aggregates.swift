extension ComputedExpression {
    /// An aggregate of several rows.
    init(
        _ function: AggregateFunction,
        _ arguments: [ExpressionNode],
        distinct: Bool = false,
        filter: Condition? = nil,
        default fallback: ExpressionNode? = nil,
        order: [Ordering] = [],
        as type: ValueType? = nil
    ) {
        var aggregate = Aggregate(function, arguments)
        aggregate.type = type
        aggregate.isDistinct = distinct
        aggregate.filter = filter?.node
        aggregate.defaultValue = fallback
        aggregate.ordering = order
        self.init(.aggregate(aggregate))
    }
}

extension QueryExpression where Value.Base: SummableValue {
    /// The sum over several rows; nil for none.
    ///
    ///     .annotate { $0.choices.votes.sum(filter: $0.choices.votes > 3) }
    ///     // SUM("polls_choice"."votes") FILTER (WHERE "polls_choice"."votes" > 3)
    ///
    /// - Parameters:
    ///   - distinct: whether equal values count once.
    ///   - filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func sum(
        distinct: Bool = false,
        filter: Condition? = nil
    ) -> ComputedExpression<Value.Base?> {
        ComputedExpression(.sum, [node], distinct: distinct, filter: filter)
    }

    /// The sum over several rows, or another value where there are none.
    ///
    ///     $0.choices.votes.sum(default: 0)        // COALESCE(SUM(…), 0)
    ///
    /// - Parameters:
    ///   - distinct: whether equal values count once.
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the sum of no rows.
    /// - Returns: a value of several rows.
    public func sum(
        distinct: Bool = false,
        filter: Condition? = nil,
        default fallback: Value.Base
    ) -> ComputedExpression<Value.Base> {
        ComputedExpression(
            .sum,
            [node],
            distinct: distinct,
            filter: filter,
            default: fallback.operand
        )
    }

    /// The mean over several rows; nil for none.
    ///
    ///     Book.objects.aggregate { $0.sold.average() }     // AVG("book"."sold")
    ///
    /// That of lengths of time is one, that of all numbers a `Double`.
    ///
    /// - Parameters:
    ///   - distinct: whether equal values count once.
    ///   - filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func average(
        distinct: Bool = false,
        filter: Condition? = nil
    ) -> ComputedExpression<Value.Base.Mean?> {
        ComputedExpression(.average, [node], distinct: distinct, filter: filter)
    }

    /// The mean over several rows, or another value where there are none.
    ///
    /// - Parameters:
    ///   - distinct: whether equal values count once.
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the mean of no rows.
    /// - Returns: a value of several rows.
    public func average(
        distinct: Bool = false,
        filter: Condition? = nil,
        default fallback: Value.Base.Mean
    ) -> ComputedExpression<Value.Base.Mean> {
        ComputedExpression(
            .average,
            [node],
            distinct: distinct,
            filter: filter,
            default: fallback.operand
        )
    }
}

extension QueryExpression where Value.Base: Numeric {
    /// How far the values are from their mean; nil for no rows.
    ///
    /// Django: `StdDev`.
    ///
    /// - Parameters:
    ///   - isSample: whether the rows are a sample of more.
    ///   - filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func standardDeviation(
        isSample: Bool = false,
        filter: Condition? = nil
    ) -> ComputedExpression<Double?> {
        ComputedExpression(
            isSample ? .sampleStandardDeviation : .standardDeviation,
            [node],
            filter: filter
        )
    }

    /// How far the values are from their mean, or another number where there are no rows.
    ///
    /// - Parameters:
    ///   - isSample: whether the rows are a sample of more.
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the deviation of no rows.
    /// - Returns: a value of several rows.
    public func standardDeviation(
        isSample: Bool = false,
        filter: Condition? = nil,
        default fallback: Double
    ) -> ComputedExpression<Double> {
        ComputedExpression(
            isSample ? .sampleStandardDeviation : .standardDeviation,
            [node],
            filter: filter,
            default: fallback.operand
        )
    }

    /// The mean square distance of the values from their mean; nil for no rows.
    ///
    /// Django: `Variance`.
    ///
    /// - Parameters:
    ///   - isSample: whether the rows are a sample of more.
    ///   - filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func variance(
        isSample: Bool = false,
        filter: Condition? = nil
    ) -> ComputedExpression<Double?> {
        ComputedExpression(isSample ? .sampleVariance : .variance, [node], filter: filter)
    }

    /// The mean square distance of the values from their mean, or another number where there are no rows.
    ///
    /// - Parameters:
    ///   - isSample: whether the rows are a sample of more.
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the distance of no rows.
    /// - Returns: a value of several rows.
    public func variance(
        isSample: Bool = false,
        filter: Condition? = nil,
        default fallback: Double
    ) -> ComputedExpression<Double> {
        ComputedExpression(
            isSample ? .sampleVariance : .variance,
            [node],
            filter: filter,
            default: fallback.operand
        )
    }
}

extension QueryExpression where Value.Base: BinaryInteger {
    /// The bits that all values have; nil for no rows.
    ///
    /// - Parameter filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func bitAnd(filter: Condition? = nil) -> ComputedExpression<Value.Base?> {
        ComputedExpression(.bitAnd, [node], filter: filter)
    }

    /// The bits that all values have, or other bits where there are no rows.
    ///
    /// - Parameters:
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the bits of no rows; MariaDB, which has bits of no rows,
    ///     takes none.
    /// - Returns: a value of several rows.
    public func bitAnd(
        filter: Condition? = nil,
        default fallback: Value.Base
    ) -> ComputedExpression<Value.Base> {
        ComputedExpression(.bitAnd, [node], filter: filter, default: fallback.operand)
    }

    /// The bits that one value has at least; nil for no rows.
    ///
    /// - Parameter filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func bitOr(filter: Condition? = nil) -> ComputedExpression<Value.Base?> {
        ComputedExpression(.bitOr, [node], filter: filter)
    }

    /// The bits that one value has at least, or other bits where there are no rows.
    ///
    /// - Parameters:
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the bits of no rows; MariaDB, which has bits of no rows,
    ///     takes none.
    /// - Returns: a value of several rows.
    public func bitOr(
        filter: Condition? = nil,
        default fallback: Value.Base
    ) -> ComputedExpression<Value.Base> {
        ComputedExpression(.bitOr, [node], filter: filter, default: fallback.operand)
    }

    /// The bits that an odd number of values has; nil for no rows.
    ///
    /// - Parameter filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func bitXor(filter: Condition? = nil) -> ComputedExpression<Value.Base?> {
        ComputedExpression(.bitXor, [node], filter: filter)
    }

    /// The bits that an odd number of values has, or other bits where there are no rows.
    ///
    /// - Parameters:
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the bits of no rows; MariaDB, which has bits of no rows,
    ///     takes none.
    /// - Returns: a value of several rows.
    public func bitXor(
        filter: Condition? = nil,
        default fallback: Value.Base
    ) -> ComputedExpression<Value.Base> {
        ComputedExpression(.bitXor, [node], filter: filter, default: fallback.operand)
    }
}

extension QueryExpression {
    /// The number of values over several rows, without `NULL`.
    ///
    ///     $0.choices.votes.count(distinct: true)      // COUNT(DISTINCT "polls_choice"."votes")
    ///
    /// - Parameters:
    ///   - distinct: whether equal values count once.
    ///   - filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func count(
        distinct: Bool = false,
        filter: Condition? = nil
    ) -> ComputedExpression<Int> {
        ComputedExpression(.count, [node], distinct: distinct, filter: filter)
    }

    /// The least value over several rows; nil for none.
    ///
    /// - Parameter filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func minimum(filter: Condition? = nil) -> ComputedExpression<Value.Base?> {
        ComputedExpression(.minimum, [node], filter: filter)
    }

    /// The least value over several rows, or another where there are none.
    ///
    /// - Parameters:
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the value of no rows.
    /// - Returns: a value of several rows.
    public func minimum(
        filter: Condition? = nil,
        default fallback: Value.Base
    ) -> ComputedExpression<Value.Base> {
        ComputedExpression(.minimum, [node], filter: filter, default: fallback.operand)
    }

    /// The greatest value over several rows; nil for none.
    ///
    /// - Parameter filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func maximum(filter: Condition? = nil) -> ComputedExpression<Value.Base?> {
        ComputedExpression(.maximum, [node], filter: filter)
    }

    /// The greatest value over several rows, or another where there are none.
    ///
    /// - Parameters:
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the value of no rows.
    /// - Returns: a value of several rows.
    public func maximum(
        filter: Condition? = nil,
        default fallback: Value.Base
    ) -> ComputedExpression<Value.Base> {
        ComputedExpression(.maximum, [node], filter: filter, default: fallback.operand)
    }

    /// Any of the values over several rows; nil for none.
    ///
    /// SQLite, and PostgreSQL before 16, do not have it.
    ///
    /// - Parameter filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func anyValue(filter: Condition? = nil) -> ComputedExpression<Value.Base?> {
        ComputedExpression(.anyValue, [node], filter: filter)
    }

    /// Any of the values over several rows, or another where there are none.
    ///
    /// - Parameters:
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the value of no rows.
    /// - Returns: a value of several rows.
    public func anyValue(
        filter: Condition? = nil,
        default fallback: Value.Base
    ) -> ComputedExpression<Value.Base> {
        ComputedExpression(.anyValue, [node], filter: filter, default: fallback.operand)
    }
}

extension RelationFields {
    /// The number of rows that the relation leads to.
    ///
    ///     Question.objects.annotate { $0.choices.count(filter: $0.choices.votes > 3) }
    ///     // COUNT("polls_choice"."id") FILTER (WHERE …)
    ///
    /// - Parameters:
    ///   - distinct: whether a row counts once.
    ///   - filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func count(
        distinct: Bool = false,
        filter: Condition? = nil
    ) -> ComputedExpression<Int> { relationKey.count(distinct: distinct, filter: filter) }
}

extension Functions {
    /// The number of rows, `COUNT(*)`; a filter needs a field: `$0.id.count(filter:)`.
    ///
    /// - Returns: a value of several rows.
    public static func count() -> ComputedExpression<Int> {
        ComputedExpression(.count, [.star])
    }
}
