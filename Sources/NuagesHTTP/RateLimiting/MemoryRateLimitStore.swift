internal import NuagesCore
import Synchronization

/// Counts requests in the memory of this process, for so many clients at most.
///
/// What has not been used for longest is forgotten first; so is all that has filled up again. A
/// client that is forgotten begins with a full bucket.
public final class MemoryRateLimitStore: RateLimitStore {
    /// The store of limits that name none.
    public static let shared = MemoryRateLimitStore()
    /// Where what clients say of themselves is counted: who makes up names by the thousand pushes
    /// no address out of ``shared``.
    static let claimed = MemoryRateLimitStore()

    /// How many buckets are kept.
    public let capacity: Int
    private let state = Mutex(State())

    /// Two generations of buckets.
    ///
    /// What is used moves to the young one, and the old one goes as a whole when the young one is
    /// full. That forgets what was not used for longest without keeping an order.
    private struct State: Sendable {
        var young: [ByteKey: Int] = [:]
        var old: [ByteKey: Int] = [:]
    }

    /// A store.
    ///
    /// - Parameter capacity: how many buckets are kept, each of about 100 bytes.
    public init(capacity: Int = 100_000) { self.capacity = max(2, capacity) }

    /// How many buckets are kept now.
    public var count: Int { state.withLock { $0.young.count + $0.old.count } }

    /// Takes one token of a bucket.
    ///
    /// - Parameters:
    ///   - key: names the bucket; long ones are kept as a digest.
    ///   - limit: the limit of the bucket.
    ///   - now: nanoseconds since 1970.
    /// - Returns: whether there was one.
    public func take(_ key: String, limit: RateLimit, now: Int) async -> RateLimitDecision {
        let key = Self.bounded(key)
        return state.withLock { state in
            let old = state.old.removeValue(forKey: key)
            let (decision, mark) = limit.decide(mark: state.young[key] ?? old, now: now)
            state.young[key] = mark
            if state.young.count >= capacity / 2 { Self.forget(&state, now, capacity) }
            return decision
        }
    }

    private static func forget(_ state: inout State, _ now: Int, _ capacity: Int) {
        state.young = state.young.filter { $0.value > now }
        // Where little could be dropped, the next sweep would come at once.
        guard state.young.count >= capacity / 4 else { return }
        state.old = state.young
        state.young = [:]
    }

    private static func bounded(_ key: String) -> ByteKey {
        guard key.utf8.count > 64 else { return ByteKey(key) }
        return ByteKey(Digest.hex(Digest.hash(Array(key.utf8), with: .sha256)))
    }
}
