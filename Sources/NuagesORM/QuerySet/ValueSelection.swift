import NuagesCore

/// Expressions of which each row gets a value, made by a closure: one, or a tuple of up to ten.
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

    /// Two expressions.
    ///
    /// - Parameter expressions: the expressions.
    /// - Returns: the expressions with what reads their values.
    public static func buildExpression<
        A: QueryExpression,
        B: QueryExpression
    >(
        _ expressions: (A, B)
    ) -> ValueSelection<
        (
            ComputedExpression<A.Value>,
            ComputedExpression<B.Value>
        ),
        (A.Value, B.Value)
    > {
        ValueSelection(
            nodes: [
                expressions.0.node, expressions.1.node,
            ],
            references: {
                (
                    ComputedExpression($0[0]),
                    ComputedExpression($0[1])
                )
            },
            read: { (try $0.read(), try $0.read()) },
            contextValues: {
                [
                    ContextValue($0.0.sqlValue),
                    ContextValue($0.1.sqlValue),
                ]
            }
        )
    }

    /// Three expressions.
    ///
    /// - Parameter expressions: the expressions.
    /// - Returns: the expressions with what reads their values.
    public static func buildExpression<
        A: QueryExpression,
        B: QueryExpression,
        C: QueryExpression
    >(
        _ expressions: (A, B, C)
    ) -> ValueSelection<
        (
            ComputedExpression<A.Value>,
            ComputedExpression<B.Value>,
            ComputedExpression<C.Value>
        ),
        (A.Value, B.Value, C.Value)
    > {
        ValueSelection(
            nodes: [
                expressions.0.node, expressions.1.node, expressions.2.node,
            ],
            references: {
                (
                    ComputedExpression($0[0]),
                    ComputedExpression($0[1]),
                    ComputedExpression($0[2])
                )
            },
            read: { (try $0.read(), try $0.read(), try $0.read()) },
            contextValues: {
                [
                    ContextValue($0.0.sqlValue),
                    ContextValue($0.1.sqlValue),
                    ContextValue($0.2.sqlValue),
                ]
            }
        )
    }

    /// Four expressions.
    ///
    /// - Parameter expressions: the expressions.
    /// - Returns: the expressions with what reads their values.
    public static func buildExpression<
        A: QueryExpression,
        B: QueryExpression,
        C: QueryExpression,
        D: QueryExpression
    >(
        _ expressions: (A, B, C, D)
    ) -> ValueSelection<
        (
            ComputedExpression<A.Value>,
            ComputedExpression<B.Value>,
            ComputedExpression<C.Value>,
            ComputedExpression<D.Value>
        ),
        (A.Value, B.Value, C.Value, D.Value)
    > {
        ValueSelection(
            nodes: [
                expressions.0.node, expressions.1.node, expressions.2.node, expressions.3.node,
            ],
            references: {
                (
                    ComputedExpression($0[0]),
                    ComputedExpression($0[1]),
                    ComputedExpression($0[2]),
                    ComputedExpression($0[3])
                )
            },
            read: { (try $0.read(), try $0.read(), try $0.read(), try $0.read()) },
            contextValues: {
                [
                    ContextValue($0.0.sqlValue),
                    ContextValue($0.1.sqlValue),
                    ContextValue($0.2.sqlValue),
                    ContextValue($0.3.sqlValue),
                ]
            }
        )
    }

    /// Five expressions.
    ///
    /// - Parameter expressions: the expressions.
    /// - Returns: the expressions with what reads their values.
    public static func buildExpression<
        A: QueryExpression,
        B: QueryExpression,
        C: QueryExpression,
        D: QueryExpression,
        E: QueryExpression
    >(
        _ expressions: (A, B, C, D, E)
    ) -> ValueSelection<
        (
            ComputedExpression<A.Value>,
            ComputedExpression<B.Value>,
            ComputedExpression<C.Value>,
            ComputedExpression<D.Value>,
            ComputedExpression<E.Value>
        ),
        (A.Value, B.Value, C.Value, D.Value, E.Value)
    > {
        ValueSelection(
            nodes: [
                expressions.0.node, expressions.1.node, expressions.2.node, expressions.3.node,
                expressions.4.node,
            ],
            references: {
                (
                    ComputedExpression($0[0]),
                    ComputedExpression($0[1]),
                    ComputedExpression($0[2]),
                    ComputedExpression($0[3]),
                    ComputedExpression($0[4])
                )
            },
            read: { (try $0.read(), try $0.read(), try $0.read(), try $0.read(), try $0.read()) },
            contextValues: {
                [
                    ContextValue($0.0.sqlValue),
                    ContextValue($0.1.sqlValue),
                    ContextValue($0.2.sqlValue),
                    ContextValue($0.3.sqlValue),
                    ContextValue($0.4.sqlValue),
                ]
            }
        )
    }

    /// Six expressions.
    ///
    /// - Parameter expressions: the expressions.
    /// - Returns: the expressions with what reads their values.
    public static func buildExpression<
        A: QueryExpression,
        B: QueryExpression,
        C: QueryExpression,
        D: QueryExpression,
        E: QueryExpression,
        F: QueryExpression
    >(
        _ expressions: (A, B, C, D, E, F)
    ) -> ValueSelection<
        (
            ComputedExpression<A.Value>,
            ComputedExpression<B.Value>,
            ComputedExpression<C.Value>,
            ComputedExpression<D.Value>,
            ComputedExpression<E.Value>,
            ComputedExpression<F.Value>
        ),
        (A.Value, B.Value, C.Value, D.Value, E.Value, F.Value)
    > {
        ValueSelection(
            nodes: [
                expressions.0.node, expressions.1.node, expressions.2.node, expressions.3.node,
                expressions.4.node, expressions.5.node,
            ],
            references: {
                (
                    ComputedExpression($0[0]),
                    ComputedExpression($0[1]),
                    ComputedExpression($0[2]),
                    ComputedExpression($0[3]),
                    ComputedExpression($0[4]),
                    ComputedExpression($0[5])
                )
            },
            read: {
                (
                    try $0.read(), try $0.read(), try $0.read(), try $0.read(), try $0.read(),
                    try $0.read()
                )
            },
            contextValues: {
                [
                    ContextValue($0.0.sqlValue),
                    ContextValue($0.1.sqlValue),
                    ContextValue($0.2.sqlValue),
                    ContextValue($0.3.sqlValue),
                    ContextValue($0.4.sqlValue),
                    ContextValue($0.5.sqlValue),
                ]
            }
        )
    }

    /// Seven expressions.
    ///
    /// - Parameter expressions: the expressions.
    /// - Returns: the expressions with what reads their values.
    public static func buildExpression<
        A: QueryExpression,
        B: QueryExpression,
        C: QueryExpression,
        D: QueryExpression,
        E: QueryExpression,
        F: QueryExpression,
        G: QueryExpression
    >(
        _ expressions: (A, B, C, D, E, F, G)
    ) -> ValueSelection<
        (
            ComputedExpression<A.Value>,
            ComputedExpression<B.Value>,
            ComputedExpression<C.Value>,
            ComputedExpression<D.Value>,
            ComputedExpression<E.Value>,
            ComputedExpression<F.Value>,
            ComputedExpression<G.Value>
        ),
        (A.Value, B.Value, C.Value, D.Value, E.Value, F.Value, G.Value)
    > {
        ValueSelection(
            nodes: [
                expressions.0.node, expressions.1.node, expressions.2.node, expressions.3.node,
                expressions.4.node, expressions.5.node, expressions.6.node,
            ],
            references: {
                (
                    ComputedExpression($0[0]),
                    ComputedExpression($0[1]),
                    ComputedExpression($0[2]),
                    ComputedExpression($0[3]),
                    ComputedExpression($0[4]),
                    ComputedExpression($0[5]),
                    ComputedExpression($0[6])
                )
            },
            read: {
                (
                    try $0.read(), try $0.read(), try $0.read(), try $0.read(), try $0.read(),
                    try $0.read(), try $0.read()
                )
            },
            contextValues: {
                [
                    ContextValue($0.0.sqlValue),
                    ContextValue($0.1.sqlValue),
                    ContextValue($0.2.sqlValue),
                    ContextValue($0.3.sqlValue),
                    ContextValue($0.4.sqlValue),
                    ContextValue($0.5.sqlValue),
                    ContextValue($0.6.sqlValue),
                ]
            }
        )
    }

    /// Eight expressions.
    ///
    /// - Parameter expressions: the expressions.
    /// - Returns: the expressions with what reads their values.
    public static func buildExpression<
        A: QueryExpression,
        B: QueryExpression,
        C: QueryExpression,
        D: QueryExpression,
        E: QueryExpression,
        F: QueryExpression,
        G: QueryExpression,
        H: QueryExpression
    >(
        _ expressions: (A, B, C, D, E, F, G, H)
    ) -> ValueSelection<
        (
            ComputedExpression<A.Value>,
            ComputedExpression<B.Value>,
            ComputedExpression<C.Value>,
            ComputedExpression<D.Value>,
            ComputedExpression<E.Value>,
            ComputedExpression<F.Value>,
            ComputedExpression<G.Value>,
            ComputedExpression<H.Value>
        ),
        (A.Value, B.Value, C.Value, D.Value, E.Value, F.Value, G.Value, H.Value)
    > {
        ValueSelection(
            nodes: [
                expressions.0.node, expressions.1.node, expressions.2.node, expressions.3.node,
                expressions.4.node, expressions.5.node, expressions.6.node, expressions.7.node,
            ],
            references: {
                (
                    ComputedExpression($0[0]),
                    ComputedExpression($0[1]),
                    ComputedExpression($0[2]),
                    ComputedExpression($0[3]),
                    ComputedExpression($0[4]),
                    ComputedExpression($0[5]),
                    ComputedExpression($0[6]),
                    ComputedExpression($0[7])
                )
            },
            read: {
                (
                    try $0.read(), try $0.read(), try $0.read(), try $0.read(), try $0.read(),
                    try $0.read(), try $0.read(), try $0.read()
                )
            },
            contextValues: {
                [
                    ContextValue($0.0.sqlValue),
                    ContextValue($0.1.sqlValue),
                    ContextValue($0.2.sqlValue),
                    ContextValue($0.3.sqlValue),
                    ContextValue($0.4.sqlValue),
                    ContextValue($0.5.sqlValue),
                    ContextValue($0.6.sqlValue),
                    ContextValue($0.7.sqlValue),
                ]
            }
        )
    }

    /// Nine expressions.
    ///
    /// - Parameter expressions: the expressions.
    /// - Returns: the expressions with what reads their values.
    public static func buildExpression<
        A: QueryExpression,
        B: QueryExpression,
        C: QueryExpression,
        D: QueryExpression,
        E: QueryExpression,
        F: QueryExpression,
        G: QueryExpression,
        H: QueryExpression,
        I: QueryExpression
    >(
        _ expressions: (A, B, C, D, E, F, G, H, I)
    ) -> ValueSelection<
        (
            ComputedExpression<A.Value>,
            ComputedExpression<B.Value>,
            ComputedExpression<C.Value>,
            ComputedExpression<D.Value>,
            ComputedExpression<E.Value>,
            ComputedExpression<F.Value>,
            ComputedExpression<G.Value>,
            ComputedExpression<H.Value>,
            ComputedExpression<I.Value>
        ),
        (
            A.Value, B.Value, C.Value, D.Value, E.Value, F.Value, G.Value, H.Value, I.Value
        )
    > {
        ValueSelection(
            nodes: [
                expressions.0.node,
                expressions.1.node,
                expressions.2.node,
                expressions.3.node,
                expressions.4.node,
                expressions.5.node,
                expressions.6.node,
                expressions.7.node,
                expressions.8.node,
            ],
            references: {
                (
                    ComputedExpression($0[0]),
                    ComputedExpression($0[1]),
                    ComputedExpression($0[2]),
                    ComputedExpression($0[3]),
                    ComputedExpression($0[4]),
                    ComputedExpression($0[5]),
                    ComputedExpression($0[6]),
                    ComputedExpression($0[7]),
                    ComputedExpression($0[8])
                )
            },
            read: {
                (
                    try $0.read(), try $0.read(), try $0.read(), try $0.read(), try $0.read(),
                    try $0.read(), try $0.read(), try $0.read(), try $0.read()
                )
            },
            contextValues: {
                [
                    ContextValue($0.0.sqlValue),
                    ContextValue($0.1.sqlValue),
                    ContextValue($0.2.sqlValue),
                    ContextValue($0.3.sqlValue),
                    ContextValue($0.4.sqlValue),
                    ContextValue($0.5.sqlValue),
                    ContextValue($0.6.sqlValue),
                    ContextValue($0.7.sqlValue),
                    ContextValue($0.8.sqlValue),
                ]
            }
        )
    }

    /// Ten expressions.
    ///
    /// - Parameter expressions: the expressions.
    /// - Returns: the expressions with what reads their values.
    public static func buildExpression<
        A: QueryExpression,
        B: QueryExpression,
        C: QueryExpression,
        D: QueryExpression,
        E: QueryExpression,
        F: QueryExpression,
        G: QueryExpression,
        H: QueryExpression,
        I: QueryExpression,
        J: QueryExpression
    >(
        _ expressions: (A, B, C, D, E, F, G, H, I, J)
    ) -> ValueSelection<
        (
            ComputedExpression<A.Value>,
            ComputedExpression<B.Value>,
            ComputedExpression<C.Value>,
            ComputedExpression<D.Value>,
            ComputedExpression<E.Value>,
            ComputedExpression<F.Value>,
            ComputedExpression<G.Value>,
            ComputedExpression<H.Value>,
            ComputedExpression<I.Value>,
            ComputedExpression<J.Value>
        ),
        (
            A.Value, B.Value, C.Value, D.Value, E.Value, F.Value, G.Value, H.Value, I.Value, J.Value
        )
    > {
        ValueSelection(
            nodes: [
                expressions.0.node,
                expressions.1.node,
                expressions.2.node,
                expressions.3.node,
                expressions.4.node,
                expressions.5.node,
                expressions.6.node,
                expressions.7.node,
                expressions.8.node,
                expressions.9.node,
            ],
            references: {
                (
                    ComputedExpression($0[0]),
                    ComputedExpression($0[1]),
                    ComputedExpression($0[2]),
                    ComputedExpression($0[3]),
                    ComputedExpression($0[4]),
                    ComputedExpression($0[5]),
                    ComputedExpression($0[6]),
                    ComputedExpression($0[7]),
                    ComputedExpression($0[8]),
                    ComputedExpression($0[9])
                )
            },
            read: {
                (
                    try $0.read(), try $0.read(), try $0.read(), try $0.read(), try $0.read(),
                    try $0.read(), try $0.read(), try $0.read(), try $0.read(), try $0.read()
                )
            },
            contextValues: {
                [
                    ContextValue($0.0.sqlValue),
                    ContextValue($0.1.sqlValue),
                    ContextValue($0.2.sqlValue),
                    ContextValue($0.3.sqlValue),
                    ContextValue($0.4.sqlValue),
                    ContextValue($0.5.sqlValue),
                    ContextValue($0.6.sqlValue),
                    ContextValue($0.7.sqlValue),
                    ContextValue($0.8.sqlValue),
                    ContextValue($0.9.sqlValue),
                ]
            }
        )
    }
}
