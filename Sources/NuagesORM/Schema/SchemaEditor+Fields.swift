import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SchemaEditor {
    /// Adds a field's column, or the table of a many-to-many relation.
    ///
    /// - Parameters:
    ///   - field: the field.
    ///   - filler: the field with the default that rows get.
    ///   - old: the model without it.
    ///   - new: the model with it.
    /// - Throws: ``MigrationError``, and the database's error.
    public mutating func add(
        _ field: FieldSchema,
        default filler: FieldSchema,
        to old: TableModel,
        as new: TableModel
    ) async throws {
        guard migrates(new) else { return }
        if let through = new.throughModel(of: field) { return try await create(through) }
        guard field.hasColumn else { return }
        try await dialect.add(field, filler: filler, to: old, as: new, editor: &self)
    }

    /// Removes a field's column, or the table of a many-to-many relation.
    ///
    /// - Parameters:
    ///   - field: the field.
    ///   - old: the model with it.
    ///   - new: the model without it.
    /// - Throws: ``MigrationError``, and the database's error.
    public mutating func remove(
        _ field: FieldSchema,
        from old: TableModel,
        as new: TableModel
    ) async throws {
        guard migrates(new) else { return }
        if let through = old.throughModel(of: field) { return try await delete(through) }
        guard field.hasColumn else { return }
        try await dialect.remove(field, from: old, as: new, editor: &self)
        forget(column: field.column, of: old.table)
    }

    /// Changes a field's column, or the table of a many-to-many relation.
    ///
    /// - Parameters:
    ///   - change: the field before and after.
    ///   - old: the model before.
    ///   - new: the model after.
    /// - Throws: ``MigrationError/cannotAlter(field:model:reason:)`` for a change that a database
    ///   cannot make in place, and the database's error.
    public mutating func alter(
        _ change: FieldChange,
        of old: TableModel,
        as new: TableModel
    ) async throws {
        guard migrates(new) else { return }
        if let before = old.throughModel(of: change.old),
            let after = new.throughModel(of: change.new)
        {
            try await dialect.alterThrough(before, as: after, editor: &self)
            return
        }
        let (hadColumn, hasColumn) = (change.old.hasColumn, change.new.hasColumn)
        if !hadColumn, !hasColumn { return }
        guard hadColumn, hasColumn else {
            throw MigrationError.cannotAlter(
                field: change.new.name,
                model: new.schema.label,
                reason: "A many-to-many relation is a table, and any other field a column."
            )
        }
        if try isGeneratedDifferently(change, old, new) {
            throw MigrationError.cannotAlter(
                field: change.new.name,
                model: new.schema.label,
                reason: "The database computes a generated column when it is made."
            )
        }
        try await dialect.alter(change, of: old, as: new, editor: &self)
    }

    private func isGeneratedDifferently(
        _ change: FieldChange,
        _ old: TableModel,
        _ new: TableModel
    ) throws -> Bool {
        guard let before = change.old.generated, let after = change.new.generated else {
            return (change.old.generated == nil) != (change.new.generated == nil)
        }
        let oldText = try dialect.text(of: before.expression, in: old)
        let newText = try dialect.text(of: after.expression, in: new)
        return before.isStored != after.isStored || oldText != newText
    }

    /// Adds or removes the column of the order of rows.
    ///
    /// - Parameters:
    ///   - old: the model before.
    ///   - new: the model after.
    /// - Throws: the database's error.
    public mutating func alterOrder(of old: TableModel, as new: TableModel) async throws {
        let (had, has) = (
            old.schema.orderWithRespectTo != nil, new.schema.orderWithRespectTo != nil
        )
        guard migrates(new), had != has else { return }
        var field = TableModel.orderField
        if has {
            field.defaultValue = .value(.int(0))
            try await add(field, default: field, to: old, as: new)
        } else {
            try await remove(field, from: old, as: new)
        }
    }
}

extension FieldSchema {
    /// The value that rows get in a new column; nil for none.
    ///
    /// Defaults that Swift computes for each
    /// row are not known to migrations, except those of times and of empty documents.
    package func fillerValue() throws(MigrationError) -> SQLValue? {
        switch defaultValue {
        case .value(.null)?: return nil
        case .value(let value)?: return value
        case .function(let name)?:
            if let value = value(ofFunction: name) { return value }
            throw .unusableDefault(
                field: self.name,
                reason: "\(name) runs in Swift. Make the column nullable, fill it in a RunSwift "
                    + "operation, then forbid nulls."
            )
        case nil: break
        }
        if generated != nil || isNullable { return nil }
        if allowsBlank, type.allowsEmptyStrings {
            return type == .binaryField ? .blob([]) : .text("")
        }
        return isSetOnSave || isSetOnCreate ? type.now() : nil
    }

    /// The value of a function that is the same for each row.
    private func value(ofFunction function: String) -> SQLValue? {
        switch function {
        case "dict",
            "[:]" where type == .jsonField:
            .json(.object([]))
        case "list",
            "[]" where type == .jsonField:
            .json(.array([]))
        case "now", ".now", "Date.now", "Date()": type.now()
        default: nil
        }
    }
}
