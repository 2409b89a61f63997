internal import NIOCore
internal import NuagesHTTP

extension ConnectionHandler: LoopConnection {
    /// The request that is read or answered now.
    package var requestsAtWork: [String] {
        switch phase {
        case .collecting, .running: [loggedRequest].compactMap(\.self)
        case .head where isHeadStarted: [loggedRequest].compactMap(\.self)
        default: []
        }
    }

    /// Looks at the deadlines; called at each tick of the loop.
    ///
    /// - Parameter elapsed: nanoseconds since the last tick.
    package func tick(elapsed: UInt64) {
        if watch.isStalled(context?.channel, elapsed: elapsed, loop.shared.timeouts) {
            return closeNow()
        }
        switch phase {
        case .head:
            guard loop.now >= deadline, !watch.hasUnsentBytes else { return }
            if isHeadStarted { refuse(.timeout) } else { closeAfterWriting(lingers: false) }
        case .collecting:
            if isBodyTooSlow(elapsed: elapsed) { refuse(.timeout) }
        case .draining:
            if isBodyTooSlow(elapsed: elapsed) { closeNow() }
        case .running:
            if bodyWaiter != nil, isBodyTooSlow(elapsed: elapsed) { failBody(.timeout) }
            if isInputClosed, loop.now >= deadline { work?.cancel() }
        case .lingering:
            if loop.now >= deadline { closeNow() }
        case .closing, .closed: break
        }
    }

    /// Counts waiting for a body against its client; time in which the view is busy is not counted.
    private func isBodyTooSlow(elapsed: UInt64) -> Bool {
        bodyCredit.spend(elapsed)
        return bodyCredit.isSpent
    }

    func earnBodyTime(_ count: Int) {
        bodyCredit.earn(
            bytes: count,
            perByte: loop.shared.timeouts.perByte,
            limit: loop.shared.timeouts.bodyStall
        )
    }

    /// Closes an idle connection, and makes the running request the last one.
    package func shutDown() {
        switch phase {
        // A request that has arrived and waits for its turn is still answered, and is the last.
        case .head where !isHeadStarted && input.readableBytes == 0:
            closeAfterWriting(lingers: false)
        case .lingering: closeNow()
        default:
            keepsAlive = false
            if let stream, case .endless = stream.response.connectionUse { work?.cancel() }
        }
    }
}
