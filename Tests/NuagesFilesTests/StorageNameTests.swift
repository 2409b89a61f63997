import NuagesCore
import NuagesFiles
import Testing

/// Names of files: Django's past vulnerabilities, and what else a visitor may call a file.
@Suite struct StorageNameTests {
    private let storage = InMemoryStorage()

    /// CVE-2021-31542, CVE-2021-45452, CVE-2024-39330: the last two let names with `..` in.
    @Test(arguments: [
        "..", ".", "", "a/..", "a/.", "a/", "../a", "a/../b", "../../etc/passwd", "/etc/passwd",
        "..\\a", "a\\..\\b", "\\a", "a\\..", "/tmp/..", "/tmp/../path", "\\tmp\\..\\path",
        "C:\\..\\x", "a/b/../../../c", "a\0b", "a\nb", "\u{1B}[31m", "a\u{7F}", "./..", "x/../..",
    ])
    func refusesNamesThatLeadOut(_ name: String) async throws {
        await #expect(throws: StorageError.self) {
            try await storage.save(File("x"), as: name)
        }
        #expect(try await storage.listdir("").files.isEmpty)
    }

    @Test(arguments: ["..", "../x", "/x", "x/../..", "a\0", "\\x", "..\\x"])
    func refusesThemInEveryCall(_ name: String) async throws {
        let folder = try ScratchFolder()
        let storages: [any Storage] = [
            FileSystemStorage(root: folder.path, baseURL: "/m/"), InMemoryStorage(baseURL: "/m/"),
        ]
        for storage in storages {
            await #expect(throws: StorageError.self) { try await storage.open(name) }
            await #expect(throws: StorageError.self) { try await storage.delete(name) }
            await #expect(throws: StorageError.self) { try await storage.exists(name) }
            await #expect(throws: StorageError.self) { try await storage.listdir(name) }
            await #expect(throws: StorageError.self) { try await storage.size(name) }
            #expect(throws: StorageError.self) { try storage.url(name) }
            await #expect(throws: StorageError.self) {
                try await storage.store(File("x"), as: name)
            }
        }
        #expect(throws: StorageError.self) { try storages[0].path(name) }
    }

    @Test(arguments: [
        ("my cat: a story.png", "my_cat_a_story.png"), ("  a b ", "a_b"),
        ("x.php.jpg", "x.php.jpg"), ("x.jpg.html", "x.jpg.html"), ("..&sol;x", "..solx"),
        ("été?.txt", "été.txt"), ("CON", "_CON"), ("aux.txt", "_aux.txt"),
        ("Lpt1.a.b", "_Lpt1.a.b"),
        ("console.txt", "console.txt"), ("C:\\x", "Cx"), ("a%00b", "a00b"),
    ])
    func makesValidNames(_ given: String, _ valid: String) throws {
        #expect(try storage.validName(given) == valid)
    }

    @Test(arguments: ["", "..", ".", "???", "/", "\\", "\0"])
    func findsNoNameInNothing(_ given: String) {
        #expect(throws: StorageError.self) { try storage.validName(given) }
    }

    @Test(arguments: [
        ("2026/11/my cat.png", "2026/11/my_cat.png"), ("a//b/./c.txt", "a/b/c.txt"),
        ("a\\b c.txt", "a/b_c.txt"),
    ])
    func generatesFilenames(_ given: String, _ expected: String) throws {
        #expect(try storage.generateFilename(given) == expected)
    }

    @Test(arguments: ["../x.txt", "a/../../x.txt", "..\\x.txt"])
    func generatesNoFilenamesThatLeadOut(_ given: String) {
        #expect(throws: StorageError.self) { try storage.generateFilename(given) }
    }

    @Test(arguments: [
        ("x.tar.gz", "x", ".tar.gz"), (".profile", ".profile", ""), ("x", "x", ""),
        ("..a.b", "..a", ".b"), ("x.", "x.", ""), ("x.php.jpg", "x", ".php.jpg"),
    ])
    func keepsAllEndings(_ name: String, _ root: String, _ endings: String) {
        let found = StorageName.endings(of: name)
        #expect(found.root == root)
        #expect(found.endings == endings)
    }

    @Test func shortensNamesToTheField() async throws {
        let long = String(repeating: "é", count: 120) + ".jpg"
        let name = try await storage.save(File("1"), as: "covers/" + long, maxLength: 100)
        #expect(name.unicodeScalars.count == 100)
        #expect(name.hasPrefix("covers/éé") && name.hasSuffix(".jpg"))
        await #expect(throws: StorageError.self) {
            try await storage.save(File("1"), as: "covers/x.jpg", maxLength: 10)
        }
    }

    /// A second file of a name as long as a file system takes: Django's is too long with its suffix.
    @Test func shortensNamesToTheFileSystem() async throws {
        let folder = try ScratchFolder()
        let storage = FileSystemStorage(root: folder.path)
        let name = String(repeating: "a", count: 251) + ".txt"
        #expect(try await storage.save(File("1"), as: name) == name)
        let second = try await storage.save(File("2"), as: name)
        #expect(second.utf8.count <= 255)
        #expect(second != name)
        let wide = try await storage.save(
            File("3"),
            as: String(repeating: "猫", count: 200) + ".png"
        )
        #expect(wide.utf8.count <= 255)
        #expect(wide.hasSuffix(".png"))
    }
}
