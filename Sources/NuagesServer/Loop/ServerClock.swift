package import NIOCore

/// Tells the time and ticks; tests put a clock in its place that they move themselves.
package protocol ServerClock: Sendable {
    /// Nanoseconds since a fixed moment.
    func now() -> UInt64

    /// Calls `tick` on `loop` again and again.
    ///
    /// - Parameters:
    ///   - interval: how often, in nanoseconds.
    ///   - loop: where to call it.
    ///   - tick: what to call.
    func tick(every interval: Int64, on loop: any EventLoop, _ tick: @escaping @Sendable () -> Void)
}

/// The clock of the machine.
struct SystemClock: ServerClock {
    func now() -> UInt64 { NIODeadline.now().uptimeNanoseconds }

    func tick(
        every interval: Int64,
        on loop: any EventLoop,
        _ tick: @escaping @Sendable () -> Void
    ) {
        let interval = TimeAmount.nanoseconds(interval)
        loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in tick() }
    }
}
