import NuagesCore

/// Loads related rows of models that were fetched.
struct Prefetch<M: Model>: Sendable {
    /// Puts rows that were found where they belong.
    typealias Change = @Sendable (inout [M]) -> Void

    /// Finds the rows; nil for what cannot be found beside others.
    fileprivate var find: (@Sendable ([M], Database) async throws -> Change)?
    let load: @Sendable (inout [M], Database) async throws -> Void

    init(_ load: @escaping @Sendable (inout [M], Database) async throws -> Void) {
        self.load = load
    }

    init(finding find: @escaping @Sendable ([M], Database) async throws -> Change) {
        self.find = find
        load = { models, database in
            let change = try await find(models, database)
            change(&models)
        }
    }
}

extension Array where Element: Model {
    /// Loads what is to be loaded with the rows; beside each other where the driver sends reads of
    /// several tasks together.
    mutating func load(_ prefetches: [Prefetch<Element>], _ database: Database) async throws {
        guard prefetches.count > 1, EventRound.current != nil,
            database.features.supportsSharedReads,
            DatabaseScope.current.sessions.isEmpty, DatabaseScope.current.wrapper == nil
        else {
            for prefetch in prefetches { try await prefetch.load(&self, database) }
            return
        }
        let models = self
        let changes = try await withThrowingTaskGroup(
            of: (index: Int, change: Prefetch<Element>.Change).self
        ) { group in
            for (index, prefetch) in prefetches.enumerated() {
                guard let find = prefetch.find else { continue }
                group.addTask { (index, try await find(models, database)) }
            }
            return try await group.reduce(into: [Int: Prefetch<Element>.Change]()) {
                $0[$1.index] = $1.change
            }
        }
        for (index, prefetch) in prefetches.enumerated() {
            if let change = changes[index] {
                change(&self)
            } else {
                try await prefetch.load(&self, database)
            }
        }
    }
}

extension QuerySet {
    /// The rows with the rows that refer to them or that they are related to, in one further query
    /// for all.
    ///
    ///     let questions = try await Question.objects.prefetch(\.choices).all()
    ///     questions[0].choices.loaded     // no further query
    ///
    /// With a query set only its rows are loaded, in its order; a limit is one for each row, and what
    /// the query set was told to prefetch is loaded with them:
    ///
    ///     Author.objects.prefetch(
    ///         \.books, Book.objects.order { $0.title.ascending }.limit(3).prefetch(\.reviews))
    ///
    /// Django: `prefetch_related` and `Prefetch`.
    ///
    /// - Parameters:
    ///   - relation: a set of related rows.
    ///   - rows: which of them are loaded; nil for all.
    /// - Returns: a query set.
    public func prefetch<Source: Model>(
        _ relation: any KeyPath<M, RelatedSet<Source>> & Sendable,
        _ rows: QuerySet<Source>? = nil
    ) -> Self { prefetching(relation, rows ?? Source.defaultManager) }

    /// The rows with the one row each that belongs to them, in one further query for all.
    ///
    /// - Parameters:
    ///   - relation: the way back of a one-to-one relation, or a reference over several columns.
    ///   - rows: which of them are loaded; nil for all.
    /// - Returns: a query set.
    public func prefetch<Source: Model>(
        _ relation: any KeyPath<M, RelatedOne<Source>> & Sendable,
        _ rows: QuerySet<Source>? = nil
    ) -> Self { prefetching(relation, rows ?? Source.baseManager) }

    private func prefetching<Source: Model>(
        _ relation: any PartialKeyPath<M> & Sendable,
        _ rows: QuerySet<Source>
    ) -> Self {
        guard let field = M.meta.relatedField(relation) else { return self }
        var copy = with { _ in }
        copy.prefetches.append(
            Prefetch(finding: { models, database in
                let loader = try RelatedLoader(field, rows)
                let found = try await loader.rows(for: models, database)
                return { models in
                    for index in 0..<Swift.min(models.count, found.count) {
                        field.rows.keep(&models[index], found[index])
                    }
                }
            })
        )
        return copy
    }

    /// The rows with the row that a foreign key leads to, in one further query for all.
    ///
    ///     Choice.objects.prefetch(\.question, Question.objects.prefetch(\.choices))
    ///
    /// - Parameters:
    ///   - relation: the foreign key.
    ///   - rows: which rows are loaded; nil for all.
    /// - Returns: a query set.
    public func prefetch<Key: RelationKey>(
        _ relation: any WritableKeyPath<M, Key> & Sendable,
        _ rows: QuerySet<Key.Target>? = nil
    ) -> Self {
        var copy = with { _ in }
        copy.prefetches.append(
            Prefetch(finding: { models, database in
                try await M.targets(
                    relation,
                    rows ?? Key.Target.baseManager,
                    of: models,
                    database
                )
            })
        )
        return copy
    }

    /// The rows, each with the rows behind a relation that a query set finds, beside what the
    /// relation's property holds.
    ///
    ///     let best = Choice.objects.order { $0.votes.descending }.limit(1)
    ///     for (question, choices) in try await Question.objects.all(with: \.choices, best) { … }
    ///
    /// Django: `Prefetch` with `to_attr`.
    ///
    /// - Parameters:
    ///   - relation: a set of related rows.
    ///   - rows: which of them are loaded.
    /// - Returns: the rows in their order.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func all<Source: Model>(
        with relation: any KeyPath<M, RelatedSet<Source>> & Sendable,
        _ rows: QuerySet<Source>
    ) async throws -> [(M, [Source])] {
        let models = try await all()
        guard let field = M.meta.relatedField(relation) else { return models.map { ($0, []) } }
        let loader = try RelatedLoader(field, rows)
        return Array(zip(models, try await loader.rows(for: models, try resolvedDatabase())))
    }
}

extension Array where Element: Model {
    /// Loads the rows behind a relation of rows that are there already.
    ///
    ///     try await questions.prefetch { $0.prefetch(\.choices) }
    ///
    /// Django: `prefetch_related_objects`.
    ///
    /// - Parameters:
    ///   - database: the database; nil for the current one.
    ///   - relations: a query set with what is to be loaded.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public mutating func prefetch(
        using database: Database? = nil,
        _ relations: (QuerySet<Element>) -> QuerySet<Element>
    ) async throws {
        let database = try database ?? Database.routed(.read, Element.info)
        try await load(relations(QuerySet()).prefetches, database)
    }
}

extension ModelMeta {
    /// The relation without a column of its own that `keyPath` leads to.
    func relatedField(_ keyPath: PartialKeyPath<M>) -> ReverseField<M>? {
        reverses.first { $0.keyPath == keyPath } ?? relations.first { $0.keyPath == keyPath }
    }
}

/// Loads the rows at the other end of a relation that has no column in the model's table.
///
/// It asks what ``DynamicPrefetch`` asks.
private struct RelatedLoader<M: Model, Source: Model> {
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

extension Model {
    /// Finds the rows that a foreign key leads to.
    fileprivate static func targets<Key: RelationKey>(
        _ relation: any WritableKeyPath<Self, Key> & Sendable,
        _ rows: QuerySet<Key.Target>,
        of models: [Self],
        _ database: Database
    ) async throws -> Prefetch<Self>.Change {
        guard let field = meta.field(relation), let info = info.members.relation(field.schema.name),
            let pair = info.pairs.first,
            let end = Key.Target.meta.field(named: pair.to.attributeName)
        else { return { _ in } }
        var seen: Set<SQLValue> = []
        let values = models.compactMap { model -> SQLValue? in
            guard model[keyPath: relation].loadedRow == nil else { return nil }
            let value = field.value(of: model)
            return value == .null || !seen.insert(value).inserted ? nil : value
        }
        guard !values.isEmpty else { return { _ in } }
        var found: [SQLValue: Key.Target] = [:]
        for batch in values.batches(of: database.features.maxBindings) {
            var set = rows.using(rows.database ?? database).filtered(
                .condition([pair.to.attributeName, "in"], .list(batch.map { .value($0) })),
                isNegated: false
            )
            if try !set.query.resolved().isSliced { set.query.add(.order([])) }
            for row in try await set.all() { found[end.value(of: row)] = row }
        }
        let rows = found
        return { models in
            for index in models.indices {
                guard models[index][keyPath: relation].loadedRow == nil,
                    let row = rows[field.value(of: models[index])]
                else { continue }
                models[index][keyPath: relation].keep(row)
            }
        }
    }
}

extension ModelMembers {
    /// The relation of the model with a name.
    func relation(_ name: String) -> RelationInfo? {
        relations.first { $0.name.equalsBytes(name) }
    }
}
