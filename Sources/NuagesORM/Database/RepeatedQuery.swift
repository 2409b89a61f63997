/// Statements of one shape that were made again and again, as by a loop that queries for each row.
///
/// Values are always bound, so all of them have one text.
public struct RepeatedQuery: Sendable, Hashable {
    /// The text, without values.
    public var text: String
    /// How often it ran.
    public var count: Int

    /// What to do about it.
    public var remedy: String {
        switch text.utf8.prefix(while: { $0 != 0x20 && $0 != 0x0A }) {
        case let word where word.elementsEqual("INSERT".utf8):
            "Insert the rows with one bulkCreate."
        case let word where word.elementsEqual("UPDATE".utf8):
            "Change the rows with one update of a query set, or with bulkUpdate."
        case let word where word.elementsEqual("DELETE".utf8):
            "Delete the rows with one delete of a query set."
        default:
            """
            Fetch what belongs to the rows together with them: selectRelated for a foreign key, \
            prefetch for many rows.
            """
        }
    }
}

extension QueryLog {
    /// The statements that were made several times, the most frequent first.
    ///
    /// - Parameter limit: how often at least.
    /// - Returns: the statements; none where the log only counts.
    public func repeatedQueries(atLeast limit: Int) -> [RepeatedQuery] {
        var counts: [String: Int] = [:]
        for text in texts { counts[text, default: 0] += 1 }
        return counts.filter { $0.value >= max(2, limit) }
            .map { RepeatedQuery(text: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.text) < ($0.count, $1.text) }
    }
}
