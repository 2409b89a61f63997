/// Removes a constraint from a model.
public struct RemoveConstraint: IndexOperation {
    /// The model's name.
    public var modelName: String
    /// The constraint's name.
    public var name: String

    /// An operation that removes a constraint.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - name: the constraint's name.
    public init(_ modelName: String, _ name: String) {
        self.modelName = modelName
        self.name = name
    }

    /// A removal.
    public var category: OperationCategory { .removal }
    /// `remove_product_price_gt_0`.
    public var nameFragment: String? { "remove_\(modelKey)_\(name.lowercased())" }
    /// `Remove constraint price_gt_0 from model product`.
    public func describe() -> String { "Remove constraint \(name) from model \(modelName)" }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        _ = try model.constraint(named: name)
        model.constraints.removeAll { $0.name == name }
    }

    /// Drops the constraint.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let old = try TableModel(label(step.app), in: step.old)
        let new = try TableModel(label(step.app), in: step.new)
        try await editor.remove(try old.schema.constraint(named: name), from: new)
    }

    /// Makes the constraint again.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let old = try TableModel(label(step.app), in: step.old)
        try await editor.add(try old.schema.constraint(named: name), to: old)
    }

    /// `RemoveConstraint("product", "price_gt_0")`.
    public var source: SwiftExpression {
        .call("RemoveConstraint", [.init(.string(modelName)), .init(.string(name))])
    }
}
