/// An operation whose code cannot be written, taken from the migration that it is in.
///
/// The file of a squashed migration names it, so that it does the same until the code is moved
/// there, and does not compile once the old file is gone before that:
///
///     PollsMigrations.m0002FillSlugs.operations[1]
struct BorrowedOperation: MigrationOperation {
    let operation: any MigrationOperation
    let source: SwiftExpression

    init(_ operation: any MigrationOperation, at index: Int, of migration: MigrationKey) {
        self.operation = operation
        let name = MigrationWriter.constant(migration.name)
        source = .atom(
            "\(MigrationWriter.typeName(of: migration.app)).\(name).operations[\(index)]"
        )
    }

    var category: OperationCategory { operation.category }
    var isReversible: Bool { operation.isReversible }
    var isElidable: Bool { operation.isElidable }
    var isAtomic: Bool? { operation.isAtomic }
    var reducesToSQL: Bool { operation.reducesToSQL }
    var canBeWritten: Bool { false }
    var nameFragment: String? { operation.nameFragment }

    func describe() -> String { operation.describe() }

    func apply(to state: inout MigrationState, app: String) throws(MigrationError) {
        try operation.apply(to: &state, app: app)
    }

    func migrateForwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await operation.migrateForwards(step, editor: &editor)
    }

    func migrateBackwards(_ step: MigrationStep, editor: inout SchemaEditor) async throws {
        try await operation.migrateBackwards(step, editor: &editor)
    }

    func references(model: String, app: String) -> Bool {
        operation.references(model: model, app: app)
    }

    func references(field: String, of model: String, app: String) -> Bool {
        operation.references(field: field, of: model, app: app)
    }
}

extension Migration {
    /// The operations; those whose code cannot be written name the place that they are at.
    var portableOperations: [any MigrationOperation] {
        operations.enumerated().map { index, operation in
            operation.canBeWritten
                ? operation : BorrowedOperation(operation, at: index, of: key)
        }
    }
}
