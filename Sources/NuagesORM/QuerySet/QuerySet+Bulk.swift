/// What happens to rows that a constraint refuses.
///
///     .ignore
///     .update({ ($0.votes, $0.choiceText) }, unique: { $0.slug })
///
/// Django: `ignore_conflicts`, and `update_conflicts` with `update_fields` and `unique_fields`.
public struct ConflictRule<M: Model>: Sendable {
    var options = DynamicQuery.BulkOptions()

    /// They are an error, and no row is inserted.
    public static var fail: Self { Self() }

    /// They are passed over; the keys of the rows are then not known.
    public static var ignore: Self {
        var rule = Self()
        rule.options.ignoresConflicts = true
        return rule
    }

    /// They update the rows that are there.
    ///
    ///     // ON CONFLICT ("slug") DO UPDATE SET "votes" = EXCLUDED."votes"
    ///
    /// - Parameters:
    ///   - fields: the fields that are updated.
    ///   - unique: the fields of the constraint.
    /// - Returns: the rule.
    public static func update(
        @FieldListBuilder _ fields: (M.Fields) -> FieldList,
        @FieldListBuilder unique: (M.Fields) -> FieldList
    ) -> Self {
        var rule = Self()
        rule.options.updatesConflicts = true
        rule.options.updatedFields = fields(M.queryFields).paths
        rule.options.uniqueFields = unique(M.queryFields).paths
        return rule
    }
}

extension QuerySet {
    /// Inserts rows with as few statements as the database takes, or updates those that are there:
    /// all of them, or none.
    ///
    ///     try await Tag.objects.bulkCreate(
    ///         tags, onConflict: .update({ $0.uses }, unique: { $0.name }))
    ///     // INSERT INTO "blog_tag" ("name", "uses") VALUES (?, ?), (?, ?)
    ///     // ON CONFLICT("name") DO UPDATE SET "uses" = EXCLUDED."uses" RETURNING …
    ///
    /// - Parameters:
    ///   - models: the rows.
    ///   - batchSize: the most rows of a statement; nil for as many as the database takes.
    ///   - rule: what happens to rows that a constraint refuses.
    /// - Returns: the rows with what the database made, where it tells.
    /// - Throws: ``UsageError`` for a rule that names no fields or the primary key,
    ///   ``ModelError/unsaved(model:)``, ``DatabaseError``.
    @discardableResult
    public func bulkCreate(
        _ models: [M],
        batchSize: Int?,
        onConflict rule: ConflictRule<M> = .fail
    ) async throws -> [M] {
        var options = rule.options
        options.batchSize = batchSize
        return try await bulkCreate(models, options)
    }

    /// Inserts rows with as few statements as the database takes, or updates those that are there.
    ///
    /// - Parameters:
    ///   - models: the rows.
    ///   - rule: what happens to rows that a constraint refuses.
    /// - Returns: the rows with what the database made, where it tells.
    /// - Throws: as ``bulkCreate(_:batchSize:onConflict:)``.
    @discardableResult
    public func bulkCreate(
        _ models: [M],
        onConflict rule: ConflictRule<M>
    ) async throws -> [M] { try await bulkCreate(models, rule.options) }

    func bulkCreate(_ models: [M], _ options: DynamicQuery.BulkOptions) async throws -> [M] {
        guard M.meta.files.isEmpty else {
            return try await M.committingFiles(
                of: models,
                passingOver: options.ignoresConflicts || options.updatesConflicts,
                in: try resolvedDatabase(.write)
            ) { try await insert($0, options) }
        }
        return try await insert(models, options)
    }

    /// Inserts rows whose files are kept.
    func insert(_ models: [M], _ options: DynamicQuery.BulkOptions) async throws -> [M] {
        var models = models
        for index in models.indices where !models[index].id.isSaved {
            if let key = M.KeyValue.generated() { models[index].id = PrimaryKey(key) }
        }
        let rows = try await DynamicQuery(M.info).using(try resolvedDatabase(.write)).bulkCreate(
            try models.map { try $0.dynamicRow(isNew: true) },
            options
        )
        for (index, row) in zip(models.indices, rows) { try models[index].take(row) }
        return models
    }

    /// Writes some fields of rows with as few statements as the database takes.
    ///
    ///     for index in choices.indices { choices[index].votes += index }
    ///     try await Choice.objects.bulkUpdate(choices) { $0.votes }
    ///     // UPDATE "polls_choice" SET "votes" = CASE WHEN "id" = ? THEN ? … END WHERE "id" IN (…)
    ///
    /// Django: `bulk_update`.
    ///
    /// - Parameters:
    ///   - models: rows with new values.
    ///   - batchSize: the most rows of a statement; nil for as many as the database takes.
    ///   - fields: the fields that are written.
    /// - Returns: the number of rows that were there.
    /// - Throws: ``UsageError`` for rows without a key and for the primary key, ``DatabaseError``.
    @discardableResult
    public func bulkUpdate(
        _ models: [M],
        batchSize: Int? = nil,
        @FieldListBuilder _ fields: (M.Fields) -> FieldList
    ) async throws -> Int {
        let names = fields(M.queryFields).paths
        for file in M.meta.files where names.contains(file.schema.name) {
            guard models.allSatisfy({ file.get($0)?.isCommitted ?? true }) else {
                throw UsageError.waitingFile(of: file.schema)
            }
        }
        let update = batchSize == nil ? PlainUpdate(models, names) : nil
        if isPristine, let update,
            let count = try await update.run(try resolvedDatabase(.write))
        {
            return count
        }
        return try await DynamicQuery(self).bulkUpdate(
            try models.map { try $0.dynamicRow() },
            names,
            batchSize: batchSize
        )
    }

    /// The only row that matches, changed, or a new one.
    ///
    ///     let (tag, isNew) = try await Tag.objects.filter { $0.name == "swift" }
    ///         .updateOrCreate(Tag(name: "swift", uses: 1)) { $0.uses += 1 }
    ///     // SELECT … WHERE "name" = ? LIMIT 21 FOR UPDATE
    ///     // UPDATE "blog_tag" SET "uses" = ("blog_tag"."uses" + 1) WHERE "id" = ?
    ///
    /// Outside of a transaction it is tried again where another task that does the same stood in its
    /// way.
    ///
    /// Django: `update_or_create`; the new row is its `create_defaults`.
    ///
    /// - Parameters:
    ///   - model: the row that is inserted if none matches.
    ///   - changes: sets fields of the row that matches to values and expressions.
    /// - Returns: the row, and whether it is new.
    /// - Throws: ``ModelError/multipleObjectsReturned(model:count:)``, ``FieldError``,
    ///   ``DatabaseError``.
    @discardableResult
    public func updateOrCreate(
        _ model: @autoclosure () throws -> M,
        updating changes: (inout Assignments<M>) -> Void
    ) async throws -> (model: M, isNew: Bool) {
        var assignments = Assignments<M>()
        changes(&assignments)
        let values = assignments.byColumns
        let database = try resolvedDatabase(.write)
        return try await database.repeatable {
            var (found, isNew) = try await selectForUpdate().getOrCreate(try model())
            if isNew || values.isEmpty { return (found, isNew) }
            try await found.saveChanges(values, database)
            return (found, false)
        }
    }
}

extension Assignments {
    /// The assignments by the names of the columns' values: `question_id` for a foreign key.
    var byColumns: [DynamicQuery.Assignment] {
        values.map { field, node in
            (M.info.members.columnName(field) ?? field, DynamicExpression(node))
        }
    }
}

extension Model {
    /// Writes some fields, which are set to values or expressions.
    fileprivate mutating func saveChanges(
        _ values: [DynamicQuery.Assignment],
        _ database: Database
    ) async throws {
        let timed = Self.info.members.columns.filter(\.schema.isSetOnSave).map(\.name)
        var changed = try dynamicRow()
        for (name, value) in values { try changed.assign(name, value) }
        let options = DynamicRow.SaveOptions(fields: values.map(\.name) + timed)
        let start = changed
        let row = try await database.use {
            var row = start
            try await row.save(options)
            return row
        }
        try take(row)
    }
}
