/// Renames an index of a model.
public struct RenameIndex: IndexOperation {
    /// The model's name.
    public var modelName: String
    /// The old name.
    public var oldName: String
    /// The new name.
    public var newName: String

    /// An operation that renames an index.
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

    /// An alteration.
    public var category: OperationCategory { .alteration }
    /// `rename_day_idx_date_idx`.
    public var nameFragment: String? {
        "rename_\(oldName.lowercased())_\(newName.lowercased())"
    }
    /// `Rename index day_idx on question to date_idx`.
    public func describe() -> String { "Rename index \(oldName) on \(modelName) to \(newName)" }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        _ = try model.index(named: oldName)
        for index in model.indexes.indices where model.indexes[index].name == oldName {
            model.indexes[index].name = newName
        }
    }

    /// No: the index is renamed after the table is made.
    public func fold(into model: inout ModelSchema) -> Bool { false }

    /// Renames the index.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let old = try TableModel(label(step.app), in: step.old).schema.index(named: oldName)
        let model = try TableModel(label(step.app), in: step.new)
        try await editor.rename(old, to: try model.schema.index(named: newName), of: model)
    }

    /// Gives the index its old name.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let old = try TableModel(label(step.app), in: step.new).schema.index(named: newName)
        let model = try TableModel(label(step.app), in: step.old)
        try await editor.rename(old, to: try model.schema.index(named: oldName), of: model)
    }

    /// Joins two renames.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        if let rename = later as? RenameIndex, isSameModel(rename),
            newName.lowercased() == rename.oldName.lowercased()
        {
            return .replaced([RenameIndex(modelName, from: oldName, to: rename.newName)])
        }
        return elided(with: later) ?? .blocks
    }

    /// `RenameIndex("question", from: "day_idx", to: "date_idx")`.
    public var source: SwiftExpression {
        .call(
            "RenameIndex",
            [
                .init(.string(modelName)), .init("from", .string(oldName)),
                .init("to", .string(newName)),
            ]
        )
    }
}
