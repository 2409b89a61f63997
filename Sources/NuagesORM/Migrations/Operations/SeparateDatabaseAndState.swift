/// Changes the database by some operations and the models by others.
public struct SeparateDatabaseAndState: MigrationOperation {
    /// The operations on the database.
    public var databaseOperations: [any MigrationOperation]
    /// The operations on the models.
    public var stateOperations: [any MigrationOperation]

    /// An operation that changes the database and the models apart.
    ///
    /// - Parameters:
    ///   - database: the operations on the database.
    ///   - state: the operations on the models.
    public init(
        @OperationBuilder database: () -> [any MigrationOperation] = { [] },
        @OperationBuilder state: () -> [any MigrationOperation] = { [] }
    ) {
        databaseOperations = database()
        stateOperations = state()
    }

    /// Anything.
    public var category: OperationCategory { .mixed }
    /// Whether all operations on the database can be undone.
    public var isReversible: Bool { databaseOperations.allSatisfy(\.isReversible) }
    /// `Custom state/database change combination`.
    public func describe() -> String { "Custom state/database change combination" }

    /// Changes the models.
    public func apply(to state: inout MigrationState, app: String) throws(MigrationError) {
        for operation in stateOperations { try operation.apply(to: &state, app: app) }
    }

    /// Runs the operations on the database, which follow a state of their own.
    public func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        for (operation, step) in try steps(from: step) {
            try await operation.migrateForwards(step, editor: &editor)
        }
    }

    /// Undoes them from the last to the first.
    public func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        for (operation, step) in try steps(from: step).reversed() {
            try await operation.migrateBackwards(step, editor: &editor)
        }
    }

    func steps(
        from step: MigrationStep
    ) throws(MigrationError) -> [(any MigrationOperation, MigrationStep)] {
        var steps: [(any MigrationOperation, MigrationStep)] = []
        var state = step.old
        for operation in databaseOperations {
            let before = state
            try operation.apply(to: &state, app: step.app)
            steps.append((operation, MigrationStep(app: step.app, old: before, new: state)))
        }
        return steps
    }

    /// Those of all operations.
    public var modules: [String] { (databaseOperations + stateOperations).flatMap(\.modules) }
    /// Whether all operations can.
    public var canBeWritten: Bool {
        (databaseOperations + stateOperations).allSatisfy(\.canBeWritten)
    }

    /// `SeparateDatabaseAndState { … } state: { … }`.
    public var source: SwiftExpression {
        .call(
            "SeparateDatabaseAndState",
            [
                .init("database", .block(databaseOperations.map(\.source))),
                .init("state", .block(stateOperations.map(\.source))),
            ]
        )
    }
}
