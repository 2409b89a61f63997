extension Migration {
    /// Runs the operations forwards.
    ///
    /// - Parameters:
    ///   - state: the models before.
    ///   - editor: changes the database or collects SQL.
    ///   - report: told of each operation.
    /// - Throws: ``MigrationError``, and the database's error.
    package func apply(
        from state: MigrationState,
        editor: inout SchemaEditor,
        report: (MigrationProgress) -> Void
    ) async throws {
        var new = state
        for operation in operations {
            let old = new
            try operation.apply(to: &new, app: app)
            let step = MigrationStep(app: app, old: old, new: new)
            report(.operation(key, description: operation.describe()))
            guard isAllowed(operation, editor) else { continue }
            try await warn(of: operation, step, isBackwards: false, editor, report)
            try await run(operation, editor: &editor) { operation, editor in
                try await operation.migrateForwards(step, editor: &editor)
            }
        }
    }

    /// Runs the operations backwards, from the last to the first.
    ///
    /// - Parameters:
    ///   - state: the models before the migration, which are those afterwards.
    ///   - editor: changes the database or collects SQL.
    ///   - report: told of each operation.
    /// - Throws: ``MigrationError/irreversible(operation:migration:)``, other cases of it, and the
    ///   database's error.
    package func unapply(
        to state: MigrationState,
        editor: inout SchemaEditor,
        report: (MigrationProgress) -> Void
    ) async throws {
        var steps: [(any MigrationOperation, MigrationStep)] = []
        var new = state
        for operation in operations {
            guard operation.isReversible else {
                throw MigrationError.irreversible(operation: operation.describe(), migration: key)
            }
            let old = new
            try operation.apply(to: &new, app: app)
            steps.append((operation, MigrationStep(app: app, old: old, new: new)))
        }
        for (operation, step) in steps.reversed() {
            report(.operation(key, description: operation.describe()))
            guard isAllowed(operation, editor) else { continue }
            try await warn(of: operation, step, isBackwards: true, editor, report)
            try await run(operation, editor: &editor) { operation, editor in
                try await operation.migrateBackwards(step, editor: &editor)
            }
        }
    }

    /// A table with more rows takes long enough for people to wonder.
    private static let manyRows = 100_000

    /// Says so before an operation reads or writes the whole of a big table.
    private func warn(
        of operation: any MigrationOperation,
        _ step: MigrationStep,
        isBackwards: Bool,
        _ editor: SchemaEditor,
        _ report: (MigrationProgress) -> Void
    ) async throws {
        // Operations of others may do what they want where SQL is collected.
        guard !editor.isCollecting, let database = editor.database,
            operation is any ModelAlteration || operation is RunSQL
                || operation is SeparateDatabaseAndState
        else { return }
        let hazards = OperationHazards(
            operation: operation,
            step: step,
            isBackwards: isBackwards,
            dialect: editor.dialect
        )
        for table in await hazards.slowTables() {
            guard let rows = try await editor.dialect.estimatedRows(of: table, in: database),
                rows >= Self.manyRows
            else { continue }
            report(.slowTable(key, table: table, rows: rows))
        }
    }

    /// Whether the routers let the operation change the database.
    private func isAllowed(_ operation: any MigrationOperation, _ editor: SchemaEditor) -> Bool {
        let group = Database.group
        guard !group.routers.isEmpty, let database = editor.database else { return true }
        return group.allowsMigrating(
            group.name(of: database),
            app: app,
            model: operation.routedModel
        )
    }

    /// Runs an operation, in a transaction of its own where the migration has none and the
    /// operation asks for it, and with its description where SQL is collected.
    ///
    /// Code in Swift also has one where the migration asked for a transaction that the database
    /// cannot give it: it changes rows, and tables only if it says so.
    private func run(
        _ operation: any MigrationOperation,
        editor: inout SchemaEditor,
        _ body: (any MigrationOperation, inout SchemaEditor) async throws -> Void
    ) async throws {
        editor.begin(operation)
        if editor.isCollecting {
            for line in ["", " \(operation.describe())", ""] {
                editor.collected.append("--\(line)")
            }
            guard operation.reducesToSQL else {
                editor.collected.append("-- THIS OPERATION CANNOT BE WRITTEN AS SQL")
                return
            }
            let count = editor.collected.count
            try await body(operation, &editor)
            if editor.collected.count == count { editor.collected.append("-- (no-op)") }
            return
        }
        let needsTransaction = operation.isAtomic ?? (isAtomic && operation is RunSwift)
        guard needsTransaction, let database = editor.database, !database.isInTransaction else {
            return try await body(operation, &editor)
        }
        try await database.atomic { try await body(operation, &editor) }
    }
}

extension MigrationOperation {
    /// The name in lower case of the model that routers are asked about; nil for an operation on none.
    fileprivate var routedModel: String? {
        switch self {
        case let create as CreateModel: create.name.lowercased()
        case let delete as DeleteModel: delete.name.lowercased()
        case let rename as RenameModel: rename.newName.lowercased()
        case let alteration as any ModelAlteration: alteration.modelName.lowercased()
        default: nil
        }
    }
}
