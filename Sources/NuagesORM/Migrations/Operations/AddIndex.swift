/// Adds an index to a model.
public struct AddIndex: IndexOperation {
    /// The model's name.
    public var modelName: String
    /// The index, with its name.
    public var index: IndexSchema

    /// An operation that adds an index.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - index: the index, with its name.
    public init(_ modelName: String, _ index: IndexSchema) {
        self.modelName = modelName
        self.index = index
    }

    /// An addition.
    public var category: OperationCategory { .addition }
    /// `question_question_day_idx`.
    public var nameFragment: String? { "\(modelKey)_\(index.name.lowercased())" }
    /// `Create index day_idx on field(s) day of model question`.
    public func describe() -> String {
        let fields = index.fields.joined(separator: ", ")
        return index.expressions.isEmpty
            ? "Create index \(index.name) on field(s) \(fields) of model \(modelName)"
            : "Create index \(index.name) on expressions of model \(modelName)"
    }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        model.indexes.append(index)
    }

    /// Makes the index.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.add(index, to: TableModel(label(step.app), in: step.new))
    }

    /// Drops the index.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.remove(index, from: TableModel(label(step.app), in: step.new))
    }

    /// Takes in a later change of the same index.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        if let remove = later as? RemoveIndex, remove.name == index.name { return .replaced([]) }
        if let rename = later as? RenameIndex, rename.oldName == index.name {
            var copy = self
            copy.index.name = rename.newName
            return .replaced([copy])
        }
        return elided(with: later) ?? .blocks
    }

    /// `AddIndex("question", IndexSchema(["day"], name: "day_idx"))`.
    public var source: SwiftExpression {
        .call("AddIndex", [.init(.string(modelName)), .init(index.source)])
    }
}
