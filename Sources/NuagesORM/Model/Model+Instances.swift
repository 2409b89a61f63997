public import NuagesCore

/// What a save must do.
public enum SaveRule: Sendable, Hashable {
    /// Insert a row: one with the same key is an error (`force_insert`).
    case insert
    /// Update a row: a key that is not there is an error (`force_update`).
    case update
}

extension Model {
    /// Saves the value as a new row, or as one that is there, and in no other way.
    ///
    ///     try await country.save(forcing: .insert)
    ///
    /// - Parameters:
    ///   - rule: what the save must do.
    ///   - database: the database; nil for the current one.
    /// - Throws: ``ModelError/notUpdated(model:)`` where there is no row to update,
    ///   ``DatabaseError/integrity(_:)`` where there is one already, ``UsageError``,
    ///   ``DatabaseError``.
    public mutating func save(forcing rule: SaveRule, using database: Database? = nil) async throws
    {
        let database = try database ?? Database.routed(.write, Self.info)
        try await save(as: SaveOptions(rule: rule, using: database))
    }

    /// Writes some fields of a row that is there.
    ///
    ///     choice.votes += 1
    ///     try await choice.save { $0.votes }
    ///     // UPDATE "polls_choice" SET "votes" = ? WHERE "polls_choice"."id" = ?
    ///
    /// Django: `save(update_fields=…)`.
    ///
    /// - Parameters:
    ///   - database: the database; nil for the current one.
    ///   - fields: the fields that are written.
    /// - Throws: ``ModelError/notUpdated(model:)`` where the row is not there,
    ///   ``UsageError`` for the primary key and generated fields, ``DatabaseError``.
    public mutating func save(
        using database: Database? = nil,
        @FieldListBuilder updateFields fields: (Fields) -> FieldList
    ) async throws {
        let database = try database ?? Database.routed(.write, Self.info)
        let names = fields(Self.queryFields).paths
        try await save(as: SaveOptions(fields: names, using: database))
    }

    mutating func save(_ options: DynamicRow.SaveOptions, _ database: Database) async throws {
        var options = options
        let isNew = !id.isSaved
        if isNew, let key = KeyValue.generated() {
            id = PrimaryKey(key)
            // No other row has a key that was made just now.
            if options.fields == nil, !options.forcesUpdate { options.forcesInsert = true }
        }
        let (start, how) = (try dynamicRow(isNew: isNew), options)
        let row = try await database.use {
            var row = start
            try await row.saveBase(how)
            return row
        }
        try take(row)
    }

    /// Some fields of the row as the database holds them now.
    ///
    ///     try await choice.refresh { ($0.votes, $0.choiceText) }
    ///     // SELECT "id", "votes", "choice_text" … WHERE "polls_choice"."id" = ? LIMIT 21
    ///
    /// - Parameters:
    ///   - database: the database; nil for the current one.
    ///   - fields: the fields.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where the row was deleted, ``UsageError``,
    ///   ``DatabaseError``.
    public mutating func refresh(
        using database: Database? = nil,
        @FieldListBuilder fields: (Fields) -> FieldList
    ) async throws {
        let names = fields(Self.queryFields).paths
        let start = try dynamicRow()
        let row = try await (try database ?? Database.routed(.read, Self.info)).use {
            var row = start
            try await row.refresh(names)
            return row
        }
        try take(row)
    }

    // MARK: Neighbours

    /// The row behind this one by a field; rows with equal values go by their keys.
    ///
    ///     try await question.next { $0.pubDate }
    ///     // … WHERE ("pub_date" = ? AND "id" > ? OR "pub_date" > ?) ORDER BY … LIMIT 1
    ///
    /// Django: `get_next_by_FOO`.
    ///
    /// - Parameter field: the field, such as a date.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none,
    ///   ``ModelError/unsaved(model:)``, ``DatabaseError``.
    public func next<Value: FieldValue>(
        by field: (Fields) -> FieldExpression<Value>
    ) async throws -> Self { try await neighbour(by: field, isNext: true) }

    /// The row before this one by a field; rows with equal values go by their keys.
    ///
    /// Django: `get_previous_by_FOO`.
    ///
    /// - Parameter field: the field, such as a date.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none,
    ///   ``ModelError/unsaved(model:)``, ``DatabaseError``.
    public func previous<Value: FieldValue>(
        by field: (Fields) -> FieldExpression<Value>
    ) async throws -> Self { try await neighbour(by: field, isNext: false) }

    private func neighbour<Value: FieldValue>(
        by field: (Fields) -> FieldExpression<Value>,
        isNext: Bool
    ) async throws -> Self {
        _ = try id.saved()
        let name = field(Self.queryFields).lookupPath
        return try Self(try await dynamicRow().neighbour(by: name, isNext: isNext))
    }

    /// The row behind this one in the order that the model keeps (`orderWithRespectTo`).
    ///
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none, ``UsageError`` where the
    ///   model keeps no order, ``DatabaseError``.
    public func nextInOrder() async throws -> Self {
        try Self(try await dynamicRow().neighbourInOrder(isNext: true))
    }

    /// The row before this one in the order that the model keeps (`orderWithRespectTo`).
    ///
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none, ``UsageError`` where the
    ///   model keeps no order, ``DatabaseError``.
    public func previousInOrder() async throws -> Self {
        try Self(try await dynamicRow().neighbourInOrder(isNext: false))
    }
}
