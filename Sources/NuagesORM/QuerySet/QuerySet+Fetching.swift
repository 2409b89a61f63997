extension QuerySet {
    /// The rows.
    ///
    ///     try await Question.objects.all()
    ///     // SELECT "polls_question"."id", … FROM "polls_question"
    ///
    /// - Returns: the rows in their order.
    /// - Throws: ``FieldError`` for a mistake in the query, ``DatabaseError``.
    public func all() async throws -> [M] {
        let database = try resolvedDatabase()
        if isPristine {
            let text = try M.meta.statements.texts(for: database).all
            return try await fetch(SQLStatement(text), RelatedRows(), database)
        }
        guard let (statement, rows) = try query.selected(for: database) else { return [] }
        var models = try await fetch(statement, try RelatedRows(rows), database)
        for prefetch in prefetches { try await prefetch.load(&models, database) }
        join(&models)
        return models
    }

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
                for prefetch in sets[index].prefetches {
                    try await prefetch.load(&models[index], group.database)
                }
                if !sets[index].prefetches.isEmpty { sets[index].join(&models[index]) }
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
        let append: @Sendable (inout [[M]], Int, inout Row) throws -> Void = { lists, index, row in
            if let reader = readers[index] {
                try M.append(&row, with: reader, to: &lists[index])
            } else {
                try M.append(&row, to: &lists[index])
            }
        }
        if let lists = try await sets.database.readTogether(statements, into: none, append) {
            return lists
        }
        return try await sets.database.performMany(statements, mode: .read) { connection in
            var lists = none
            _ = try connection.runMany(statements) { try append(&lists, $0, &$1) }
            return lists
        }
    }

    /// The only row that matches.
    ///
    ///     try await Question.objects.filter { $0.questionText == "x" }.get()
    ///     // … WHERE "polls_question"."question_text" = ? LIMIT 21
    ///
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)``,
    ///   ``ModelError/multipleObjectsReturned(model:count:)``, ``FieldError``, ``DatabaseError``.
    public func get() async throws -> M {
        let set = with { query in
            if !query.isSliced, !query.isDistinctOnFields { query.add(.order([])) }
            query.slice(offset: 0, count: QueryLimits.get)
        }
        return try M.only(try await set.all())
    }

    /// The row with a primary key.
    ///
    ///     try await Question.objects.get(5)
    ///     // … WHERE "polls_question"."id" = ? LIMIT 21
    ///
    /// - Parameter id: the key.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none, ``ModelError/unsaved(model:)``
    ///   for the key of an unsaved value, ``DatabaseError``.
    public func get(_ id: PrimaryKey<M>) async throws -> M {
        try await get(id.saved())
    }

    /// The row whose primary key holds a value.
    ///
    /// - Parameter key: the value.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none, ``DatabaseError``.
    public func get(_ key: M.KeyValue) async throws -> M {
        guard isPristine else {
            return try await filtered(
                .condition(["pk", "exact"], key.operand),
                isNegated: false
            ).get()
        }
        let database = try resolvedDatabase()
        let text = try M.meta.statements.texts(for: database).get
        return try M.only(
            try await fetch(SQLStatement(text, [key.sqlValue]), RelatedRows(), database)
        )
    }

    /// The first row; by the primary key where there is no order.
    ///
    /// - Returns: the row; nil if there is none.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func first() async throws -> M? {
        let set = isOrdered ? self : with { $0.add(.order([Ordering(name: "pk")])) }
        return try await set.limit(1).all().first
    }

    /// The last row; by the primary key where there is no order.
    ///
    /// - Returns: the row; nil if there is none.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func last() async throws -> M? {
        guard !query.isSliced else {
            throw FieldError.invalidQuery(
                "Rows that were limited cannot be reversed; order them the other way round."
            )
        }
        let set = isOrdered ? self : with { $0.add(.order([Ordering(name: "pk")])) }
        return try await set.reversed().limit(1).all().first
    }

    /// The number of rows.
    ///
    /// - Returns: the number.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func count() async throws -> Int {
        let database = try resolvedDatabase()
        guard let statement = try query.countStatement(for: database) else { return 0 }
        return try await database.read(statement, into: 0) { total, row in total = try row.read() }
    }

    /// Whether there is a row.
    ///
    /// - Returns: true if there is one.
    /// - Throws: ``FieldError``, ``DatabaseError``.
    public func exists() async throws -> Bool {
        let database = try resolvedDatabase()
        guard let statement = try query.existsStatement(for: database) else { return false }
        return try await database.read(statement, into: false) { exists, _ in exists = true }
    }

    /// Reads the rows of a statement on the connection's thread, straight into values.
    func fetch(
        _ statement: SQLStatement,
        _ related: RelatedRows,
        _ database: Database
    ) async throws -> [M] {
        guard !related.relations.isEmpty else {
            return try await database.read(statement, into: []) { models, row in
                try M.append(&row, to: &models)
            }
        }
        let reader = RelatedReader<M>(related)
        return try await database.read(statement, into: []) { models, row in
            try M.append(&row, with: reader, to: &models)
        }
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

extension Model {
    /// The only element of what was found.
    static func only<Element>(_ found: [Element]) throws(ModelError) -> Element {
        guard found.count <= 1 else {
            throw .multipleObjectsReturned(model: schema.name, count: found.count)
        }
        guard let element = found.first else { throw .doesNotExist(model: schema.name) }
        return element
    }
}
