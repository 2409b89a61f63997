public import NuagesHTTP
import NuagesORM
public import Tracing

/// Makes a span of each request by swift-distributed-tracing: the outermost layer of a site.
///
///     var middleware: [any Middleware] { [TracingMiddleware()] + standardMiddleware }
///
/// The span is named by method and route, such as `GET polls/<int:pk>/`, and has the attributes of
/// OpenTelemetry's conventions for HTTP. Its trace continues that of the fields `traceparent` and so
/// on where a trusted proxy handed the request on; others begin one of their own.
public struct TracingMiddleware: Middleware {
    private let tracer: (any Tracer)?

    /// A layer that makes spans.
    ///
    /// - Parameter tracer: where the spans go; nil is the tracer that `InstrumentationSystem` was
    ///   given.
    public init(tracer: (any Tracer)? = nil) { self.tracer = tracer }

    /// Makes a span of what the layers further in do.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: their response.
    /// - Throws: what they throw.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        let tracer = tracer ?? InstrumentationSystem.tracer
        var context = ServiceContext.current ?? .topLevel
        if request.continuesTraces {
            tracer.extract(request.headers, into: &context, using: HeadersExtractor())
        }
        let span = tracer.startSpan(request.spanName, context: context, ofKind: .server)
        defer { span.end() }
        return try await ServiceContext.$current.withValue(span.context) {
            try await respond(request, next, in: span)
        }
    }

    private func respond(
        _ request: Request,
        _ next: any Responder,
        in span: any Span
    ) async throws -> Response {
        let log = QueryLog(keepsStatements: false)
        span.attributes["http.request.method"] = request.method.dimension
        span.attributes["http.request_id"] = request.id
        if let route = request.resolverMatch?.route { span.attributes["http.route"] = route }
        do {
            let response = try await Database.logging(to: log) {
                try await next.respond(to: request)
            }
            span.attributes["http.response.status_code"] = response.status.code
            span.attributes["db.client.queries"] = log.count
            if response.status.code >= 500 { span.setStatus(SpanStatus(code: .error)) }
            return response
        } catch {
            span.recordError(error)
            span.setStatus(SpanStatus(code: .error))
            throw error
        }
    }
}

extension Request {
    /// `GET polls/<int:pk>/`; only the method where no route answers.
    var spanName: String {
        guard let route = resolverMatch?.route else { return method.dimension }
        return "\(method.dimension) \(route)"
    }
}

/// Reads the fields that carry a trace.
private struct HeadersExtractor: Extractor {
    func extract(key: String, from headers: Headers) -> String? { headers[key] }
}
