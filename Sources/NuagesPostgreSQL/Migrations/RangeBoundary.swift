public import NuagesORM

extension SchemaExpression {
    /// The bounds of a range that a function makes: `'[)'`.
    ///
    ///     .function("TsTzRange", [.field("start"), .field("end"), .rangeBounds(.lowerOnly)])
    ///
    /// Django: `RangeBoundary`.
    ///
    /// - Parameter bounds: which ends belong to it.
    /// - Returns: the expression.
    public static func rangeBounds(_ bounds: RangeBounds) -> Self { .value(.text(bounds.rawValue)) }
}
