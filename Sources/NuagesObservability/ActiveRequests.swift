import Metrics
import Synchronization

/// The number of requests that are being answered.
final class ActiveRequests: Sendable {
    private let meter: Meter
    private let count = Mutex(0)

    init(_ meter: Meter) { self.meter = meter }

    func change(by difference: Int) {
        // Set inside the lock, so that a smaller number does not overtake a larger one.
        count.withLock { count in
            count += difference
            meter.set(Int64(count))
        }
    }
}
