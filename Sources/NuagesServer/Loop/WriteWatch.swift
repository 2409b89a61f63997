package import NIOCore

/// Watches whether a client takes the bytes that wait for it, at the lowest rate at least.
package struct WriteWatch {
    private var queued = 0
    private var sent = 0
    private var credit = TimeCredit(0)
    /// Whether bytes may be waiting.
    private(set) var hasUnsentBytes = false

    /// Nothing was written yet.
    package init() {}

    /// Notes that bytes were handed to the channel.
    package mutating func note(_ count: Int, _ timeouts: Timeouts) {
        queued &+= count
        if !hasUnsentBytes {
            hasUnsentBytes = true
            credit = TimeCredit(timeouts.write)
        }
    }

    /// Whether the client has fallen behind.
    ///
    /// - Parameters:
    ///   - channel: where the bytes wait.
    ///   - elapsed: nanoseconds since this was last asked.
    ///   - timeouts: the times of the configuration.
    /// - Returns: true where it is to be left.
    package mutating func isStalled(
        _ channel: (any Channel)?,
        elapsed: UInt64,
        _ timeouts: Timeouts
    ) -> Bool {
        guard hasUnsentBytes, let options = channel?.syncOptions,
            let waiting = try? options.getOption(.bufferedWritableBytes)
        else { return false }
        let sent = queued &- waiting
        let progress = max(0, sent &- self.sent)
        self.sent = sent
        guard waiting > 0 else {
            hasUnsentBytes = false
            return false
        }
        credit.spend(elapsed)
        if progress > 0 {
            credit.earn(bytes: progress, perByte: timeouts.perByte, limit: timeouts.write)
        }
        return credit.isSpent
    }
}
