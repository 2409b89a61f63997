/// A function that is asked over the rows around the row.
public struct WindowFunction<Value: FieldValue>: Sendable {
    let node: ExpressionNode

    init(_ function: SQLFunction, _ arguments: [ExpressionNode] = []) {
        node = .call(FunctionCall(function, arguments))
    }

    /// The function over a window.
    ///
    ///     Functions.rank().over(partition: [$0.department], order: [$0.salary.descending])
    ///     // RANK() OVER (PARTITION BY "department" ORDER BY "salary" DESC)
    ///
    /// - Parameters:
    ///   - partition: what the rows that belong together have in common.
    ///   - order: the order of the rows.
    ///   - frame: which rows around the row count.
    /// - Returns: a value.
    public func over(
        partition: [any QueryExpression] = [],
        order: [Ordering] = [],
        frame: WindowFrame? = nil
    ) -> ComputedExpression<Value> {
        ComputedExpression(.over(node, partition, order, frame))
    }
}

extension ComputedExpression {
    /// An aggregate over the rows around the row.
    ///
    ///     $0.salary.sum().over(partition: [$0.department])
    ///
    /// - Parameters:
    ///   - partition: what the rows that belong together have in common.
    ///   - order: the order of the rows.
    ///   - frame: which rows around the row count.
    /// - Returns: a value.
    public func over(
        partition: [any QueryExpression] = [],
        order: [Ordering] = [],
        frame: WindowFrame? = nil
    ) -> ComputedExpression<Value> {
        ComputedExpression(.over(node, partition, order, frame))
    }
}

extension ExpressionNode {
    fileprivate static func over(
        _ node: ExpressionNode,
        _ partition: [any QueryExpression],
        _ order: [Ordering],
        _ frame: WindowFrame?
    ) -> ExpressionNode {
        var window = Window(node)
        window.partition = partition.map(\.node)
        window.ordering = order
        window.frame = frame
        return .window(window)
    }
}

extension Functions {
    /// The number of the row, from 1.
    public static func rowNumber() -> WindowFunction<Int> { WindowFunction(.rowNumber) }
    /// The rank of the row, with gaps behind equal rows.
    public static func rank() -> WindowFunction<Int> { WindowFunction(.rank) }
    /// The rank of the row, without gaps behind equal rows.
    public static func denseRank() -> WindowFunction<Int> { WindowFunction(.denseRank) }
    /// The rank of the row as a part of all: 0 to 1.
    public static func percentRank() -> WindowFunction<Double> { WindowFunction(.percentRank) }
    /// The part of the rows that come before the row or with it.
    public static func cumulativeDistribution() -> WindowFunction<Double> {
        WindowFunction(.cumeDist)
    }

    /// In which of so many parts of equal size the row is.
    ///
    /// - Parameter count: how many parts.
    /// - Returns: the function.
    public static func ntile(_ count: Int) -> WindowFunction<Int> {
        WindowFunction(.ntile, [.value(.int(count))])
    }

    /// The value of the first row of the frame.
    ///
    /// - Parameter expression: the value.
    /// - Returns: the function.
    public static func firstValue<Expression: QueryExpression>(
        _ expression: Expression
    ) -> WindowFunction<Expression.Value> { WindowFunction(.firstValue, [expression.node]) }

    /// The value of the last row of the frame.
    ///
    /// - Parameter expression: the value.
    /// - Returns: the function.
    public static func lastValue<Expression: QueryExpression>(
        _ expression: Expression
    ) -> WindowFunction<Expression.Value> { WindowFunction(.lastValue, [expression.node]) }

    /// The value of the row with a number in the frame; nil where there is none.
    ///
    /// - Parameters:
    ///   - expression: the value.
    ///   - position: the number of the row, from 1.
    /// - Returns: the function.
    public static func nthValue<Expression: QueryExpression>(
        _ expression: Expression,
        _ position: Int
    ) -> WindowFunction<Expression.Value.Base?> {
        WindowFunction(.nthValue, [expression.node, .value(.int(position))])
    }

    /// The value of a row before; nil where there is none.
    ///
    /// - Parameters:
    ///   - expression: the value.
    ///   - offset: how many rows before.
    /// - Returns: the function.
    public static func lag<Expression: QueryExpression>(
        _ expression: Expression,
        by offset: Int = 1
    ) -> WindowFunction<Expression.Value.Base?> {
        WindowFunction(.lag, [expression.node, .value(.int(offset))])
    }

    /// The value of a row behind; nil where there is none.
    ///
    /// - Parameters:
    ///   - expression: the value.
    ///   - offset: how many rows behind.
    /// - Returns: the function.
    public static func lead<Expression: QueryExpression>(
        _ expression: Expression,
        by offset: Int = 1
    ) -> WindowFunction<Expression.Value.Base?> {
        WindowFunction(.lead, [expression.node, .value(.int(offset))])
    }

    /// The value of a row before, or another where there is none.
    ///
    ///     Functions.lag($0.votes, default: 0).over(order: [$0.id.ascending])
    ///     // LAG("votes", 1, 0) OVER (ORDER BY "id" ASC)
    ///
    /// MariaDB takes no other value.
    ///
    /// - Parameters:
    ///   - expression: the value.
    ///   - offset: how many rows before.
    ///   - fallback: what stands where there is no such row.
    /// - Returns: the function.
    public static func lag<Expression: QueryExpression>(
        _ expression: Expression,
        by offset: Int = 1,
        default fallback: Expression.Value.Base
    ) -> WindowFunction<Expression.Value> {
        WindowFunction(.lag, [expression.node, .value(.int(offset)), fallback.operand])
    }

    /// The value of a row before, or an expression of the row itself where there is none.
    ///
    ///     Functions.lag($0.votes, default: $0.votes).over(order: [$0.id.ascending])
    ///
    /// - Parameters:
    ///   - expression: the value.
    ///   - offset: how many rows before.
    ///   - fallback: what stands where there is no such row.
    /// - Returns: the function.
    @_disfavoredOverload
    public static func lag<Expression: QueryExpression, Fallback: QueryExpression>(
        _ expression: Expression,
        by offset: Int = 1,
        default fallback: Fallback
    ) -> WindowFunction<Expression.Value.Base?>
    where Fallback.Value.Base == Expression.Value.Base {
        WindowFunction(.lag, [expression.node, .value(.int(offset)), fallback.node])
    }

    /// The value of a row behind, or another where there is none.
    ///
    ///     Functions.lead($0.votes, default: 0).over(order: [$0.id.ascending])
    ///     // LEAD("votes", 1, 0) OVER (ORDER BY "id" ASC)
    ///
    /// MariaDB takes no other value.
    ///
    /// - Parameters:
    ///   - expression: the value.
    ///   - offset: how many rows behind.
    ///   - fallback: what stands where there is no such row.
    /// - Returns: the function.
    public static func lead<Expression: QueryExpression>(
        _ expression: Expression,
        by offset: Int = 1,
        default fallback: Expression.Value.Base
    ) -> WindowFunction<Expression.Value> {
        WindowFunction(.lead, [expression.node, .value(.int(offset)), fallback.operand])
    }

    /// The value of a row behind, or an expression of the row itself where there is none.
    ///
    ///     Functions.lead($0.votes, default: $0.votes).over(order: [$0.id.ascending])
    ///
    /// - Parameters:
    ///   - expression: the value.
    ///   - offset: how many rows behind.
    ///   - fallback: what stands where there is no such row.
    /// - Returns: the function.
    @_disfavoredOverload
    public static func lead<Expression: QueryExpression, Fallback: QueryExpression>(
        _ expression: Expression,
        by offset: Int = 1,
        default fallback: Fallback
    ) -> WindowFunction<Expression.Value.Base?>
    where Fallback.Value.Base == Expression.Value.Base {
        WindowFunction(.lead, [expression.node, .value(.int(offset)), fallback.node])
    }
}
