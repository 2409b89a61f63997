public import FoundationEssentials
public import NuagesCore
public import NuagesORM

extension QueryExpression {
    /// The values over several rows as one array; nil for no rows.
    ///
    ///     Author.objects.annotated { $0.books.title.arrayAgg(ordering: [$0.books.title.ascending]) }
    ///     // ARRAY_AGG("book"."title" ORDER BY "book"."title" ASC)
    ///
    /// Django: `ArrayAgg`.
    ///
    /// - Parameters:
    ///   - distinct: whether equal values count once.
    ///   - filter: which rows count.
    ///   - ordering: the order of the values.
    /// - Returns: a value of several rows, whose elements may be `NULL` as joined columns may be.
    public func arrayAgg(
        distinct: Bool = false,
        filter: Condition? = nil,
        ordering: [Ordering] = []
    ) -> ComputedExpression<[Value.Base?]?> {
        aggregated(.arrayAgg, distinct, filter, ordering)
    }

    /// The values over several rows as one JSON array; nil for no rows.
    ///
    /// Django: `JSONBAgg`.
    ///
    /// - Parameters:
    ///   - distinct: whether equal values count once.
    ///   - filter: which rows count.
    ///   - ordering: the order of the values.
    /// - Returns: a value of several rows.
    public func jsonbAgg(
        distinct: Bool = false,
        filter: Condition? = nil,
        ordering: [Ordering] = []
    ) -> ComputedExpression<JSONValue?> { aggregated(.jsonbAgg, distinct, filter, ordering) }

    /// The values over several rows as one array, or another array where there are no rows.
    ///
    ///     $0.books.title.arrayAgg(default: [])     // COALESCE(ARRAY_AGG("book"."title"), '{}')
    ///
    /// - Parameters:
    ///   - distinct: whether equal values count once.
    ///   - filter: which rows count.
    ///   - ordering: the order of the values.
    ///   - fallback: what stands for the array of no rows.
    /// - Returns: a value of several rows, whose elements may be `NULL` as joined columns may be.
    public func arrayAgg(
        distinct: Bool = false,
        filter: Condition? = nil,
        ordering: [Ordering] = [],
        default fallback: [Value.Base?]
    ) -> ComputedExpression<[Value.Base?]> {
        aggregated(.arrayAgg, distinct, filter, ordering, default: fallback.operand)
    }

    /// The values over several rows as one JSON array, or another document where there are no rows.
    ///
    /// - Parameters:
    ///   - distinct: whether equal values count once.
    ///   - filter: which rows count.
    ///   - ordering: the order of the values.
    ///   - fallback: what stands for the array of no rows.
    /// - Returns: a value of several rows.
    public func jsonbAgg(
        distinct: Bool = false,
        filter: Condition? = nil,
        ordering: [Ordering] = [],
        default fallback: JSONValue
    ) -> ComputedExpression<JSONValue> {
        aggregated(.jsonbAgg, distinct, filter, ordering, default: fallback.operand)
    }

    fileprivate func aggregated<Result: FieldValue>(
        _ function: AggregateFunction,
        _ isDistinct: Bool,
        _ filter: Condition?,
        _ ordering: [Ordering],
        default fallback: ExpressionNode? = nil
    ) -> ComputedExpression<Result> {
        var aggregate = Aggregate(function, [node])
        aggregate.isDistinct = isDistinct
        aggregate.filter = filter?.node
        aggregate.ordering = ordering
        aggregate.defaultValue = fallback
        return ComputedExpression(.aggregate(aggregate))
    }
}

extension QueryExpression where Value.Base == Bool {
    /// Whether all values over several rows are true; nil for none.
    ///
    /// Django: `BoolAnd`.
    ///
    /// - Parameter filter: which rows count.
    /// - Returns: a value of several rows.
    public func allTrue(filter: Condition? = nil) -> ComputedExpression<Bool?> {
        aggregated(.boolAnd, false, filter, [])
    }

    /// Whether all values over several rows are true, or what is given for no rows.
    ///
    /// - Parameters:
    ///   - filter: which rows count.
    ///   - fallback: what stands for no rows.
    /// - Returns: a value of several rows.
    public func allTrue(
        filter: Condition? = nil,
        default fallback: Bool
    ) -> ComputedExpression<Bool> {
        aggregated(.boolAnd, false, filter, [], default: fallback.operand)
    }

    /// Whether one of the values over several rows is true; nil for none.
    ///
    /// Django: `BoolOr`.
    ///
    /// - Parameter filter: which rows count.
    /// - Returns: a value of several rows.
    public func anyTrue(filter: Condition? = nil) -> ComputedExpression<Bool?> {
        aggregated(.boolOr, false, filter, [])
    }

    /// Whether one of the values over several rows is true, or what is given for no rows.
    ///
    /// - Parameters:
    ///   - filter: which rows count.
    ///   - fallback: what stands for no rows.
    /// - Returns: a value of several rows.
    public func anyTrue(
        filter: Condition? = nil,
        default fallback: Bool
    ) -> ComputedExpression<Bool> {
        aggregated(.boolOr, false, filter, [], default: fallback.operand)
    }
}

/// A statistic of two values over several rows; nil where there are too few.
///
///     Choice.objects.aggregate { Statistic(.regressionSlope, y: $0.votes, x: $0.rank) }
///     // REGR_SLOPE("votes", "rank")
///
/// Django: `Corr`, `CovarPop`, `RegrAvgX` and the others of `StatAggregate`; ``RowPairCount`` is
/// `RegrCount`.
public struct Statistic: QueryExpression {
    /// A number, or nil.
    public typealias Value = Double?
    /// The statistic as the compiler reads it.
    public let node: ExpressionNode

    /// A statistic.
    ///
    /// - Parameters:
    ///   - function: which one: an aggregate of two arguments.
    ///   - y: the value that depends on the other.
    ///   - x: the other value.
    ///   - filter: which rows count.
    ///   - fallback: what stands for the statistic of too few rows; nil for NULL.
    public init(
        _ function: AggregateFunction,
        y: some QueryExpression,
        x: some QueryExpression,
        filter: Condition? = nil,
        default fallback: Double? = nil
    ) {
        var aggregate = Aggregate(function, [y.node, x.node])
        aggregate.filter = filter?.node
        aggregate.defaultValue = fallback?.operand
        node = .aggregate(aggregate)
    }
}

/// How many rows have both of two values.
///
/// Django: `RegrCount`.
public struct RowPairCount: QueryExpression {
    /// A number.
    public typealias Value = Int
    /// The count as the compiler reads it.
    public let node: ExpressionNode

    /// A count.
    ///
    /// - Parameters:
    ///   - y: one value.
    ///   - x: the other value.
    ///   - filter: which rows count.
    public init(
        y: some QueryExpression,
        x: some QueryExpression,
        filter: Condition? = nil
    ) {
        var aggregate = Aggregate(.regressionCount, [y.node, x.node])
        aggregate.filter = filter?.node
        node = .aggregate(aggregate)
    }
}

/// The values that a query finds for each row, as one array.
///
///     Author.objects.annotate { author in
///         ArraySubquery(Book.objects.filter { $0.author == author.outer }.selecting { $0.title })
///     }
///     // ARRAY(SELECT U0."title" FROM "book" U0 WHERE U0."author_id" = "author"."id")
///
/// Django: `ArraySubquery`.
public struct ArraySubquery<Element: FieldValue>: QueryExpression {
    /// An array.
    public typealias Value = [Element]
    /// The query as the compiler reads it.
    public let node: ExpressionNode

    /// An array of what a query finds, by names.
    ///
    /// - Parameter query: a query of one column.
    public init(_ query: DynamicQuery) { self.init(DynamicExpression.subquery(query).node) }

    /// An array of what a query finds.
    ///
    /// - Parameter set: a query of one value a row.
    public init<M: Model, Names: Sendable>(_ set: ValueSet<M, Names, Element>) {
        self.init(.subquery(set.query, nil))
    }

    private init(_ query: ExpressionNode) {
        node = .call(FunctionCall(PostgreSQLAggregates.arraySubquery, [query]))
    }
}

/// A UUID that the database makes at random, one for each row.
///
/// Django: `RandomUUID`.
public struct RandomUUID: QueryExpression {
    /// A UUID.
    public typealias Value = UUID
    /// The call.
    public let node: ExpressionNode = .call(FunctionCall(PostgreSQLAggregates.randomUUID, []))

    /// A UUID.
    public init() {}
}

/// The moment at which the transaction began, the same in all of its statements.
///
/// Django: `TransactionNow`.
public struct TransactionNow: QueryExpression {
    /// A moment.
    public typealias Value = Date
    /// The call.
    public let node: ExpressionNode = .call(FunctionCall(PostgreSQLAggregates.transactionNow, []))

    /// The moment.
    public init() {}
}
