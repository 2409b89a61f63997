internal import NuagesCore
import Synchronization

/// The uploads whose pages want to hear of them, in the memory of this process.
///
/// Memory is bounded: there are at most so many at once, each of some hundred bytes, and none stays
/// for longer than a minute after it has stopped. What does not fit is uploaded all the same.
public final class MemoryUploadProgressStore: UploadProgressStore {
    /// The store of sites that name none.
    public static let shared = MemoryUploadProgressStore()

    private struct Entry: Sendable {
        var progress: UploadProgress
        var touched: ContinuousClock.Instant
    }

    private let capacity: Int
    private let lifetime: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let entries = Mutex<[ByteKey: Entry]>([:])

    /// A store.
    ///
    /// - Parameters:
    ///   - capacity: how many uploads are known at once.
    ///   - lifetime: how long one is known after it has stopped.
    public convenience init(capacity: Int = 1000, lifetime: Duration = .seconds(60)) {
        self.init(capacity: capacity, lifetime: lifetime) { .now }
    }

    package init(
        capacity: Int = 1000,
        lifetime: Duration = .seconds(60),
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.capacity = capacity
        self.lifetime = lifetime
        self.now = now
    }

    /// How many uploads are known.
    package var count: Int { entries.withLock { $0.count } }

    /// A fifth of a second.
    public var interval: Duration { .milliseconds(200) }

    /// Notes that an upload begins.
    ///
    /// - Parameters:
    ///   - id: the id that its page has made.
    ///   - progress: how far it has come.
    /// - Returns: false where the id is in use or there are too many.
    public func begin(_ id: String, _ progress: UploadProgress) -> Bool {
        let (key, time) = (ByteKey(id), now())
        return entries.withLock { entries in
            if entries.count >= capacity {
                entries = entries.filter { time - $0.value.touched < lifetime }
            }
            if let known = entries[key], time - known.touched < lifetime { return false }
            guard entries.count < capacity else { return false }
            entries[key] = Entry(progress: progress, touched: time)
            return true
        }
    }

    /// Notes how far an upload has come.
    ///
    /// - Parameters:
    ///   - progress: how far.
    ///   - id: the id that it began with.
    public func note(_ progress: UploadProgress, of id: String) {
        let (key, time) = (ByteKey(id), now())
        entries.withLock { entries in
            guard entries[key] != nil else { return }
            entries[key] = Entry(progress: progress, touched: time)
        }
    }

    /// How far an upload has come.
    ///
    /// - Parameter id: its id.
    /// - Returns: nil for one that is not known, or has stopped for a while.
    public func progress(of id: String) -> UploadProgress? {
        let (key, time) = (ByteKey(id), now())
        return entries.withLock { entries in
            guard let entry = entries[key] else { return nil }
            guard time - entry.touched < lifetime else {
                entries[key] = nil
                return nil
            }
            return entry.progress
        }
    }
}
