/// Gives the rows of a model an order within a foreign key, or takes it away.
public struct AlterOrderWithRespectTo: ModelOptionOperation {
    /// The model's name.
    public var modelName: String
    /// The foreign key; nil for none.
    public var field: String?

    /// An operation that changes what the rows of a model are ordered within.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - field: the foreign key; nil for none.
    public init(_ modelName: String, field: String?) {
        self.modelName = modelName
        self.field = field
    }

    /// `alter_choice_order_with_respect_to`.
    public var nameFragment: String? { "alter_\(modelKey)_order_with_respect_to" }
    /// `Set order_with_respect_to on choice to question`.
    public func describe() -> String {
        "Set order_with_respect_to on \(modelName) to \(field ?? "None")"
    }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        model.orderWithRespectTo = field
    }

    /// Adds or removes the column `_order`.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.alterOrder(
            of: TableModel(label(step.app), in: step.old),
            as: TableModel(label(step.app), in: step.new)
        )
    }

    /// The way back.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.alterOrder(
            of: TableModel(label(step.app), in: step.new),
            as: TableModel(label(step.app), in: step.old)
        )
    }

    /// Whether it is the foreign key.
    public func references(field name: String, of model: String, app: String) -> Bool {
        references(model: model.lowercased(), app: app) && (field == nil || field == name)
    }

    /// `AlterOrderWithRespectTo("choice", field: "question")`.
    public var source: SwiftExpression {
        .call(
            "AlterOrderWithRespectTo",
            [.init(.string(modelName)), .init("field", .optionalString(field))]
        )
    }
}
