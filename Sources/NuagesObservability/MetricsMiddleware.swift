public import Metrics
public import NuagesHTTP
import NuagesORM

/// Counts and times requests by swift-metrics: the outermost layer of a site.
///
///     var middleware: [any Middleware] { [MetricsMiddleware()] + standardMiddleware }
///
/// | metric | kind | dimensions |
/// | --- | --- | --- |
/// | `http.server.requests` | counter | method, route, status |
/// | `http.server.request.duration` | timer | method, route, status |
/// | `http.server.active_requests` | meter | |
/// | `db.client.queries` | counter | |
///
/// The route is its pattern, such as `polls/<int:pk>/`, never the path: a visitor cannot make up
/// dimensions. A method that is none of HTTP's is `_OTHER`.
///
/// Whoever does not add the layer pays nothing for it.
public struct MetricsMiddleware: Middleware {
    private let factory: (any MetricsFactory)?
    private let active: ActiveRequests
    private let countsQueries: Bool

    /// A layer that counts and times requests.
    ///
    /// - Parameters:
    ///   - factory: where the metrics go; nil is the factory that `MetricsSystem` was given.
    ///   - countsQueries: whether the queries of requests are counted too.
    public init(factory: (any MetricsFactory)? = nil, countsQueries: Bool = true) {
        self.factory = factory
        self.countsQueries = countsQueries
        active = ActiveRequests(
            Meter(label: "http.server.active_requests", factory: factory ?? MetricsSystem.factory)
        )
    }

    /// Counts and times what the layers further in answer.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: their response.
    /// - Throws: what they throw.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        active.change(by: 1)
        defer { active.change(by: -1) }
        let start = ContinuousClock.now
        let log = countsQueries ? QueryLog(keepsStatements: false) : nil
        do {
            let response = try await answer(request, next, log)
            record(request, "\(response.status.code)", start, log)
            return response
        } catch {
            record(request, "500", start, log)
            throw error
        }
    }

    private func answer(
        _ request: Request,
        _ next: any Responder,
        _ log: QueryLog?
    ) async throws -> Response {
        guard let log else { return try await next.respond(to: request) }
        return try await Database.logging(to: log) { try await next.respond(to: request) }
    }

    private func record(
        _ request: Request,
        _ status: String,
        _ start: ContinuousClock.Instant,
        _ log: QueryLog?
    ) {
        let factory = factory ?? MetricsSystem.factory
        let dimensions = [
            ("method", request.method.dimension), ("route", request.resolverMatch?.route ?? ""),
            ("status", status),
        ]
        Counter(label: "http.server.requests", dimensions: dimensions, factory: factory).increment()
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        Timer(label: "http.server.request.duration", dimensions: dimensions, factory: factory)
            .recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        if let log, log.count > 0 {
            Counter(label: "db.client.queries", dimensions: [], factory: factory)
                .increment(by: log.count)
        }
    }
}

extension HTTPMethod {
    /// The method, or `_OTHER` for what is none of HTTP's.
    var dimension: String {
        let known: [HTTPMethod] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]
        return known.contains(self) ? rawValue : "_OTHER"
    }
}
