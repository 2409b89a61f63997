extension QuerySet {
    /// The rows in an order.
    ///
    ///     Question.objects.order { $0.pubDate.descending }
    ///     // … ORDER BY "polls_question"."pub_date" DESC
    ///
    ///     Choice.objects.order { [$0.votes.descending, $0.choiceText.ascending] }
    ///     // … ORDER BY "polls_choice"."votes" DESC, "polls_choice"."choice_text" ASC
    ///
    /// - Parameter orderings: an order, or several with the first one first.
    /// - Returns: a query set.
    public func order<Orderings: OrderingConvertible>(
        _ orderings: (M.Fields) -> Orderings
    ) -> Self {
        ordered(orderings(M.Fields(path: RelationPath())).orderings)
    }

    /// The rows in an order, in the dynamic form.
    ///
    ///     Question.objects.order(by: "-pub_date", "question_text")
    ///
    /// A name that is no field is a ``FieldError`` when the query runs.
    ///
    /// - Parameter names: fields, with `-` for descending; `?` is a random order; none clears it.
    /// - Returns: a query set.
    public func order(by names: String...) -> Self {
        ordered(names.map { Ordering(name: $0) })
    }

    /// The rows in an order, by names that a program has.
    ///
    /// - Parameter names: fields, with `-` for descending; none clears the order.
    /// - Returns: a query set.
    public func order(by names: [String]) -> Self {
        ordered(names.map { Ordering(name: $0) })
    }

    private func ordered(_ orderings: [Ordering]) -> Self {
        with { $0.add(.order(orderings)) }
    }

    /// The rows in the opposite order.
    ///
    /// - Returns: a query set.
    public func reversed() -> Self { with { $0.add(.reverse) } }

    /// At most `count` rows.
    ///
    /// - Parameters:
    ///   - count: the number of rows.
    ///   - offset: the number of rows that are passed over.
    /// - Returns: a query set.
    public func limit(_ count: Int, offset: Int = 0) -> Self {
        with { $0.slice(offset: offset, count: count) }
    }

    /// The rows behind the first `count`.
    ///
    /// - Parameter count: the number of rows that are passed over.
    /// - Returns: a query set.
    public func offset(_ count: Int) -> Self {
        with { $0.slice(offset: count, count: nil) }
    }

    /// Whether the rows have an order, of the query set or of the model.
    public var isOrdered: Bool { query.isOrdered }

    /// Whether the order is the same each time: it has a field that is never `NULL` and of which no
    /// two rows have the same value, or several that are so together.
    ///
    ///     Book.objects.order { $0.title.ascending }.isTotallyOrdered                        // false
    ///     Book.objects.order { [$0.title.ascending, $0.id.ascending] }.isTotallyOrdered     // true
    ///
    /// Pages of rows in another order may show a row twice. Fields behind relations do not count.
    ///
    /// Django: `totally_ordered`.
    ///
    /// - Throws: ``FieldError`` and ``UsageError`` for mistakes in the query.
    public var isTotallyOrdered: Bool { get throws { try query.resolved().isTotallyOrdered } }
}
