extension QueryExpression {
    /// The value as the query around a subquery has it.
    ///
    ///     Question.objects.filter { question in
    ///         Functions.exists(Choice.objects.filter { $0.question.id == question.id.outer })
    ///     }
    ///
    /// Django: `OuterRef`.
    public var outer: ComputedExpression<Value> { ComputedExpression(.outer(node)) }
}

extension RelationFields {
    /// The key of the row that the relation leads to, as the query around a subquery has it.
    ///
    ///     Question.objects.annotate { question in
    ///         Choice.objects.filter { $0.question == question.outer }…
    ///     }
    public var outer: OuterRow<Root> { OuterRow(node: .outer(relationKey.node)) }

    /// Whether the relation leads to a row of the query around.
    public static func == (left: Self, right: OuterRow<Root>) -> Condition {
        guard case .reference(let names) = left.relationKey.node else {
            return Condition(.compared(.exact, left.relationKey.node, right.node))
        }
        return Condition(.condition(Array(names.dropLast()) + ["exact"], right.node))
    }

    /// Whether two relations lead to the same row.
    ///
    ///     Book.objects.filter { $0.author == $0.editor }      // "author_id" = ("editor_id")
    public static func == <Other: RelationFields>(left: Self, right: Other) -> Condition
    where Other.Root == Root { left.relationKey == right.relationKey }

    /// Whether two relations lead to different rows.
    public static func != <Other: RelationFields>(left: Self, right: Other) -> Condition
    where Other.Root == Root { left.relationKey != right.relationKey }

    /// Whether the relation leads to one of some rows.
    ///
    /// - Parameter rows: rows, keys or references.
    /// - Returns: a condition; nothing is in an empty collection.
    public func isIn<Reference: ModelReferenceConvertible<Root>>(
        _ rows: some Sequence<Reference>
    ) -> Condition { relationKey.isIn(rows.map(\.asReference.id)) }
}

/// A row of the query around a subquery.
public struct OuterRow<M: Model>: Sendable {
    let node: ExpressionNode
}

extension Functions {
    /// Whether a query finds a row.
    ///
    ///     Author.objects.filter { author in
    ///         !Functions.exists(Book.objects.filter { $0.author == author.outer })
    ///     }
    ///     // … WHERE NOT EXISTS(SELECT 1 AS "a" FROM "polls_book" "U0" WHERE … LIMIT 1)
    ///
    /// Django: `Exists`.
    ///
    /// - Parameter set: the query; it is not asked by itself.
    /// - Returns: a condition.
    public static func exists<M: Model>(_ set: QuerySet<M>) -> Condition {
        Condition(.exists(set.query))
    }

    /// Whether a query of values finds some.
    ///
    /// - Parameter set: the query; it is not asked by itself.
    /// - Returns: a condition.
    public static func exists(_ set: some ComputedRows) -> Condition {
        Condition(.exists(set.query))
    }
}
