import DatabaseTestSupport
import NuagesContrib
import NuagesHTTP
import NuagesORM
import Synchronization
import Testing

@Suite struct DatabaseUploadProgressTests {
    private static let id = "0123456789abcdef0123456789abcdef"

    private func with(
        _ backend: TestBackend,
        _ body: (Database) async throws -> Void
    ) async throws {
        let database = try await backend.open()
        let executor = try await MigrationExecutor(
            database,
            migrations: UploadProgressApp().migrations,
            unmigratedApps: []
        )
        try await executor.migrate()
        try await body(database)
        await database.close()
    }

    @Test(arguments: TestBackend.available)
    func anotherProcessIsTold(_ backend: TestBackend) async throws {
        try await with(backend) { database in
            let receiving = DatabaseUploadProgressStore(database: database)
            let asking = DatabaseUploadProgressStore(database: database)
            var progress = UploadProgress(total: 10)
            #expect(try await asking.progress(of: Self.id) == nil)
            #expect(try await receiving.begin(Self.id, progress))
            #expect(try await asking.progress(of: Self.id) == progress)
            #expect(try await !receiving.begin(Self.id, progress), "The id is in use.")
            progress.received = 5_000_000_000
            progress.total = nil
            progress.field = "film"
            progress.file = "\u{1F3AC} a.mp4"
            try await receiving.note(progress, of: Self.id)
            #expect(try await asking.progress(of: Self.id) == progress)
            progress.state = .finished
            progress.file = "n\0" + String(repeating: "n", count: 200)
            try await receiving.note(progress, of: Self.id)
            let last = try #require(try await asking.progress(of: Self.id))
            #expect(last.isOver)
            #expect(last.file == String(repeating: "n", count: 100))
            // Who knows the table asks for no upload.
            let keys = try await database.rows("SELECT * FROM uploadprogress_uploadnote")
            #expect(!"\(keys)".contains(Self.id))
        }
    }

    @Test(arguments: TestBackend.available)
    func forgets(_ backend: TestBackend) async throws {
        try await with(backend) { database in
            let time = Mutex(1_800_000_000)
            let store = DatabaseUploadProgressStore(database: database, capacity: 2) {
                time.withLock { $0 }
            }
            #expect(try await store.begin(Self.id + "0", UploadProgress()))
            #expect(try await store.begin(Self.id + "1", UploadProgress()))
            #expect(try await !store.begin(Self.id + "2", UploadProgress()))
            time.withLock { $0 += 61 }
            #expect(try await store.progress(of: Self.id + "0") == nil)
            #expect(try await store.begin(Self.id + "2", UploadProgress()))
            try await store.note(UploadProgress(total: 1), of: Self.id + "0")
            #expect(try await store.progress(of: Self.id + "0") == nil)
            let rows = try await database.rows("SELECT * FROM uploadprogress_uploadnote")
            #expect(rows.count == 1)
        }
    }

    /// Notes are seen at once, and stay, whatever becomes of the transaction of a view.
    @Test(arguments: TestBackend.available.filter { $0 != .sqlite })
    func isSeenOutsideOfTransactions(_ backend: TestBackend) async throws {
        try await with(backend) { database in
            struct Undo: Error {}
            let store = DatabaseUploadProgressStore()
            try await database.use { () async throws in
                await #expect(throws: Undo.self) {
                    try await database.atomic {
                        #expect(try await store.begin(Self.id, UploadProgress(total: 3)))
                        throw Undo()
                    }
                }
                #expect(try await store.progress(of: Self.id)?.total == 3)
            }
        }
    }
}
