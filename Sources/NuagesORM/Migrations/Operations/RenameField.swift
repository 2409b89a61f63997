/// Renames a field, and its column unless the field names one.
public struct RenameField: FieldOperation {
    /// The model's name.
    public var modelName: String
    /// The old name.
    public var oldName: String
    /// The new name.
    public var newName: String

    /// An operation that renames a field.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - oldName: the old name.
    ///   - newName: the new name.
    public init(_ modelName: String, from oldName: String, to newName: String) {
        self.modelName = modelName
        self.oldName = oldName
        self.newName = newName
    }

    /// The field's name.
    public var fieldName: String { oldName }
    /// The field after the operation, if it makes one.
    public var newField: FieldSchema? { nil }

    /// An alteration.
    public var category: OperationCategory { .alteration }
    /// `rename_text_question_title`.
    public var nameFragment: String? {
        "rename_\(oldName.lowercased())_\(modelKey)_\(newName.lowercased())"
    }
    /// `Rename field text on question to title`.
    public func describe() -> String { "Rename field \(oldName) on \(modelName) to \(newName)" }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        try model.renameField(oldName, to: newName)
    }

    /// Renames the field, also where other models name it.
    public func apply(to state: inout MigrationState, app: String) throws(MigrationError) {
        let label = label(app)
        try state.update(label) { model throws(MigrationError) in try alter(&model) }
        for (other, field) in state.references(to: label) {
            try state.update(other.label) { model throws(MigrationError) in
                let index = try model.fieldIndex(field.name)
                model.fields[index].relation?.renameTarget(oldName, to: newName, of: label)
            }
        }
    }

    /// Renames the column.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let old = try TableModel(label(step.app), in: step.old)
        let new = try TableModel(label(step.app), in: step.new)
        let field = try new.schema.requiredField(newName)
        let change = FieldChange(
            old: try old.schema.requiredField(oldName),
            new: field,
            filler: field
        )
        try await editor.alter(change, of: old, as: new)
    }

    /// Gives the column its old name.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let old = try TableModel(label(step.app), in: step.old)
        let new = try TableModel(label(step.app), in: step.new)
        let field = try old.schema.requiredField(oldName)
        let change = FieldChange(
            old: try new.schema.requiredField(newName),
            new: field,
            filler: field
        )
        try await editor.alter(change, of: new, as: old)
    }

    /// Whether it is the model.
    public func references(field: String, of model: String, app: String) -> Bool {
        let field = field.lowercased()
        return references(model: model.lowercased(), app: app)
            && (field == oldName.lowercased() || field == newName.lowercased())
    }

    /// Joins two renames.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        if let rename = later as? RenameField, isSameModel(rename),
            newName.lowercased() == rename.oldName.lowercased()
        {
            return .replaced([RenameField(modelName, from: oldName, to: rename.newName)])
        }
        let isTouched =
            later.references(field: oldName, of: modelKey, app: app)
            || later.references(field: newName, of: modelKey, app: app)
        return passing(later, unless: isTouched)
    }

    /// `RenameField("question", from: "text", to: "title")`.
    public var source: SwiftExpression {
        .call(
            "RenameField",
            [
                .init(.string(modelName)), .init("from", .string(oldName)),
                .init("to", .string(newName)),
            ]
        )
    }
}

extension Relation {
    /// Follows the new name of a field of the model with a label.
    mutating func renameTarget(_ old: String, to new: String, of label: String) {
        let renamed = { (name: String) in name == old ? new : name }
        if MigrationState.canonical(target) == label {
            targetField = targetField.map(renamed)
            toFields = toFields.map(renamed)
        }
        if let through, MigrationState.canonical(through) == label {
            throughFields = throughFields.map(renamed)
        }
    }
}
