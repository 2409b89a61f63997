import Metrics
import NuagesHTTP
import NuagesObservability
import Synchronization
import Testing

/// Keeps what was recorded, by the text of label and dimensions.
private final class Recorder: MetricsFactory, Sendable {
    private let values = Mutex<[String: [Int64]]>([:])

    func values(of name: String) -> [Int64] { values.withLock { $0[name] ?? [] } }
    var names: [String] { values.withLock { $0.keys.sorted() } }

    fileprivate func record(_ name: String, _ value: Int64) {
        values.withLock { $0[name, default: []].append(value) }
    }

    private func name(_ label: String, _ dimensions: [(String, String)]) -> String {
        ([label] + dimensions.map { "\($0)=\($1)" }).joined(separator: " ")
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        Handler(recorder: self, name: name(label, dimensions))
    }
    func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler { Handler(recorder: self, name: name(label, dimensions)) }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        Handler(recorder: self, name: name(label, dimensions))
    }
    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        Handler(recorder: self, name: name(label, dimensions))
    }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
}

private final class Handler: CounterHandler, RecorderHandler, TimerHandler, MeterHandler, Sendable {
    let recorder: Recorder
    let name: String

    init(recorder: Recorder, name: String) {
        self.recorder = recorder
        self.name = name
    }

    func increment(by amount: Int64) { recorder.record(name, amount) }
    func reset() {}
    func record(_ value: Int64) { recorder.record(name, value) }
    func record(_ value: Double) {}
    func recordNanoseconds(_ duration: Int64) { recorder.record(name, duration) }
    func set(_ value: Int64) { recorder.record(name, value) }
    func set(_ value: Double) {}
    func increment(by amount: Double) {}
    func decrement(by amount: Double) {}
}

private func page(_ request: Request, id: Int) async throws -> Response { .text("page") }
private func fail(_ request: Request) async throws -> Response { throw HTTPError.forbidden("no") }

@Suite struct MetricsTests {
    private func application(_ recorder: Recorder) -> Application {
        var settings = HTTPSettings()
        settings.allowedHosts = ["testserver"]
        return Application(
            settings: settings,
            middleware: [MetricsMiddleware(factory: recorder)],
            routes: Routes {
                #path("page/<int:id>/", page)
                #path("fail/", fail)
            }
        )
    }

    @Test func countsByRouteAndNotByPath() async {
        let recorder = Recorder()
        let application = application(recorder)
        for target in ["/page/1/", "/page/2/", "/fail/", "/nothing/"] {
            _ = await application.handle(Request(target: target, headers: ["Host": "testserver"]))
        }
        _ = await application.handle(
            Request(method: HTTPMethod("BREW"), target: "/page/1/", headers: ["Host": "testserver"])
        )
        let page = "http.server.requests method=GET route=page/<int:id>/ status=200"
        #expect(recorder.values(of: page) == [1, 1])
        #expect(
            recorder.names.filter { $0.hasPrefix("http.server.requests") } == [
                "http.server.requests method=GET route= status=404",
                "http.server.requests method=GET route=fail/ status=403", page,
                "http.server.requests method=_OTHER route=page/<int:id>/ status=405",
            ]
        )
        let times = recorder.values(
            of: "http.server.request.duration method=GET route=page/<int:id>/ status=200"
        )
        #expect(times.count == 2 && times.allSatisfy { $0 > 0 })
        #expect(
            recorder.values(of: "http.server.active_requests") == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0]
        )
    }
}
