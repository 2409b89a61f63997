/// Changes the groups of fields that are unique together.
public struct AlterUniqueTogether: ModelOptionOperation {
    /// The model's name.
    public var modelName: String
    /// The groups.
    public var uniqueTogether: [[String]]

    /// An operation that changes the groups of fields that are unique together.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - uniqueTogether: the groups.
    public init(_ modelName: String, uniqueTogether: [[String]]) {
        self.modelName = modelName
        self.uniqueTogether = uniqueTogether
    }

    /// `alter_question_unique_together`.
    public var nameFragment: String? { "alter_\(modelKey)_unique_together" }
    /// `Alter unique_together for question (1 constraint(s))`.
    public func describe() -> String {
        "Alter unique_together for \(modelName) (\(uniqueTogether.count) constraint(s))"
    }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        model.uniqueTogether = uniqueTogether
    }

    /// Drops and makes the unique indexes.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.alterUniqueTogether(
            of: TableModel(label(step.app), in: step.old),
            as: TableModel(label(step.app), in: step.new)
        )
    }

    /// The way back.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.alterUniqueTogether(
            of: TableModel(label(step.app), in: step.new),
            as: TableModel(label(step.app), in: step.old)
        )
    }

    /// Whether one of the groups has the field.
    public func references(field: String, of model: String, app: String) -> Bool {
        references(model: model.lowercased(), app: app)
            && (uniqueTogether.isEmpty || uniqueTogether.contains { $0.contains(field) })
    }

    /// `AlterUniqueTogether("question", uniqueTogether: [["text", "day"]])`.
    public var source: SwiftExpression {
        let groups = uniqueTogether.map { group in
            SwiftExpression.array(group.map { .string($0) })
        }
        return .call(
            "AlterUniqueTogether",
            [.init(.string(modelName)), .init("uniqueTogether", .array(groups))]
        )
    }
}
