/// Related rows that are fetched together for all rows.
///
/// Django: `Prefetch`.
public struct DynamicPrefetch: Sendable {
    /// The path of relations.
    public var path: String
    /// The rows that are fetched; nil for all.
    public var query: DynamicQuery?
    /// The name under which they are kept, where it is not the relation's.
    public var attribute: String?

    /// A path of relations.
    public init(_ path: String, query: DynamicQuery? = nil, attribute: String? = nil) {
        self.path = path
        self.query = query
        self.attribute = attribute
    }

    static func load(
        _ prefetches: [DynamicPrefetch],
        into rows: inout [DynamicRow],
        _ database: Database
    ) async throws {}
}

extension DynamicQuery {
    /// The rows with those behind relations, in a further query for each relation.
    public func prefetch(_ prefetches: [DynamicPrefetch]) -> Self {
        var copy = self
        copy.prefetches += prefetches
        return copy
    }

    /// The rows without those that were to be prefetched.
    public func prefetchNone() -> Self {
        var copy = self
        copy.prefetches = []
        return copy
    }
}
