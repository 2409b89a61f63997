import NuagesCore
public import NuagesHTTP
public import NuagesORM
import Synchronization

/// Counts requests in the database, so that all processes of a site count together.
///
///     var apps: [any App] { [RateLimitApp(), PollsApp()] }
///     #path("login/", login).rateLimited(.perMinute(5), store: DatabaseRateLimitStore())
///
/// One row is kept for each client, under a digest of what tells it from others; every thousandth
/// request removes the rows of clients whose buckets are full again. ``RateLimitApp`` has the
/// table: put it among the apps of the site, and run `migrate`.
///
/// Requests of one client wait for each other within a process. Between processes nothing is
/// locked: a mark is changed only if it is still the one that was read, so a token that another
/// process takes at the same moment is never taken twice.
public final class DatabaseRateLimitStore: RateLimitStore {
    /// So many tries at once for one client are more than a site has processes.
    private static let maxTries = 50
    /// One in so many requests removes rows that say nothing any more.
    private static let sweepInterval = 1000

    /// Marks of so many clients that were refused are kept, so that a flood costs no queries.
    private static let maxRefused = 10_000

    private let database: Database?
    private let queue = KeyedQueue()
    private let refused = Mutex<[ByteKey: Int]>([:])
    private let calls = Atomic<Int>(0)

    /// A store.
    ///
    /// - Parameter database: where it is counted; nil is the default database.
    public init(database: Database? = nil) { self.database = database }

    /// `ratelimits`, that of ``RateLimitApp``.
    public var requiredApp: String? { RateLimitApp().label }

    private var buckets: QuerySet<RateLimitBucket> {
        database.map { RateLimitBucket.objects.using($0) } ?? RateLimitBucket.objects
    }

    /// Takes one token of a bucket.
    ///
    /// - Parameters:
    ///   - key: names the bucket; its digest is kept.
    ///   - limit: the limit of the bucket.
    ///   - now: nanoseconds since 1970.
    /// - Returns: whether there was one.
    /// - Throws: `DatabaseError`, and ``RateLimitContention`` where too many take at once.
    public func take(
        _ key: String,
        limit: RateLimit,
        now: Int
    ) async throws -> RateLimitDecision {
        if calls.add(1, ordering: .relaxed).newValue % Self.sweepInterval == 0 {
            _ = try await buckets.filter { $0.fullAt < now }.delete()
        }
        let digest = Digest.hex(Digest.hash(Array(key.utf8), with: .sha256))
        return try await queue.exclusively(ByteKey(digest)) {
            if let decision = refusal(of: digest, limit, now) { return decision }
            return try await takeFromTable(digest, limit, now)
        }
    }

    private func takeFromTable(
        _ digest: String,
        _ limit: RateLimit,
        _ now: Int
    ) async throws -> RateLimitDecision {
        for _ in 0..<Self.maxTries {
            let bucket = try await buckets.filter { $0.key == digest }.first()
            let (decision, mark) = limit.decide(mark: bucket?.fullAt, now: now)
            guard decision.isAllowed else {
                // A refusal changes nothing.
                remember(mark, of: digest)
                return decision
            }
            if try await keep(mark, of: digest, before: bucket?.fullAt) { return decision }
        }
        throw RateLimitContention()
    }

    /// The refusal of a client that was refused before and comes back too soon; nil for others.
    ///
    /// A mark only ever grows, so what an older one refuses, that in the database refuses as well.
    private func refusal(of digest: String, _ limit: RateLimit, _ now: Int) -> RateLimitDecision? {
        refused.withLock { refused in
            guard let mark = refused[ByteKey(digest)] else { return nil }
            let decision = limit.decide(mark: mark, now: now).decision
            if decision.isAllowed { refused[ByteKey(digest)] = nil }
            return decision.isAllowed ? nil : decision
        }
    }

    private func remember(_ mark: Int, of digest: String) {
        refused.withLock { refused in
            if refused.count >= Self.maxRefused { refused = [:] }
            refused[ByteKey(digest)] = mark
        }
    }

    /// Writes the new mark, unless another process has been quicker.
    private func keep(_ mark: Int, of digest: String, before: Int?) async throws -> Bool {
        guard let before else {
            do {
                _ = try await buckets.create(RateLimitBucket(key: digest, fullAt: mark))
                return true
            } catch DatabaseError.integrity {
                return false
            }
        }
        let changed = try await buckets.filter { $0.key == digest && $0.fullAt == before }
            .update { $0.fullAt = AssignedField(mark) }
        return changed == 1
    }
}

/// Too many requests of one client were counted at once; this one is refused with 503.
public struct RateLimitContention: ResponseConvertibleError, CustomStringConvertible {
    /// 503.
    public var status: HTTPStatus { .serviceUnavailable }
    /// When to come back.
    public var responseHeaders: Headers { ["Retry-After": "1"] }
    /// What happened.
    public var description: String {
        "Too many requests of one client were counted at once, so this one was refused."
    }
}
