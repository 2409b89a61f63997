import NuagesCore
import NuagesHTTP
import NuagesORM

/// The outermost layer of a site in debug: keeps the queries of each request with their times, for
/// the page that shows an error.
struct DebugQueries: Middleware {
    enum Key: RequestKey { typealias Value = QueryLog }

    func respond(to request: Request, next: any Responder) async throws -> Response {
        let log = QueryLog(keepsTimes: true)
        request[Key.self] = log
        return try await Database.logging(to: log) { try await next.respond(to: request) }
    }
}
