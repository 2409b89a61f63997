import NuagesSQLite

@testable import NuagesORM

/// The models of the tutorial and steps on the way to them.
enum Polls {
    static let id = FieldSchema(
        "id",
        .bigAutoField,
        isPrimaryKey: true,
        verboseName: "ID",
        isAutoCreated: true,
        isSerialized: false
    )

    static let question = model(
        "Question",
        id,
        FieldSchema("question_text", .charField, maxLength: 200),
        FieldSchema("pub_date", .dateTimeField, verboseName: "date published")
    )

    static let choice = model(
        "Choice",
        id,
        FieldSchema(
            "question",
            .foreignKey,
            relation: Relation(to: "polls.question", onDelete: .cascade)
        ),
        FieldSchema("choice_text", .charField, maxLength: 200),
        FieldSchema("votes", .integerField, defaultValue: .value(.int(0)))
    )

    static func model(_ name: String, _ fields: FieldSchema...) -> ModelSchema {
        ModelSchema(app: "polls", name: name, fields: fields)
    }

    static var state: MigrationState { MigrationState([question, choice]) }

    /// A database in memory.
    static func database() throws -> Database { try SQLiteDatabase.open(path: ":memory:") }
}

extension Database {
    /// Makes the tables of a state.
    func make(_ state: MigrationState) async throws {
        var editor = try SchemaEditor(self)
        for label in state.labels { try await editor.create(TableModel(label, in: state)) }
        try await editor.finish()
    }

    /// Runs operations of the app `polls` as a migration and returns the state after them.
    @discardableResult
    func run(
        _ operations: [any MigrationOperation],
        from state: MigrationState
    ) async throws -> MigrationState {
        var migration = Migration(app: "polls", name: "0002_test") {}
        migration.operations = operations
        var after = state
        try migration.mutate(&after)
        try await schema.migrating(self, atomically: true) {
            var editor = try SchemaEditor(self)
            try await migration.apply(from: state, editor: &editor) { _ in }
            try await editor.finish()
        }
        return after
    }

    /// Undoes operations of the app `polls` that lead away from `state`.
    func undo(_ operations: [any MigrationOperation], to state: MigrationState) async throws {
        var migration = Migration(app: "polls", name: "0002_test") {}
        migration.operations = operations
        try await schema.migrating(self, atomically: true) {
            var editor = try SchemaEditor(self)
            try await migration.unapply(to: state, editor: &editor) { _ in }
            try await editor.finish()
        }
    }

    /// The definitions of all tables and indexes, in one order.
    func definitions() async throws -> [String] {
        let rows = try await rows(
            """
            SELECT sql FROM sqlite_master
            WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' AND name <> 'django_migrations'
            ORDER BY type DESC, name
            """
        )
        return rows.compactMap { row in
            if case .text(let text)? = row.first { text } else { nil }
        }
    }
}
