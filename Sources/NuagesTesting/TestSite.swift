public import NuagesCommands
public import NuagesCore
import NuagesORM
public import NuagesViews

/// Runs `body` with a site of its own: a database in memory, migrated, and a client.
///
///     @Test func showsQuestions() async throws {
///         try await withTestSite(PollsSite.self) { client in
///             try await Question(questionText: "Why?", pubDate: .now).save()
///             let page = try await client.get("/polls/")
///             #expect(page.text.contains("Why?"))
///         }
///     }
///
/// Further databases of the site are other names of the one in memory, unless `configure` says else.
///
/// The site runs as in production (`DEBUG` off) on the host `testserver`; `configure` changes
/// that. Tests may run side by side.
///
/// - Parameters:
///   - type: the site.
///   - configure: changes settings before the site is set up.
///   - body: the test.
/// - Returns: what `body` returns.
/// - Throws: what `body`, the set-up and the migrations throw.
public func withTestSite<S: Site, Result>(
    _ type: S.Type,
    configure: (inout Settings) -> Void = { _ in },
    _ body: (TestClient) async throws -> Result
) async throws -> Result {
    var site = S()
    let others = site.settings.databases.keys
    site.settings = Settings(secretKey: .random())
    site.settings.allowedHosts = [TestClient.host]
    site.settings.databaseURL = "sqlite::memory:"
    for name in others { site.settings.databases[name] = "mirror:\(DatabaseGroup.mainName)" }
    configure(&site.settings)
    let context = try site.makeContext()
    let outcome = try await context.use {
        try await context.migrate()
        return try await body(TestClient(context.makeApplication(watchesQueries: true)))
    }
    await context.closeDatabases()
    return outcome
}
