extension QueryExpression where Value.Base == String {
    /// Whether the text has `part` in it.
    ///
    /// - Parameter part: text; `%` and `_` stand for themselves.
    /// - Returns: a condition.
    public func contains(_ part: String) -> Condition { compared(.contains, part) }

    /// Whether the text begins with `prefix`.
    ///
    /// - Parameter prefix: text; `%` and `_` stand for themselves.
    /// - Returns: a condition.
    public func hasPrefix(_ prefix: String) -> Condition { compared(.startswith, prefix) }

    /// Whether the text ends with `suffix`.
    ///
    /// - Parameter suffix: text; `%` and `_` stand for themselves.
    /// - Returns: a condition.
    public func hasSuffix(_ suffix: String) -> Condition { compared(.endswith, suffix) }

    /// A comparison without regard to case.
    ///
    ///     .filter { $0.questionText.ignoringCase(.iexact, "what's new?") }
    ///
    /// - Parameters:
    ///   - lookup: `iexact`, `icontains`, `istartswith` or `iendswith`.
    ///   - text: what the value is compared with.
    /// - Returns: a condition.
    public func ignoringCase(_ lookup: Lookup, _ text: String) -> Condition {
        compared(lookup, text)
    }
}

extension QueryExpression where Value.Base: Numeric {
    /// The sum over several rows; nil for none.
    ///
    /// - Returns: a value of several rows.
    public func sum() -> ComputedExpression<Value.Base?> {
        ComputedExpression(.aggregate(Aggregate(.sum, [node])))
    }

    /// The mean over several rows; nil for none.
    ///
    /// - Returns: a value of several rows.
    public func average() -> ComputedExpression<Double?> {
        ComputedExpression(.aggregate(Aggregate(.average, [node])))
    }
}

extension QueryExpression {
    /// The number of values over several rows, without `NULL`.
    ///
    /// - Parameter distinct: whether equal values count once.
    /// - Returns: a value of several rows.
    public func count(distinct: Bool = false) -> ComputedExpression<Int> {
        var aggregate = Aggregate(.count, [node])
        aggregate.isDistinct = distinct
        return ComputedExpression(.aggregate(aggregate))
    }

    /// The least value over several rows; nil for none.
    ///
    /// - Returns: a value of several rows.
    public func minimum() -> ComputedExpression<Value.Base?> {
        ComputedExpression(.aggregate(Aggregate(.minimum, [node])))
    }

    /// The greatest value over several rows; nil for none.
    ///
    /// - Returns: a value of several rows.
    public func maximum() -> ComputedExpression<Value.Base?> {
        ComputedExpression(.aggregate(Aggregate(.maximum, [node])))
    }

    /// Least values first.
    public var ascending: Ordering { Ordering(node, isDescending: false) }
    /// Greatest values first.
    public var descending: Ordering { Ordering(node, isDescending: true) }
}

extension RelationFields {
    /// The number of rows that the relation leads to.
    ///
    /// - Parameter distinct: whether a row counts once.
    /// - Returns: a value of several rows.
    public func count(distinct: Bool = false) -> ComputedExpression<Int> {
        relationKey.count(distinct: distinct)
    }
}
