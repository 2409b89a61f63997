import Logging
import NuagesCore
import NuagesHTTP
import NuagesORM
import Synchronization

/// The outermost layer of a site in debug and in tests: keeps the queries of each request with their
/// times, for the page that shows an error, and warns of those that are made again and again.
struct DebugQueries: Middleware {
    enum Key: RequestKey { typealias Value = QueryLog }

    /// How many queries of one shape are too many.
    let limit: Int

    func respond(to request: Request, next: any Responder) async throws -> Response {
        let watch = RepetitionWatch(limit: limit)
        let log = QueryLog(keepsTimes: true) { watch.note($0.text) }
        request[Key.self] = log
        do {
            let response = try await Database.logging(to: log) {
                try await next.respond(to: request)
            }
            await report(log, watch, request)
            return response
        } catch {
            await report(log, watch, request)
            throw error
        }
    }

    private func report(_ log: QueryLog, _ watch: RepetitionWatch, _ request: Request) async {
        for query in log.repeatedQueries(atLeast: limit) {
            let place = await watch.place(of: query.text)
            Logger(label: "nuages.db.repeated").warning(
                """
                \(query.count) queries of one request have the same shape\
                \(place.map { ", such as that of \($0)" } ?? ""): \(LogText.escape(query.text)) \
                \(query.remedy)
                """,
                metadata: [
                    "path": "\(LogText.escape(request.path))", "count": "\(query.count)",
                    "place": "\(place ?? "-")",
                ]
            )
        }
    }
}

/// Where in the program the queries are made that come again and again.
final class RepetitionWatch: Sendable {
    private struct State {
        var counts: [String: Int] = [:]
        var places: [String: ThrowTraces.Place] = [:]
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = max(2, limit) }

    /// Notes a query; of the one that makes it too many the calls are kept.
    func note(_ text: String) {
        let isNew = state.withLock { state -> Bool in
            state.counts[text, default: 0] += 1
            return state.counts[text] == limit
        }
        guard isNew, let place = ThrowTraces.here() else { return }
        state.withLock { $0.places[text] = place }
    }

    /// The line of the site's own code that makes a query; nil where there is none on the way, as
    /// for a query that a template makes.
    func place(of text: String) async -> String? {
        guard let place = state.withLock({ $0.places[text] }) else { return nil }
        return await ThrowTraces.calls(to: place).first(where: \.isOwn)?.place
    }
}
