import Foundation
import Nuages
import NuagesSQLite

/// What the commands of migrations take where there are 500 of them in 30 apps.
///
///     swift run -c release MigrationBench
@main
struct MigrationBench {
    static func main() async throws {
        let migrations = History.migrations
        print("\(migrations.count) migrations in \(History.appCount) apps")
        let graph = try await measure("the graph", limit: 50) {
            try MigrationLoader(migrations).graph
        }
        let path = "\(FileManager.default.temporaryDirectory.path)/migration-bench.sqlite3"
        for ending in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: path + ending)
        }
        let database = try SQLiteDatabase.open(path: path)
        let start = ContinuousClock.now
        try await MigrationExecutor(database, migrations: migrations).migrate()
        print("migrate, all of them: \(text(ContinuousClock.now - start))")
        _ = try await measure("migrate, nothing to do", limit: 150) {
            try await MigrationExecutor(database, migrations: migrations).migrate()
        }
        let models = try graph.state().orderedModels.map { schema in
            var schema = schema
            if schema.name == "Model0" {
                schema.fields.append(FieldSchema("added", .integerField, isNullable: true))
            }
            return schema
        }
        let found = try await measure("makemigrations", limit: 300) {
            let loader = try MigrationLoader(migrations)
            let changes = try MigrationAutodetector(
                from: loader.graph.state(),
                to: MigrationState(models)
            ).changes(graph: loader.graph)
            return changes.values.joined().map { MigrationWriter().file($0) }
        }
        print("files written by makemigrations: \(found.count)")
        await database.close()
    }

    /// The median of some runs, which a limit has to hold.
    private static func measure<Result>(
        _ name: String,
        limit: Int,
        _ body: () async throws -> Result
    ) async throws -> Result {
        var result = try await body()
        var times: [Duration] = []
        for _ in 0..<15 {
            let start = ContinuousClock.now
            result = try await body()
            times.append(ContinuousClock.now - start)
        }
        let median = times.sorted()[times.count / 2]
        print("\(name): \(text(median))\(median < .milliseconds(limit) ? "" : " TOO SLOW")")
        return result
    }

    private static func text(_ duration: Duration) -> String {
        "\((duration / .milliseconds(0.01)).rounded() / 100) ms"
    }
}

/// The history of a large site.
private enum History {
    static let appCount = 30
    private static let perApp = 17

    private static let id = FieldSchema("id", .bigAutoField, isPrimaryKey: true)

    /// Five models an app, each with a key to one of the app before, then changes of them.
    static let migrations: [Migration] = (0..<appCount).flatMap { number -> [Migration] in
        let app = "app\(number)"
        let count = number < 20 ? perApp : perApp - 1
        return (1...count).map { step in
            let name = String(format: "%04d_step", step)
            var dependencies: [MigrationKey] = []
            if step > 1 {
                dependencies = [MigrationKey(app, String(format: "%04d_step", step - 1))]
            } else if number > 0 {
                dependencies = [MigrationKey("app\(number - 1)", "0001_step")]
            }
            var migration = Migration(
                app: app,
                name: name,
                isInitial: step == 1,
                dependencies: dependencies
            ) {}
            migration.operations = step == 1 ? models(number) : change(step)
            return migration
        }
    }

    private static func models(_ app: Int) -> [any MigrationOperation] {
        (0..<5).map { number in
            var fields = [id, FieldSchema("name", .charField, maxLength: 100)]
            fields += (0..<6).map { FieldSchema("value\($0)", .integerField, isNullable: true) }
            if app > 0 {
                fields.append(
                    FieldSchema(
                        "owner",
                        .foreignKey,
                        relation: Relation(to: "app\(app - 1).model\(number)", onDelete: .cascade)
                    )
                )
            }
            return CreateModel("Model\(number)", fields: fields)
        }
    }

    private static func change(_ step: Int) -> [any MigrationOperation] {
        let model = "model\(step % 5)"
        return [
            AddField(model, FieldSchema("field\(step)", .integerField, isNullable: true)),
            AddField(
                model,
                FieldSchema("text\(step)", .charField, maxLength: 20, isNullable: true)
            ),
        ]
    }
}
