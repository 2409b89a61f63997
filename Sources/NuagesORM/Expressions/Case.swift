/// The value of the first condition that holds.
///
///     Choice.objects.annotate {
///         Case(when: $0.votes > 5, then: "high").when($0.votes > 0, then: "low").otherwise("none")
///     }
///     // CASE WHEN "votes" > 5 THEN 'high' WHEN "votes" > 0 THEN 'low' ELSE 'none' END
///
/// Without ``otherwise(_:)`` it is `NULL` where none holds. Values and expressions can be given.
/// Django: `Case` and `When`.
public struct Case<Result: FieldValue>: QueryExpression where Result.Base == Result {
    /// `NULL` where no condition holds.
    public typealias Value = Result?

    private var branches: [ExpressionNode.Branch]

    /// The expression as the compiler reads it.
    public var node: ExpressionNode { .branches(branches, default: nil, nil) }

    /// A value where a condition holds.
    ///
    /// - Parameters:
    ///   - condition: the condition.
    ///   - result: the value.
    public init(when condition: some QueryExpression<Bool>, then result: Result) {
        branches = [.init(condition.node, then: result.operand)]
    }

    /// The value of an expression where a condition holds.
    ///
    /// - Parameters:
    ///   - condition: the condition.
    ///   - result: the expression.
    @_disfavoredOverload
    public init<Expression: QueryExpression>(
        when condition: some QueryExpression<Bool>,
        then result: Expression
    ) where Expression.Value.Base == Result {
        branches = [.init(condition.node, then: result.node)]
    }

    private func adding(_ condition: ExpressionNode, _ result: ExpressionNode) -> Self {
        var copy = self
        copy.branches.append(.init(condition, then: result))
        return copy
    }

    /// A further condition, which counts where none before it holds.
    ///
    /// - Parameters:
    ///   - condition: the condition.
    ///   - result: the value.
    /// - Returns: the value with the condition.
    public func when(_ condition: some QueryExpression<Bool>, then result: Result) -> Self {
        adding(condition.node, result.operand)
    }

    /// A further condition, which counts where none before it holds.
    ///
    /// - Parameters:
    ///   - condition: the condition.
    ///   - result: the expression.
    /// - Returns: the value with the condition.
    @_disfavoredOverload
    public func when<Expression: QueryExpression>(
        _ condition: some QueryExpression<Bool>,
        then result: Expression
    ) -> Self where Expression.Value.Base == Result { adding(condition.node, result.node) }

    /// What it is where no condition holds.
    ///
    /// - Parameter result: the value.
    /// - Returns: a value that is never NULL, if its branches are not.
    public func otherwise(_ result: Result) -> ComputedExpression<Result> {
        ComputedExpression(.branches(branches, default: result.operand, nil))
    }

    /// What it is where no condition holds.
    ///
    /// - Parameter result: the expression.
    /// - Returns: the value.
    @_disfavoredOverload
    public func otherwise<Expression: QueryExpression>(
        _ result: Expression
    ) -> ComputedExpression<Expression.Value> where Expression.Value.Base == Result {
        ComputedExpression(.branches(branches, default: result.node, nil))
    }
}
