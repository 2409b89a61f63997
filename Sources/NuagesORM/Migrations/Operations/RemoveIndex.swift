/// Removes an index from a model.
public struct RemoveIndex: IndexOperation {
    /// The model's name.
    public var modelName: String
    /// The index's name.
    public var name: String

    /// An operation that removes an index.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - name: the index's name.
    public init(_ modelName: String, _ name: String) {
        self.modelName = modelName
        self.name = name
    }

    /// A removal.
    public var category: OperationCategory { .removal }
    /// `remove_question_day_idx`.
    public var nameFragment: String? { "remove_\(modelKey)_\(name.lowercased())" }
    /// `Remove index day_idx from question`.
    public func describe() -> String { "Remove index \(name) from \(modelName)" }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        _ = try model.index(named: name)
        model.indexes.removeAll { $0.name == name }
    }

    /// Drops the index.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let model = try TableModel(label(step.app), in: step.old)
        try await editor.remove(try model.schema.index(named: name), from: model)
    }

    /// Makes the index again.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let model = try TableModel(label(step.app), in: step.old)
        try await editor.add(try model.schema.index(named: name), to: model)
    }

    /// `RemoveIndex("question", "day_idx")`.
    public var source: SwiftExpression {
        .call("RemoveIndex", [.init(.string(modelName)), .init(.string(name))])
    }
}
