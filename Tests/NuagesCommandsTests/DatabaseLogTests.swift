import Nuages
import NuagesHTTP
import NuagesORM
import NuagesSQLite
import Testing

/// A site with a view that queries in a loop, and one that is slow.
private struct LoopSite: Site {
    var settings = Settings(secretKey: .random())
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [] }
    var urls: Routes {
        #path("loop/", loop)
        #path("twice/", twice)
        #path("broken/", broken)
        #path("commit/", commit).middleware(AtomicRequests())
    }
}

private func query(_ value: String) async throws {
    _ = try await Database.current.rows("SELECT \(value) AS found")
}

private func loop(_ request: Request) async throws -> Response {
    for number in 0..<7 { try await query("s3cret \(number)") }
    return .text("done")
}

private func twice(_ request: Request) async throws -> Response {
    for number in 0..<2 { try await query("s3cret \(number)") }
    return .text("done")
}

private func broken(_ request: Request) async throws -> Response {
    for number in 0..<5 { try await query("s3cret \(number)") }
    throw HTTPError.notFound("No such page.")
}

private func commit(_ request: Request) async throws -> Response {
    .text("\(try Database.current.isInTransaction)")
}

/// What the log says of queries.
@Suite struct DatabaseLogTests {
    private static func answers(
        _ path: String,
        watches: Bool = true
    ) async throws -> (events: [LogRecorder.Event], text: String) {
        var site = LoopSite()
        site.settings.databaseURL = "sqlite::memory:"
        site.settings.allowedHosts = ["example.com"]
        let context = try site.makeContext()
        let application = context.makeApplication(watchesQueries: watches)
        var text = ""
        let events = await LogRecorder.events {
            let response = await context.use {
                await application.handle(
                    Request(
                        method: .get,
                        target: path,
                        headers: ["Host": "example.com"],
                        isTLS: true
                    )
                )
            }
            if case .bytes(let bytes) = response.body {
                text = String(decoding: bytes, as: UTF8.self)
            }
        }
        return (events.filter { $0.label == "nuages.db.repeated" }, text)
    }

    @Test(arguments: [("/loop/", 7), ("/broken/", 5)])
    func warnsOfQueriesThatComeAgainAndAgain(path: String, count: Int) async throws {
        let events = try await Self.answers(path).events
        #expect(events.count == 1)
        let text = events.first?.text ?? ""
        #expect(text.hasPrefix("warning: \(count) queries of one request have the same shape"))
        #expect(text.contains("SELECT ? AS found"))
        #expect(text.contains("selectRelated for a foreign key"))
        #expect(!text.contains("s3cret"))
        #expect(events.first?.metadata["path"] == path)
        #if os(Linux)
        let place = events.first?.metadata["place"] ?? ""
        #expect(place.contains("DatabaseLogTests.swift:"))
        #endif
        #expect(try await Self.answers(path, watches: false).events.isEmpty)
    }

    @Test func leavesFewQueriesAlone() async throws {
        #expect(try await Self.answers("/twice/").events.isEmpty)
    }

    @Test func runsAViewInATransaction() async throws {
        #expect(try await Self.answers("/commit/").text == "true")
    }
}
