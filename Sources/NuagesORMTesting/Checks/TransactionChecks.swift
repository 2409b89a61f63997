import NuagesCore
import NuagesORM

extension BackendConformance {
    static let transactions: [Check] = [
        Check("commitsAndRollsBack", commitAndRollBack),
        Check("rollsBackToSavepoints", rollBackInner),
        Check("goesOnAfterARefusedStatement", goOnAfterRefusal),
        Check("runsHooksAfterTheCommit", runHooks),
        Check("readsOnlyWhereItOnlyReads", readOnly),
    ]

    private static func names() async throws -> [String] {
        try await Shelf.objects.order(by: "name").all().map(\.name)
    }

    @Sendable private static func commitAndRollBack(_ database: Database) async throws {
        try await makeTables(database)
        try await database.atomic { _ = try await Shelf.objects.create(Shelf(name: "kept")) }
        try await expectError("A block that fails", .stop) {
            try await database.atomic {
                try await Shelf.objects.create(Shelf(name: "lost"))
                try expect(try await names(), ["kept", "lost"], "The rows inside of the block")
                throw Stop()
            }
        }
        try expect(try await names(), ["kept"], "The rows afterwards")
        try await database.atomic {}
        try expect(database.isInTransaction, false, "Whether a transaction is open")
    }

    @Sendable private static func rollBackInner(_ database: Database) async throws {
        try await makeTables(database)
        try await database.atomic {
            try await Shelf.objects.create(Shelf(name: "a"))
            try? await database.atomic {
                try await Shelf.objects.create(Shelf(name: "b"))
                try await database.atomic { _ = try await Shelf.objects.create(Shelf(name: "c")) }
                throw Stop()
            }
            try await database.atomic { _ = try await Shelf.objects.create(Shelf(name: "d")) }
        }
        try expect(try await names(), ["a", "d"], "The rows of blocks that went well")
    }

    @Sendable private static func goOnAfterRefusal(_ database: Database) async throws {
        try await makeTables(database)
        try await database.atomic {
            try await Shelf.objects.create(Shelf(name: "a"))
            try await expectError("A second row of that name", .violation(.unique)) {
                try await database.atomic { _ = try await Shelf.objects.create(Shelf(name: "a")) }
            }
            try await Shelf.objects.create(Shelf(name: "b"))
        }
        try expect(try await names(), ["a", "b"], "The rows around the one that was refused")
    }

    private actor Notes {
        var list: [String] = []
        func add(_ note: String) { list.append(note) }
    }

    @Sendable private static func runHooks(_ database: Database) async throws {
        try await makeTables(database)
        let notes = Notes()
        try await database.atomic {
            try await database.onCommit { await notes.add("outer") }
            try? await database.atomic {
                try await database.onCommit { await notes.add("lost") }
                throw Stop()
            }
            try expect(await notes.list, [], "Hooks before the commit")
        }
        try expect(await notes.list, ["outer"], "Hooks after the commit")
    }

    @Sendable private static func readOnly(_ database: Database) async throws {
        try await makeTables(database)
        // There a transaction that only reads is one that waits for no writer.
        guard !database.features.hasSingleWriter else { return }
        try await expectError(
            "Writing in a transaction that only reads",
            .database
        ) {
            try await database.atomic(mode: .read) {
                _ = try await Shelf.objects.create(Shelf(name: "a"))
            }
        }
        let count = try await database.atomic(mode: .read) { try await Shelf.objects.count() }
        try expect(count, 0, "The rows")
    }
}

/// What ends a block on purpose.
private struct Stop: Error {}

extension BackendConformance.ExpectedError {
    fileprivate static let stop = Self { $0 is Stop }
}
