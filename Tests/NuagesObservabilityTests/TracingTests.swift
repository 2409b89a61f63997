import InMemoryTracing
import NuagesHTTP
import NuagesObservability
import Testing
import Tracing

private struct Boom: Error {}

private func page(_ request: Request, id: Int) async throws -> Response {
    // What the view does belongs to the span of its request.
    .text(ServiceContext.current?.inMemorySpanContext?.spanID ?? "-")
}
private func boom(_ request: Request) async throws -> Response { throw Boom() }

/// A layer that fails outside of where errors become responses.
private struct Failing: Responder {
    func respond(to request: Request) async throws -> Response { throw Boom() }
}

@Suite struct TracingTests {
    private let tracer = InMemoryTracer()

    private func send(
        _ target: String,
        _ method: HTTPMethod = .get,
        headers: Headers = [:],
        address: String = "127.0.0.1"
    ) async -> Response {
        var settings = HTTPSettings()
        settings.allowedHosts = ["testserver"]
        settings.trustedProxies = ["10.0.0.1"]
        let application = Application(
            settings: settings,
            middleware: [TracingMiddleware(tracer: tracer)],
            routes: Routes {
                #path("page/<int:id>/", page)
                #path("boom/", boom)
            }
        )
        var headers = headers
        headers["Host"] = "testserver"
        return await application.handle(
            Request(method: method, target: target, headers: headers, remoteAddress: address)
        )
    }

    @Test(arguments: [
        ("/page/5/", HTTPMethod.get, "GET page/<int:id>/", 200, false),
        ("/page/5/", HTTPMethod("BREW"), "_OTHER page/<int:id>/", 405, false),
        ("/nothing/", HTTPMethod.get, "GET", 404, false), ("/boom/", .get, "GET boom/", 500, true),
    ])
    func makesASpanOfEachRequest(
        _ target: String,
        _ method: HTTPMethod,
        name: String,
        status: Int,
        fails: Bool
    ) async throws {
        let response = await send(target, method)
        #expect(response.status.code == status)
        #expect(tracer.activeSpans.isEmpty)
        let span = try #require(tracer.finishedSpans.first)
        #expect(tracer.finishedSpans.count == 1)
        #expect(span.operationName == name)
        #expect(span.kind == .server)
        #expect(span.attributes.get("http.response.status_code") == .int64(Int64(status)))
        #expect(span.attributes.get("db.client.queries") == .int64(0))
        // The path has values of visitors; the route has not.
        #expect(!"\(span.attributes)".contains("/page/5/"))
        #expect((span.status?.code == .error) == fails)
        if status == 200 { #expect(response.text == span.spanID) }
    }

    @Test func anErrorThatLeavesTheLayersIsRecorded() async throws {
        await #expect(throws: Boom.self) {
            try await TracingMiddleware(tracer: tracer)
                .respond(to: Request(target: "/"), next: Failing())
        }
        let span = try #require(tracer.finishedSpans.first)
        #expect(span.errors.count == 1)
        #expect(span.status?.code == .error)
    }

    @Test(arguments: [("10.0.0.1", true), ("203.0.113.9", false)])
    func continuesTracesOfTrustedProxiesOnly(_ address: String, continues: Bool) async throws {
        let headers: Headers = [
            InMemoryTracer.traceIDKey: "outer-trace", InMemoryTracer.spanIDKey: "outer-span",
        ]
        _ = await send("/page/5/", headers: headers, address: address)
        let span = try #require(tracer.finishedSpans.first)
        #expect((span.traceID == "outer-trace") == continues)
        #expect((span.parentSpanID == "outer-span") == continues)
    }
}
