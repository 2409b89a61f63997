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
