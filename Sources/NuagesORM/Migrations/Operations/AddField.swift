/// Adds a field to a model.
///
///     AddField("question", FieldSchema("author", .charField, maxLength: 100))
public struct AddField: FieldOperation {
    /// The model's name.
    public var modelName: String
    /// The field; its default fills the rows that are there.
    public var field: FieldSchema
    /// Whether the model keeps the default afterwards (`preserve_default`).
    public var keepsDefault: Bool

    /// An operation that adds a field.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - field: the field; its default fills the rows that are there.
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

    /// An addition.
    public var category: OperationCategory { .addition }
    /// `question_author`.
    public var nameFragment: String? { "\(modelKey)_\(field.name.lowercased())" }
    /// `Add field author to question`.
    public func describe() -> String { "Add field \(field.name) to \(modelName)" }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        try model.add(field.keepingDefault(keepsDefault))
    }

    /// Changes the model that an earlier operation creates.
    public func fold(into model: inout ModelSchema) -> Bool {
        do { try model.add(field) } catch { return false }
        return true
    }

    /// Adds the column, or the table of a many-to-many relation.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let model = try TableModel(label(step.app), in: step.old)
        let new = try TableModel(label(step.app), in: step.new)
        try await editor.add(
            try new.schema.requiredField(field.name),
            default: field,
            to: model,
            as: new
        )
    }

    /// Removes the column.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let new = try TableModel(label(step.app), in: step.new)
        let old = try TableModel(label(step.app), in: step.old)
        try await editor.remove(try new.schema.requiredField(field.name), from: new, as: old)
    }

    /// Takes in a later change of the same field.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        switch later {
        case let alter as AlterField where isSameField(alter):
            return .replaced([AddField(modelName, alter.field, keepsDefault: keepsDefault)])
        case let remove as RemoveField where isSameField(remove):
            return .replaced([])
        case let rename as RenameField where isSameField(rename):
            var copy = self
            copy.field.name = rename.newName
            return .replaced([copy])
        default: return passingField(later, app: app)
        }
    }

    /// `AddField("question", FieldSchema(…))`.
    public var source: SwiftExpression {
        var arguments: [SwiftExpression.Argument] = [
            .init(.string(modelName)), .init(field.source),
        ]
        if !keepsDefault { arguments.append(.init("keepsDefault", .atom("false"))) }
        return .call("AddField", arguments)
    }
}

extension FieldSchema {
    /// The field as a state has it after an operation that may drop the default.
    func keepingDefault(_ keepsDefault: Bool) -> FieldSchema {
        guard !keepsDefault else { return self }
        var field = self
        field.defaultValue = nil
        return field
    }
}
