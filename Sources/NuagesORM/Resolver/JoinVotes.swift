/// Counts which joins the parts of a condition need, to say which must be inner and which outer.
///
/// Source: Django's `JoinPromoter`.
struct JoinVotes {
    private let connector: WhereGroup.Connector
    private let childCount: Int
    private var votes: [(alias: String, count: Int)] = []

    init(_ connector: WhereGroup.Connector, childCount: Int, isNegated: Bool) {
        // NOT (a AND b) needs its joins as OR does, and NOT (a OR b) as AND does.
        self.connector = isNegated ? (connector == .and ? .or : .and) : connector
        self.childCount = childCount
    }

    mutating func add(_ aliases: some Sequence<String>) {
        for alias in aliases {
            if let index = votes.firstIndex(where: { $0.alias == alias }) {
                votes[index].count += 1
            } else {
                votes.append((alias, 1))
            }
        }
    }

    /// Changes the joins of the query.
    ///
    /// - Returns: the joins that have to be inner.
    func update(_ query: inout ResolvedQuery) -> Set<String> {
        var promoted: [String] = []
        var demoted: [String] = []
        for (alias, count) in votes {
            if connector == .or, count < childCount { promoted.append(alias) }
            if connector == .and || (connector == .or && count == childCount) {
                demoted.append(alias)
            }
        }
        query.promote(promoted)
        query.demote(demoted)
        return Set(demoted)
    }
}
