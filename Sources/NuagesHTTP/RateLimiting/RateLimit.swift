/// How often something may happen: a bucket of tokens that fills up steadily.
///
/// A client may use the whole ``count`` at once; after that it gets a token each time that
/// ``count``-th part of ``seconds`` has passed. There is no window at whose edge twice as much
/// passes.
public struct RateLimit: Sendable, Hashable, CustomStringConvertible {
    /// How many requests a full bucket answers.
    public let count: Int
    /// How long an empty bucket takes to fill up, in seconds.
    public let seconds: Int

    /// A limit.
    ///
    /// - Parameters:
    ///   - count: how many; at least 1.
    ///   - seconds: in how long; from 1 second to 100 days.
    public init(_ count: Int, perSeconds seconds: Int) {
        self.count = min(max(1, count), 1_000_000)
        self.seconds = min(max(1, seconds), 8_640_000)
    }

    /// So many a second.
    ///
    /// - Parameter count: how many.
    /// - Returns: the limit.
    public static func perSecond(_ count: Int) -> RateLimit { RateLimit(count, perSeconds: 1) }

    /// So many a minute.
    ///
    /// - Parameter count: how many.
    /// - Returns: the limit.
    public static func perMinute(_ count: Int) -> RateLimit { RateLimit(count, perSeconds: 60) }

    /// So many an hour.
    ///
    /// - Parameter count: how many.
    /// - Returns: the limit.
    public static func perHour(_ count: Int) -> RateLimit { RateLimit(count, perSeconds: 3600) }

    /// So many a day.
    ///
    /// - Parameter count: how many.
    /// - Returns: the limit.
    public static func perDay(_ count: Int) -> RateLimit { RateLimit(count, perSeconds: 86_400) }

    /// `5 in 60 s`.
    public var description: String { "\(count) in \(seconds) s" }

    /// The time that one token takes, in nanoseconds.
    private var step: Int { seconds * 1_000_000_000 / count }

    /// The answer to one more request, and the mark to keep for the next.
    ///
    /// A bucket is kept as one number, the moment at which it will be full again (the generic cell
    /// rate algorithm), so that a store needs to keep nothing else, and nothing at all for a bucket
    /// that is full.
    ///
    /// - Parameters:
    ///   - mark: what was kept: nanoseconds since 1970; nil for a full bucket.
    ///   - now: nanoseconds since 1970.
    /// - Returns: whether the request is answered, and the new mark; the old one where it is not.
    public func decide(mark: Int?, now: Int) -> (decision: RateLimitDecision, mark: Int) {
        let span = step * count
        // A clock that was set back must not lock anybody out for longer than a bucket takes.
        let full = min(max(mark ?? now, now), now + span)
        let next = full + step
        let isAllowed = next - now <= span
        let kept = isAllowed ? next : full
        let used = kept - now
        return (
            RateLimitDecision(
                isAllowed: isAllowed,
                limit: self,
                remaining: isAllowed ? (span - used) / step : 0,
                retryAfter: isAllowed ? 0 : Self.seconds(next - now - span),
                resetAfter: Self.seconds(used)
            ),
            kept
        )
    }

    private static func seconds(_ nanoseconds: Int) -> Int {
        (nanoseconds + 999_999_999) / 1_000_000_000
    }
}

/// What a limit says to one request.
public struct RateLimitDecision: Sendable, Hashable {
    /// Whether the request is answered.
    public let isAllowed: Bool
    /// The limit.
    public let limit: RateLimit
    /// How many more requests would be answered now.
    public let remaining: Int
    /// In how many seconds the next request is answered; 0 where one is answered now.
    public let retryAfter: Int
    /// In how many seconds the bucket is full again.
    public let resetAfter: Int
}

/// Counts requests.
///
/// The memory of a process counts its own requests only; several processes need a store that they
/// share, such as the database's.
public protocol RateLimitStore: Sendable {
    /// The label of the app that the store needs; `check` reports its absence.
    var requiredApp: String? { get }

    /// Takes one token of a bucket.
    ///
    /// Two calls at once must not take the same token.
    ///
    /// - Parameters:
    ///   - key: names the bucket, by bytes.
    ///   - limit: the limit of the bucket.
    ///   - now: nanoseconds since 1970.
    /// - Returns: whether there was one.
    /// - Throws: what the store throws; the request is then refused.
    func take(_ key: String, limit: RateLimit, now: Int) async throws -> RateLimitDecision
}

extension RateLimitStore {
    /// None.
    public var requiredApp: String? { nil }
}
