public import NuagesORM

/// Adds a check that rows which are there need not satisfy yet, so that the table is locked for a
/// moment only; ``ValidateConstraint`` looks at them later.
///
///     AddConstraintNotValid("product", .check(name: "price_gt_0", condition: Q("price__gt", 0)))
///     // ALTER TABLE "shop_product" ADD CONSTRAINT "price_gt_0" CHECK ("price" > 0) NOT VALID
public struct AddConstraintNotValid: IndexOperation {
    /// The model's name.
    public var modelName: String
    /// The constraint: a check.
    public var constraint: ConstraintSchema

    /// An operation that adds a check.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - constraint: the constraint: a check.
    public init(_ modelName: String, _ constraint: ConstraintSchema) {
        self.modelName = modelName
        self.constraint = constraint
    }

    /// An addition.
    public var category: OperationCategory { .addition }
    /// `NuagesPostgreSQL`.
    public var modules: [String] { ["NuagesPostgreSQL"] }
    /// `product_price_gt_0_not_valid`.
    public var nameFragment: String? {
        "\(modelName.lowercased())_\(constraint.name.lowercased())_not_valid"
    }
    /// `Create not valid constraint price_gt_0 on model product`.
    public func describe() -> String {
        "Create not valid constraint \(constraint.name) on model \(modelName)"
    }

    /// Changes the model.
    public func alter(_ model: inout ModelSchema) throws(MigrationError) {
        guard constraint.kind == .check else {
            throw .invalidConstraint(
                constraint.name,
                reason: "Only checks can be added without looking at the rows that are there."
            )
        }
        model.constraints.append(constraint)
    }

    /// Makes the constraint.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let model = try step.model(modelName, in: step.new)
        guard editor.migrates(model) else { return }
        guard editor.isPostgreSQL else {
            try await editor.add(constraint, to: model)
            return
        }
        let definition = try editor.inlineDefinition(constraint, in: model)
        let table = editor.dialect.sql.quote(model.table)
        try await editor.execute("ALTER TABLE \(table) ADD \(definition) NOT VALID")
    }

    /// Drops the constraint.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await editor.remove(constraint, from: step.model(modelName, in: step.old))
    }

    /// `AddConstraintNotValid("product", .check(…))`.
    public var source: SwiftExpression {
        .call("AddConstraintNotValid", [.init(.string(modelName)), .init(constraint.source)])
    }
}

/// Looks whether all rows satisfy a check that was added without.
///
///     ValidateConstraint("product", "price_gt_0")
///     // ALTER TABLE "shop_product" VALIDATE CONSTRAINT "price_gt_0"
public struct ValidateConstraint: MigrationOperation {
    /// The model's name.
    public var modelName: String
    /// The constraint's name.
    public var name: String

    /// An operation that looks at the rows.
    ///
    /// - Parameters:
    ///   - modelName: the model's name.
    ///   - name: the constraint's name.
    public init(_ modelName: String, _ name: String) {
        self.modelName = modelName
        self.name = name
    }

    /// An alteration.
    public var category: OperationCategory { .alteration }
    /// `NuagesPostgreSQL`.
    public var modules: [String] { ["NuagesPostgreSQL"] }
    /// `product_validate_price_gt_0`.
    public var nameFragment: String? { "\(modelName.lowercased())_validate_\(name.lowercased())" }
    /// `Validate constraint price_gt_0 on model product`.
    public func describe() -> String { "Validate constraint \(name) on model \(modelName)" }
    /// Nothing: models do not change.
    public func apply(to state: inout MigrationState, app: String) throws(MigrationError) {}

    /// Looks at the rows.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        let model = try step.model(modelName, in: step.old)
        guard editor.isPostgreSQL, editor.migrates(model) else { return }
        let sql = editor.dialect.sql
        try await editor.execute(
            "ALTER TABLE \(sql.quote(model.table)) VALIDATE CONSTRAINT \(sql.quote(name))"
        )
    }

    /// Nothing: a check stays valid.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {}

    /// `ValidateConstraint("product", "price_gt_0")`.
    public var source: SwiftExpression {
        .call("ValidateConstraint", [.init(.string(modelName)), .init(.string(name))])
    }
}
