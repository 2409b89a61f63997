import Foundation
import NuagesCore
import NuagesFiles
import Testing

#if canImport(Glibc)
import Glibc
#endif

@Suite struct FileSystemStorageTests {
    private let folder: ScratchFolder
    private var root: String { folder.path + "/media" }

    init() throws { folder = try ScratchFolder() }

    private func upload(_ bytes: [UInt8], name: String = "a.bin") throws -> UploadedFile {
        let file = try TemporaryFile(directory: folder.path)
        try bytes.withUnsafeBytes { try file.write($0) }
        return UploadedFile(
            name: name,
            contentType: "",
            contentTypeParameters: [],
            file: file,
            size: bytes.count
        )
    }

    @Test func setsModesWhateverTheProcessMasks() async throws {
        let storage = FileSystemStorage(
            root: root,
            filePermissions: 0o640,
            directoryPermissions: 0o750
        )
        try await storage.save(File("x"), as: "a/b/c.txt")
        #expect(try folder.mode("media/a/b/c.txt") == 0o640)
        // CVE-2026-25674, CVE-2020-24583: at every level.
        for name in ["media", "media/a", "media/a/b"] { #expect(try folder.mode(name) == 0o750) }
        try await FileSystemStorage(root: root).save(File("x"), as: "d.txt")
        #expect(try folder.mode("media/d.txt") == 0o644)
    }

    @Test func movesAnUploadOfTheSameDisk() async throws {
        let storage = FileSystemStorage(root: root)
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let upload = try upload(bytes)
        let path = try #require(upload.temporaryPath)
        let inode = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber]
        let name = try await storage.save(upload, as: "big/a.bin")
        let kept = try FileManager.default.attributesOfItem(atPath: root + "/" + name)
        #expect((kept[.systemFileNumber] as? NSNumber) == (inode as? NSNumber))
        #expect(try folder.mode("media/big/a.bin") == 0o644)
        // A second one of the same name stays beside it.
        let second = try await storage.save(upload, as: "big/a.bin")
        #expect(second != name)
        #expect(try await storage.open(name).bytes(upTo: 400_000) == bytes)
    }

    @Test func replacesFilesWhereItMay() async throws {
        let storage = FileSystemStorage(root: root, allowsOverwrite: true)
        for text in ["first", "2"] {
            #expect(try await storage.save(File(text), as: "a.txt") == "a.txt")
        }
        #expect(try folder.text("media/a.txt") == "2")
        #expect(try await storage.save(try upload([0x33]), as: "a.txt") == "a.txt")
        #expect(try folder.text("media/a.txt") == "3")
        #expect(try folder.names("media") == ["a.txt"])
        try await storage.save(File("x"), as: "b/c.txt")
        await #expect(throws: StorageError.notAFolder(name: "b")) {
            try await storage.save(File("x"), as: "b")
        }
    }

    /// A link below the root could lead anywhere.
    @Test func followsNoLinks() async throws {
        let storage = FileSystemStorage(root: root, allowsOverwrite: true)
        try await storage.save(File("x"), as: "a.txt")
        try Data("secret".utf8).write(to: URL(fileURLWithPath: folder.path + "/secret.txt"))
        let links = [("out", folder.path), ("file.txt", folder.path + "/secret.txt")]
        for (name, target) in links {
            try FileManager.default.createSymbolicLink(
                atPath: root + "/" + name,
                withDestinationPath: target
            )
        }
        await #expect(throws: StorageError.self) { try await storage.open("out/secret.txt") }
        await #expect(throws: StorageError.self) { try await storage.open("file.txt") }
        await #expect(throws: StorageError.self) {
            try await storage.save(File("evil"), as: "out/new.txt")
        }
        await #expect(throws: StorageError.self) { try await storage.delete("out/secret.txt") }
        await #expect(throws: StorageError.self) { try await storage.listdir("out") }
        // The link itself is replaced, not what it leads to.
        try await storage.save(File("mine"), as: "file.txt")
        #expect(try folder.text("secret.txt") == "secret")
        #expect(try folder.text("media/file.txt") == "mine")
        #expect(try !folder.names().contains("new.txt"))
    }

    @Test func aLinkIsNoFreeName() async throws {
        let storage = FileSystemStorage(root: root)
        try await storage.save(File("x"), as: "a.txt")
        try FileManager.default.createSymbolicLink(
            atPath: root + "/b.txt",
            withDestinationPath: folder.path + "/nowhere"
        )
        let name = try await storage.save(File("y"), as: "b.txt")
        #expect(name != "b.txt")
        #expect(try folder.names() == ["media"])
    }

    private struct Broken: FileReader {
        func forEachChunk(
            of size: Int,
            in range: Range<Int>,
            _ body: (ArraySlice<UInt8>) async throws -> Void
        ) async throws {
            try await body([1, 2, 3])
            throw CancellationError()
        }
    }

    @Test(arguments: [false, true])
    func leavesNoPartOfAFileBehind(_ allowsOverwrite: Bool) async throws {
        let storage = FileSystemStorage(root: root, allowsOverwrite: allowsOverwrite)
        await #expect(throws: CancellationError.self) {
            try await storage.save(File(name: "x", size: 9, reader: Broken()), as: "x.bin")
        }
        #expect(try folder.names("media").isEmpty)
    }

    private struct Watching: FileReader {
        let look: @Sendable () async throws -> Void
        var count = 9

        func forEachChunk(
            of size: Int,
            in range: Range<Int>,
            _ body: (ArraySlice<UInt8>) async throws -> Void
        ) async throws {
            try await body([1, 2, 3])
            try await look()
            try await body(ArraySlice(repeatElement(4, count: count - 3)))
        }
    }

    /// Who reads meanwhile, and a process that is killed, must not take a part for the file.
    @Test(arguments: [false, true])
    func givesAFileItsNameWhenItIsComplete(_ allowsOverwrite: Bool) async throws {
        let storage = FileSystemStorage(root: root, allowsOverwrite: allowsOverwrite)
        let reader = Watching(look: { () async throws in
            #expect(try await !storage.exists("x.bin"))
            #expect(try await storage.listdir("").files.count == 1)
        })
        try await storage.save(File(name: "x", size: 9, reader: reader), as: "x.bin")
        #expect(try await storage.size("x.bin") == 9)
        #expect(try folder.names("media") == ["x.bin"])
        // Somebody takes the name meanwhile.
        guard !allowsOverwrite else { return }
        let slow = Watching(look: { try await storage.save(File("quick"), as: "y.bin") })
        let file = File(name: "y", size: 9, reader: slow)
        await #expect(throws: StorageError.nameTaken(name: "y.bin")) {
            try await storage.store(file, as: "y.bin")
        }
        #expect(try folder.text("media/y.bin") == "quick")
        #expect(try folder.names("media") == ["x.bin", "y.bin"])
    }

    /// A copy of a part would be taken for the file.
    @Test func keepsNoFileThatEndsEarly() async throws {
        let storage = FileSystemStorage(root: root)
        let short = File(name: "x", size: 9, reader: Watching(look: {}, count: 5))
        await #expect(throws: StorageError.truncated(name: "x")) {
            try await storage.save(short, as: "x.bin")
        }
        let path = folder.path + "/long.bin"
        try Data(repeating: 1, count: 500_000).write(to: URL(fileURLWithPath: path))
        let local = try await File.local(path)
        #expect(truncate(path, 300_000) == 0)
        await #expect(throws: StorageError.truncated(name: "long.bin")) {
            try await storage.save(local, as: "long.bin")
        }
        #expect(try folder.names("media").isEmpty)
    }

    @Test func refusesNamesThatAreTooLong() async throws {
        let storage = FileSystemStorage(root: root)
        let long = "a/" + String(repeating: "a", count: 300)
        await #expect(throws: StorageError.nameTooLong(name: long)) {
            try await storage.open(long)
        }
        await #expect(throws: StorageError.nameTooLong(name: long)) {
            try await storage.store(File("x"), as: long)
        }
    }

    /// A file of two names has one mode.
    @Test func copiesAnUploadThatIsKeptTwice() async throws {
        let secret = FileSystemStorage(root: folder.path + "/secret", filePermissions: 0o600)
        let storage = FileSystemStorage(root: root)
        let upload = try upload(Array("hello".utf8))
        try await secret.save(upload, as: "a.bin")
        try await storage.save(upload, as: "a.bin")
        #expect(try folder.mode("secret/a.bin") == 0o600)
        #expect(try folder.mode("media/a.bin") == 0o644)
        #expect(try folder.text("media/a.bin") == "hello")
    }

    @Test func opensOnlyRegularFiles() async throws {
        let storage = FileSystemStorage(root: root)
        try await storage.save(File("x"), as: "a/b.txt")
        #expect(mkfifo(root + "/pipe", 0o600) == 0)
        for name in ["a", "pipe"] {
            await #expect(throws: StorageError.self) { try await storage.open(name) }
            await #expect(throws: StorageError.notAFolder(name: name)) {
                try await File.local(root + "/" + name)
            }
        }
    }

    @Test func movesFiles() async throws {
        let (from, to) = (folder.path + "/from.txt", folder.path + "/to.txt")
        try Data("1".utf8).write(to: URL(fileURLWithPath: from))
        try Data("2".utf8).write(to: URL(fileURLWithPath: to))
        await #expect(throws: StorageError.nameTaken(name: to)) {
            try await File.move(from, to: to)
        }
        try await File.move(from, to: to, allowsOverwrite: true)
        #expect(try folder.text("to.txt") == "1")
        try await File.move(to, to: from)
        #expect(try folder.names() == ["from.txt"])
        try await File.move(from, to: from)
        #expect(try folder.text("from.txt") == "1")
        await #expect(throws: StorageError.self) { try await File.move(to, to: from) }
    }

    @Test func locksFiles() async throws {
        let path = folder.path + "/lock"
        let lock = try await FileLock.acquire(path)
        #expect(try await FileLock.tryAcquire(path) == nil)
        lock.release()
        let shared = try await FileLock.tryAcquire(path, isShared: true)
        #expect(shared != nil)
        #expect(try await FileLock.tryAcquire(path, isShared: true) != nil)
        withExtendedLifetime(shared) {}
    }

    /// However long disks take, other files are read meanwhile.
    @Test func manyFilesAtOnce() async throws {
        let storage = FileSystemStorage(root: root, syncs: true)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<100 {
                group.addTask {
                    let name = try await storage.save(File("\(index)"), as: "\(index % 7)/x.txt")
                    let bytes = try await storage.open(name).bytes(upTo: 9)
                    #expect(bytes == Array("\(index)".utf8))
                }
            }
            try await group.waitForAll()
        }
    }
}
