import DatabaseTestSupport
import NuagesCore
import NuagesORM
import NuagesPostgreSQL
import Testing

@Model(app: "racing")
struct Racer {
    @Field(maxLength: 20, unique: true) var name: String
    var laps = 0
}

@Suite("Tasks that get or create the same row", .serialized, .timeLimit(.minutes(3)))
struct RacingTests {
    private func empty(_ backend: TestBackend) async throws -> Database {
        let database = try await backend.open()
        try await database.makeTables(Racer.self)
        return database
    }

    @Test("One of them creates it, and all get it", arguments: TestBackend.installed)
    func manyTasks(_ backend: TestBackend) async throws {
        let database = try await empty(backend)
        try await database.use { () async throws in
            let results = try await withThrowingTaskGroup(of: (Racer, Bool).self) { group in
                for number in 0..<16 {
                    group.addTask {
                        let set = Racer.objects.filter { $0.name == "a" }
                        if number.isMultiple(of: 2) {
                            return try await set.getOrCreate(Racer(name: "a"))
                        }
                        return try await set.updateOrCreate(Racer(name: "a", laps: 1)) {
                            $0.laps += 1
                        }
                    }
                }
                var results: [(Racer, Bool)] = []
                for try await result in group { results.append(result) }
                return results
            }
            #expect(results.count == 16)
            #expect(results.count(where: \.1) == 1)
            #expect(Set(results.map(\.0.id)).count == 1)
            // Eight tasks each add one, whether they create the row or find it.
            #expect(try await Racer.objects.get().laps == 8)
        }
        await database.close()
    }

    /// Somebody else is faster between the look and the insertion, by a connection of its own.
    @Test(
        "A row that another has just created is the one that is got",
        .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed")
    )
    func anotherIsFaster() async throws {
        let url = try await PostgreSQLServer.common().makeDatabase()
        let database = try PostgreSQLDatabase.open(url, name: "slow")
        let other = try PostgreSQLDatabase.open(url, name: "fast")
        try await database.makeTables(Racer.self)
        let connection = Racer.preSave.connect { racer, event in
            guard event.database.name == "slow", racer.id == .unsaved else { return }
            _ = try await Racer.objects.using(other).bulkCreate([Racer(name: racer.name, laps: 5)])
        }
        defer { connection.disconnect() }
        try await database.use { () async throws in
            let got = try await Racer.objects.filter { $0.name == "a" }
                .getOrCreate(Racer(name: "a"))
            #expect(!got.isNew && got.model.laps == 5)
            let updated = try await Racer.objects.filter { $0.name == "b" }
                .updateOrCreate(Racer(name: "b")) { $0.laps += 1 }
            #expect(!updated.isNew && updated.model.laps == 6)
            #expect(try await Racer.objects.count() == 2)
        }
        await database.close()
        await other.close()
    }
}
