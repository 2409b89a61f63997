import NuagesCore

/// Loads the rows at the other end of a relation that has no column in the model's table.
///
/// It asks what ``DynamicPrefetch`` asks.
struct RelatedLoader<M: Model, Source: Model> {
    private let relation: RelationInfo
    private let isReverse: Bool
    private let set: QuerySet<Source>
    /// The fields by which rows of the model belong together with others.
    private let ownFields: [ModelField<M>]
    private let ownReads: [@Sendable (M) -> SQLValue]
    /// The columns of the table in between.
    private let hidden: [FieldInfo]

    init(_ field: ReverseField<M>, _ set: QuerySet<Source>) throws {
        let members = M.info.members
        let forward = members.relations.first { $0.name.equalsBytes(field.name) && $0.field == nil }
        let isOwn = M.meta.relations.contains { $0.keyPath == field.keyPath }
        guard let relation = isOwn ? forward : members.reverses.first(where: field.leads) else {
            throw UsageError.notAllowed("'\(field.name)' of \(M.schema.name) cannot be prefetched.")
        }
        self.relation = relation
        isReverse = !isOwn
        self.set = set
        let isManyToMany = relation.kind == .manyToMany
        let near = isReverse ? relation.throughTarget : relation.throughSource
        let pairs = isManyToMany ? near?.pairs ?? [] : relation.pairs
        hidden = isManyToMany ? pairs.map(\.from) : []
        let isForward = !isManyToMany && !isReverse
        ownFields = pairs.compactMap {
            M.meta.field(named: isForward ? $0.from.attributeName : $0.to.attributeName)
        }
        ownReads = ownFields.map(\.read)
    }

    /// The rows that belong to each of the models.
    func rows(for models: [M], _ database: Database) async throws -> [[Source]] {
        let width = max(1, ownFields.count)
        var found: [[Source]] = []
        for batch in models.batches(of: max(1, database.features.maxBindings / width)) {
            found += try await rows(forBatch: batch, database)
        }
        return found
    }

    private func rows(forBatch models: [M], _ database: Database) async throws -> [[Source]] {
        var set = set.using(set.database ?? database)
        // A limit is one for each of the owners, where the other rows refer to them.
        let isLimited = try set.query.resolved().isSliced
        let hasForeignKey = isReverse && relation.kind != .manyToMany
        let (owners, positions, places) =
            (hasForeignKey && !isLimited ? neighbours(models) : nil) ?? owners(models)
        if case .neighbours(let keys) = places {
            set.query.add(between(keys))
        } else {
            set.query.add(try step(models))
        }
        if relation.isUnique, relation.kind != .manyToMany, isReverse || !isLimited {
            set.query.add(.order([]))
        }
        var (owned, rows) = try await fetch(set, places)
        if !set.prefetches.isEmpty {
            try await rows.load(set.prefetches, try set.resolvedDatabase())
        }
        var groups = Source.grouped(rows, by: owned, count: owners.count)
        if isReverse, relation.kind != .manyToMany, let keeper = backLink?.keeper {
            for index in groups.indices { keeper.keepInAll(&groups[index], owners[index]) }
        }
        return positions.map { groups[$0] }
    }

    /// The different ones of some models, and which of them each of the models is.
    private typealias Owners = (owners: [M], positions: [Int], places: OwnerPlaces)

    private func owners(_ models: [M]) -> Owners {
        var places: [RelatedKey: Int] = [:]
        var owners: [M] = []
        let positions = models.map { model in
            let key = key(of: model)
            if let known = places[key] { return known }
            places[key] = owners.count
            owners.append(model)
            return owners.count - 1
        }
        return (owners, positions, .keys(places))
    }

    /// Models whose keys are neighbouring numbers, each once, in the order of the keys; nil for
    /// others.
    private func neighbours(_ models: [M]) -> Owners? {
        guard models.count > 2, ownReads.count == 1 else { return nil }
        let read = ownReads[0]
        var keys: [Int] = []
        keys.reserveCapacity(models.count)
        var (low, high) = (Int.max, Int.min)
        for model in models {
            guard case .int(let key) = read(model) else { return nil }
            (low, high) = (min(low, key), max(high, key))
            keys.append(key)
        }
        let (distance, hasOverflown) = high.subtractingReportingOverflow(low)
        guard !hasOverflown, distance == models.count - 1 else { return nil }
        var indices = [Int](repeating: -1, count: models.count)
        for (index, key) in keys.enumerated() {
            guard indices[key - low] < 0 else { return nil }
            indices[key - low] = index
        }
        return (indices.map { models[$0] }, keys.map { $0 - low }, .neighbours(low...high))
    }

    /// The condition that rows refer to neighbouring numbers: two comparisons instead of a list.
    ///
    /// The database then reads one piece of an index, and the statement is the same each time.
    private func between(_ keys: ClosedRange<Int>) -> Query.Step {
        .filter(
            .all([
                .condition([relation.name, "gte"], .value(.int(keys.lowerBound))),
                .condition([relation.name, "lte"], .value(.int(keys.upperBound))),
            ]),
            isNegated: false
        )
    }

    private func step(_ models: [M]) throws -> Query.Step {
        if relation.kind == .manyToMany {
            return .prefetch(
                PrefetchCondition(
                    path: [isReverse ? relation.name : relation.queryName],
                    rows: try references(models),
                    columns: hidden
                )
            )
        }
        if isReverse {
            return .prefetch(
                PrefetchCondition(
                    path: [relation.name],
                    rows: try references(models),
                    columns: []
                )
            )
        }
        let names = relation.pairs.map(\.to.attributeName)
        let keys = Set(models.map { key(of: $0).values }).filter { !$0.contains(.null) }
        return .filter(
            .any(
                keys.map { key in
                    .all(zip(names, key).map { .condition([$0, "exact"], .value($1)) })
                }
            ),
            isNegated: false
        )
    }

    private func references(_ models: [M]) throws -> ExpressionNode {
        let isByKey = ownFields.count == 1 && ownFields[0].schema.isPrimaryKey
        return .list(
            try models.map { model in
                _ = try model.id.saved()
                if isByKey { return .value(ownFields[0].value(of: model)) }
                return .row(try model.dynamicRow().reference(M.info))
            }
        )
    }

    private func key(of model: M) -> RelatedKey { RelatedKey(model, ownReads) }

    private var backLink: ModelLink<Source>? {
        relation.field.flatMap { Source.meta.field(named: $0.name)?.link }
    }

    /// The rows, each with the place of the row that it belongs to.
    private func fetch(
        _ set: QuerySet<Source>,
        _ places: OwnerPlaces
    ) async throws -> ([Int], [Source]) {
        let database = try set.resolvedDatabase()
        guard let (statement, selected) = try set.query.selected(for: database) else {
            return ([], [])
        }
        let reader = RelatedReader<Source>(try RelatedRows(selected))
        let columns = keyColumns(behind: set.query.annotationCount)
        let found = try await database.read(statement, into: OwnedRows<Source>()) { found, row in
            guard let place = try found.place(of: row, columns, places) else { return }
            let count = found.rows.count
            try Source.append(&row, with: reader, to: &found.rows)
            if found.rows.count > count { found.places.append(place) }
        }
        return (found.places, found.rows)
    }

    /// The columns that say which row a row belongs to: of the row, or hidden ones behind it.
    private func keyColumns(behind annotationCount: Int) -> [RelatedKey.Column] {
        let columns = Source.info.members.columns
        guard hidden.isEmpty else {
            return hidden.enumerated().map { index, field in
                (columns.count + annotationCount + index, ValueType(field))
            }
        }
        return relation.pairs.compactMap { pair -> RelatedKey.Column? in
            let name = isReverse ? pair.from.attributeName : pair.to.attributeName
            return columns.firstIndex { $0.attributeName.equalsBytes(name) }
                .map { ($0, ValueType(columns[$0])) }
        }
    }
}

/// Rows that were found, each with the place of the row that it belongs to.
private struct OwnedRows<M: Model>: Sendable {
    var places: [Int] = []
    var rows: [M] = []
    /// The key of the last row: rows of one owner often come one behind the other.
    private var last: (key: RelatedKey, place: Int)?

    /// The place of the row that a row belongs to; nil for that of none.
    mutating func place(
        of row: borrowing Row,
        _ columns: [RelatedKey.Column],
        _ places: OwnerPlaces
    ) throws -> Int? {
        if case .neighbours(let keys) = places, columns.count == 1,
            case .int(let key) = row.source.column(columns[0].position)
        {
            return keys.contains(Int(key)) ? Int(key) - keys.lowerBound : nil
        }
        let key = try RelatedKey(row, columns)
        if let last, last.key == key { return last.place }
        guard let place = places[key] else { return nil }
        last = (key, place)
        return place
    }
}

/// The places of the rows that others belong to, by their keys.
private enum OwnerPlaces: Sendable {
    case keys([RelatedKey: Int])
    /// All numbers from one to another, in their order.
    case neighbours(ClosedRange<Int>)

    subscript(_ key: RelatedKey) -> Int? {
        switch self {
        case .keys(let places): return places[key]
        case .neighbours(let keys):
            guard case .int(let number)? = key.values.first, keys.contains(number) else {
                return nil
            }
            return number - keys.lowerBound
        }
    }
}

/// The values by which rows belong together; one value mostly, which needs no array.
private struct RelatedKey: Hashable, Sendable {
    /// Where a value stands in a row, and what it is read as.
    typealias Column = (position: Int, type: ValueType)

    private var first: SQLValue?
    private var rest: [SQLValue] = []

    init<M: Model>(_ model: M, _ reads: [@Sendable (M) -> SQLValue]) {
        guard let read = reads.first else { return }
        first = read(model)
        if reads.count > 1 { rest = reads.dropFirst().map { $0(model) } }
    }

    init(_ row: borrowing Row, _ columns: [Column]) throws(DatabaseError) {
        for column in columns {
            let value = try row.value(at: column.position, as: column.type)
            if first == nil { first = value } else { rest.append(value) }
        }
    }

    var values: [SQLValue] { (first.map { [$0] } ?? []) + rest }
}

extension Row {
    /// A column as a kind of field holds it.
    fileprivate func value(
        at position: Int,
        as type: ValueType
    ) throws(DatabaseError) -> SQLValue {
        let column = source.column(position)
        do throws(DecodingFailure) {
            return try type.value(of: column)
        } catch {
            throw Self.mismatch(position, type.field.rawValue, column)
        }
    }
}
