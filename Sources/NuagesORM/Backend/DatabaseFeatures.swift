/// What a database can do; compilers and tests ask for a feature, never for a vendor.
public struct DatabaseFeatures: Sendable, Hashable {
    /// Whether indexes have methods, such as GIN, and are made while others write.
    public var supportsIndexMethods = false
    /// Whether there are exclusion constraints.
    public var supportsExclusionConstraints = false
    /// Whether `INSERT`, `UPDATE` and `DELETE` return rows.
    public var supportsReturning = true
    /// Whether many rows are inserted sooner one by one, as where no network lies between: what
    /// ``DatabaseConnection/insertEach(_:counting:)`` is for.
    public var insertsRowsOneByOne = false
    /// Whether `UPDATE` returns rows, where `INSERT` does.
    public var supportsReturningFromUpdate = true
    /// Whether a row that is inserted without regard to conflicts is passed over in silence where a
    /// foreign key of it leads nowhere.
    package var ignoresMissingTargets = false
    /// Whether foreign keys are checked when a transaction ends, while others may delete what they
    /// refer to; rows can be held by their keys then.
    package var checksReferencesAtCommit = false
    /// Whether schema changes can be rolled back.
    public var supportsTransactionalDDL = true
    /// Whether `ALTER TABLE` changes a column's type and constraints in place.
    public var supportsAlteringColumns = true
    /// Whether foreign keys can be added to a table that exists.
    public var supportsAddingForeignKeys = true
    /// Whether constraints can be checked at the end of a transaction.
    public var supportsDeferrableConstraints = true
    /// Whether the check of a unique constraint can wait for the end of the transaction.
    public var supportsDeferrableUnique = false
    /// Whether a unique constraint can say whether NULLs are equal.
    public var supportsNullsDistinct = false
    /// Whether indexes can hold columns that are not searched for.
    public var supportsIncludedColumns = false
    /// Whether the columns of indexes have operator classes.
    public var supportsOperatorClasses = false
    /// Whether tables and indexes are put into tablespaces.
    public var supportsTablespaces = false
    /// Whether a column of characters can be without a greatest length.
    public var supportsUnlimitedCharacters = true
    /// Whether a column of decimals can be without a number of digits.
    public var supportsUnlimitedDecimals = true
    /// Whether a foreign key can set its column to the default where what it refers to is deleted.
    public var supportsSetDefaultOnDelete = true
    /// Whether indexes can be renamed.
    public var supportsRenamingIndexes = false
    /// Whether tables and columns have comments.
    public var supportsComments = false
    /// Whether the comment of a column is a part of its definition.
    public var supportsInlineComments = false
    /// Whether indexes can hold expressions.
    public var supportsExpressionIndexes = true
    /// Whether indexes can hold only some rows.
    public var supportsPartialIndexes = true
    /// The most values that a statement can bind; longer lists go in several statements.
    public var maxBindings = 32_766
    /// Whether one transaction at a time can write, so that writers share one connection.
    public var hasSingleWriter = false
    /// Whether rows can be distinct by some of their columns.
    public var supportsDistinctOn = false
    /// Whether `ANY_VALUE` is known.
    public var supportsAnyValue = false
    /// Whether aggregates can have an order.
    public var supportsAggregateOrdering = true
    /// Whether aggregates can have a condition.
    public var supportsAggregateFilter = true
    /// Whether the parts of combined queries can be ordered and sliced.
    public var supportsOrderedParts = true
    /// Whether the parts of combined queries can stand in parentheses.
    public var supportsParenthesesInCompound = true
    /// Whether the query after `IN` can have a limit.
    public var supportsLimitedMembership = true
    /// Whether combined rows are ordered by a query around them.
    public var requiresCompoundOrderSubquery = false
    /// Whether grouping by the primary key is grouping by all columns of its table.
    public var groupsByPrimaryKey = false
    /// Whether rows are grouped by the positions of selected columns.
    public var groupsByPosition = true
    /// Whether `NULLS FIRST` is known.
    public var supportsNullsModifier = true
    /// Whether NULLs come first in ascending order.
    public var nullsAreSmall = false
    /// Whether frames of windows can exclude rows.
    public var supportsFrameExclusion = true
    /// Whether frames of values are unbounded or end at the row.
    public var rangeFramesAreUnbounded = false
    /// Whether truth values are a type of their own and not numbers.
    public var hasBooleans = true
    /// Whether decimals are exact numbers and not floats.
    public var hasExactDecimals = true
    /// Whether JSON is a type of the database's own, and not text.
    public var hasJSONType = true
    /// Whether a JSON document can be asked whether it contains another.
    public var supportsJSONContains = true
    /// Whether rows can be locked.
    public var hasRowLocks = true
    /// Whether reading statements of several tasks may queue on one connection.
    ///
    /// The driver must then look for the cancellation of the task itself: an interrupt from
    /// outside could reach the statement of another one.
    public var supportsSharedReaders = false
    /// Whether statements of several tasks that only read can be sent together.
    package var supportsSharedReads = false

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

    /// The batches of several statements that are sent at once, where the database can do that: as
    /// many as neither side minds to hold.
    ///
    /// - Parameter width: how many values each row binds.
    /// - Returns: the batches in groups.
    func grouped<Row>(binding width: Int) -> [[Element]] where Element == [Row] {
        let (maxBindings, maxStatements) = (250_000, 50)
        var groups: [[Element]] = []
        var count = 0
        for batch in self {
            let isFull = count + batch.count * width > maxBindings
            if isFull || groups.isEmpty || groups[groups.count - 1].count == maxStatements {
                groups.append([])
                count = 0
            }
            groups[groups.count - 1].append(batch)
            count += batch.count * width
        }
        return groups
    }
}
