extension QuerySet {
    /// The rows that satisfy a condition on the fields of an abstract model, whatever model has them.
    ///
    ///     static func published<M: Model>(_ rows: QuerySet<M>) -> QuerySet<M> {
    ///         rows.filter(Publishable.self) { $0.isPublished }
    ///     }
    ///     // … WHERE "blog_post"."is_published"
    ///
    /// A model without these fields is told so when the query runs.
    ///
    /// - Parameters:
    ///   - part: the abstract model.
    ///   - condition: the condition on its fields.
    /// - Returns: a query set.
    public func filter<Part: AbstractModel, Condition: QueryExpression>(
        _ part: Part.Type,
        _ condition: (Part.Fields) -> Condition
    ) -> Self where Condition.Value.Base == Bool {
        filtered(condition(Part.Fields(path: RelationPath())).node, isNegated: false)
    }

    /// The rows that do not satisfy a condition on the fields of an abstract model.
    ///
    /// - Parameters:
    ///   - part: the abstract model.
    ///   - condition: the condition on its fields.
    /// - Returns: a query set.
    public func exclude<Part: AbstractModel, Condition: QueryExpression>(
        _ part: Part.Type,
        _ condition: (Part.Fields) -> Condition
    ) -> Self where Condition.Value.Base == Bool {
        filtered(condition(Part.Fields(path: RelationPath())).node, isNegated: true)
    }
}
