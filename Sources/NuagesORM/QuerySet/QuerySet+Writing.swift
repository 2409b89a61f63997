extension QuerySet {
    /// Inserts a row.
    ///
    ///     let question = try await Question.objects.create(
    ///         Question(questionText: "What's new?", pubDate: .now))
    ///     // INSERT INTO "polls_question" (…) VALUES (?, ?) RETURNING "polls_question"."id"
    ///
    /// - Parameter model: the row.
    /// - Returns: the row with its primary key.
    /// - Throws: ``ModelError/unsaved(model:)`` where a reference leads to an unsaved value,
    ///   ``DatabaseError``.
    @discardableResult
    public func create(_ model: M) async throws -> M {
        var model = model
        let database = try resolvedDatabase(.write)
        if M.isInsertedAsIs {
            try await model.insert(into: database)
        } else {
            try await model.save(as: SaveOptions(rule: .insert, using: database))
        }
        return model
    }

    /// Inserts rows with as few statements as the database takes: all of them, or none.
    ///
    /// As in Django it opens no savepoint: where a row is refused inside an `atomic` block, that
    /// block can only be rolled back.
    ///
    /// - Parameters:
    ///   - models: the rows.
    ///   - ignoringConflicts: whether rows that a constraint refuses are passed over; keys are
    ///     then not known.
    /// - Returns: the rows with their primary keys.
    /// - Throws: ``ModelError/unsaved(model:)``, ``DatabaseError``.
    @discardableResult
    public func bulkCreate(
        _ models: [M],
        ignoringConflicts: Bool = false
    ) async throws -> [M] {
        guard !models.isEmpty else { return [] }
        guard M.meta.files.isEmpty else {
            return try await M.committingFiles(
                of: models,
                passingOver: ignoringConflicts,
                in: try resolvedDatabase(.write)
            ) { try await insert($0, ignoringConflicts: ignoringConflicts) }
        }
        return try await insert(models, ignoringConflicts: ignoringConflicts)
    }

    /// Inserts rows whose files are kept.
    private func insert(_ models: [M], ignoringConflicts: Bool) async throws -> [M] {
        guard M.isPlain else {
            var options = DynamicQuery.BulkOptions()
            options.ignoresConflicts = ignoringConflicts
            return try await insert(models, options)
        }
        let database = try resolvedDatabase(.write)
        let info = M.info
        try info.history?.checkInsertion(info)
        var compiler = InsertCompiler(
            model: info,
            dialect: database.dialect,
            features: database.features
        )
        compiler.ignoresConflicts = ignoringConflicts
        var models = models
        for index in models.indices {
            try models[index].setTimes(isNew: true)
            if !models[index].id.isSaved, let key = M.KeyValue.generated() {
                models[index].id = PrimaryKey(key)
            }
        }
        let size = max(1, database.features.maxBindings / max(1, info.fields.count))
        let (withKeys, withoutKeys) = (
            models.indices.filter { models[$0].id.isSaved },
            models.indices.filter { !models[$0].id.isSaved }
        )
        return try await database.atomic(savepoint: false) {
            for (indices, hasKeys) in [(withKeys, true), (withoutKeys, false)] {
                // A row without any column takes a statement of its own.
                let batch = info.fields.count == 1 && !hasKeys ? 1 : size
                let batches = indices.batches(of: batch)
                for group in batches.grouped(binding: info.fields.count) {
                    let rows = try group.map { part in
                        try part.map { index throws(ModelError) in try models[index].encoded() }
                    }
                    let keys = try await Self.insert(rows, hasKeys: hasKeys, compiler, database)
                    for (index, key) in zip(group.joined(), keys) { models[index].id = key }
                }
            }
            return models
        }
    }

    private static func insert(
        _ batches: [[[SQLValue]]],
        hasKeys: Bool,
        _ compiler: InsertCompiler,
        _ database: Database
    ) async throws -> [PrimaryKey<M>] {
        if !hasKeys, !compiler.ignoresConflicts, database.features.insertsRowsOneByOne,
            let first = batches.first, first.count >= Self.minRowsOneByOne,
            let keys = try await insertEach(Array(batches.joined()), database)
        {
            return keys
        }
        let statements = batches.map { compiler.statement($0, hasKeys: hasKeys) }
        return try await database.performMany(statements, mode: .write) { connection, statements in
            var keys: [PrimaryKey<M>] = []
            _ = try connection.runMany(statements) { _, row in keys.append(try row.read()) }
            return keys
        }
    }

    /// From how many rows on it counts how they are inserted.
    private static var minRowsOneByOne: Int { 50 }

    /// Inserts rows one by one, where the database rather does so; the log shows the first.
    private static func insertEach(
        _ rows: [[SQLValue]],
        _ database: Database
    ) async throws -> [PrimaryKey<M>]? {
        let texts = try M.meta.statements.texts(for: database)
        guard let counted = texts.countedKey, var first = rows.first else { return nil }
        let index = M.info.primaryKeyIndex
        first.remove(at: index)
        let statement = SQLStatement(texts.insert, first)
        let keys = try await database.perform(statement, mode: .write) { connection in
            var rows = rows
            for place in rows.indices { rows[place].remove(at: index) }
            return try connection.insertEach(rows, counting: counted)
        }
        do throws(DecodingFailure) {
            return try keys?.map { key throws(DecodingFailure) in
                try PrimaryKey(column: .int(key))
            }
        } catch {
            throw Row.mismatch(0, "\(M.KeyValue.self)", .int(0))
        }
    }

    /// The only row that matches, or a new one.
    ///
    ///     let (tag, isNew) = try await Tag.objects.filter { $0.name == "swift" }
    ///         .getOrCreate(Tag(name: "swift"))
    ///
    /// - Parameter model: the row that is inserted if none matches.
    /// - Returns: the row, and whether it is new.
    /// - Throws: ``ModelError/multipleObjectsReturned(model:count:)``, ``DatabaseError``.
    public func getOrCreate(
        _ model: @autoclosure () throws -> M
    ) async throws -> (model: M, isNew: Bool) {
        let set = try forWriting()
        do {
            return (try await set.get(), false)
        } catch ModelError.doesNotExist {
            let new = try model()
            let database = try set.resolvedDatabase()
            do {
                return (try await database.atomic { try await set.create(new) }, true)
            } catch DatabaseError.integrity(let violation) {
                // Another task or process may have been faster.
                do {
                    return (try await set.get(), false)
                } catch ModelError.doesNotExist {
                    throw DatabaseError.integrity(violation)
                }
            }
        }
    }

    /// Deletes the rows, and what the `onDelete` rules of foreign keys say.
    ///
    /// - Returns: how many rows were deleted.
    /// - Throws: ``ModelError/protected(model:by:)``, ``FieldError``, ``DatabaseError``.
    @discardableResult
    public func delete() async throws -> Deletion {
        guard !query.isSliced, !query.isDistinctQuery else {
            throw FieldError.invalidQuery(
                "Rows that were limited or made distinct cannot be deleted; filter by their keys."
            )
        }
        let database = try resolvedDatabase(.write)
        var collector = DeletionCollector(database)
        let query = self.query
        return try await collector.delete(query)
    }
}
