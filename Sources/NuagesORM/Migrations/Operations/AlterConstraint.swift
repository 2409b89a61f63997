/// Changes what a constraint tells people, without the database noticing.
public struct AlterConstraint: IndexOperation {
    /// The model's name.
    public var modelName: String
    /// The constraint as it is to be; it keeps its name.
    public var constraint: ConstraintSchema

    /// An operation that changes a constraint.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - constraint: the constraint as it is to be; it keeps its name.
    public init(_ modelName: String, _ constraint: ConstraintSchema) {
        self.modelName = modelName
        self.constraint = constraint
    }

    /// An alteration.
    public var category: OperationCategory { .alteration }
    /// `alter_product_price_gt_0`.
    public var nameFragment: String? { "alter_\(modelKey)_\(constraint.name.lowercased())" }
    /// `Alter constraint price_gt_0 on product`.
    public func describe() -> String { "Alter constraint \(constraint.name) on \(modelName)" }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        _ = try model.constraint(named: constraint.name)
        for index in model.constraints.indices
        where model.constraints[index].name == constraint.name {
            model.constraints[index] = constraint
        }
    }

    /// Changes the model that an earlier operation creates.
    public func fold(into model: inout ModelSchema) -> Bool {
        model.constraints.removeAll { $0.name == constraint.name }
        model.constraints.append(constraint)
        return true
    }

    /// Nothing.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {}
    /// Nothing.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {}

    /// Gives way to a later change of the same constraint.
    public func reduced(with later: any MigrationOperation, app: String) -> OperationReduction {
        switch later {
        case let alter as AlterConstraint
        where isSameModel(alter) && alter.constraint.name == constraint.name:
            return .replaced([alter])
        case let remove as RemoveConstraint
        where isSameModel(remove) && remove.name == constraint.name:
            return .replaced([remove])
        default: return elided(with: later) ?? .blocks
        }
    }

    /// `AlterConstraint("product", .check(…))`.
    public var source: SwiftExpression {
        .call("AlterConstraint", [.init(.string(modelName)), .init(constraint.source)])
    }
}
