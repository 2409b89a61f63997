import Foundation
import NuagesCore
import NuagesFiles
import Testing

/// What every storage does, whichever it is.
@Suite struct StorageContractTests {
    enum Kind: CaseIterable { case folder, memory }

    private func with(
        _ kind: Kind,
        _ body: (any Storage) async throws -> Void
    ) async throws {
        let folder = try ScratchFolder()
        switch kind {
        case .folder:
            try await body(FileSystemStorage(root: folder.path + "/media", baseURL: "/media"))
        case .memory: try await body(InMemoryStorage(baseURL: "/media/"))
        }
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: Kind.allCases)
    func keepsWhatWasSaved(_ kind: Kind) async throws {
        try await with(kind) { storage in
            #expect(try await storage.save(File("hello"), as: "notes/a.txt") == "notes/a.txt")
            #expect(try await storage.exists("notes/a.txt"))
            #expect(try await storage.exists("notes"))
            #expect(try await storage.size("notes/a.txt") == 5)
            let file = try await storage.open("notes/a.txt")
            #expect(file.size == 5)
            #expect(try await file.bytes(upTo: 100) == Array("hello".utf8))
            #expect(try await file.bytes(upTo: 4) == nil)
            #expect(try await file.bytes(in: 1..<3) == Array("el".utf8))
            #expect(try await file.bytes(in: 3..<30) == Array("lo".utf8))
            #expect(try storage.url("notes/a b?.txt") == "/media/notes/a%20b%3F.txt")
            for time in [
                try await storage.modifiedTime("notes/a.txt"),
                try await storage.createdTime("notes/a.txt"),
                try await storage.accessedTime("notes/a.txt"),
            ] { #expect(abs(time.timeIntervalSinceNow) < 60) }
            try await storage.delete("notes/a.txt")
            #expect(try await !storage.exists("notes/a.txt"))
            try await storage.delete("notes/a.txt")
            await #expect(throws: StorageError.notFound(name: "notes/a.txt")) {
                try await storage.open("notes/a.txt")
            }
        }
    }

    /// The same letter, as one scalar and as two.
    @Test(arguments: Kind.allCases)
    func tellsNamesApartByTheirBytes(_ kind: Kind) async throws {
        try await with(kind) { storage in
            for name in ["\u{E9}.txt", "e\u{301}.txt"] {
                let kept = try await storage.save(File(name), as: name)
                #expect(kept.utf8.elementsEqual(name.utf8))
            }
            #expect(try await storage.size("\u{E9}.txt") == 6)
            #expect(try await storage.size("e\u{301}.txt") == 7)
            #expect(try await storage.listdir("").files.count == 2)
        }
    }

    @Test(arguments: Kind.allCases)
    func overwritesNothing(_ kind: Kind) async throws {
        try await with(kind) { storage in
            try await storage.save(File("1"), as: "cat.tar.gz")
            let second = try await storage.save(File("2"), as: "cat.tar.gz")
            #expect(second.hasPrefix("cat_") && second.hasSuffix(".tar.gz"))
            #expect(second.utf8.count == "cat_1234567.tar.gz".utf8.count)
            #expect(try await storage.open("cat.tar.gz").bytes(upTo: 9) == [0x31])
            await #expect(throws: StorageError.nameTaken(name: "cat.tar.gz")) {
                try await storage.store(File("3"), as: "cat.tar.gz")
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func givesOneNameToOneOfMany(_ kind: Kind) async throws {
        try await with(kind) { storage in
            let names = try await withThrowingTaskGroup(of: String.self) { group in
                for index in 0..<20 {
                    group.addTask { try await storage.save(File("\(index)"), as: "a/x.txt") }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(names.count == 20)
            #expect(try await storage.listdir("a").files.count == 20)
        }
    }

    @Test(arguments: Kind.allCases)
    func listsFolders(_ kind: Kind) async throws {
        try await with(kind) { storage in
            for name in ["b.txt", "a.txt", "x/1.txt", "x/y/2.txt"] {
                try await storage.save(File(name), as: name)
            }
            #expect(
                try await storage.listdir("")
                    == StorageListing(folders: ["x"], files: ["a.txt", "b.txt"])
            )
            #expect(
                try await storage.listdir("x") == StorageListing(folders: ["y"], files: ["1.txt"])
            )
            await #expect(throws: StorageError.self) { try await storage.listdir("none") }
            await #expect(throws: StorageError.self) { try await storage.listdir("a.txt") }
        }
    }

    @Test(arguments: Kind.allCases)
    func refusesAFolderInPlaceOfAFile(_ kind: Kind) async throws {
        try await with(kind) { storage in
            try await storage.save(File("1"), as: "a/b.txt")
            await #expect(throws: StorageError.self) {
                try await storage.save(File("2"), as: "a/b.txt/c.txt")
            }
            // `a` exists, so that another name is found.
            let other = try await storage.save(File("3"), as: "a")
            #expect(other.hasPrefix("a_"))
        }
    }

    @Test func memoryIsBounded() async throws {
        let storage = InMemoryStorage(maxSize: 10)
        try await storage.save(File("123456"), as: "a")
        await #expect(throws: StorageError.tooLarge(name: "b", limit: 10)) {
            try await storage.save(File("12345"), as: "b")
        }
        try await storage.delete("a")
        try await storage.save(File("12345"), as: "b")
    }

    @Test func memoryHasNoAddressesUnlessGiven() {
        #expect(throws: StorageError.noURL) { try InMemoryStorage().url("a") }
    }

    @Test func readsLines() async throws {
        var lines: [String] = []
        try await File("one\r\ntwo\n\nthree").forEachLine {
            lines.append(String(decoding: $0, as: UTF8.self))
        }
        #expect(lines == ["one\r\n", "two\n", "\n", "three"])
        lines = []
        try await File("12345678\n123\n1234").forEachLine(limit: 4) {
            lines.append(String(decoding: $0, as: UTF8.self))
        }
        #expect(lines == ["1234", "5678", "\n", "123\n", "1234"])
    }

    @Test func aliasesAreFound() async throws {
        let storages = Storages(["default": InMemoryStorage(), "private": InMemoryStorage()])
        #expect(storages.aliases == ["default", "private"])
        #expect(throws: StorageError.unknownAlias("none", choices: ["default", "private"])) {
            try storages["none"]
        }
        try await storages.use {
            try await DefaultStorage(alias: "private").save(File("x"), as: "x.txt")
            #expect(try await Storages.current["private"].exists("x.txt"))
            #expect(try await !Storages.current.default.exists("x.txt"))
        }
    }
}
