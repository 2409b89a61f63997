/// Changes the options of a field.
public struct AlterField: FieldOperation {
    /// The model's name.
    public var modelName: String
    /// The field as it is to be.
    public var field: FieldSchema
    /// Whether the model keeps the default afterwards (`preserve_default`).
    public var keepsDefault: Bool

    /// An operation that changes a field.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - field: the field as it is to be; its default replaces nulls that are no longer allowed.
    ///   - keepsDefault: whether the model keeps the default afterwards.
    public init(_ modelName: String, _ field: FieldSchema, keepsDefault: Bool = true) {
        self.modelName = modelName
        self.field = field
        self.keepsDefault = keepsDefault
    }

    /// The field's name.
    public var fieldName: String { field.name }
    /// The field after the operation, if it makes one.
    public var newField: FieldSchema? { field }

    /// An alteration.
    public var category: OperationCategory { .alteration }
    /// `alter_question_author`.
    public var nameFragment: String? { "alter_\(modelKey)_\(field.name.lowercased())" }
    /// `Alter field author on question`.
    public func describe() -> String { "Alter field \(field.name) on \(modelName)" }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        model.fields[try model.fieldIndex(field.name)] = field.keepingDefault(keepsDefault)
    }

    /// Changes the model that an earlier operation creates.
    public func fold(into model: inout ModelSchema) -> Bool {
        guard let index = try? model.fieldIndex(field.name) else { return false }
        model.fields[index] = field
        return true
    }

    /// Changes the column.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let old = try TableModel(label(step.app), in: step.old)
        let new = try TableModel(label(step.app), in: step.new)
        let change = FieldChange(
            old: try old.schema.requiredField(field.name),
            new: try new.schema.requiredField(field.name),
            filler: field
        )
        try await editor.alter(change, of: old, as: new)
    }

    /// Changes the column back.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let old = try TableModel(label(step.app), in: step.old)
        let new = try TableModel(label(step.app), in: step.new)
        let target = try old.schema.requiredField(field.name)
        let change = FieldChange(
            old: try new.schema.requiredField(field.name),
            new: target,
            filler: target
        )
        try await editor.alter(change, of: new, as: old)
    }

    /// Gives way to a later change of the same field.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        switch later {
        case let alter as AlterField where isSameField(alter): return .replaced([alter])
        case let remove as RemoveField where isSameField(remove): return .replaced([remove])
        case let rename as RenameField where isSameField(rename) && field.databaseColumn == nil:
            var copy = self
            copy.field.name = rename.newName
            return .replaced([rename, copy])
        default: return passingField(later, app: app)
        }
    }

    /// `AlterField("question", FieldSchema(…))`.
    public var source: SwiftExpression {
        var arguments: [SwiftExpression.Argument] = [
            .init(.string(modelName)), .init(field.source),
        ]
        if !keepsDefault { arguments.append(.init("keepsDefault", .atom("false"))) }
        return .call("AlterField", arguments)
    }
}
