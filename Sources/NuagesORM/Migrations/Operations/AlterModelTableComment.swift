/// Changes the comment on a model's table.
public struct AlterModelTableComment: ModelOptionOperation {
    /// The model's name.
    public var modelName: String
    /// The comment; nil for none.
    public var comment: String?

    /// An operation that changes the comment on a table.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - comment: the comment; nil for none.
    public init(_ modelName: String, comment: String?) {
        self.modelName = modelName
        self.comment = comment
    }

    /// `alter_question_table_comment`.
    public var nameFragment: String? { "alter_\(modelKey)_table_comment" }
    /// `Alter question table comment`.
    public func describe() -> String { "Alter \(modelName) table comment" }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        model.tableComment = comment
    }

    /// Sets the comment on databases that keep comments.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.alterComment(of: TableModel(label(step.app), in: step.new))
    }

    /// Sets the old comment.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.alterComment(of: TableModel(label(step.app), in: step.old))
    }

    /// `AlterModelTableComment("question", comment: "…")`.
    public var source: SwiftExpression {
        .call(
            "AlterModelTableComment",
            [.init(.string(modelName)), .init("comment", .optionalString(comment))]
        )
    }
}
