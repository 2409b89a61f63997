/// Removes a field from a model.
public struct RemoveField: FieldOperation {
    /// The model's name.
    public var modelName: String
    /// The field's name.
    public var name: String

    /// An operation that removes a field.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - name: the field's name.
    public init(_ modelName: String, _ name: String) {
        self.modelName = modelName
        self.name = name
    }

    /// The field's name.
    public var fieldName: String { name }
    /// The field after the operation, if it makes one.
    public var newField: FieldSchema? { nil }

    /// A removal.
    public var category: OperationCategory { .removal }
    /// `remove_question_author`.
    public var nameFragment: String? { "remove_\(modelKey)_\(name.lowercased())" }
    /// `Remove field author from question`.
    public func describe() -> String { "Remove field \(name) from \(modelName)" }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        model.fields.remove(at: try model.fieldIndex(name))
    }

    /// Changes the model that an earlier operation creates.
    public func fold(into model: inout ModelSchema) -> Bool {
        guard let index = try? model.fieldIndex(name) else { return false }
        model.fields.remove(at: index)
        model.uniqueTogether = model.uniqueTogether.compactMap { group in
            let rest = group.filter { $0 != name }
            return rest.isEmpty ? nil : rest
        }
        if model.orderWithRespectTo == name { model.orderWithRespectTo = nil }
        return true
    }

    /// Removes the column.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let old = try TableModel(label(step.app), in: step.old)
        let new = try TableModel(label(step.app), in: step.new)
        try await editor.remove(try old.schema.requiredField(name), from: old, as: new)
    }

    /// Adds the column again, with its default.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let old = try TableModel(label(step.app), in: step.old)
        let new = try TableModel(label(step.app), in: step.new)
        let field = try old.schema.requiredField(name)
        try await editor.add(field, default: field, to: new, as: old)
    }

    /// Is not needed when the model goes.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        if let delete = later as? DeleteModel, delete.name.lowercased() == modelKey {
            return .replaced([delete])
        }
        return passingField(later, app: app)
    }

    /// `RemoveField("question", "author")`.
    public var source: SwiftExpression {
        .call("RemoveField", [.init(.string(modelName)), .init(.string(name))])
    }
}
