/// A model that says itself what deleting a row of it does.
///
///     extension Note: CustomDeleting {
///         func delete(_ options: DeleteOptions) async throws -> Deletion {
///             var note = self
///             note.isDeleted = true
///             try await note.save(using: options.database) { $0.isDeleted }
///             return Deletion()
///         }
///     }
///     try await note.delete()     // UPDATE "notes_note" SET "is_deleted" = ? WHERE …
///
/// `delete` of a row calls it, by type and by names. `delete` of a query set does not, nor does what
/// goes with a row that it refers to. Several models share a way of deleting by a protocol that
/// refines this one.
///
/// Django: `Model.delete`, overridden.
public protocol CustomDeleting: Model {
    /// Deletes the row; ``Model/deleteBase(_:)`` is the framework's own deleting.
    ///
    /// - Parameter options: what the deletion is asked to do.
    /// - Returns: how many rows were deleted.
    /// - Throws: what the model refuses, and the errors of ``Model/deleteBase(_:)``.
    func delete(_ options: DeleteOptions) async throws -> Deletion
}

/// What a deletion of a row is asked to do.
public struct DeleteOptions: Sendable {
    /// Whether the rows of the models it inherits from stay (`keep_parents`).
    public var keepsParents: Bool
    /// The database.
    public var database: Database
    /// The row by names that the value stands for.
    var named: NamedRow?

    /// A deletion.
    ///
    /// - Parameters:
    ///   - keepsParents: whether the rows of the models it inherits from stay.
    ///   - database: the database.
    public init(keepsParents: Bool = false, using database: Database) {
        self.keepsParents = keepsParents
        self.database = database
    }
}

extension Model {
    /// Deletes the row, and what the `onDelete` rules of foreign keys say.
    ///
    /// - Parameters:
    ///   - keepingParents: whether the rows of the models it inherits from stay (`keep_parents`).
    ///   - database: the database; nil for the current one.
    /// - Returns: how many rows were deleted.
    /// - Throws: ``ModelError/protected(model:by:)``, ``ModelError/unsaved(model:)``,
    ///   ``DatabaseError``.
    @discardableResult
    public func delete(
        keepingParents: Bool = false,
        using database: Database? = nil
    ) async throws -> Deletion {
        let options = DeleteOptions(
            keepsParents: keepingParents,
            using: try database ?? Database.routed(.write, Self.info)
        )
        guard Self.info.hasOwnDelete, let row = self as? any CustomDeleting else {
            return try await deleteBase(options)
        }
        return try await row.delete(options)
    }

    /// Deletes the row as the framework does: what a ``CustomDeleting`` model calls.
    ///
    /// - Parameter options: what the deletion is asked to do.
    /// - Returns: how many rows were deleted.
    /// - Throws: ``ModelError/protected(model:by:)``, ``ModelError/unsaved(model:)``,
    ///   ``DatabaseError``.
    @discardableResult
    public func deleteBase(_ options: DeleteOptions) async throws -> Deletion {
        if let named = options.named { return try await deleteBase(options, named) }
        let key = try id.saved()
        var collector = DeletionCollector(options.database)
        collector.keepsParents = options.keepsParents
        return try await collector.delete(Self.info, instance(key))
    }

    private func deleteBase(_ options: DeleteOptions, _ named: NamedRow) async throws -> Deletion {
        let start = named.row(changedBy: self)
        let (row, deletion) = try await options.database.use {
            var row = start
            let deletion = try await row.deleteBase(keepsParents: options.keepsParents)
            return (row, deletion)
        }
        named.set(row, standingFor: self)
        return deletion
    }

    /// The row as deletions know it: its key, and the columns that others may refer to.
    private func instance(_ key: KeyValue) throws -> DeletionCollector.Instance {
        let row = try dynamicRow()
        var values: [FieldInfo: SQLValue] = [:]
        for field in Self.info.members.columns { values[field] = row[field.attributeName] ?? .null }
        for field in Self.info.members.primaryKey where Self.info.members.primaryKey.count == 1 {
            values[field] = key.sqlValue
        }
        return DeletionCollector.Instance(key: key.keyValues, values: values)
    }
}

extension DynamicRow {
    /// Deletes the row as its model says.
    mutating func delete<M: CustomDeleting>(
        as type: M.Type,
        keepsParents: Bool
    ) async throws -> Deletion {
        let database = try Database.routed(.write, M.info)
        let value = try M(named: try await complete(in: database))
        let named = NamedRow(self, standingFor: value)
        var options = DeleteOptions(keepsParents: keepsParents, using: database)
        options.named = named
        let deletion = try await value.delete(options)
        self = named.row(changedBy: value)
        return deletion
    }
}
