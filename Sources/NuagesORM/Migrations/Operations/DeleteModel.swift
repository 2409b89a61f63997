/// Removes a model and its table.
public struct DeleteModel: MigrationOperation {
    /// The model's name.
    public var name: String

    /// An operation that removes a model.
    ///
    /// - Parameter name: the model's name.
    public init(_ name: String) { self.name = name }

    /// A removal.
    public var category: OperationCategory { .removal }
    /// `delete_question`.
    public var nameFragment: String? { "delete_\(name.lowercased())" }
    /// `Delete model Question`.
    public func describe() -> String { "Delete model \(name)" }

    /// Removes the model.
    public func apply(to state: inout MigrationState, app: String) throws(MigrationError) {
        try state.remove(MigrationState.label(app, name))
    }

    /// Drops the table.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.delete(TableModel(MigrationState.label(step.app, name), in: step.old))
    }

    /// Makes the table again, empty.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.create(TableModel(MigrationState.label(step.app, name), in: step.old))
    }

    /// Yes: what the model refers to is not known any more.
    public func references(model: String, app: String) -> Bool { true }

    /// Lets pass what is not about the model.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        passing(later, unless: later.references(model: name.lowercased(), app: app))
    }

    /// `DeleteModel("Question")`.
    public var source: SwiftExpression { .call("DeleteModel", [.init(.string(name))]) }
}
