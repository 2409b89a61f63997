/// Gives a model another table name.
public struct AlterModelTable: ModelOptionOperation {
    /// The model's name.
    public var modelName: String
    /// The table; nil for the default name.
    public var table: String?

    /// An operation that renames a model's table.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - table: the table; nil for the default name.
    public init(_ modelName: String, table: String?) {
        self.modelName = modelName
        self.table = table
    }

    /// `alter_question_table`.
    public var nameFragment: String? { "alter_\(modelKey)_table" }
    /// `Rename table for question to questions`.
    public func describe() -> String {
        "Rename table for \(modelName) to \(table ?? "(default)")"
    }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        model.databaseTable = table
    }

    /// Renames the table and those of its many-to-many relations.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.renameTables(
            of: TableModel(label(step.app), in: step.old),
            as: TableModel(label(step.app), in: step.new)
        )
    }

    /// Renames them back.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.renameTables(
            of: TableModel(label(step.app), in: step.new),
            as: TableModel(label(step.app), in: step.old)
        )
    }

    /// `AlterModelTable("question", table: "questions")`.
    public var source: SwiftExpression {
        .call(
            "AlterModelTable",
            [.init(.string(modelName)), .init("table", .optionalString(table))]
        )
    }
}
