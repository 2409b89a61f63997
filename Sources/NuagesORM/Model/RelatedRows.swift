import NuagesCore

/// Which relations of a row were joined, so that their columns follow in the same row.
@usableFromInline
struct RelatedRows: Sendable {
    /// Where a model keeps the row that a relation leads to.
    enum Place: Sendable, Hashable {
        /// The position of a foreign key among all fields of the model.
        case field(Int)
        /// The position of a relation without a column among those that the model declares.
        case relation(Int)
        /// The position of a way back among those that the model declares.
        case reverse(Int)
    }

    /// The relations with what was joined behind each.
    private(set) var relations: [(place: Place, rows: RelatedRows)] = []

    /// How many columns of annotations stand between those of the model and of the relations.
    private(set) var skippedCount = 0

    /// The position of the primary key among the columns.
    private(set) var keyPosition = 0
    /// The number of columns that no other row has.
    private(set) var ownCount = 0
    /// The number of columns, with those of the relations.
    private(set) var columnCount = 0
    /// The places of the model's columns, where some are those of the row before.
    private(set) var places: [Int]?

    init() {}

    /// The relations of a query's columns.
    init(_ rows: SelectedRows?) throws {
        guard let rows else { return }
        let columns = rows.model.members.columns
        let key = rows.model.members.primaryKey.first
        if rows.sharedCount > 0 {
            let own = rows.fields.dropFirst(rows.sharedCount)
            ownCount = own.count
            keyPosition = key.flatMap { Array(own).firstIndex(of: $0) } ?? 0
            places = columns.compactMap { column in
                zip(rows.fields, rows.positions).first { $0.0 == column }?.1
            }
        } else {
            ownCount = columns.count
            keyPosition = key.flatMap { columns.firstIndex(of: $0) } ?? 0
        }
        columnCount = ownCount
        for related in rows.related {
            let inner = try RelatedRows(related)
            relations.append((try Self.place(of: related, in: rows.model), inner))
            columnCount += inner.columnCount
        }
        if rows.relation == nil, let related = rows.related.first,
            let first = related.positions.dropFirst(related.sharedCount).first
        {
            skippedCount = max(0, first - rows.positions.count)
        }
    }

    /// Where the model keeps the row; an error where it has no property for it.
    private static func place(of related: SelectedRows, in model: ModelInfo) throws -> Place {
        if let relation = related.relation, let type = model.type {
            if !related.isReverse, let field = relation.field,
                let index = model.members.columns.firstIndex(of: field)
            {
                return .field(index)
            }
            if let place = type.place(of: relation, isReverse: related.isReverse) { return place }
        }
        throw UsageError.notAllowed(
            """
            \(model.schema.name) has no property for the rows of '\(related.name)'; declare one \
            with @Reverse, or use prefetch.
            """
        )
    }
}

extension Model {
    /// Where the model keeps the row that a relation without a column leads to.
    fileprivate static func place(of relation: RelationInfo, isReverse: Bool) -> RelatedRows.Place?
    {
        if isReverse {
            meta.reverses.firstIndex { $0.leads(along: relation) }.map { .reverse($0) }
        } else {
            meta.relations.firstIndex { $0.name.equalsBytes(relation.name) }.map { .relation($0) }
        }
    }
}
