import Configuration
import Foundation
import Nuages
import NuagesSQLite
import Testing

@Model(app: "storing")
private struct Paper {
    @Field(storage: "secret") var file: FieldFile?
}

/// A site that keeps files.
private struct StoringSite: Site {
    struct Papers: ModelApp {
        let label = "storing"
        var models: [any Model.Type] { [Paper.self] }
    }

    var settings = Settings(secretKey: SecretKey(String(repeating: "abcdefghij", count: 6)))
    var storages: [String: any Storage] = ["secret": InMemoryStorage()]
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [Papers()] }
    var urls: Routes { mediaRoutes("media/") }
}

@Suite struct SiteStorageTests {
    private func settings(_ values: [String: String]) -> Settings {
        var environment = [
            "SECRET_KEY": String(repeating: "abcdefghij", count: 6),
            "DATABASE_URL": "sqlite::memory:", "MEDIA_URL": "media/",
        ]
        environment.merge(values) { $1 }
        return Settings(
            configuration: ConfigReader(
                provider: EnvironmentVariablesProvider(environmentVariables: environment)
            )
        )
    }

    private func site(_ values: [String: String]) throws -> SiteContext {
        var site = StoringSite()
        site.settings = settings(values)
        return try site.makeContext()
    }

    private func messages(_ values: [String: String]) async throws -> [CheckMessage] {
        try await site(values).check(forDeployment: false).filter { $0.id.hasPrefix("files.E") }
    }

    @Test func theMediaRootIsTheDefaultStorage() throws {
        let site = try site([
            "MEDIA_ROOT": "/srv/media", "FILE_UPLOAD_PERMISSIONS": "640",
            "FILE_UPLOAD_DIRECTORY_PERMISSIONS": "0o750",
        ])
        #expect(site.storages.aliases == ["default", "secret"])
        let storage = try #require(site.storages.default as? FileSystemStorage)
        #expect(storage.root == "/srv/media")
        #expect(storage.filePermissions == 0o640)
        #expect(storage.directoryPermissions == 0o750)
        #expect(try storage.url("a b.png") == "/media/a%20b.png")
    }

    @Test func withoutAMediaRootThereIsNoDefaultStorage() throws {
        let site = try site([:])
        #expect(throws: StorageError.unknownAlias("default", choices: ["secret"])) {
            try site.storages.default
        }
    }

    @Test(arguments: ["8", "999", "rw-r--r--", "1777"])
    func refusesWhatIsNoMode(_ text: String) {
        let settings = settings(["FILE_UPLOAD_PERMISSIONS": text])
        #expect(settings.uploadPermissions == 0o644)
        #expect(settings.problems.map(\.id) == ["settings.E002"])
    }

    @Test(arguments: [
        ("/srv/static", "/srv/static"), ("/srv/static/up", "/srv/static"), ("/srv", "/srv/static"),
        ("/srv/static/../static", "/srv/static/"),
    ])
    func refusesVisitorsFilesAmongStaticFiles(_ media: String, _ statics: String) async throws {
        let found = try await messages(["MEDIA_ROOT": media, "STATIC_ROOT": statics])
        #expect(found.map(\.id) == ["files.E001"])
    }

    @Test func acceptsFoldersBesideEachOther() async throws {
        let values = ["MEDIA_ROOT": "/srv/static-media", "STATIC_ROOT": "/srv/static"]
        #expect(try await messages(values).isEmpty)
    }

    @Test(arguments: [("/static/media/", "/static/"), ("/f/", "/f/"), ("/f/", "/f/s/")])
    func refusesAddressesWithinEachOther(_ media: String, _ statics: String) async throws {
        let found = try await messages(["MEDIA_URL": media, "STATIC_URL": statics])
        #expect(found.map(\.id) == ["files.E002"])
    }

    @Test(arguments: [("file", "which is no folder"), ("file/in/it", "but '")])
    func warnsOfARootThatIsNoFolder(_ name: String, _ problem: String) async throws {
        let folder = NSTemporaryDirectory() + "nuages-root-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false
        )
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
        let warnings = try await warnings(["MEDIA_ROOT": folder + "/" + name])
        #expect(warnings.map(\.id) == ["files.W001"])
        #expect(warnings.first?.message.contains(problem) == true)
        #expect(try await self.warnings(["MEDIA_ROOT": folder + "/new/folder"]).isEmpty)
    }

    #if os(Linux)
    @Test func warnsOfARootThatCannotBeMade() async throws {
        let warnings = try await warnings(["MEDIA_ROOT": "/proc/nope"])
        #expect(
            warnings.map(\.message) == [
                "The storage 'default' keeps files in '/proc/nope', but nothing can be kept in "
                    + "'/proc'."
            ]
        )
    }
    #endif

    @Test func warnsOfAStorageThatIsServedAndHasNoAddress() async throws {
        let folder = NSTemporaryDirectory()
        let found = try await warnings(["MEDIA_ROOT": folder, "MEDIA_URL": ""])
        #expect(found.map(\.id) == ["files.W002"])
        #expect(found.first?.hint?.contains("Set MEDIA_URL") == true)
        #expect(try await warnings(["MEDIA_ROOT": folder]).isEmpty)
    }

    private func warnings(_ values: [String: String]) async throws -> [CheckMessage] {
        try await site(values).check(forDeployment: false).filter { $0.id.hasPrefix("files.W") }
    }

    @Test func refusesAStorageThatIsNotThere() async throws {
        var site = StoringSite()
        site.settings = settings([:])
        site.storages = [:]
        let found = try await site.makeContext().check(forDeployment: false)
        let message = try #require(found.first { $0.id == "files.E003" })
        #expect(message.object == "storing.Paper.file")
        #expect(message.message == "No storage is called 'secret'.")
    }

    /// From the settings to a browser, and only with a signature.
    @Test func servesFilesOfTheSite() async throws {
        let folder = NSTemporaryDirectory() + "nuages-site-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let site = try site(["MEDIA_ROOT": folder, "ALLOWED_HOSTS": "example.com"])
        try await site.use {
            let storage = try Storages.current.default
            try await storage.save(File("hello"), as: "a.txt")
            let url = try storage.signedURL("a.txt", expires: .seconds(60))
            #expect(url.hasPrefix("/media/a.txt?signature="))
            let response = await site.makeApplication(middleware: []).handle(
                Request(method: .get, target: "/media/a.txt", headers: ["Host": "example.com"])
            )
            #expect(response.status == .ok)
            #expect(response.headers["X-Content-Type-Options"] == "nosniff")
        }
    }
}
