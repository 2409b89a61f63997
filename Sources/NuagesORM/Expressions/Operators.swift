#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// Each operator has two forms: with a value, whose type the field gives (so that literals and
// `.now` need no annotation), and with another expression of the same type.

extension QueryExpression {
    /// Whether the value is `right`; nil asks for `NULL`.
    public static func == (left: Self, right: Value.Base?) -> Condition {
        left.compared(.exact, right)
    }

    /// Whether the value is another than `right`; nil asks for any value but `NULL`.
    public static func != (left: Self, right: Value.Base?) -> Condition {
        Condition(.not((left == right).node))
    }

    /// Whether both values are the same.
    @_disfavoredOverload
    public static func == <Other: QueryExpression>(left: Self, right: Other) -> Condition
    where Other.Value.Base == Value.Base {
        Condition(.compared(.exact, left.node, right.node))
    }

    /// Whether the values differ.
    @_disfavoredOverload
    public static func != <Other: QueryExpression>(left: Self, right: Other) -> Condition
    where Other.Value.Base == Value.Base {
        Condition(.not(.compared(.exact, left.node, right.node)))
    }

    /// Whether the value is less than `right`.
    public static func < (left: Self, right: Value.Base) -> Condition {
        left.compared(.lt, right)
    }

    /// Whether the value is at most `right`.
    public static func <= (left: Self, right: Value.Base) -> Condition {
        left.compared(.lte, right)
    }

    /// Whether the value is greater than `right`.
    public static func > (left: Self, right: Value.Base) -> Condition {
        left.compared(.gt, right)
    }

    /// Whether the value is at least `right`.
    public static func >= (left: Self, right: Value.Base) -> Condition {
        left.compared(.gte, right)
    }

    /// Whether the value is less than that of `right`.
    @_disfavoredOverload
    public static func < <Other: QueryExpression>(left: Self, right: Other) -> Condition
    where Other.Value.Base == Value.Base {
        Condition(.compared(.lt, left.node, right.node))
    }

    /// Whether the value is at most that of `right`.
    @_disfavoredOverload
    public static func <= <Other: QueryExpression>(left: Self, right: Other) -> Condition
    where Other.Value.Base == Value.Base {
        Condition(.compared(.lte, left.node, right.node))
    }

    /// Whether the value is greater than that of `right`.
    @_disfavoredOverload
    public static func > <Other: QueryExpression>(left: Self, right: Other) -> Condition
    where Other.Value.Base == Value.Base {
        Condition(.compared(.gt, left.node, right.node))
    }

    /// Whether the value is at least that of `right`.
    @_disfavoredOverload
    public static func >= <Other: QueryExpression>(left: Self, right: Other) -> Condition
    where Other.Value.Base == Value.Base {
        Condition(.compared(.gte, left.node, right.node))
    }

    func compared(_ lookup: Lookup, _ value: Value.Base?) -> Condition {
        Condition(.compared(lookup, node, value?.operand ?? .value(.null)))
    }

    /// Whether the value is one of `values`.
    ///
    ///     .filter { $0.votes.isIn([1, 2]) }     // WHERE "votes" IN (1, 2)
    ///
    /// - Parameter values: the values.
    /// - Returns: a condition; nothing is in an empty collection.
    public func isIn(_ values: some Sequence<Value.Base>) -> Condition {
        Condition(.compared(.in, node, .list(values.map(\.operand))))
    }

    /// Whether the value is between the bounds, both included.
    ///
    ///     .filter { $0.votes.isIn(1...5) }      // WHERE "votes" BETWEEN 1 AND 5
    ///
    /// - Parameter range: the bounds.
    /// - Returns: a condition.
    public func isIn(_ range: ClosedRange<Value.Base>) -> Condition where Value.Base: Comparable {
        Condition(
            .compared(.range, node, .list([range.lowerBound.operand, range.upperBound.operand]))
        )
    }

    /// Whether the value is `NULL`.
    public var isNull: Condition { Condition(.compared(.isnull, node, .value(.bool(true)))) }
}

extension QueryExpression where Value.Base == Bool {
    /// Whether both hold.
    public static func && <Other: QueryExpression>(left: Self, right: Other) -> Condition
    where Other.Value.Base == Bool {
        Condition(.all(left.conjuncts + right.conjuncts))
    }

    /// Whether one of them holds.
    public static func || <Other: QueryExpression>(left: Self, right: Other) -> Condition
    where Other.Value.Base == Bool {
        Condition(.any(left.disjuncts + right.disjuncts))
    }

    /// Whether one of them holds and not both.
    public static func ^ <Other: QueryExpression>(left: Self, right: Other) -> Condition
    where Other.Value.Base == Bool {
        Condition(.oddCount([left.node, right.node]))
    }

    /// Whether it does not hold.
    public static prefix func ! (condition: Self) -> Condition { Condition(.not(condition.node)) }

    private var conjuncts: [ExpressionNode] {
        if case .all(let nodes) = node { nodes } else { [node] }
    }

    private var disjuncts: [ExpressionNode] {
        if case .any(let nodes) = node { nodes } else { [node] }
    }
}

extension QueryExpression where Value.Base: Numeric {
    /// The sum of the value and a number.
    public static func + (left: Self, right: Value.Base) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.add, left.node, right.operand))
    }

    /// The difference of the value and a number.
    public static func - (left: Self, right: Value.Base) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.subtract, left.node, right.operand))
    }

    /// The product of the value and a number.
    public static func * (left: Self, right: Value.Base) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.multiply, left.node, right.operand))
    }

    /// The quotient of the value and a number.
    public static func / (left: Self, right: Value.Base) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.divide, left.node, right.operand))
    }

    /// The sum of two values.
    @_disfavoredOverload
    public static func + <Other: QueryExpression>(
        left: Self,
        right: Other
    ) -> ComputedExpression<Value> where Other.Value.Base == Value.Base {
        ComputedExpression(.combined(.add, left.node, right.node))
    }

    /// The difference of two values.
    @_disfavoredOverload
    public static func - <Other: QueryExpression>(
        left: Self,
        right: Other
    ) -> ComputedExpression<Value> where Other.Value.Base == Value.Base {
        ComputedExpression(.combined(.subtract, left.node, right.node))
    }

    /// The product of two values.
    @_disfavoredOverload
    public static func * <Other: QueryExpression>(
        left: Self,
        right: Other
    ) -> ComputedExpression<Value> where Other.Value.Base == Value.Base {
        ComputedExpression(.combined(.multiply, left.node, right.node))
    }

    /// The quotient of two values.
    @_disfavoredOverload
    public static func / <Other: QueryExpression>(
        left: Self,
        right: Other
    ) -> ComputedExpression<Value> where Other.Value.Base == Value.Base {
        ComputedExpression(.combined(.divide, left.node, right.node))
    }

    /// The value with the other sign.
    public static prefix func - (value: Self) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.multiply, value.node, .value(.int(-1))))
    }
}

extension QueryExpression where Value.Base: BinaryInteger {
    /// What is left over when the value is divided by a number.
    public static func % (left: Self, right: Value.Base) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.remainder, left.node, right.operand))
    }

    /// The bits that both have.
    ///
    ///     .filter { $0.flags.bits(and: 4) > 0 }       // ("flags" & 4) > 0
    ///
    /// - Parameter mask: the other bits.
    /// - Returns: a number.
    public func bits(and mask: Value.Base) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.bitAnd, node, mask.operand))
    }

    /// The bits that one of them has.
    ///
    /// - Parameter mask: the other bits.
    /// - Returns: a number.
    public func bits(or mask: Value.Base) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.bitOr, node, mask.operand))
    }

    /// The bits that one of them has and not both.
    ///
    /// - Parameter mask: the other bits.
    /// - Returns: a number.
    public func bits(xor mask: Value.Base) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.bitXor, node, mask.operand))
    }

    /// The bits moved to the left.
    ///
    /// - Parameter count: by how many places.
    /// - Returns: a number.
    public func bits(shiftedLeftBy count: Int) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.shiftLeft, node, .value(.int(count))))
    }

    /// The bits moved to the right.
    ///
    /// - Parameter count: by how many places.
    /// - Returns: a number.
    public func bits(shiftedRightBy count: Int) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.shiftRight, node, .value(.int(count))))
    }
}

extension QueryExpression where Value.Base == Date {
    /// The moment a length of time later.
    public static func + (left: Self, right: Duration) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.add, left.node, right.operand))
    }

    /// The moment a length of time earlier.
    public static func - (left: Self, right: Duration) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.subtract, left.node, right.operand))
    }

    /// The moment later by a length of time that the row has.
    @_disfavoredOverload
    public static func + <Other: QueryExpression>(
        left: Self,
        right: Other
    ) -> ComputedExpression<Value> where Other.Value.Base == Duration {
        ComputedExpression(.combined(.add, left.node, right.node))
    }

    /// The time between two moments.
    ///
    /// - Parameter other: the earlier moment.
    /// - Returns: a length of time.
    public func since<Other: QueryExpression>(_ other: Other) -> ComputedExpression<Duration?>
    where Other.Value.Base == Date {
        ComputedExpression(.combined(.subtract, node, other.node))
    }
}
