import DatabaseTestSupport
import NuagesORM
import Synchronization
import Testing

@Suite("Several query sets sent together")
struct SetsTogetherTests {
    @Test("Each set has its own rows, in its order", arguments: TestBackend.installed)
    func fetchesEachSet(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            let lists = try await QuerySet.all(of: [
                Choice.objects.filter { $0.votes > 4 }.order { $0.votes.ascending },
                Choice.objects.filter { $0.votes > 100 },
                Choice.objects.none(),
                Choice.objects.selectRelated { $0.question }.filter { $0.votes == 1 },
                Choice.objects.order { $0.votes.descending }.limit(1),
            ])
            #expect(lists.map { $0.map(\.votes) } == [[5, 7], [], [], [1], [7]])
            #expect(lists[0].first?.question.loaded == nil)
            #expect(lists[3].first?.question.loaded?.questionText == "100% <sure>")
            #expect(try await QuerySet<Choice>.all(of: []).isEmpty)
        }
    }

    @Test("What a set prefetches is loaded for its rows only", arguments: TestBackend.installed)
    func prefetches(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            let (lists, log) = try await Database.capturingQueries {
                try await QuerySet.all(of: [
                    Question.objects.prefetch(\.choices).order(by: "id"),
                    Question.objects.order(by: "-id").limit(1),
                ])
            }
            #expect(lists[0].map { $0.choices.loaded?.count } == [3, 2, 0])
            #expect(lists[1].map { $0.choices.loaded?.count } == [nil])
            #expect(log.texts.count == 3)
        }
    }

    @Test(
        "A mistake in one set, or a statement that fails, is thrown",
        arguments: TestBackend.installed
    )
    func throwsErrors(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.filled(backend)
        try await database.use { () async throws in
            await #expect(throws: FieldError.self) {
                try await QuerySet.all(of: [Choice.objects, Choice.objects.order(by: "nowhere")])
            }
            try await database.execute("DROP TABLE polls_book")
            await #expect(throws: DatabaseError.self) {
                try await QuerySet.all(of: [Book.objects, Book.objects.limit(1)])
            }
            #expect(try await Choice.objects.count() == 5)
        }
    }

    @Test("Sets of several databases are fetched from each", arguments: TestBackend.installed)
    func usesTheDatabaseOfEachSet(_ backend: TestBackend) async throws {
        let (first, second) = (
            try await TestDatabase.filled(backend), try await TestDatabase.polls(backend)
        )
        let lists = try await QuerySet.all(of: [
            Choice.objects.using(second), Choice.objects.using(first), Choice.objects.using(second),
        ])
        #expect(lists.map(\.count) == [0, 5, 0])
    }

    @Test("Observers are told of each statement", arguments: TestBackend.installed)
    func tellsObserversOfEachStatement(_ backend: TestBackend) async throws {
        let name = "together-\(backend)"
        let database = try await backend.open().configured(name: name)
        try await TestDatabase.makeTables(database)
        let observer = CountingObserver(name)
        let observation = Database.observe(with: observer)
        defer { observation.cancel() }
        let start = observer.count
        _ = try await QuerySet.all(of: [
            Choice.objects.using(database), Choice.objects.using(database).limit(1),
        ])
        #expect(observer.count - start == 2)
    }
}

/// Counts the statements of a database.
private final class CountingObserver: DatabaseObserver {
    private let name: String
    private let total = Mutex(0)

    init(_ name: String) { self.name = name }

    var count: Int { total.withLock { $0 } }

    func ended(_ query: ObservedQuery) {
        if query.database == name { total.withLock { $0 += 1 } }
    }
}
