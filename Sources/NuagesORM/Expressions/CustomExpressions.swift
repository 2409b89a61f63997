/// What a site's own lookups, transforms and functions are called by in the typed form.
extension QueryExpression {
    /// A comparison by a lookup of any name.
    ///
    ///     .filter { $0.pages.compared(by: "ne", to: 100) }     // WHERE "pages" <> 100
    ///
    /// - Parameters:
    ///   - lookup: the lookup.
    ///   - value: what it compares with.
    /// - Returns: a condition.
    public func compared(by lookup: Lookup, to value: some FieldValue) -> Condition {
        Condition(.compared(lookup, node, value.operand))
    }

    /// A comparison by a lookup of any name with another expression.
    ///
    /// - Parameters:
    ///   - lookup: the lookup.
    ///   - expression: what it compares with.
    /// - Returns: a condition.
    public func compared(by lookup: Lookup, to expression: some QueryExpression) -> Condition {
        Condition(.compared(lookup, node, expression.node))
    }

    /// What a transform of any name gives.
    ///
    ///     .filter { $0.name.transformed(by: "unaccent", as: String.self) == "Helene" }
    ///
    /// - Parameters:
    ///   - name: the name of the transform.
    ///   - type: the type of what it gives.
    /// - Returns: an expression.
    public func transformed<Result: FieldValue>(
        by name: String,
        as type: Result.Type
    ) -> ComputedExpression<Result> {
        ComputedExpression(node.part(name))
    }

    /// A call of a function with the expression as its first argument.
    ///
    ///     .order { $0.name.applying(soundex, as: String.self).ascending }
    ///
    /// - Parameters:
    ///   - function: the function.
    ///   - arguments: its further arguments.
    ///   - options: what is no expression.
    ///   - type: the type of what it gives.
    /// - Returns: an expression.
    public func applying<Result: FieldValue>(
        _ function: SQLFunction,
        _ arguments: [ExpressionNode] = [],
        options: [String: SQLValue] = [:],
        as type: Result.Type
    ) -> ComputedExpression<Result> {
        ComputedExpression(.call(FunctionCall(function, [node] + arguments, options: options)))
    }
}

extension Lookup: ExpressibleByStringLiteral {
    /// A lookup by its name.
    ///
    /// - Parameter value: the name.
    public init(stringLiteral value: String) { self.init(rawValue: value) }
}
