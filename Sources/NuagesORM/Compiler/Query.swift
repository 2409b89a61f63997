/// What a query set asks for, as a value: its compilers make SQL of it.
public struct Query: Sendable, Hashable {
    /// The arguments of one `filter` or `exclude`: what they say of a multi-valued relation is
    /// said of the same row of it.
    struct FilterCall: Sendable, Hashable {
        var condition: ExpressionNode
        var isNegated: Bool
    }

    /// What the rows hold.
    enum Selection: Sendable, Hashable {
        /// The model's fields, and those of the joined rows.
        case model(RelatedRows)
        /// Expressions.
        case values([ExpressionNode])
        /// The model's fields, then expressions.
        case annotated(RelatedRows, [ExpressionNode])
    }

    let model: ModelInfo
    var filters: [FilterCall] = []
    /// Nil for the model's own order.
    var ordering: [Ordering]?
    var isReversed = false
    var limit: Int?
    var offset = 0
    var isDistinct = false
    /// Whether it is known to find nothing (`none`).
    var isEmpty = false
    var selection = Selection.model(RelatedRows())

    init(_ model: ModelInfo) { self.model = model }

    /// Whether rows are left out by position.
    var isSliced: Bool { limit != nil || offset > 0 }

    /// The orderings, the model's own where the query gives none.
    var effectiveOrdering: [Ordering] {
        let orderings = ordering ?? model.schema.ordering.map { Ordering(name: $0, of: model) }
        return isReversed ? orderings.map(\.reversed) : orderings
    }

    /// The query with the rows from `offset`, at most `count`, of those it had.
    func sliced(offset newOffset: Int, count: Int?) -> Query {
        var query = self
        let start = max(0, newOffset)
        let (sum, overflows) = offset.addingReportingOverflow(start)
        query.offset = overflows ? Int.max : sum
        let remaining = limit.map { max(0, $0 - min(start, $0)) }
        switch (remaining, count.map { max(0, $0) }) {
        case (let remaining?, let count?): query.limit = min(remaining, count)
        case (let remaining, let count): query.limit = remaining ?? count
        }
        if query.limit == 0 { query.isEmpty = true }
        return query
    }
}

extension Ordering {
    /// An ordering by a field's name, with `-` for descending and `?` for a random order.
    init(name: String, of model: ModelInfo) {
        if name.utf8.elementsEqual("?".utf8) {
            self = .random
            return
        }
        let isDescending = name.utf8.first == UInt8(ascii: "-")
        let hasSign = isDescending || name.utf8.first == UInt8(ascii: "+")
        let path = hasSign ? String(name.dropFirst()) : name
        self.init(LookupPath.node(path, of: model), isDescending: isDescending)
    }
}
