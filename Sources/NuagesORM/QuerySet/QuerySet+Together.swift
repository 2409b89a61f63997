extension QuerySet {
    /// The rows of several query sets that do not need each other's results.
    ///
    /// Their statements are sent to PostgreSQL all at once, so that a page which asks for much
    /// waits once; other databases run one after the other. Rows that are prefetched follow.
    ///
    ///     let (newest, popular) = (
    ///         Question.objects.order { $0.pubDate.descending }.limit(5),
    ///         Question.objects.order { $0.votes.descending }.limit(5)
    ///     )
    ///     let lists = try await QuerySet.all(of: [newest, popular])      // [[Question]]
    ///
    /// - Parameter sets: the query sets.
    /// - Returns: the rows of each, in its order.
    /// - Throws: ``FieldError`` for a mistake in a query, ``DatabaseError``; the statements behind
    ///   one that fails do not run.
    public static func all(of sets: [QuerySet]) async throws -> [[M]] {
        var models = [[M]](repeating: [], count: sets.count)
        for group in try groups(of: sets) {
            let found = try await rows(of: group)
            for (position, index) in group.indices.enumerated() {
                models[index] = found[position]
                if sets[index].prefetches.isEmpty { continue }
                try await models[index].load(sets[index].prefetches, group.database)
                sets[index].join(&models[index])
            }
        }
        return models
    }

    /// The statements of those query sets that can find anything, by their databases.
    private static func groups(of sets: [QuerySet]) throws -> [SelectedSets] {
        var groups: [SelectedSets] = []
        var usual: Database?
        for (index, set) in sets.enumerated() {
            let database: Database
            if let usual, set.database == nil, !set.query.locksRows {
                database = usual
            } else {
                database = try set.resolvedDatabase()
                if set.database == nil, !set.query.locksRows { usual = database }
            }
            guard let (statement, rows) = try set.query.selected(for: database) else { continue }
            let place =
                groups.firstIndex { $0.database.core === database.core } ?? groups.endIndex
            if place == groups.endIndex { groups.append(SelectedSets(database: database)) }
            groups[place].indices.append(index)
            groups[place].statements.append(statement)
            groups[place].related.append(try rows.map { try RelatedRows($0) })
        }
        return groups
    }

    private static func rows(of sets: SelectedSets) async throws -> [[M]] {
        let (statements, none) = (sets.statements, [[M]](repeating: [], count: sets.indices.count))
        let readers = sets.related.map { related in
            related.flatMap { $0.relations.isEmpty ? nil : RelatedReader<M>($0) }
        }
        return try await sets.database.read(statements, into: none) { lists, index, row in
            if let reader = readers[index] {
                try M.append(&row, with: reader, to: &lists[index])
            } else {
                try M.append(&row, to: &lists[index])
            }
        }
    }

    /// The rows with some primary keys, in the order of the keys.
    ///
    /// Each is found by a statement of its own, that of ``get(_:)-(M.KeyValue)``: the database knows it
    /// already however many keys there are, and PostgreSQL is sent all of them at once. For more
    /// than a few keys `inBulk` is better, which finds all rows by one statement.
    ///
    ///     let questions = try await Question.objects.get([5, 3])
    ///     // … WHERE "polls_question"."id" = ? LIMIT 21, twice
    ///
    /// - Parameter keys: the keys.
    /// - Returns: the rows.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where one of them is not there, ``DatabaseError``.
    public func get(_ keys: [M.KeyValue]) async throws -> [M] {
        guard isPristine else {
            let sets = keys.map { key in
                filtered(.condition(["pk", "exact"], key.operand), isNegated: false)
            }
            return try await Self.all(of: sets).map { try M.only($0) }
        }
        guard !keys.isEmpty else { return [] }
        let database = try resolvedDatabase()
        let text = try M.meta.statements.texts(for: database).get
        let statements = keys.map { SQLStatement(text, [$0.sqlValue]) }
        let rows = try await database.read(statements, into: [M]()) { rows, _, row in
            try M.append(&row, to: &rows)
        }
        guard rows.count == keys.count else {
            throw ModelError.doesNotExist(model: M.schema.name)
        }
        return rows
    }
}

/// Query sets of one database, as statements.
private struct SelectedSets: Sendable {
    let database: Database
    /// Their positions among all.
    var indices: [Int] = []
    var statements: [SQLStatement] = []
    /// The related rows among those of each.
    var related: [RelatedRows?] = []
}
