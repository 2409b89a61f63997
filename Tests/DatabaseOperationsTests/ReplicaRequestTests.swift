import DatabaseTestSupport
import Nuages
import NuagesHTTP
import NuagesORM
import NuagesSQLite
import NuagesTesting
import NuagesViews
import Testing

/// A site with a replica that never catches up.
private struct LaggingSite: Site {
    var settings = Settings(secretKey: .random())
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var databaseRouters: [any DatabaseRouter] { [ReplicaRouter(replicas: ["replica"])] }
    var apps: [any App] { [] }
    var urls: Routes {
        #path("writers/", writers)
        #path("visits/", visits)
        #path("nothing/", nothing)
        #path("add/", add)
        #path("failure/", failure)
    }
}

private func writers(_ request: Request) async throws -> Response {
    .text("\(try await Writer.objects.count())")
}

private func add(_ request: Request) async throws -> Response {
    try await Writer(name: "new").saved()
    return .text("added")
}

/// Writes whenever somebody looks.
private func visits(_ request: Request) async throws -> Response {
    try await Writer(name: "visit").saved()
    return .text("\(try await Writer.objects.count())")
}

private func nothing(_ request: Request) async throws -> Response { .text("done") }

private func failure(_ request: Request) async throws -> Response {
    try await Writer(name: "new").saved()
    throw HTTPError.notFound("No such page.")
}

/// Who has written reads what was written.
@Suite struct ReplicaRequestTests {
    private static func withSite(
        lag: Duration? = nil,
        _ body: (SiteContext) async throws -> Void
    ) async throws {
        var site = LaggingSite()
        site.settings.databaseURL = "sqlite::memory:"
        site.settings.databases = ["replica": "sqlite::memory:"]
        site.settings.allowedHosts = [TestClient.host]
        if let lag { site.settings.replicaLag = lag }
        let context = try site.makeContext()
        for database in context.databases.databases.values { try await Tables.make(in: database) }
        try await context.use { try await body(context) }
        await context.closeDatabases()
    }

    private static func client(_ site: SiteContext) -> TestClient {
        TestClient(site.makeApplication(middleware: []))
    }

    @Test func theNextRequestsOfAVisitorReadWhatTheyWrote() async throws {
        try await Self.withSite { (site: SiteContext) async throws in
            let (visitor, other) = (Self.client(site), Self.client(site))
            #expect(try await visitor.get("/writers/").text == "0")
            let answer = try await visitor.post("/add/")
            let cookie = answer.headers["Set-Cookie"] ?? ""
            #expect(cookie.hasPrefix("nuages_written="))
            for part in ["Max-Age=10", "HttpOnly", "SameSite=Lax", "Secure"] {
                #expect(cookie.contains(part), "\(cookie)")
            }
            #expect(try await visitor.get("/writers/").text == "1")
            #expect(try await visitor.get("/writers/").text == "1")
            #expect(try await other.get("/writers/").text == "0")
        }
    }

    /// A page that counts its visits would keep everybody from replicas.
    @Test func onlyUnsafeMethodsThatWriteCount() async throws {
        try await Self.withSite { (site: SiteContext) async throws in
            let visitor = Self.client(site)
            let page = try await visitor.get("/visits/")
            #expect(page.text == "1")
            #expect(page.headers["Set-Cookie"] == nil)
            #expect(try await visitor.post("/nothing/").headers["Set-Cookie"] == nil)
            #expect(try await visitor.get("/writers/").text == "0")
        }
    }

    @Test func aTimeThatNobodyHasSignedCountsForNothing() async throws {
        try await Self.withSite { (site: SiteContext) async throws in
            let visitor = Self.client(site)
            for value in ["1", "1:1abcde:forged", ""] {
                let page = try await visitor.get(
                    "/writers/",
                    headers: ["Cookie": "nuages_written=\(value)"]
                )
                #expect(page.text == "0")
            }
            _ = try await visitor.post("/add/")
            let signed = try #require(visitor.cookie("nuages_written"))
            let field: Headers = ["Cookie": "nuages_written=\(signed)"]
            #expect(try await Self.client(site).get("/writers/", headers: field).text == "1")
            // Another site's key.
            try await Self.withSite { (other: SiteContext) async throws in
                #expect(try await Self.client(other).get("/writers/", headers: field).text == "0")
            }
        }
    }

    /// The time in the cookie counts, not the browser's word for it.
    @Test func theTimeIsOverAtSomeTime() async throws {
        try await Self.withSite(lag: .seconds(5)) { (site: SiteContext) async throws in
            _ = try await Self.client(site).post("/add/")
            let signer = CookieSigner(key: site.settings.secretKey)
            for (age, count) in [(Duration.seconds(2), "1"), (.seconds(8), "0")] {
                let signed = signer.sign(
                    "1",
                    for: "nuages_written",
                    salt: "",
                    now: UnixTime.now() - age
                )
                let page = try await Self.client(site).get(
                    "/writers/",
                    headers: ["Cookie": "nuages_written=\(signed)"]
                )
                #expect(page.text == count)
            }
        }
    }

    @Test func aSiteCanDoWithoutIt() async throws {
        try await Self.withSite(lag: .zero) { (site: SiteContext) async throws in
            let visitor = Self.client(site)
            #expect(try await visitor.post("/add/").headers["Set-Cookie"] == nil)
            #expect(try await visitor.get("/writers/").text == "0")
        }
    }

    @Test func aViewThatFailsMayHaveWritten() async throws {
        try await Self.withSite { (site: SiteContext) async throws in
            let visitor = Self.client(site)
            #expect(try await visitor.post("/failure/").status == 404)
            #expect(try await visitor.get("/writers/").text == "1")
        }
    }
}
