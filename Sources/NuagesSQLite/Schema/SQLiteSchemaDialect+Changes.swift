import NuagesORM

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SQLiteSchemaDialect {
    func add(
        _ field: FieldSchema,
        filler: FieldSchema,
        to old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        let value = try filler.fillerValue()
        let needsRebuild =
            field.isUniqueColumn || !field.isNullable || value != nil || field.generated != nil
            || field.databaseDefaultExpression != nil
        guard needsRebuild else {
            let definition = try editor.columnDefinition(field, in: new)
            let column = sql.quote(field.column)
            try await editor.execute(
                "ALTER TABLE \(sql.quote(new.table)) ADD COLUMN \(column) \(definition)"
            )
            editor.deferIndex(of: field, in: new)
            return
        }
        var rebuild = SQLiteRebuild(from: old, to: new)
        if field.generated == nil,
            !(field.databaseDefault != nil || field.databaseDefaultExpression != nil)
        {
            rebuild.sources[field.column] = try literal(value ?? .null, for: filler)
        }
        try await rebuild.run(self, &editor)
    }

    func remove(
        _ field: FieldSchema,
        from old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        let isBound =
            field.isUniqueColumn || field.hasIndex || field.relation?.isEnforced == true
            || old.mentions(field)
        if isBound {
            try await SQLiteRebuild(from: old, to: new).run(self, &editor)
        } else {
            try await editor.execute(
                "ALTER TABLE \(sql.quote(new.table)) DROP COLUMN \(sql.quote(field.column))"
            )
        }
    }

    func alter(
        _ change: FieldChange,
        of old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        let before = try editor.columnDefinition(change.old, in: old)
        let after = try editor.columnDefinition(change.new, in: new)
        let isRenamed = change.old.column != change.new.column
        let isIndexed = { (field: FieldSchema) in field.hasIndex && !field.isUniqueColumn }
        if before == after, !isRenamed, isIndexed(change.old) == isIndexed(change.new) { return }
        let isReference =
            change.old.relation?.isEnforced == true || change.new.relation?.isEnforced == true
        if before == after, isRenamed, !isReference, isIndexed(change.old) == isIndexed(change.new)
        {
            try await editor.execute(
                "ALTER TABLE \(sql.quote(new.table)) RENAME COLUMN \(sql.quote(change.old.column))"
                    + " TO \(sql.quote(change.new.column))"
            )
            return
        }
        try await rebuild(for: change, old, new, editor: &editor)
        let types = (
            try editor.columnType(of: change.old, in: old),
            try editor.columnType(of: change.new, in: new)
        )
        let isTarget = change.old.isUniqueColumn || change.new.isUniqueColumn
        if isTarget, types.0 != types.1 || isRenamed {
            try await rebuildReferrers(of: change, old, new, editor: &editor)
        }
    }

    private func rebuild(
        for change: FieldChange,
        _ old: TableModel,
        _ new: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        var rebuild = SQLiteRebuild(from: old, to: new)
        let column = sql.quote(change.old.column)
        rebuild.sources[change.new.column] = column
        if change.old.isNullable, !change.new.isNullable {
            let fallback: String
            if let value = change.new.databaseDefault {
                fallback = try literal(value, for: change.new)
            } else if let expression = change.new.databaseDefaultExpression {
                fallback = "(\(try text(of: expression, in: new)))"
            } else {
                fallback = try literal(change.filler.fillerValue() ?? .null, for: change.filler)
            }
            rebuild.sources[change.new.column] = "coalesce(\(column), \(fallback))"
        }
        try await rebuild.run(self, &editor)
    }

    /// Columns that refer to a key have its type, so their tables are built anew when it changes;
    /// so are those that refer to such columns in turn.
    private func rebuildReferrers(
        of change: FieldChange,
        _ old: TableModel,
        _ new: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        var done: Set<String> = [new.table]
        var open = new.referrers(to: change.new)
        while let model = open.popLast() {
            guard done.insert(model.table).inserted else { continue }
            try await SQLiteRebuild(from: model, to: model).run(self, &editor)
            for column in model.columns where column.isUniqueColumn && column.isRelation {
                open += model.referrers(to: column)
            }
        }
    }

    func alterThrough(
        _ old: TableModel,
        as new: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        var sources: [String: String] = [:]
        for (before, after) in zip(old.columns, new.columns) {
            sources[after.column] = sql.quote(before.column)
        }
        if old.table == new.table {
            let same = try zip(old.columns, new.columns).allSatisfy { before, after in
                try before.column == after.column
                    && editor.columnDefinition(before, in: old)
                        == editor.columnDefinition(after, in: new)
            }
            if same { return }
            var rebuild = SQLiteRebuild(from: old, to: new)
            rebuild.sources = sources
            return try await rebuild.run(self, &editor)
        }
        try await editor.create(new)
        let columns = new.columns.map(\.column)
        let list = columns.map(sql.quote).joined(separator: ", ")
        let values = columns.compactMap { sources[$0] }.joined(separator: ", ")
        try await editor.execute(
            "INSERT INTO \(sql.quote(new.table)) (\(list)) SELECT \(values) FROM \(sql.quote(old.table))"
        )
        try await editor.delete(old)
    }

    func add(
        _ constraint: ConstraintSchema,
        to model: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        try await SQLiteRebuild(from: model, to: model).run(self, &editor)
    }

    func remove(
        _ constraint: ConstraintSchema,
        from model: TableModel,
        editor: inout SchemaEditor
    ) async throws {
        try await SQLiteRebuild(from: model, to: model).run(self, &editor)
    }

    /// Runs changes on one connection whose foreign keys are off, since a table that is built anew
    /// is dropped while others refer to it; all references are checked before it is done.
    func migrating(
        _ database: Database,
        atomically isAtomic: Bool,
        lockTimeout: Duration?,
        _ body: () async throws -> Void
    ) async throws {
        guard !database.isInTransaction else {
            throw DatabaseError.transactionMisused(
                "SQLite cannot migrate inside 'atomic': foreign keys cannot be switched off there."
            )
        }
        try await database.withConnection {
            try await withPatience(lockTimeout, in: database) {
                try await database.execute("PRAGMA foreign_keys = OFF")
                do {
                    try await change(database, atomically: isAtomic, body)
                } catch {
                    // What went wrong matters, not that the connection may be lost.
                    try? await MigrationTurn.uncancelled { try await restore(database) }
                    throw error
                }
                try await MigrationTurn.uncancelled { try await restore(database) }
            }
        }
    }

    /// Changes no tables, so that references stay as they are.
    func recording(
        _ database: Database,
        lockTimeout: Duration?,
        _ body: () async throws -> Void
    ) async throws {
        guard !database.isInTransaction else {
            throw DatabaseError.transactionMisused(
                "SQLite cannot change the records of migrations inside 'atomic': a process that "
                    + "migrates would wait for it, and it for that one."
            )
        }
        try await database.withConnection {
            try await withPatience(lockTimeout, in: database) {
                try await withFileLock(database) { try await database.atomic { try await body() } }
            }
        }
    }

    /// Lets the task's connection wait for others who write for a time of its own; nil for ever.
    private func withPatience(
        _ timeout: Duration?,
        in database: Database,
        _ body: () async throws -> Void
    ) async throws {
        let patience = timeout ?? .seconds(Int64(Int32.max))
        let before = try await database.setPatience(patience)
        do {
            try await body()
        } catch {
            _ = try? await MigrationTurn.uncancelled { try await database.setPatience(before) }
            throw error
        }
        _ = try await MigrationTurn.uncancelled { try await database.setPatience(before) }
    }

    private func change(
        _ database: Database,
        atomically isAtomic: Bool,
        _ body: () async throws -> Void
    ) async throws {
        try await withFileLock(database) {
            guard isAtomic else {
                try await body()
                return try await checkReferences(in: database)
            }
            try await database.atomic {
                try await body()
                try await checkReferences(in: database)
            }
        }
    }

    /// Runs changes while no other process has the lock of a file beside the database: without a
    /// transaction the database's own lock is free between statements, and one with a transaction
    /// must not come between them either.
    private func withFileLock(
        _ database: Database,
        _ body: () async throws -> Void
    ) async throws {
        let rows = try await database.rows(
            "SELECT file FROM pragma_database_list WHERE name = 'main'"
        )
        // A database in memory belongs to this process.
        guard case .text(let path)?? = rows.first?.first, !path.isEmpty else {
            return try await body()
        }
        let descriptor = open("\(path)-migrating", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DatabaseError.operational(
                "'\(path)-migrating', whose lock keeps others from migrating, cannot be made: "
                    + String(cString: strerror(errno)),
                statement: nil
            )
        }
        defer { close(descriptor) }
        try await MigrationTurn.wait(database) {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            // Another process has it.
            if errno == EWOULDBLOCK || errno == EINTR { return false }
            throw DatabaseError.operational(
                "'\(path)-migrating' cannot be locked: " + String(cString: strerror(errno)),
                statement: nil
            )
        }
        try await body()
    }

    private func restore(_ database: Database) async throws {
        try await database.execute("PRAGMA foreign_keys = ON")
    }

    private func checkReferences(in database: Database) async throws {
        guard let row = try await database.rows("PRAGMA foreign_key_check").first else { return }
        let text = { (index: Int) -> String in
            guard index < row.count else { return "?" }
            switch row[index] {
            case .text(let text): return text
            case .int(let number): return "\(number)"
            default: return "?"
            }
        }
        throw MigrationError.brokenReference(table: text(0), row: text(1), target: text(2))
    }
}

extension Database {
    /// Sets how long the task's connection waits for others who write; nil for what it was opened
    /// with.
    ///
    /// - Returns: what it was before.
    fileprivate func setPatience(_ patience: Duration?) async throws -> Duration? {
        // SQLite's own wait, which `PRAGMA busy_timeout` sets, does not end with the task.
        try await performWriting(SQLStatement("PRAGMA busy_timeout")) { connection in
            guard let connection = connection as? SQLiteConnection else { return nil }
            return connection.assumeIsolated { $0.setPatience(patience) }
        }
    }
}

extension TableModel {
    /// Whether an index or a constraint of the model names a field.
    fileprivate func mentions(_ field: FieldSchema) -> Bool {
        let inIndex = schema.indexes.contains {
            $0.fields.contains(field.name) || $0.fields.contains("-\(field.name)")
                || $0.expressions.contains { $0.fieldNames.contains(field.name) }
                || $0.condition != nil
        }
        let inConstraint = schema.constraints.contains {
            $0.fields.contains(field.name) || $0.condition != nil
                || $0.expressions.contains { $0.fieldNames.contains(field.name) }
        }
        let inGenerated = schema.fields.contains {
            $0.generated?.expression.fieldNames.contains(field.name) == true
        }
        return inIndex || inConstraint || inGenerated
            || schema.uniqueTogether.contains { $0.contains(field.name) }
    }
}
