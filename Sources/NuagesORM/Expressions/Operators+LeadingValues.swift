#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// Where both sides could be literals, the operators of plain numbers are meant: that keeps queries
// and code without queries as fast to check as they are.

extension QueryExpression where Value.Base: Numeric {
    /// The sum of a number and the value.
    @_disfavoredOverload
    public static func + (left: Value.Base, right: Self) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.add, left.operand, right.node))
    }

    /// A number without the value.
    ///
    ///     .filter { 100 - $0.votes > 3 }      // (100 - "votes") > 3
    @_disfavoredOverload
    public static func - (left: Value.Base, right: Self) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.subtract, left.operand, right.node))
    }

    /// A number times the value.
    @_disfavoredOverload
    public static func * (left: Value.Base, right: Self) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.multiply, left.operand, right.node))
    }

    /// A number divided by the value.
    @_disfavoredOverload
    public static func / (left: Value.Base, right: Self) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.divide, left.operand, right.node))
    }
}

extension QueryExpression where Value.Base: BinaryInteger {
    /// What is left over when a number is divided by the value.
    @_disfavoredOverload
    public static func % (left: Value.Base, right: Self) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.remainder, left.operand, right.node))
    }
}

extension QueryExpression where Value.Base == Duration {
    /// A length of time and one of the row together.
    @_disfavoredOverload
    public static func + (left: Duration, right: Self) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.add, left.operand, right.node))
    }

    /// A length of time without one of the row.
    ///
    ///     .filter { .seconds(3600) - $0.length > .zero }
    @_disfavoredOverload
    public static func - (left: Duration, right: Self) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.subtract, left.operand, right.node))
    }

    /// So many times the length of time.
    @_disfavoredOverload
    public static func * (left: Int, right: Self) -> ComputedExpression<Value> {
        ComputedExpression(.typed(.combined(.multiply, left.operand, right.node), .duration))
    }

    /// A moment later by a length of time that the row has.
    @_disfavoredOverload
    public static func + (left: Date, right: Self) -> ComputedExpression<Date?> {
        ComputedExpression(.combined(.add, left.operand, right.node))
    }

    /// A moment earlier by a length of time that the row has.
    @_disfavoredOverload
    public static func - (left: Date, right: Self) -> ComputedExpression<Date?> {
        ComputedExpression(.combined(.subtract, left.operand, right.node))
    }
}
