import DatabaseTestSupport
import Foundation
import NuagesCore
import NuagesFiles
import NuagesORM
import Synchronization
import Testing

/// No file goes with a row that may be there, and none of another row.
@Suite struct LostFilesTests {
    private let secret = InMemoryStorage()

    private struct Undo: Error {}

    private func with(
        _ backend: TestBackend,
        _ storage: any Storage,
        _ body: (Database) async throws -> Void
    ) async throws {
        let database = try await backend.open()
        try await Storages(["default": storage, "private": secret]).use {
            try await database.use {
                var editor = try SchemaEditor(database)
                let state = MigrationState([Picture.schema, Report.schema])
                for label in state.labels { try await editor.create(TableModel(label, in: state)) }
                try await editor.finish()
                try await body(database)
            }
        }
        await database.close()
    }

    private func picture(_ title: String, _ text: String, _ name: String = "cat.txt") -> Picture {
        Picture(title: title, paper: FieldFile(File(text, name: name)))
    }

    private func text(_ storage: any Storage, _ name: String) async throws -> String {
        let bytes = try await storage.open(name).bytes(upTo: 100) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Storages that replace files

    /// A storage that replaces files, whose `private` files are those of the pictures.
    private func replacing(
        _ backend: TestBackend,
        _ body: (Database, FileSystemStorage) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "nuages-lost-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let storage = FileSystemStorage(root: folder, allowsOverwrite: true)
        try await with(backend, InMemoryStorage()) { database in
            try await Storages(["default": storage, "private": storage]).use {
                try await body(database, storage)
            }
        }
    }

    @Test(arguments: TestBackend.installed)
    func replacesNoFileForARowThatIsRefused(_ backend: TestBackend) async throws {
        try await replacing(backend) { database, storage in
            var first = picture("same", "first")
            try await first.save()
            #expect(first.paper.name == "papers/cat.txt" && first.paper.isCommitted)
            var second = picture("same", "second")
            await #expect(throws: DatabaseError.self) { try await second.save() }
            #expect(try await text(storage, "papers/cat.txt") == "first")
            var row = try ModelOutline(Picture.self).newRow()
            row.set("title", to: .text("same"))
            try row.setFile("paper", to: FieldFile(File("third", name: "cat.txt")))
            let start = row
            await #expect(throws: DatabaseError.self) {
                var row = start
                try await row.save()
            }
            await #expect(throws: DatabaseError.self) {
                try await Picture.objects.bulkCreate([picture("same", "fourth")])
            }
            #expect(try await text(storage, "papers/cat.txt") == "first")
            #expect(!second.paper.isCommitted)
            second.title = "other"
            try await second.save()
            #expect(second.paper.name == "papers/cat.txt" && second.paper.isCommitted)
            #expect(try await text(storage, "papers/cat.txt") == "second")
            try await Picture.objects.bulkCreate([picture("many", "fifth")])
            #expect(try await text(storage, "papers/cat.txt") == "fifth")
        }
    }

    @Test("Hooks find the files of the rows, and none keeps a file from its row")
    func bringsFilesBeforeHooks() async throws {
        try await replacing(.sqlite) { database, storage in
            let found = Mutex<[String]>([])
            await #expect(throws: Undo.self) {
                try await database.atomic {
                    try await database.onCommit {
                        let text = try await text(storage, "papers/cat.txt")
                        found.withLock { $0.append(text) }
                    }
                    try await database.onCommit { throw Undo() }
                    var picture = picture("a", "new")
                    try await picture.save()
                    let path = try picture.paper.path
                    #expect(path?.hasSuffix("papers/cat.txt") == true)
                }
            }
            #expect(found.withLock { $0 } == ["new"])
            let saved = try await Picture.objects.all()
            #expect(saved.map(\.paper.name) == ["papers/cat.txt"])
        }
    }

    @Test("A row that may be passed over replaces no file", arguments: TestBackend.installed)
    func refusesReplacingInBulk(_ backend: TestBackend) async throws {
        try await replacing(backend) { database, storage in
            var first = picture("same", "first")
            try await first.save()
            await #expect(throws: UsageError.self) {
                try await Picture.objects.bulkCreate(
                    [picture("same", "second")],
                    ignoringConflicts: true
                )
            }
            #expect(try await text(storage, "papers/cat.txt") == "first")
        }
    }

    @Test(
        "A save that fails in a transaction which goes on takes its row along",
        arguments: TestBackend.installed
    )
    func keepsRowAndFileTogether(_ backend: TestBackend) async throws {
        try await with(backend, InMemoryStorage()) { database in
            var first = picture("same", "first")
            try await first.save()
            try await database.atomic {
                var second = picture("same", "second", "dog.txt")
                await #expect(throws: DatabaseError.self) { try await second.save() }
                #expect(!second.paper.isCommitted)
                var third = picture("third", "third", "cow.txt")
                try await third.save()
            }
            let names = try await Picture.objects.order(by: "id").all().map(\.paper.name)
            #expect(names == ["papers/cat.txt", "papers/cow.txt"])
            for name in names { #expect(try await secret.exists(name)) }
            #expect(try await !secret.exists("papers/dog.txt"))
        }
    }

    @Test(arguments: TestBackend.installed)
    func replacesAFileOnceTheRowIsCommitted(_ backend: TestBackend) async throws {
        try await replacing(backend) { database, storage in
            try await storage.save(File("first"), as: "papers/cat.txt")
            let start = picture("a", "second")
            await #expect(throws: Undo.self) {
                try await database.atomic {
                    var picture = start
                    try await picture.save()
                    throw Undo()
                }
            }
            #expect(try await text(storage, "papers/cat.txt") == "first")
            let saved = try await database.atomic {
                var picture = start
                try await picture.save()
                #expect(picture.paper.name == "papers/cat.txt" && !picture.paper.isCommitted)
                #expect(try await text(storage, "papers/cat.txt") == "first")
                #expect(try await picture.paper.open().size == 6)
                return picture
            }
            #expect(saved.paper.isCommitted)
            #expect(try await text(storage, "papers/cat.txt") == "second")
        }
    }

    // MARK: Rows that are rolled back

    @Test(arguments: TestBackend.installed)
    func keepsTheFileAgainAfterARollback(_ backend: TestBackend) async throws {
        let storage = InMemoryStorage()
        try await with(backend, storage) { database in
            var picture = picture("a", "hello")
            let attempts = Mutex(0)
            try await database.retrying(backoff: .zero) {
                try await picture.save()
                let attempt = attempts.withLock { count in
                    count += 1
                    return count
                }
                if attempt < 3 { throw DatabaseError.serialization("once more", statement: nil) }
            }
            #expect(try await text(secret, picture.paper.name) == "hello")
            #expect(try await secret.listdir("papers").files.count == 1)
            let found = try await Picture.objects.get()
            #expect(found.paper == picture.paper && found.paper.isCommitted)

            var other = self.picture("b", "world", "b.txt")
            await #expect(throws: Undo.self) {
                try await database.atomic {
                    try await other.save()
                    #expect(other.paper.isCommitted)
                    throw Undo()
                }
            }
            #expect(!other.paper.isCommitted)
            #expect(try await other.paper.size() == 5)
            try await other.save()
            #expect(other.paper.isCommitted)
            #expect(try await text(secret, other.paper.name) == "world")
        }
    }

    @Test("What was taken back once is not taken from others", arguments: TestBackend.installed)
    func takesEachFileBackOnce(_ backend: TestBackend) async throws {
        try await with(backend, InMemoryStorage()) { database in
            var first = picture("same", "first")
            try await first.save()
            await #expect(throws: Undo.self) {
                try await database.atomic {
                    try await Picture.objects.bulkCreate(
                        [picture("same", "passed over", "dog.txt")],
                        ignoringConflicts: true
                    )
                    #expect(try await !secret.exists("papers/dog.txt"))
                    // The name is free, and somebody else takes it.
                    try await secret.save(File("another's"), as: "papers/dog.txt")
                    throw Undo()
                }
            }
            #expect(try await text(secret, "papers/dog.txt") == "another's")
        }
    }

    @Test("Rows that are committed after all keep their files", arguments: TestBackend.installed)
    func keepsTheFilesOfABlockWithoutSavepoint(_ backend: TestBackend) async throws {
        try await with(backend, InMemoryStorage()) { database in
            let start = picture("a", "hello")
            for isCommitted in [false, true] {
                try await database.atomic {
                    await #expect(throws: Undo.self) {
                        try await database.atomic(savepoint: false) {
                            var picture = start
                            try await picture.save()
                            throw Undo()
                        }
                    }
                    if isCommitted { try database.setRollback(false) }
                }
                let names = try await Picture.objects.all().map(\.paper.name)
                #expect(names == (isCommitted ? ["papers/cat.txt"] : []))
                #expect(try await secret.exists("papers/cat.txt") == isCommitted)
            }
        }
    }

    @Test("A storage that is far away keeps nobody from the database")
    func removesFilesWithoutAConnection() async throws {
        try await with(.sqlite, InMemoryStorage()) { database in
            let base = InMemoryStorage()
            let storage = WritingStorage(base: base, database: database)
            try await Storages(["default": base, "private": storage]).use {
                await #expect(throws: Undo.self) {
                    try await database.atomic {
                        var picture = picture("a", "hello")
                        try await picture.save()
                        throw Undo()
                    }
                }
            }
            #expect(try await !base.exists("papers/cat.txt"))
            #expect(try await Report.objects.count() == 1)
        }
    }

    @Test(arguments: TestBackend.installed)
    func keepsTheFileOfARowByNamesAgain(_ backend: TestBackend) async throws {
        try await with(backend, InMemoryStorage()) { database in
            var row = try ModelOutline(Picture.self).newRow()
            row.set("title", to: .text("a"))
            try row.setFile("paper", to: FieldFile(File("hello", name: "a.txt")))
            await #expect(throws: Undo.self) {
                try await database.atomic {
                    try await row.save()
                    #expect(row.waitingFile("paper") == nil)
                    #expect(row["paper"] == .text("papers/a.txt"))
                    throw Undo()
                }
            }
            #expect(row.waitingFile("paper") != nil)
            #expect(try await !secret.exists("papers/a.txt"))
            try await row.save()
            #expect(row.waitingFile("paper") == nil)
            #expect(try await text(secret, "papers/a.txt") == "hello")
        }
    }

    // MARK: Commits

    /// A COMMIT whose answer is lost may have been done.
    @Test(arguments: TestBackend.installed.filter { $0 != .sqlite })
    func keepsTheFileWhereTheConnectionBreaksAtTheCommit(_ backend: TestBackend) async throws {
        try await with(backend, InMemoryStorage()) { database in
            let start = picture("a", "hello")
            await #expect(throws: DatabaseError.self) {
                try await database.atomic {
                    var picture = start
                    try await picture.save()
                    let isMySQL = backend == .mysql
                    let own = try await database.rows(
                        isMySQL ? "SELECT CONNECTION_ID()" : "SELECT pg_backend_pid()"
                    )
                    guard case .int(let id)? = own.first?.first else { return }
                    try await Task.detached {
                        if isMySQL {
                            try await database.execute(SQL(unsafe: "KILL \(id)"))
                        } else {
                            _ = try await database.rows("SELECT pg_terminate_backend(\(id), 5000)")
                        }
                    }.value
                }
            }
            let kept = try await text(secret, "papers/cat.txt")
            #expect(kept == "hello")
        }
    }

    @Test(arguments: TestBackend.installed)
    func keepsTheFileWhereTheTransactionWasEndedByHand(_ backend: TestBackend) async throws {
        try await with(backend, InMemoryStorage()) { database in
            let start = picture("a", "hello")
            await #expect(throws: DatabaseError.self) {
                try await database.atomic {
                    var picture = start
                    try await picture.save()
                    try await database.execute("COMMIT")
                }
            }
            let found = try await Picture.objects.get()
            #expect(try await text(secret, found.paper.name) == "hello")
        }
    }

    // MARK: Failures

    /// Fails where the task that asks was cancelled, as a request to a service does.
    private struct Remote: Storage {
        let inner: InMemoryStorage
        var refusesDeletion = false

        func open(_ name: String) async throws -> File { try await inner.open(name) }
        func store(_ content: File, as name: String) async throws -> String {
            try Task.checkCancellation()
            return try await inner.store(content, as: name)
        }
        func delete(_ name: String) async throws {
            try Task.checkCancellation()
            if refusesDeletion { throw StorageError.tooLarge(name: name, limit: 0) }
            try await inner.delete(name)
        }
        func exists(_ name: String) async throws -> Bool { try await inner.exists(name) }
        func listdir(_ path: String) async throws -> StorageListing {
            try await inner.listdir(path)
        }
        func size(_ name: String) async throws -> Int { try await inner.size(name) }
        func url(_ name: String) throws -> String { try inner.url(name) }
        func accessedTime(_ name: String) async throws -> Date {
            try await inner.accessedTime(name)
        }
        func createdTime(_ name: String) async throws -> Date { try await inner.createdTime(name) }
        func modifiedTime(_ name: String) async throws -> Date {
            try await inner.modifiedTime(name)
        }
    }

    @Test(arguments: TestBackend.installed)
    func takesFilesAwayAlsoWhereTheClientHasLeft(_ backend: TestBackend) async throws {
        let storage = Remote(inner: InMemoryStorage())
        try await with(backend, storage) { database in
            let start = Report(owner: "ann", file: FieldFile(File("1", name: "1.txt")))
            let task = Task {
                try await database.atomic {
                    var report = start
                    try await report.save()
                    withUnsafeCurrentTask { $0?.cancel() }
                    throw Undo()
                }
            }
            await #expect(throws: Undo.self) { try await task.value }
            #expect(try await storage.listdir("").folders.isEmpty)
            // One that is replaced goes as well.
            var report = start
            try await report.save()
            let saved = report
            try await Task {
                try await database.atomic {
                    var report = saved
                    report.file = FieldFile(File("2", name: "2.txt"))
                    try await report.save()
                    try await database.onCommit(robust: true) {}
                }
            }.value
            #expect(try await storage.listdir("ann/file").files == ["2.txt"])
        }
    }

    private final class Failures: DatabaseObserver {
        let names = Mutex<[String]>([])

        func hookFailed(_ error: any Error, database: String) {
            guard case StorageError.tooLarge(let name, _) = error else { return }
            names.withLock { $0.append(name) }
        }
    }

    @Test func tellsOfFilesThatCouldNotBeTakenAway() async throws {
        let storage = Remote(inner: InMemoryStorage(), refusesDeletion: true)
        try await with(.sqlite, storage) { database in
            let failures = Failures()
            let observation = Database.observe(with: failures)
            defer { observation.cancel() }
            let start = Report(owner: "tells", file: FieldFile(File("1", name: "1.txt")))
            await #expect(throws: Undo.self) {
                try await database.atomic {
                    var report = start
                    try await report.save()
                    throw Undo()
                }
            }
            #expect(failures.names.withLock(\.self) == ["tells/file/1.txt"])
        }
    }

    @Test(arguments: TestBackend.installed)
    func updatesRefuseFilesThatWait(_ backend: TestBackend) async throws {
        try await with(backend, InMemoryStorage()) { _ in
            var picture = Picture(title: "a")
            try await picture.save()
            let waiting = FieldFile(File("1", name: "../x.txt"))
            await #expect(throws: UsageError.self) {
                try await Picture.objects.update { $0.set(\.paper, to: waiting) }
            }
            await #expect(throws: UsageError.self) {
                try await Picture.objects.update {
                    $0.set(\.cover, to: ImageFieldFile(fieldFile: waiting))
                }
            }
            #expect(try await Picture.objects.get().paper.isEmpty)
            try await Picture.objects.update { $0.set(\.paper, to: FieldFile(stored: "p/a.txt")) }
            #expect(try await Picture.objects.get().paper.name == "p/a.txt")
        }
    }
}

/// A storage that writes to the database whenever it removes a file.
private struct WritingStorage: Storage {
    let base: InMemoryStorage
    let database: Database

    func open(_ name: String) async throws -> File { try await base.open(name) }

    func store(_ content: File, as name: String) async throws -> String {
        try await base.store(content, as: name)
    }

    func delete(_ name: String) async throws {
        try await Task.detached {
            _ = try await database.use { try await Report.objects.create(Report(owner: "x")) }
        }.value
        try await base.delete(name)
    }

    func exists(_ name: String) async throws -> Bool { try await base.exists(name) }

    func listdir(_ path: String) async throws -> StorageListing { try await base.listdir(path) }

    func size(_ name: String) async throws -> Int { try await base.size(name) }

    func url(_ name: String) throws -> String { try base.url(name) }

    func accessedTime(_ name: String) async throws -> Date { try await base.accessedTime(name) }

    func createdTime(_ name: String) async throws -> Date { try await base.createdTime(name) }

    func modifiedTime(_ name: String) async throws -> Date { try await base.modifiedTime(name) }
}
