import NuagesCore

/// Expressions of which each row gets a value, made by a closure: one, or a tuple.
///
///     { $0.title }
///     { ($0.author.name, $0.price.average()) }
///
/// `References` is what later conditions know the values by, `Values` what a row gets.
public struct ValueSelection<References: Sendable, Values: Sendable>: Sendable {
    let nodes: [ExpressionNode]
    /// What the values are known by, made of nodes that refer to them.
    let references: @Sendable ([ExpressionNode]) -> References
    let read: @Sendable (inout Row) throws -> Values
    /// The values as a template sees them.
    let contextValues: @Sendable (Values) -> [ContextValue]
}

/// Makes a ``ValueSelection`` of what a closure gives.
@resultBuilder
public enum ValueSelectionBuilder {
    /// What the closure gives.
    ///
    /// - Parameter selection: the expressions.
    /// - Returns: the same.
    public static func buildBlock<References: Sendable, Values: Sendable>(
        _ selection: ValueSelection<References, Values>
    ) -> ValueSelection<References, Values> { selection }

    /// One expression.
    ///
    /// - Parameter expression: the expression.
    /// - Returns: the expression with what reads its value.
    public static func buildExpression<Expression: QueryExpression>(
        _ expression: Expression
    ) -> ValueSelection<ComputedExpression<Expression.Value>, Expression.Value> {
        ValueSelection(
            nodes: [expression.node],
            references: { ComputedExpression($0[0]) },
            read: { try $0.read() },
            contextValues: { [ContextValue($0.sqlValue)] }
        )
    }

    /// Several expressions.
    ///
    /// - Parameter expressions: the expressions, however many.
    /// - Returns: the expressions with what reads their values.
    public static func buildExpression<each Expression: QueryExpression>(
        _ expressions: (repeat each Expression)
    ) -> ValueSelection<
        (repeat ComputedExpression<(each Expression).Value>),
        (repeat (each Expression).Value)
    > {
        var nodes: [ExpressionNode] = []
        for expression in repeat each expressions { nodes.append(expression.node) }
        return ValueSelection(
            nodes: nodes,
            references: { nodes in
                var rest = nodes[...]
                return (repeat Self.reference(to: (each Expression).Value.self, &rest))
            },
            read: { row in (repeat try row.read((each Expression).Value.self)) },
            contextValues: { values in
                var all: [ContextValue] = []
                for value in repeat each values { all.append(ContextValue(value.sqlValue)) }
                return all
            }
        )
    }

    /// What refers to the first of some nodes, which is taken away.
    private static func reference<Value: FieldValue>(
        to type: Value.Type,
        _ nodes: inout ArraySlice<ExpressionNode>
    ) -> ComputedExpression<Value> { ComputedExpression(nodes.popFirst() ?? .star) }
}
