import NuagesCore
import NuagesORM

extension BackendConformance {
    static let connections: [Check] = [
        Check("readsRowsInPieces", readInPieces), Check("runsTasksSideBySide", runSideBySide),
        Check("losesNoUpdate", loseNoUpdate), Check("endsCancelledStatements", endCancelled),
        Check("tellsOfWrongStatements", tellOfMistakes),
        Check("resetsSettings", useConnectionAgain),
    ]

    @Sendable private static func readInPieces(_ database: Database) async throws {
        try await makeTables(database)
        try await Shelf.objects.bulkCreate((0..<250).map { Shelf(name: "\($0)", floor: $0) })
        var floors: [Int] = []
        for try await shelf in try Shelf.objects.order(by: "floor").iterator(chunkSize: 40) {
            floors.append(shelf.floor)
        }
        try expect(floors, Array(0..<250), "Rows that were read in pieces")
        // Others run while the rows stand; what is left is given up.
        try await database.atomic {
            for try await shelf in try Shelf.objects.order(by: "floor").iterator(chunkSize: 7) {
                try expect(try await Shelf.objects.count(), 250, "The number of rows meanwhile")
                if shelf.floor == 20 { break }
            }
        }
        try expect(try await Shelf.objects.count(), 250, "The number of rows afterwards")
    }

    @Sendable private static func runSideBySide(_ database: Database) async throws {
        try await makeTables(database)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<32 {
                group.addTask {
                    let shelf = try await Shelf.objects.create(Shelf(name: "\(number)"))
                    let found = try await Shelf.objects.get(shelf.id)
                    try expect(found.name, "\(number)", "A row among those of others")
                }
            }
            try await group.waitForAll()
        }
        try expect(try await Shelf.objects.count(), 32, "The rows of all tasks")
    }

    @Sendable private static func loseNoUpdate(_ database: Database) async throws {
        try await makeTables(database)
        let shelf = try await Shelf.objects.create(Shelf(name: "a"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await database.atomic {
                        _ = try await DynamicQuery(Shelf.self).locked().get()
                        _ = try await DynamicQuery(Shelf.self).update([
                            (name: "floor", value: .combined(.field("floor"), .add, 1))
                        ])
                    }
                }
            }
            try await group.waitForAll()
        }
        try expect(try await Shelf.objects.get(shelf.id).floor, 20, "The sum of all updates")
    }

    /// A statement that would run for hours ends with its task, and its connection is used again.
    @Sendable private static func endCancelled(_ database: Database) async throws {
        try await makeTables(database)
        try await Shelf.objects.bulkCreate((0..<1000).map { Shelf(name: "\($0)", floor: $0) })
        let table: SQL = "\(identifier: "conformance_shelf")"
        let slow: SQL = """
            SELECT COUNT(*) FROM \(sql: table) a, \(sql: table) b, \(sql: table) c, \(sql: table) d \
            WHERE a.floor + b.floor + c.floor + d.floor = \(-1)
            """
        let started = AsyncStream<Void>.makeStream()
        let task = Task {
            try await database.atomic {
                try await Shelf.objects.create(Shelf(name: "lost"))
                started.continuation.finish()
                _ = try await database.rows(slow)
            }
        }
        for await _ in started.stream {}
        // It is right at any time; most of all it should reach a statement that runs.
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        try await expectError("A cancelled statement", .cancellation) {
            try await task.value
        }
        try expect(try await Shelf.objects.count(), 1000, "The rows afterwards")
    }

    @Sendable private static func tellOfMistakes(_ database: Database) async throws {
        try await makeTables(database)
        for statement: SQL in ["SELEC 1", "SELECT * FROM nowhere_at_all", "SELECT nothing_at_all"] {
            try await expectError("A statement that is wrong", .programming) {
                _ = try await database.rows(statement)
            }
        }
        try expect(try await database.rows("SELECT \(7)"), [[.int(7)]], "A statement afterwards")
    }

    @Sendable private static func useConnectionAgain(_ database: Database) async throws {
        try await makeTables(database)
        for _ in 0..<3 {
            try await database.withConnection {
                _ = try await Shelf.objects.count()
                try expect(try await database.rows("SELECT \(1)"), [[.int(1)]], "A statement")
            }
        }
        try expect(try await Shelf.objects.count(), 0, "The rows")
    }
}
