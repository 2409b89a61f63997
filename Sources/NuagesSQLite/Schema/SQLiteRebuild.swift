import NuagesORM

/// Builds a table anew under another name, copies the rows and takes its place, as SQLite's
/// documentation asks ("Making Other Kinds Of Table Schema Changes"); indexes and triggers that
/// were made by hand come back afterwards.
struct SQLiteRebuild {
    /// What the name of the table that takes another's place begins with.
    static let prefix = "new__"

    let old: TableModel
    let new: TableModel
    /// What new columns are filled from, by column; those not named have their column of before.
    var sources: [String: String] = [:]

    init(from old: TableModel, to new: TableModel) {
        self.old = old
        self.new = new
    }

    /// All of it or nothing, in a migration without a transaction too.
    func run(_ dialect: SQLiteSchemaDialect, _ editor: inout SchemaEditor) async throws {
        guard let database = editor.database, !editor.isCollecting, !database.isInTransaction
        else { return try await rebuild(dialect, &editor) }
        try await database.atomic { try await rebuild(dialect, &editor) }
    }

    private func rebuild(
        _ dialect: SQLiteSchemaDialect,
        _ editor: inout SchemaEditor
    ) async throws {
        let quote = dialect.sql.quote
        let existing = try await editor.introspect(old.table)
        let known = try editor.indexShapes(of: old)
        let temporary = Self.prefix + new.table
        editor.forget(table: old.table)

        try await editor.execute(try editor.createTableText(new, named: temporary))
        let (columns, values) = copiedColumns(quote)
        if !columns.isEmpty {
            try await editor.execute(
                "INSERT INTO \(quote(temporary)) (\(columns.map(quote).joined(separator: ", ")))"
                    + " SELECT \(values.joined(separator: ", ")) FROM \(quote(old.table))"
            )
        }
        try await editor.execute("DROP TABLE \(quote(old.table))")
        // Otherwise SQLite would look for the dropped table in triggers of other tables.
        try await editor.executeSilently("PRAGMA legacy_alter_table = ON")
        try await editor.execute("ALTER TABLE \(quote(temporary)) RENAME TO \(quote(new.table))")
        try await editor.executeSilently("PRAGMA legacy_alter_table = OFF")

        try await editor.runIndexStatements(of: new)
        let names = Set(new.columns.map(\.column))
        for index in existing?.indexes ?? [] where !index.belongsToConstraint {
            guard let definition = index.definition, !known.contains(IndexShape(index)),
                index.columns.allSatisfy({ $0.map(names.contains) ?? false })
            else { continue }
            try await editor.execute(definition)
        }
        for trigger in existing?.triggers ?? [] { try await editor.execute(trigger) }
    }

    /// The columns that rows are copied to, and what from.
    private func copiedColumns(_ quote: (String) -> String) -> ([String], [String]) {
        let before = Set(old.columns.filter { $0.generated == nil }.map(\.column))
        var columns: [String] = []
        var values: [String] = []
        for field in new.columns where field.generated == nil {
            if let source = sources[field.column] {
                columns.append(field.column)
                values.append(source)
            } else if before.contains(field.column) {
                columns.append(field.column)
                values.append(quote(field.column))
            }
        }
        return (columns, values)
    }
}
