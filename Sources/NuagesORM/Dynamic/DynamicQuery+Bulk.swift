import NuagesCore

extension DynamicQuery {
    /// How rows are inserted in bulk.
    public struct BulkOptions: Sendable, Hashable {
        /// The most rows of a statement; nil for as many as the database takes.
        public var batchSize: Int?
        /// Whether rows that a constraint refuses are passed over.
        public var ignoresConflicts = false
        /// Whether rows that a constraint refuses update those that are there.
        public var updatesConflicts = false
        /// The fields that are updated then.
        public var updatedFields: [String] = []
        /// The fields of the constraint.
        public var uniqueFields: [String] = []

        /// As many rows a statement as the database takes; conflicts are errors.
        public init() {}
    }

    /// Inserts rows with as few statements as the database takes: all of them, or none.
    ///
    /// Files that wait are kept before, and removed again where no row has them in the end.
    ///
    /// Django: `bulk_create`.
    ///
    /// - Parameters:
    ///   - rows: new rows.
    ///   - options: how.
    /// - Returns: the rows, with the keys that the database made where it tells them.
    /// - Throws: ``UsageError``, ``FieldError``, ``DatabaseError``.
    public func bulkCreate(
        _ rows: [DynamicRow],
        _ options: BulkOptions = BulkOptions()
    ) async throws -> [DynamicRow] {
        if let size = options.batchSize, size <= 0 {
            throw UsageError.invalidValue("A batch has at least one row.")
        }
        let model = query.model.concrete
        guard model.members.parents.isEmpty else {
            throw UsageError.notAllowed(
                "Rows of \(query.model.schema.name) are parts of several tables, so they are saved one by one."
            )
        }
        guard !rows.isEmpty else { return [] }
        let database = try resolvedDatabase(.write)
        var insertion = RowInsertion(model: model, database: database)
        insertion.conflict = try conflict(options, model)
        guard rows.contains(where: { !$0.waiting.isEmpty }) else {
            return try await insert(rows, insertion, options)
        }
        let whole = insertion
        return try await DynamicRow.committingFiles(
            of: rows,
            model,
            passingOver: options.ignoresConflicts || options.updatesConflicts,
            in: database
        ) { try await insert($0, whole, options) }
    }

    /// Inserts rows whose files are kept.
    private func insert(
        _ rows: [DynamicRow],
        _ insertion: RowInsertion,
        _ options: BulkOptions
    ) async throws -> [DynamicRow] {
        let (model, database) = (insertion.model, insertion.database)
        var rows = rows
        try await numberRows(&rows, model, database)
        var withKey: [Int] = []
        var withoutKey: [Int] = []
        for index in rows.indices {
            for field in model.keyFields where rows[index][field.attributeName] ?? .null == .null {
                if case .value(let value)? = field.schema.defaultValue {
                    rows[index].set(field.attributeName, to: value)
                }
            }
            if rows[index].key.contains(.null) {
                withoutKey.append(index)
            } else {
                withKey.append(index)
            }
        }
        let (insert, groups, start) = (insertion, [withKey, withoutKey], rows)
        let work = { () async throws -> [DynamicRow] in
            var result = start
            for group in groups where !group.isEmpty {
                try await Self.insert(group, of: &result, insert, options)
            }
            return result
        }
        // One row that is refused keeps out all of them, those of earlier statements too.
        return try await database.atomic(savepoint: false, work)
    }

    private static func insert(
        _ places: [Int],
        of rows: inout [DynamicRow],
        _ insertion: RowInsertion,
        _ options: BulkOptions
    ) async throws {
        var columns: [[FieldInfo: ExpressionNode]] = []
        var returning: [FieldInfo] = []
        for place in places {
            let hasKey = !rows[place].key.contains(.null)
            let (values, made) = try rows[place].insertion(insertion.model, hasKey: hasKey)
            columns.append(values)
            for field in made where !returning.contains(field) { returning.append(field) }
        }
        if options.ignoresConflicts || !insertion.database.features.supportsReturning {
            returning = []
        }
        let results = try await insertion.insert(
            columns,
            returning: returning,
            batchSize: options.batchSize
        )
        for (place, values) in zip(places, results) {
            for (field, value) in zip(returning, values) {
                rows[place].set(field.attributeName, to: value)
            }
        }
        for place in places { rows[place].isNew = false }
    }

    private func conflict(
        _ options: BulkOptions,
        _ model: ModelInfo
    ) throws -> RowInsertion.Conflict {
        guard !options.ignoresConflicts || !options.updatesConflicts else {
            throw UsageError.notAllowed("Conflicts are either ignored or update what is there.")
        }
        if options.ignoresConflicts { return .ignores }
        guard options.updatesConflicts else { return .fails }
        let updated = try options.updatedFields.map { try column($0, model) }
        guard !updated.isEmpty else {
            throw UsageError.invalidValue(
                "Say which fields are updated where rows are there already."
            )
        }
        guard !options.uniqueFields.isEmpty else {
            throw UsageError.invalidValue(
                "Say which fields are unique, so that rows are found by them."
            )
        }
        if updated.contains(where: { model.keyFields.contains($0) }) {
            throw UsageError.invalidValue(
                "The primary key is not updated where rows are there already."
            )
        }
        let unique = try options.uniqueFields.flatMap { name in
            name.equalsBytes("pk") ? model.keyFields : [try column(name, model)]
        }
        return .updates(updated, unique: unique)
    }

    private func column(_ name: String, _ model: ModelInfo) throws -> FieldInfo {
        if let field = model.members.columnNamed(name) { return field }
        if model.members.member(name) != nil {
            throw UsageError.invalidValue("'\(FieldError.shown(name))' has no column.")
        }
        throw FieldError.unknownField(
            name: name,
            model: model.schema.name,
            choices: model.members.names
        )
    }

    /// Numbers rows behind those of the same other row.
    private func numberRows(
        _ rows: inout [DynamicRow],
        _ model: ModelInfo,
        _ database: Database
    ) async throws {
        guard let name = model.schema.orderWithRespectTo,
            let field = model.members.relations.first(where: { $0.name == name })?.field
        else { return }
        var next: [SQLValue: Int] = [:]
        let keys = Set(rows.map { $0[field.attributeName] ?? .null })
        let found = try await DynamicQuery(model).using(database)
            .filter(.condition("\(field.attributeName)__in", .list(keys.map { .value($0) })))
            .order(by: [])
            .values(.field(field.attributeName))
            .annotate("_order__max", .aggregate("Max", [.field("_order")]))
            .rows()
        for row in found {
            if case .int(let last)? = row["_order__max"] { next[row.columns[0]] = last + 1 }
        }
        for index in rows.indices where rows[index]["_order"] ?? .null == .null {
            let key = rows[index][field.attributeName] ?? .null
            rows[index].set("_order", to: .int(next[key] ?? 0))
            next[key, default: 0] += 1
        }
    }

    /// Writes some fields of rows with as few statements as the database takes.
    ///
    /// Django: `bulk_update`.
    ///
    /// - Parameters:
    ///   - rows: rows with new values.
    ///   - fields: the fields that are written.
    ///   - batchSize: the most rows of a statement.
    /// - Returns: the number of rows that were there.
    /// - Throws: ``UsageError``, ``FieldError``, ``DatabaseError``.
    public func bulkUpdate(
        _ rows: [DynamicRow],
        _ fields: [String],
        batchSize: Int? = nil
    ) async throws -> Int {
        if let batchSize, batchSize <= 0 {
            throw UsageError.invalidValue("A batch has at least one row.")
        }
        guard !fields.isEmpty else {
            throw UsageError.invalidValue("Say which fields are written.")
        }
        guard rows.allSatisfy({ !$0.key.contains(.null) }) else {
            throw UsageError.invalidValue("Rows without a primary key cannot be updated.")
        }
        let model = query.model
        let columns = try fields.map { try column($0, model) }
        var keys = Set(model.members.primaryKey)
        for column in model.members.columns where column.model.keyFields.contains(column) {
            keys.insert(column)
        }
        guard keys.isDisjoint(with: columns) else {
            throw UsageError.invalidValue("Primary keys are not updated in bulk.")
        }
        for column in columns
        where rows.contains(where: { $0.waiting[column.attributeName] != nil }) {
            throw UsageError.waitingFile(of: column.schema)
        }
        guard !rows.isEmpty else { return 0 }
        let database = try resolvedDatabase(.write)
        // A row has its key and a value for each column, and its key among those that change.
        let keyCount = model.members.primaryKey.count
        let bindings = columns.count * (keyCount + 1) + keyCount
        let limit = max(1, (database.features.maxBindings - 1) / bindings)
        let batches = rows.batches(of: min(batchSize ?? limit, limit))
        // One statement changes all of its rows or none.
        if batches.count == 1 { return try await update(rows, columns) }
        let isOneTable = columns.allSatisfy { $0.model.concrete === model.concrete }
        return try await database.atomic(savepoint: false) {
            var count = 0
            if isOneTable {
                for group in batches.grouped(binding: bindings) {
                    count += try await update(group, columns, database)
                }
            } else {
                for batch in batches { count += try await update(batch, columns) }
            }
            return count
        }
    }

    /// Updates several batches by statements that are sent at once.
    private func update(
        _ batches: [[DynamicRow]],
        _ fields: [FieldInfo],
        _ database: Database
    ) async throws -> Int {
        let statements = try batches.compactMap { batch in
            let (query, assignments) = try assignments(batch, fields)
            try query.requireUpdatable()
            return try query.updateStatement(assignments, database)
        }
        return try await database.performMany(statements, mode: .write) { connection, statements in
            try connection.runMany(statements) { _, _ in }
        }
        .reduce(0, +)
    }

    private func update(_ rows: [DynamicRow], _ fields: [FieldInfo]) async throws -> Int {
        let (query, assignments) = try assignments(rows, fields)
        return try await query.update(assignments)
    }

    /// The update of some rows as that of a query: a value for each key, of the rows with the keys.
    func assignments(
        _ rows: [DynamicRow],
        _ fields: [FieldInfo]
    ) throws -> (query: DynamicQuery, assignments: [Assignment]) {
        var assignments: [Assignment] = []
        for field in fields {
            let type = ValueType(field)
            let branches = try rows.map { row -> ExpressionNode.Branch in
                let value: ExpressionNode =
                    try row.expressions[field.attributeName]
                    ?? .value((row[field.attributeName] ?? .null).stored(in: field), type)
                let condition = ExpressionNode.condition(
                    ["pk", "exact"],
                    DynamicRow.keyNode(row.key)
                )
                return ExpressionNode.Branch(condition, then: value)
            }
            let node = ExpressionNode.branches(branches, default: nil, type)
            assignments.append((field.attributeName, DynamicExpression(node)))
        }
        let list = rows.map { DynamicExpression(DynamicRow.keyNode($0.key)) }
        return (filter(.condition("pk__in", .list(list))), assignments)
    }
}
