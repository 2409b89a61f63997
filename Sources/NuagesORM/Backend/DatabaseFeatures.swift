/// What a database can do; compilers and tests ask for a feature, never for a vendor.
public struct DatabaseFeatures: Sendable, Hashable {
    /// Whether `INSERT`, `UPDATE` and `DELETE` return rows.
    public var supportsReturning = true
    /// Whether schema changes can be rolled back.
    public var supportsTransactionalDDL = true
    /// Whether `ALTER TABLE` changes a column's type and constraints in place.
    public var supportsAlteringColumns = true
    /// Whether foreign keys can be added to a table that exists.
    public var supportsAddingForeignKeys = true
    /// Whether constraints can be checked at the end of a transaction.
    public var supportsDeferrableConstraints = true
    /// Whether tables and columns have comments.
    public var supportsComments = false
    /// Whether indexes can hold only some rows.
    public var supportsPartialIndexes = true
    /// The most values that a statement can bind; longer lists go in several statements.
    public var maxBindings = 32_766
    /// Whether one transaction at a time can write, so that writers share one connection.
    public var hasSingleWriter = false
    /// Whether reading statements of several tasks may queue on one connection.
    ///
    /// The driver must then look for the cancellation of the task itself: an interrupt from
    /// outside could reach the statement of another one.
    public var supportsSharedReaders = false

    /// The features of a database that has most of them.
    public init() {}
}

extension Array {
    /// The elements in parts that one statement can bind.
    func batches(of size: Int) -> [[Element]] {
        let size = Swift.max(1, size)
        return stride(from: 0, to: count, by: size).map { start in
            Array(self[start..<Swift.min(start + size, count)])
        }
    }
}
