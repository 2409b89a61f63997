public import NuagesORM

// Comparisons with other arrays, ranges and texts of the row.

extension QueryExpression where Value.Base: ArrayFieldValue {
    /// Whether all elements of another array are in the array.
    ///
    ///     .filter { $0.tags.contains($0.required) }     // "tags" @> "required"
    ///
    /// - Parameter other: the other array.
    /// - Returns: a condition.
    public func contains<Other: QueryExpression>(_ other: Other) -> Condition
    where Other.Value.Base == Value.Base { compared(by: .contains, to: other) }

    /// Whether all elements of the array are in another array.
    ///
    /// - Parameter other: the other array.
    /// - Returns: a condition.
    public func isContained<Other: QueryExpression>(in other: Other) -> Condition
    where Other.Value.Base == Value.Base { compared(by: .containedBy, to: other) }

    /// Whether two arrays have an element in common.
    ///
    /// - Parameter other: the other array.
    /// - Returns: a condition.
    public func overlaps<Other: QueryExpression>(_ other: Other) -> Condition
    where Other.Value.Base == Value.Base { compared(by: "overlap", to: other) }
}

extension QueryExpression where Value.Base: RangeFieldValue {
    /// Whether another range of the row is in the range as a whole.
    ///
    ///     .filter { $0.opening.contains($0.booking) }     // "opening" @> "booking"
    ///
    /// - Parameter range: the other range.
    /// - Returns: a condition.
    public func contains<Other: QueryExpression>(_ range: Other) -> Condition
    where Other.Value.Base == Value.Base { compared(by: .contains, to: range) }

    /// Whether the range is in another of the row as a whole.
    ///
    /// - Parameter range: the other range.
    /// - Returns: a condition.
    public func isContained<Other: QueryExpression>(in range: Other) -> Condition
    where Other.Value.Base == Value.Base { compared(by: .containedBy, to: range) }

    /// Whether two ranges of the row have a value in common.
    ///
    /// - Parameter range: the other range.
    /// - Returns: a condition.
    public func overlaps<Other: QueryExpression>(_ range: Other) -> Condition
    where Other.Value.Base == Value.Base { compared(by: "overlap", to: range) }
}

extension QueryExpression where Value.Base: RangeBound {
    /// Whether the value is in a range of the row.
    ///
    ///     .filter { $0.day.isContained(in: $0.nights) }     // "day" <@ "nights"
    ///
    /// - Parameter range: the range.
    /// - Returns: a condition.
    public func isContained<Other: QueryExpression>(in range: Other) -> Condition
    where Other.Value.Base: RangeFieldValue, Other.Value.Base.Bound == Value.Base {
        compared(by: .containedBy, to: range)
    }
}
