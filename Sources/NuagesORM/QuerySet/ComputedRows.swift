/// A query of which each row has values that the database computes: what ``AnnotatedSet`` and
/// ``ValueSet`` have in common.
///
/// Closures get the model's fields with the values: ``ComputedFields``.
public protocol ComputedRows: Sendable {
    /// The model whose rows are asked for.
    associatedtype Root: Model
    /// What conditions know the values by.
    associatedtype References: Sendable

    /// The steps so far.
    var query: Query { get set }
    /// What conditions know the values by.
    var references: References { get }
    /// The database that is asked; nil for the current one.
    var database: Database? { get set }
}

extension ComputedRows {
    /// The query as one of the model's rows.
    var plainSet: QuerySet<Root> {
        var set = QuerySet<Root>()
        set.query = query
        set.database = database
        set.isPristine = false
        return set
    }

    var computedFields: ComputedFields<Root.Fields, References> { ComputedFields(references) }

    func adding(_ step: Query.Step) -> Self {
        var copy = self
        copy.query.add(step)
        return copy
    }

    /// The rows that satisfy a condition; one on aggregates is about the groups, `HAVING`.
    ///
    ///     Question.objects.annotate { $0.choices.votes.sum() }.filter { $0.values > 3 }
    ///     // … GROUP BY "polls_question"."id", … HAVING SUM("polls_choice"."votes") > 3
    ///
    /// - Parameter condition: the condition on the model's fields and the values.
    /// - Returns: the rows for which it holds.
    public func filter<Condition: QueryExpression>(
        _ condition: (ComputedFields<Root.Fields, References>) -> Condition
    ) -> Self where Condition.Value.Base == Bool {
        adding(.filter(condition(computedFields).node, isNegated: false))
    }

    /// The rows that do not satisfy a condition.
    ///
    /// - Parameter condition: the condition on the model's fields and the values.
    /// - Returns: the rows for which it does not hold.
    public func exclude<Condition: QueryExpression>(
        _ condition: (ComputedFields<Root.Fields, References>) -> Condition
    ) -> Self where Condition.Value.Base == Bool {
        adding(.filter(condition(computedFields).node, isNegated: true))
    }

    /// The rows in an order.
    ///
    ///     .order { [$0.values.descending, $0.name.ascending] }
    ///
    /// - Parameter orderings: an order, or several with the first one first.
    /// - Returns: the rows in the order.
    public func order<Orderings: OrderingConvertible>(
        _ orderings: (ComputedFields<Root.Fields, References>) -> Orderings
    ) -> Self { adding(.order(orderings(computedFields).orderings)) }

    /// The rows in an order, in the dynamic form.
    ///
    /// - Parameter names: fields, with `-` for descending; none clears the order.
    /// - Returns: the rows in the order.
    public func order(by names: String...) -> Self {
        adding(.order(names.map { Ordering(name: $0) }))
    }

    /// The rows in the opposite order.
    ///
    /// - Returns: the rows.
    public func reversed() -> Self { adding(.reverse) }

    /// Whether the order is the same each time: it has a field that is never `NULL` and of which no
    /// two rows have the same value.
    ///
    /// Groups have no order but that of the query.
    ///
    /// Django: `totally_ordered`.
    ///
    /// - Throws: ``FieldError`` and ``UsageError`` for mistakes in the query.
    public var isTotallyOrdered: Bool { get throws { try query.resolved().isTotallyOrdered } }

    /// Each row once.
    ///
    /// - Returns: the rows.
    public func distinct() -> Self { adding(.distinct([])) }

    /// At most `count` rows.
    ///
    /// - Parameters:
    ///   - count: the number of rows.
    ///   - offset: the number of rows that are passed over.
    /// - Returns: the rows.
    public func limit(_ count: Int, offset: Int = 0) -> Self {
        var copy = self
        copy.query.slice(offset: offset, count: count)
        return copy
    }

    /// The rows behind the first `count`.
    ///
    /// - Parameter count: the number of rows that are passed over.
    /// - Returns: the rows.
    public func offset(_ count: Int) -> Self {
        var copy = self
        copy.query.slice(offset: count, count: nil)
        return copy
    }

    /// No rows; nothing is queried.
    ///
    /// - Returns: a query that finds nothing.
    public func none() -> Self { adding(.empty) }

    /// The rows of this and other queries, each once or as often as they are found.
    ///
    ///     a.union(b)        // SELECT … UNION SELECT …
    ///
    /// - Parameters:
    ///   - others: the other queries.
    ///   - all: whether rows that are found twice come twice, `UNION ALL`.
    /// - Returns: the rows.
    public func union(_ others: Self..., all: Bool = false) -> Self {
        adding(.combine(.union, isAll: all, others.map(\.query)))
    }

    /// The rows that all queries find.
    ///
    /// - Parameter others: the other queries.
    /// - Returns: the rows.
    public func intersection(_ others: Self...) -> Self {
        adding(.combine(.intersection, isAll: false, others.map(\.query)))
    }

    /// The rows that the others do not find.
    ///
    /// - Parameter others: the other queries.
    /// - Returns: the rows.
    public func difference(_ others: Self...) -> Self {
        adding(.combine(.difference, isAll: false, others.map(\.query)))
    }

    /// The same rows from another database.
    ///
    /// - Parameter database: the database.
    /// - Returns: the rows.
    public func using(_ database: Database) -> Self {
        var copy = self
        copy.database = database
        return copy
    }

    /// The number of rows or groups.
    ///
    /// - Returns: the number.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func count() async throws -> Int { try await plainSet.count() }

    /// Whether there is a row.
    ///
    /// - Returns: true if there is one.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func exists() async throws -> Bool { try await plainSet.exists() }

    /// How the database goes about the query.
    ///
    /// - Parameters:
    ///   - format: such as `json`, where the database has several.
    ///   - options: further options, such as `["analyze": "true"]`.
    /// - Returns: what the database says, a line for each row.
    /// - Throws: ``UsageError`` for an option that the database does not have, ``DatabaseError``.
    public func explain(
        format: String? = nil,
        options: [String: String] = [:]
    ) async throws -> String { try await plainSet.explain(format: format, options: options) }

    /// Values that are made of all rows.
    ///
    ///     try await Question.objects.annotate { $0.choices.votes.sum() }
    ///         .aggregate { $0.values.average() }
    ///     // SELECT AVG("__col1") FROM (SELECT SUM(…) AS "annotation1" … GROUP BY …) subquery
    ///
    /// - Parameter expressions: aggregates, of the values too.
    /// - Returns: their values.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func aggregate<Names: Sendable, Values: Sendable>(
        @ValueSelectionBuilder _ expressions: (ComputedFields<Root.Fields, References>) ->
            ValueSelection<
                Names, Values
            >
    ) async throws -> Values {
        let selection = expressions(computedFields)
        return try await plainSet.aggregate(selection.nodes, selection.read)
    }

    /// A name for a value that conditions and orders use and that no row gets.
    ///
    /// - Parameters:
    ///   - expression: the value.
    ///   - body: makes the query with the name.
    /// - Returns: what `body` makes.
    public func alias<Expression: QueryExpression, Result>(
        _ expression: (ComputedFields<Root.Fields, References>) -> Expression,
        in body: (Self, ComputedExpression<Expression.Value>) -> Result
    ) -> Result {
        var copy = self
        let name = copy.query.name(expression(computedFields).node)
        return body(copy, ComputedExpression(name))
    }
}

extension Query {
    /// How many names were given so far.
    private var namedCount: Int {
        steps.reduce(0) { count, step in
            if case .annotate(let named, _) = step { count + named.count } else { count }
        }
    }

    /// How many columns annotations have so far.
    var annotationCount: Int {
        steps.reduce(0) { count, step in
            guard case .annotate(let named, true) = step else { return count }
            return count + named.count { $0.relation == nil }
        }
    }

    /// Gives an expression a name that no row gets, and tells what refers to it.
    mutating func name(_ node: ExpressionNode) -> ExpressionNode {
        let name = "alias\(namedCount + 1)"
        add(.annotate([Named(name: name, node: node)], isSelected: false))
        return .reference([name])
    }

    /// Adds annotations and tells what refers to them.
    mutating func annotate(_ nodes: [ExpressionNode], _ given: [String]) -> [String] {
        let count = namedCount
        let names = nodes.indices.map { index in
            given.indices.contains(index) ? given[index] : "annotation\(count + index + 1)"
        }
        add(
            .annotate(zip(names, nodes).map { Named(name: $0, node: $1) }, isSelected: true)
        )
        return names
    }

    /// Gives a relation of which only some rows are joined a name.
    mutating func nameRelation(_ path: String, where condition: ExpressionNode) -> String {
        let name = "filtered\(namedCount + 1)"
        add(.annotate([Named(name: name, node: condition, relation: path)], isSelected: true))
        return name
    }
}
