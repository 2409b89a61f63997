/// Renames a model and its table, and makes relations follow.
public struct RenameModel: MigrationOperation {
    /// The old name.
    public var oldName: String
    /// The new name.
    public var newName: String

    /// An operation that renames a model.
    ///
    /// - Parameters:
    ///   - oldName: the old name.
    ///   - newName: the new name.
    public init(from oldName: String, to newName: String) {
        self.oldName = oldName
        self.newName = newName
    }

    /// An alteration.
    public var category: OperationCategory { .alteration }
    /// `rename_question_poll`.
    public var nameFragment: String? {
        "rename_\(oldName.lowercased())_\(newName.lowercased())"
    }
    /// `Rename model Question to Poll`.
    public func describe() -> String { "Rename model \(oldName) to \(newName)" }

    /// Renames the model and what leads to it.
    public func apply(to state: inout MigrationState, app: String) throws(MigrationError) {
        try state.rename(MigrationState.label(app, oldName), to: newName)
    }

    /// Renames the table.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.rename(
            TableModel(MigrationState.label(step.app, oldName), in: step.old),
            to: TableModel(MigrationState.label(step.app, newName), in: step.new)
        )
    }

    /// Gives the table its old name.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.rename(
            TableModel(MigrationState.label(step.app, newName), in: step.new),
            to: TableModel(MigrationState.label(step.app, oldName), in: step.old)
        )
    }

    /// Whether it is the old or the new name.
    public func references(model: String, app: String) -> Bool {
        model == oldName.lowercased() || model == newName.lowercased()
    }

    /// Joins two renames.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        if let later = later as? RenameModel, newName.lowercased() == later.oldName.lowercased() {
            return .replaced([RenameModel(from: oldName, to: later.newName)])
        }
        // The old name is free again after the rename, so only the new one matters.
        return passing(later, unless: later.references(model: newName.lowercased(), app: app))
    }

    /// `RenameModel(from: "Question", to: "Poll")`.
    public var source: SwiftExpression {
        .call("RenameModel", [.init("from", .string(oldName)), .init("to", .string(newName))])
    }
}
