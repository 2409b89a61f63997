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

extension QueryExpression {
    /// Least values first.
    public var ascending: Ordering { Ordering(node, isDescending: false) }
    /// Greatest values first.
    public var descending: Ordering { Ordering(node, isDescending: true) }
}

extension QueryExpression where Value.Base == String {
    /// Whether the text of another field is in the text.
    ///
    /// - Parameter part: the other text.
    /// - Returns: a condition.
    public func contains<Other: QueryExpression>(_ part: Other) -> Condition
    where Other.Value.Base == String { Condition(.compared(.contains, node, part.node)) }

    /// Whether the text begins with that of another field.
    ///
    /// - Parameter prefix: the other text.
    /// - Returns: a condition.
    public func hasPrefix<Other: QueryExpression>(_ prefix: Other) -> Condition
    where Other.Value.Base == String { Condition(.compared(.startswith, node, prefix.node)) }

    /// Whether the text ends with that of another field.
    ///
    /// - Parameter suffix: the other text.
    /// - Returns: a condition.
    public func hasSuffix<Other: QueryExpression>(_ suffix: Other) -> Condition
    where Other.Value.Base == String { Condition(.compared(.endswith, node, suffix.node)) }
}

extension QueryExpression {
    /// Whether the value is between two others, both included.
    ///
    ///     .filter { $0.today.isBetween($0.start, $0.end) }       // BETWEEN "start" AND "end"
    ///
    /// - Parameters:
    ///   - low: the lower bound.
    ///   - high: the upper bound.
    /// - Returns: a condition.
    public func isBetween<Low: QueryExpression, High: QueryExpression>(
        _ low: Low,
        _ high: High
    ) -> Condition where Low.Value.Base == Value.Base, High.Value.Base == Value.Base {
        Condition(.compared(.range, node, .list([low.node, high.node])))
    }

    /// A comparison by a lookup, such as one of the site's own.
    ///
    /// - Parameters:
    ///   - lookup: the lookup.
    ///   - value: what the value is compared with.
    /// - Returns: a condition.
    public func compared(by lookup: Lookup, to value: Value.Base) -> Condition {
        compared(lookup, value)
    }

    /// The value as a value of another type for Swift and for the operators around it; nothing
    /// changes in SQL.
    ///
    ///     ($0.pages * 1.5).typed(as: Double.self)
    ///
    /// Django: `ExpressionWrapper`.
    ///
    /// - Parameter type: the type, optional where the value may be NULL.
    /// - Returns: the value.
    public func typed<Result: FieldValue>(as type: Result.Type) -> ComputedExpression<Result> {
        ComputedExpression(.typed(node, ValueType(Result.fieldType)))
    }
}
