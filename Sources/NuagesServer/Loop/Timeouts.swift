internal import NuagesCore

/// The time limits of the configuration in nanoseconds, and the ones that are fixed.
package struct Timeouts: Sendable {
    /// How often deadlines are looked at; they are met with this precision.
    package static let tick: Int64 = 500_000_000
    /// How long the rest of a refused request is read and dropped, so that the client, still
    /// sending, gets to read the answer rather than a reset.
    static let linger: UInt64 = 2_000_000_000

    package let head: UInt64
    package let idle: UInt64
    package let bodyGrace: Int64
    package let bodyStall: Int64
    package let write: Int64
    let halfClosed: UInt64
    /// How long one byte may take at the lowest rate.
    package let perByte: Int64

    init(_ limits: ServerLimits) {
        head = UInt64(limits.headTimeout.clampedNanoseconds)
        idle = UInt64(limits.idleTimeout.clampedNanoseconds)
        bodyGrace = limits.bodyGracePeriod.clampedNanoseconds
        bodyStall = max(bodyGrace, limits.bodyStallTimeout.clampedNanoseconds)
        write = limits.writeTimeout.clampedNanoseconds
        halfClosed = UInt64(limits.halfClosedTimeout.clampedNanoseconds)
        perByte = 1_000_000_000 / Int64(min(max(1, limits.minimumRate), 1_000_000_000))
    }
}

/// How long a client may still keep the server waiting: bytes earn time, waiting spends it.
///
/// A slow client is cut off once it has fallen behind the lowest rate, and a fast one cannot
/// save up more than `limit` to stall with later.
package struct TimeCredit {
    private var nanoseconds: Int64

    package init(_ nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Whether the time is used up.
    package var isSpent: Bool { nanoseconds < 0 }

    package mutating func spend(_ elapsed: UInt64) {
        nanoseconds -= Int64(min(elapsed, UInt64(Int64.max / 4)))
    }

    /// Adds what `bytes` earn at `perByte` nanoseconds each, up to `limit`.
    package mutating func earn(bytes: Int, perByte: Int64, limit: Int64) {
        let (earned, overflow) = Int64(bytes).multipliedReportingOverflow(by: perByte)
        guard !overflow, earned < limit else {
            nanoseconds = limit
            return
        }
        nanoseconds = min(limit, nanoseconds + earned)
    }
}

extension Duration {
    /// The duration in nanoseconds, between 0 and about a century.
    package var clampedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return min(seconds, 3_000_000_000) * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
