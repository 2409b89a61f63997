/// Rows of a model that satisfy conditions, in an order; a value that is queried when it is asked.
///
///     let latest = Question.objects
///         .filter { $0.pubDate <= .now }
///         .order { $0.pubDate.descending }
///         .limit(5)
///     for question in try await latest.all() { … }
///
/// A method of a manager is an extension:
///
///     extension QuerySet<Question> {
///         var published: Self { filter { $0.pubDate <= .now } }
///     }
///
/// Django: `django.db.models.query.QuerySet`.
public struct QuerySet<M: Model>: Sendable {
    var query: Query
    var prefetches: [Prefetch<M>] = []
    var database: Database?
    var fetchMode = FetchMode.one
    /// Whether it is `objects` as it came: such a set has its statements ready.
    var isPristine = true

    /// All rows.
    public init() { query = Query(M.info) }

    func with(_ change: (inout Query) -> Void) -> Self {
        var copy = self
        change(&copy.query)
        copy.isPristine = false
        return copy
    }

    /// The database that is asked; the one that is written to, where rows are locked.
    package func resolvedDatabase(_ mode: TransactionMode = .read) throws(DatabaseError) -> Database
    {
        if let database { return database }
        return try Database.routed(query.locksRows ? .write : mode, query.model)
    }

    /// The same rows from the database that is written to.
    func forWriting() throws(DatabaseError) -> Self { using(try resolvedDatabase(.write)) }

    /// The same rows from another database.
    ///
    /// - Parameter database: the database.
    /// - Returns: a query set.
    public func using(_ database: Database) -> Self {
        var copy = self
        copy.database = database
        return copy
    }
}
