extension QuerySet {
    /// The rows that satisfy a condition.
    ///
    ///     Question.objects.filter { $0.choices.votes > 3 && !$0.questionText.hasPrefix("x") }
    ///     // … INNER JOIN "polls_choice" ON (…) WHERE ("polls_choice"."votes" > 3 AND NOT (…))
    ///
    /// What one call says of a relation to many rows it says of the same row; each further call
    /// may be satisfied by another.
    ///
    /// - Parameter condition: the condition on the model's fields.
    /// - Returns: a query set.
    public func filter<Condition: QueryExpression>(
        _ condition: (M.Fields) -> Condition
    ) -> Self where Condition.Value.Base == Bool {
        filtered(condition(M.Fields(path: RelationPath())).node, isNegated: false)
    }

    /// The rows that do not satisfy a condition.
    ///
    ///     Question.objects.exclude { $0.questionText == "x" }
    ///     // … WHERE NOT ("polls_question"."question_text" = ?)
    ///
    /// - Parameter condition: the condition on the model's fields.
    /// - Returns: a query set.
    public func exclude<Condition: QueryExpression>(
        _ condition: (M.Fields) -> Condition
    ) -> Self where Condition.Value.Base == Bool {
        filtered(condition(M.Fields(path: RelationPath())).node, isNegated: true)
    }

    /// The rows that satisfy all lookups, in the dynamic form.
    ///
    ///     Question.objects.filter(lookups: ["choice__votes__gt": 3])
    ///
    /// A lookup that does not exist is a ``FieldError`` when the query runs.
    ///
    /// - Parameter lookups: paths with lookups, and what they compare with.
    /// - Returns: a query set.
    public func filter(lookups: Lookups) -> Self { filter(lookups.condition) }

    /// The rows that do not satisfy all lookups, in the dynamic form.
    ///
    /// - Parameter lookups: paths with lookups, and what they compare with.
    /// - Returns: a query set.
    public func exclude(lookups: Lookups) -> Self { exclude(lookups.condition) }

    /// The rows that satisfy a condition in the dynamic form.
    ///
    ///     Question.objects.filter(Q("choice__votes__gt", 3) || Q("pub_date__year", 2026))
    ///
    /// - Parameter condition: the condition.
    /// - Returns: a query set.
    public func filter(_ condition: Q) -> Self {
        filtered(condition.node, isNegated: false)
    }

    /// The rows that do not satisfy a condition in the dynamic form.
    ///
    /// - Parameter condition: the condition.
    /// - Returns: a query set.
    public func exclude(_ condition: Q) -> Self {
        filtered(condition.node, isNegated: true)
    }

    /// The rows that satisfy a condition in either of the dynamic forms, such as `limitChoicesTo` of
    /// a relation.
    ///
    ///     Author.objects.complexFilter(condition)       // a Q or Lookups
    ///
    /// Django: `complex_filter`.
    ///
    /// - Parameter condition: the condition; nil for all rows.
    /// - Returns: a query set.
    public func complexFilter(_ condition: (any FilterConvertible)?) -> Self {
        condition.map { filter($0.condition) } ?? self
    }

    func filtered(_ condition: ExpressionNode, isNegated: Bool) -> Self {
        with { $0.add(.filter(condition, isNegated: isNegated)) }
    }

    /// The rows whose foreign key holds one of `keys`.
    func referring<Key: RelationKey>(
        to keys: [SQLValue],
        by foreignKey: any KeyPath<M, Key> & Sendable
    ) -> Self where M: Model {
        guard let field = M.meta.field(foreignKey) else { return none() }
        return filtered(
            .condition([field.schema.name, "in"], .list(keys.map { .value($0) })),
            isNegated: false
        )
    }

    /// No rows; nothing is queried.
    ///
    /// - Returns: a query set.
    public func none() -> Self { with { $0.add(.empty) } }

    /// Each row once, where joins would repeat it.
    ///
    /// - Returns: a query set.
    public func distinct() -> Self { with { $0.add(.distinct([])) } }
}
