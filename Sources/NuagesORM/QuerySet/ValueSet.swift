import NuagesCore

/// Values of rows in place of the rows; asked when it is awaited.
///
///     let sales = Book.objects.selecting { $0.author.name }
///         .annotate { ($0.id.count(), $0.price.average()) }
///         .order { $0.values.1.0.descending }
///     for (author, (count, price)) in try await sales.all() { … }
///     // SELECT "polls_author"."name" AS "author__name", COUNT("polls_book"."id") AS …
///     // FROM … GROUP BY "polls_author"."name" ORDER BY …
///
/// Aggregates that `annotate` adds are made of the rows that have the values in common: the values
/// are what is grouped by. Django: `values().annotate()`.
public struct ValueSet<M: Model, References: Sendable, Values: Sendable>: ComputedRows {
    /// The model of the rows.
    public typealias Root = M
    /// The values of a row.
    public typealias Element = Values

    /// The steps so far.
    public var query: Query
    /// What conditions know the values by.
    public let references: References
    /// The database that is asked; nil for the current one.
    public var database: Database?
    let read: @Sendable (inout Row) throws -> Values
}

extension QuerySet {
    /// Values of each row in place of the row, for queries that go on with them: grouped by them,
    /// filtered, put together with others, or as part of another query.
    ///
    ///     Book.objects.selecting { $0.author.name }.annotate { $0.id.count() }
    ///     // SELECT "polls_author"."name" …, COUNT(…) … GROUP BY "polls_author"."name"
    ///     Author.objects.filter { $0.name.isIn(Book.objects.selecting { $0.title }) }
    ///
    /// Django: `values` and `values_list`. ``values(_:)`` asks at once.
    ///
    /// - Parameter expressions: fields and expressions.
    /// - Returns: the values of the rows.
    public func selecting<References: Sendable, Values: Sendable>(
        @ValueSelectionBuilder _ expressions: (M.Fields) -> ValueSelection<References, Values>
    ) -> ValueSet<M, References, Values> {
        ValueSet(query, database, expressions(M.queryFields))
    }
}

extension AnnotatedSet {
    /// Values of each row in place of the row; those that were computed before can be among them.
    ///
    ///     Question.objects.annotate { $0.choices.count() }.selecting { ($0.pubDate.year, $0.values) }
    ///
    /// - Parameter expressions: fields, expressions and the values so far.
    /// - Returns: the values of the rows.
    public func selecting<Names: Sendable, Selected: Sendable>(
        @ValueSelectionBuilder _ expressions: (ComputedFields<M.Fields, References>) ->
            ValueSelection<
                Names, Selected
            >
    ) -> ValueSet<M, Names, Selected> {
        ValueSet(query, database, expressions(computedFields))
    }
}

extension ValueSet {
    init(
        _ query: Query,
        _ database: Database?,
        _ selection: ValueSelection<References, Values>
    ) {
        let values = Query.Value.list(selection.nodes)
        let nodes = values.map { value -> ExpressionNode in
            switch value {
            case .field(let name): selection.nodes.first { $0.isReference(to: name) } ?? .star
            case .expression(let name, _): .reference([name])
            }
        }
        self.init(
            query: query.adding(.values(values)),
            references: selection.references(nodes),
            database: database,
            read: selection.read
        )
    }

    /// The groups with further values; aggregates are made of the rows of the group.
    ///
    /// - Parameters:
    ///   - names: the names of the values in SQL, where they matter.
    ///   - expressions: expressions and aggregates.
    /// - Returns: the groups; the new values stand behind those before.
    public func annotate<More: Sendable, MoreValues: Sendable>(
        _ names: String...,
        @ValueSelectionBuilder by expressions: (ComputedFields<M.Fields, References>) ->
            ValueSelection<
                More, MoreValues
            >
    ) -> ValueSet<M, (References, More), (Values, MoreValues)> {
        let selection = expressions(computedFields)
        var query = query
        let new = query.annotate(selection.nodes, names)
        let (first, second) = (read, selection.read)
        return ValueSet<M, (References, More), (Values, MoreValues)>(
            query: query,
            references: (references, selection.references(new.map { .reference([$0]) })),
            database: database,
            read: { row in
                let values = try first(&row)
                return (values, try second(&row))
            }
        )
    }

    /// The values.
    ///
    /// - Returns: a value or a tuple for each row or group, in their order.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func all() async throws -> [Values] { try await plainSet.fetchValues(query, read) }

    /// The values one after the other, with only a few of them in memory at a time.
    ///
    /// - Parameter chunkSize: how many rows are fetched at once.
    /// - Returns: the values in their order.
    /// - Throws: ``FieldError`` for a mistake in the query or a `chunkSize` below 1.
    public func iterator(chunkSize: Int = 2000) throws -> RowSequence<Values> {
        let read = read
        return try plainSet.rows(chunkSize: chunkSize) { _ in { row in try read(&row) } }
    }

    /// The values of the first row in the order of the query; nil if there is none.
    ///
    /// - Returns: the values.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func first() async throws -> Values? { try await limit(1).all().first }
}

extension ExpressionNode {
    /// Whether it is the field that a path in Django's spelling leads to.
    fileprivate func isReference(to path: String) -> Bool {
        guard case .reference(let names) = self else { return false }
        return names.joined(separator: "__").equalsBytes(path)
    }
}

// MARK: Parts of other queries

extension QueryExpression {
    /// Whether the value is one of those that a query finds.
    ///
    ///     .filter { $0.name.isIn(Book.objects.selecting { $0.title }) }
    ///     // WHERE "name" IN (SELECT "U0"."title" …)
    ///
    /// - Parameter set: a query of one value a row; it is not asked by itself.
    /// - Returns: a condition.
    public func isIn<M: Model, Names: Sendable, Other: FieldValue>(
        _ set: ValueSet<M, Names, Other>
    ) -> Condition where Other.Base == Value.Base {
        Condition(.compared(.in, node, .subquery(set.query, nil)))
    }
}

extension ValueSet where Values: FieldValue {
    /// The value of the only row, as a value in another query.
    ///
    ///     Question.objects.annotate { question in
    ///         Choice.objects.filter { $0.question.id == question.id.outer }
    ///             .order { $0.votes.descending }.limit(1).selecting { $0.choiceText }.value
    ///     }
    ///     // (SELECT "U0"."choice_text" … WHERE "U0"."question_id" = ("polls_question"."id")
    ///     // ORDER BY … LIMIT 1) AS "annotation1"
    ///
    /// Django: `Subquery`.
    public var value: ComputedExpression<Values.Base?> {
        ComputedExpression(.subquery(query, nil))
    }
}
