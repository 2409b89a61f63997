import Metrics
import NuagesORM
import NuagesObservability
import Synchronization
import Testing

/// Keeps what was recorded, by the text of label and dimensions.
private final class Recorder: MetricsFactory, Sendable {
    private let values = Mutex<[String: [Int64]]>([:])

    var all: [String: [Int64]] { values.withLock { $0 } }

    fileprivate func record(_ name: String, _ value: Int64) {
        values.withLock { $0[name, default: []].append(value) }
    }

    private func handler(_ label: String, _ dimensions: [(String, String)]) -> Handler {
        let name = ([label] + dimensions.map { "\($0)=\($1)" }).joined(separator: " ")
        return Handler(recorder: self, name: name)
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        handler(label, dimensions)
    }
    func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler { handler(label, dimensions) }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        handler(label, dimensions)
    }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}

private final class Handler: CounterHandler, RecorderHandler, TimerHandler, Sendable {
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
}

@Suite struct DatabaseMetricsTests {
    @Test func timesStatementsAndWaits() {
        let recorder = Recorder()
        let metrics = DatabaseMetrics(factory: recorder)
        for hasFailed in [false, true] {
            metrics.ended(
                ObservedQuery(
                    database: "default",
                    vendor: "sqlite",
                    text: "SELECT 1",
                    duration: .microseconds(5),
                    hasFailed: hasFailed
                )
            )
        }
        for hasTimedOut in [false, true] {
            metrics.waited(
                ObservedWait(
                    database: "default",
                    duration: .milliseconds(2),
                    hasTimedOut: hasTimedOut
                )
            )
        }
        #expect(
            recorder.all == [
                "db.client.operation.duration system=sqlite database=default": [5000, 5000],
                "db.client.operation.errors system=sqlite database=default": [1],
                "db.client.connection.wait_time database=default": [2_000_000, 2_000_000],
                "db.client.connection.timeouts database=default": [1],
            ]
        )
    }
}
