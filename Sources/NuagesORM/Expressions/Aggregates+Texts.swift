extension QueryExpression where Value.Base == String {
    /// The texts of several rows one behind the other; nil for no rows.
    ///
    ///     $0.choices.choiceText.joined(separator: ", ", order: [$0.choices.votes.descending])
    ///     // STRING_AGG("choice_text", ', ' ORDER BY "votes" DESC)
    ///
    /// Django: `StringAgg`.
    ///
    /// - Parameters:
    ///   - separator: what stands between two texts.
    ///   - distinct: whether equal texts come once.
    ///   - order: the order of the texts; SQLite knows it from version 3.44 on.
    ///   - filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func joined(
        separator: String,
        distinct: Bool = false,
        order: [Ordering] = [],
        filter: Condition? = nil
    ) -> ComputedExpression<String?> {
        ComputedExpression(
            .stringAgg,
            [node, .value(.text(separator))],
            distinct: distinct,
            filter: filter,
            order: order
        )
    }

    /// The texts of several rows one behind the other, or another text where there are no rows.
    ///
    ///     $0.choices.choiceText.joined(separator: ", ", default: "none")
    ///     // COALESCE(STRING_AGG("choice_text", ', '), 'none')
    ///
    /// - Parameters:
    ///   - separator: what stands between two texts.
    ///   - distinct: whether equal texts come once.
    ///   - order: the order of the texts; SQLite knows it from version 3.44 on.
    ///   - filter: which rows count; nil for all.
    ///   - fallback: what stands for the text of no rows.
    /// - Returns: a value of several rows.
    public func joined(
        separator: String,
        distinct: Bool = false,
        order: [Ordering] = [],
        filter: Condition? = nil,
        default fallback: String
    ) -> ComputedExpression<String> {
        ComputedExpression(
            .stringAgg,
            [node, .value(.text(separator))],
            distinct: distinct,
            filter: filter,
            default: fallback.operand,
            order: order
        )
    }

    /// The texts of several rows one behind the other, with a text of each row in front of it; nil
    /// for no rows.
    ///
    ///     $0.books.title.joined(separator: $0.name, order: [$0.books.title.ascending])
    ///     // STRING_AGG("book"."title", "author"."name" ORDER BY "book"."title" ASC)
    ///
    /// MariaDB takes plain text alone.
    ///
    /// - Parameters:
    ///   - separator: what stands in front of each text but the first.
    ///   - distinct: whether equal texts come once.
    ///   - order: the order of the texts; SQLite knows it from version 3.44 on.
    ///   - filter: which rows count; nil for all.
    /// - Returns: a value of several rows.
    public func joined<Separator: QueryExpression>(
        separator: Separator,
        distinct: Bool = false,
        order: [Ordering] = [],
        filter: Condition? = nil
    ) -> ComputedExpression<String?> where Separator.Value.Base == String {
        ComputedExpression(
            .stringAgg,
            [node, separator.node],
            distinct: distinct,
            filter: filter,
            order: order
        )
    }
}
