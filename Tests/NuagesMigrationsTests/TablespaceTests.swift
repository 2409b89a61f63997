import DatabaseTestSupport
import NuagesMySQL
import NuagesPostgreSQL
import NuagesSQLite
import Testing

@testable import NuagesORM

/// The statements are those that Django 6.1 writes.
@Suite struct TablespaceTests {
    private static var model: ModelSchema {
        var title = FieldSchema("title", .charField, maxLength: 20, isIndexed: true)
        title.databaseTablespace = "pg_default"
        var code = FieldSchema("code", .integerField, isUnique: true)
        code.databaseTablespace = "pg_default"
        var model = ModelSchema(
            app: "space",
            name: "Book",
            fields: [
                Polls.id, title, code, FieldSchema("number", .integerField, isUnique: true),
                FieldSchema("pages", .integerField, isIndexed: true),
                FieldSchema(
                    "friends",
                    .manyToManyField,
                    relation: Relation(to: "space.book", onDelete: .cascade)
                ),
            ]
        )
        model.databaseTablespace = "pg_global_like"
        model.indexes = [
            IndexSchema(["pages", "number"], name: "both"),
            IndexSchema(["title"], name: "one"),
            IndexSchema(["number"], name: "own", databaseTablespace: "mine"),
        ]
        model.constraints = [
            .unique(name: "some", fields: ["pages"], condition: Q("pages__gt", 3))
        ]
        return model
    }

    private func statements(_ dialect: any SchemaDialect) async throws -> [String] {
        let state = MigrationState([Self.model])
        var editor = SchemaEditor(collectingFor: dialect)
        for label in state.labels { try await editor.create(TableModel(label, in: state)) }
        try await editor.finish()
        return editor.collected
    }

    @Test func writesThemForPostgreSQL() async throws {
        let dialect = try PostgreSQLDatabase.open("postgresql:///none").schema
        let texts = try await statements(dialect)
        func text(_ part: String) throws -> String {
            try #require(texts.first { $0.contains(part) }, "\(part)")
        }
        let model = #"TABLESPACE "pg_global_like""#
        let table = try text(#"CREATE TABLE "space_book" "#)
        #expect(table.hasSuffix(") \(model);"))
        #expect(table.contains(#"PRIMARY KEY USING INDEX \#(model)"#))
        #expect(
            table.contains(#""code" integer NOT NULL UNIQUE USING INDEX TABLESPACE "pg_default""#)
        )
        #expect(table.contains(#""number" integer NOT NULL UNIQUE USING INDEX \#(model)"#))
        #expect(try text(#"CREATE TABLE "space_book_friends""#).hasSuffix(") \(model);"))
        #expect(try text(#"("title")"#).hasSuffix(#"("title") TABLESPACE "pg_default";"#))
        #expect(
            try text("varchar_pattern_ops").hasSuffix(
                #"("title" varchar_pattern_ops) TABLESPACE "pg_default";"#
            )
        )
        #expect(try text("space_book_pages_").hasSuffix(#"("pages") \#(model);"#))
        #expect(try text(#"INDEX "both""#).hasSuffix(#"("pages", "number") \#(model);"#))
        #expect(try text(#"INDEX "one""#).hasSuffix(#"("title") TABLESPACE "pg_default";"#))
        #expect(try text(#"INDEX "own""#).hasSuffix(#"("number") TABLESPACE "mine";"#))
        #expect(try !text(#"INDEX "some""#).contains("TABLESPACE"))
    }

    @Test func ignoresThemElsewhere() async throws {
        for dialect in [
            try SQLiteDatabase.open(path: ":memory:").schema,
            try MySQLDatabase.open("mysql://nobody@localhost/none").schema,
        ] {
            let texts = try await statements(dialect)
            #expect(!texts.isEmpty && texts.allSatisfy { !$0.contains("TABLESPACE") })
        }
    }

    @Test(.enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"))
    func makesTables() async throws {
        var model = Self.model
        model.databaseTablespace = "pg_default"
        model.indexes[2].databaseTablespace = "pg_default"
        let database = try await TestBackend.postgresql.open()
        try await database.make(MigrationState([model]))
        await #expect(throws: DatabaseError.self) {
            var elsewhere = model
            elsewhere.name = "Elsewhere"
            elsewhere.indexes = []
            elsewhere.constraints = []
            elsewhere.databaseTablespace = "no_such_space"
            try await database.make(MigrationState([model, elsewhere]))
        }
        await database.close()
    }
}
