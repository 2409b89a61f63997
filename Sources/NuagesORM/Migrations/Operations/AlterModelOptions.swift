/// Changes options of a model that the database does not know.
public struct AlterModelOptions: ModelOptionOperation {
    /// The model's name.
    public var modelName: String
    /// All such options as they are to be.
    public var options: ModelOptions

    /// An operation that changes options of a model.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - options: all such options as they are to be.
    public init(_ modelName: String, options: ModelOptions) {
        self.modelName = modelName
        self.options = options
    }

    /// `alter_question_options`.
    public var nameFragment: String? { "alter_\(modelKey)_options" }
    /// `Change Meta options on question`.
    public func describe() -> String { "Change Meta options on \(modelName)" }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) { model.options = options }

    /// Nothing.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {}
    /// Nothing.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {}

    /// `AlterModelOptions("question", options: ModelOptions(…))`.
    public var source: SwiftExpression {
        .call(
            "AlterModelOptions",
            [.init(.string(modelName)), .init("options", options.source)]
        )
    }
}
