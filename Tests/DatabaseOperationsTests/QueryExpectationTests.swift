import NuagesTesting
import Testing

@testable import NuagesORM
@testable import NuagesViews

/// Counting queries, and finding those that are made again and again.
@Suite struct QueryExpectationTests {
    private static func filled(_ body: () async throws -> Void) async throws {
        let database = try SQLiteDatabaseForTests.open()
        try await Tables.make(in: database)
        try await database.use { () async throws in
            for name in ["a", "b", "c", "d", "e"] {
                let writer = try await Writer(name: name).saved()
                try await Note(writer: writer.asReference, text: "by \(name)").saved()
            }
            try await body()
        }
        await database.close()
    }

    @Test func countsQueries() async throws {
        try await Self.filled { () async throws in
            let names = try await expectQueries(1) { try await Writer.objects.valuesList(\.name) }
            #expect(names.count == 5)
            let error = await #expect(throws: QueryExpectationError.self) {
                try await expectQueries(1) {
                    _ = try await Writer.objects.count()
                    _ = try await Note.objects.exists()
                }
            }
            let text = "\(try #require(error))"
            #expect(
                text.hasPrefix("1 queries were expected, and 2 were made:\n  1. SELECT COUNT(*)")
            )
            #expect(text.contains("\n  2. SELECT "))
            await #expect(throws: QueryExpectationError.self) { try await expectQueries(3) {} }
            // Inner logs take nothing from outer ones.
            try await expectQueries(2) {
                try await expectQueries(1) { _ = try await Writer.objects.count() }
                _ = try await Writer.objects.count()
            }
        }
    }

    @Test func findsLoopsThatQuery() async throws {
        try await Self.filled { () async throws in
            let error = await #expect(throws: QueryExpectationError.self) {
                try await expectNoRepeatedQueries {
                    for note in try await Note.objects.all() { _ = try await note.writer.get() }
                }
            }
            let text = "\(try #require(error))"
            #expect(text.contains("\n  5 times: SELECT "))
            #expect(text.contains("selectRelated for a foreign key, prefetch for many rows"))
            try await expectNoRepeatedQueries {
                for note in try await Note.objects.selectRelated(\.writer).all() {
                    _ = try await note.writer.get()
                }
            }
        }
    }

    @Test(arguments: [
        ("INSERT INTO x", "bulkCreate"), ("UPDATE x", "bulkUpdate"), ("DELETE FROM x", "delete"),
        ("SELECT 1", "selectRelated"), ("", "selectRelated"),
    ])
    func saysWhatToDo(text: String, remedy: String) {
        #expect(RepeatedQuery(text: text, count: 9).remedy.contains(remedy))
    }

    #if os(Linux)
    @Test func namesTheLineOfTheLoop() async throws {
        try await Self.filled { () async throws in
            let watch = RepetitionWatch(limit: 3)
            let log = QueryLog { watch.note($0.text) }
            try await Database.logging(to: log) {
                for note in try await Note.objects.all() { _ = try await note.writer.get() }
            }
            let repeated = try #require(log.repeatedQueries(atLeast: 3).first)
            #expect(repeated.count == 5)
            let place = try #require(await watch.place(of: repeated.text))
            #expect(place.contains("/QueryExpectationTests.swift:"))
            #expect(await watch.place(of: log.texts[0]) == nil)
        }
    }
    #endif
}
