/// Adds a constraint to a model.
public struct AddConstraint: IndexOperation {
    /// The model's name.
    public var modelName: String
    /// The constraint.
    public var constraint: ConstraintSchema

    /// An operation that adds a constraint.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - constraint: the constraint.
    public init(_ modelName: String, _ constraint: ConstraintSchema) {
        self.modelName = modelName
        self.constraint = constraint
    }

    /// An addition.
    public var category: OperationCategory { .addition }
    /// `product_price_gt_0`.
    public var nameFragment: String? { "\(modelKey)_\(constraint.name.lowercased())" }
    /// `Create constraint price_gt_0 on model product`.
    public func describe() -> String {
        "Create constraint \(constraint.name) on model \(modelName)"
    }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        model.constraints.append(constraint)
    }

    /// Makes the constraint.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.add(constraint, to: TableModel(label(step.app), in: step.new))
    }

    /// Drops the constraint.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.remove(constraint, from: TableModel(label(step.app), in: step.old))
    }

    /// Takes in a later change of the same constraint.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        switch later {
        case let remove as RemoveConstraint
        where isSameModel(remove) && remove.name == constraint.name:
            return .replaced([])
        case let alter as AlterConstraint
        where isSameModel(alter) && alter.constraint.name == constraint.name:
            return .replaced([AddConstraint(modelName, alter.constraint)])
        default: return elided(with: later) ?? .blocks
        }
    }

    /// `AddConstraint("product", .check(…))`.
    public var source: SwiftExpression {
        .call("AddConstraint", [.init(.string(modelName)), .init(constraint.source)])
    }
}
