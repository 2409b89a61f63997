import DatabaseTestSupport
import NuagesCore
import Testing

@testable import NuagesORM

@Model(app: "required", requiredDatabaseVendor: "postgresql")
struct PostgreSQLOnly {
    @Field(kind: .charField) var name: String
}

@Model(app: "required", requiredDatabaseFeatures: [.supportsPartialIndexes, .supportsComments])
struct Commented {
    var number: Int
}

@Model(app: "required", requiredDatabaseFeatures: ["knows_everything"])
struct Oracle {
    var number: Int
}

@Suite("Models that need a kind of database")
struct RequiredDatabaseTests {
    private func hasTable(_ model: any Model.Type, in database: Database) async throws -> Bool {
        do {
            return try await DynamicQuery(model).using(database).count() == 0
        } catch is DatabaseError {
            return false
        }
    }

    @Test(
        "A table is made only where the database is what the model needs",
        arguments: TestBackend.installed
    )
    func makesTables(_ backend: TestBackend) async throws {
        let database = try await backend.open()
        try await database.makeTables(PostgreSQLOnly.self, Commented.self, Oracle.self)
        let isPostgreSQL = backend == .postgresql
        #expect(try await hasTable(PostgreSQLOnly.self, in: database) == isPostgreSQL)
        #expect(try await hasTable(Commented.self, in: database) == isPostgreSQL)
        #expect(try await !hasTable(Oracle.self, in: database))
        // What changes the model later leaves such a database alone, too.
        let state = MigrationState([PostgreSQLOnly.schema])
        let model = try TableModel("required.postgresqlonly", in: state)
        var editor = try SchemaEditor(database)
        #expect(editor.migrates(model) == isPostgreSQL)
        try await editor.delete(model)
        try await editor.finish()
        #expect(try await !hasTable(PostgreSQLOnly.self, in: database))
    }

    @Test("What a database cannot do is no mistake of a model that is not there")
    func checks() async throws {
        for backend in TestBackend.installed {
            let group = DatabaseGroup(["default": try await backend.open()])
            #expect(ModelRegistry.check([PostgreSQLOnly.self], on: group).isEmpty, "\(backend)")
        }
    }

    @Test("Migrations keep what a model needs")
    func writesMigrations() {
        let migration = Migration(app: "required", name: "0001_initial") {
            CreateModel(Commented.schema)
            CreateModel(PostgreSQLOnly.schema)
        }
        let text = MigrationWriter(modules: ["NuagesORM"]).file(migration).text
        for line in [
            #"requiredDatabaseFeatures = ["supports_partial_indexes", "supports_comments"]"#,
            #"requiredDatabaseVendor = "postgresql""#,
        ] { #expect(text.contains(line)) }
    }
}
