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
        try await models.load(prefetches, database)
        join(&models)
        return models
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
