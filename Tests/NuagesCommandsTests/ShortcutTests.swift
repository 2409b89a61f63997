import Foundation
import Nuages
import NuagesSQLite
import Testing

private struct Page: AbsoluteURLConvertible {
    let number: Int
    func getAbsoluteURL() throws -> String { try reverse(PageURL.page, number) }
}

private struct Outside: AbsoluteURLConvertible {
    func getAbsoluteURL() throws -> String { "//evil.example/" }
}

private enum PageURL {
    static let home = PlainRouteName("home")
    static let page = RouteName<Int>("page")
    static let unknown = PlainRouteName("unknown")
}

private struct Lost: Error {}

private struct PageSite: Site {
    var settings = Settings(secretKey: SecretKey("a key for tests that is long enough, truly"))
    var mediaFolder = ""
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [] }
    var middleware: [any Middleware] { [] }
    var urls: Routes {
        #path("", home, name: PageURL.home)
        #path("page/<int:number>/", page, name: PageURL.page)
        #path("boom/", boom)
        mediaRoutes("media/", directory: mediaFolder, isDebug: settings.isDebug)
    }
    var errorHandlers: ErrorHandlers {
        ErrorHandlers(
            notFound: { request, error in
                var response = Response.text("lost at \(request.path)")
                response.status = .notFound
                return response
            },
            serverError: { _ in throw Lost() }
        )
    }
}

private func home(_ request: Request) async throws -> Response { .text("home") }
private func boom(_ request: Request) async throws -> Response { throw Lost() }
private func page(_ request: Request, number: Int) async throws -> Response { .text("page") }

@Suite struct ShortcutTests {
    private func site(_ configure: (inout PageSite) -> Void = { _ in }) throws -> SiteContext {
        var site = PageSite()
        site.settings.databaseURL = "sqlite::memory:"
        site.settings.allowedHosts = ["*"]
        configure(&site)
        return try site.makeContext()
    }

    @Test func resolvesNamesModelsAndPaths() async throws {
        try await site().use { () async throws in
            #expect(try resolveURL("page", 5) == "/page/5/")
            #expect(try resolveURL(Page(number: 7)) == "/page/7/")
            #expect(try resolveURL("../up/") == "../up/")
            #expect(try resolveURL("/x/") == "/x/")
            #expect(throws: ReverseError.self) { try resolveURL("no.such/name") }
            #expect(try reverse("page", 5, query: ["a": ["1"]], fragment: "x") == "/page/5/?a=1#x")
        }
    }

    @Test func namesOfRoutesAreTheirReverseFunctions() async throws {
        try await site().use { () async throws in
            #expect(try PageURL.home() == "/")
            #expect(try PageURL.page(5) == "/page/5/")
            #expect(try PageURL.page(5, query: ["a": ["1"]], fragment: "x") == "/page/5/?a=1#x")
            #expect(throws: ReverseError.self) { try PageURL.page(-5) }
        }
        try await site { $0.settings.forceScriptName = "/shop" }.use { () async throws in
            #expect(try PageURL.page(5) == "/shop/page/5/")
        }
        #expect(throws: (any Error).self) { try PageURL.unknown() }
    }

    @Test func redirectsToThem() async throws {
        try await site().use { () async throws in
            #expect(try redirect(to: PageURL.page, 5).headers["Location"] == "/page/5/")
            #expect(try redirect(to: PageURL.home, permanent: true).status.code == 301)
            #expect(try redirect(to: Page(number: 7)).headers["Location"] == "/page/7/")
            #expect(throws: HTTPError.self) { try redirect(to: Outside()) }
            #expect(throws: HTTPError.self) { try redirect(to: "//evil.example") }
        }
    }

    @Test func aSitePrefixStandsInFront() async throws {
        try await site { $0.settings.forceScriptName = "/shop" }.use { () async throws in
            #expect(try reverse("page", 5) == "/shop/page/5/")
        }
    }

    @Test(arguments: [("/nowhere/", 404, "lost at /nowhere/"), ("/boom/", 500, nil)])
    func errorsHaveViews(_ target: String, _ status: Int, _ text: String?) async throws {
        let application = try site().makeApplication()
        let response = await application.handle(Request(target: target, headers: ["Host": "a"]))
        #expect(response.status.code == status)
        if let text { #expect(response.text == text) }
    }

    @Test(arguments: [
        (true, "/media/a.txt", 200), (true, "/media/../a.txt", 404), (true, "/media/%2e%2e/x", 404),
        (true, "/media/b.txt", 404), (false, "/media/a.txt", 404),
        (true, "/shop/media/a.txt", 200), (true, "/shop/shop/media/a.txt", 404),
    ])
    func servesMediaInDebug(_ isDebug: Bool, _ target: String, _ status: Int) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-media-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("media".utf8).write(to: folder.appendingPathComponent("a.txt"))
        let site = try site {
            $0.mediaFolder = folder.path
            $0.settings.isDebug = isDebug
            $0.settings.forceScriptName = "/shop"
        }
        let response = await site.makeApplication().handle(
            Request(target: target, headers: ["Host": "localhost"])
        )
        #expect(response.status.code == status)
    }
}
