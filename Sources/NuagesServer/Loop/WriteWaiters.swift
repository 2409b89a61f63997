/// The tasks that wait until the client has read what was written.
package struct WriteWaiters {
    private var continuations: [CheckedContinuation<Void, any Error>] = []

    /// Nobody waits.
    package init() {}

    package mutating func append(_ waiter: CheckedContinuation<Void, any Error>) {
        continuations.append(waiter)
    }

    /// Takes all who wait, so that one who goes on and writes at once may wait anew.
    package mutating func takeAll() -> WriteWaiters {
        var taken = WriteWaiters()
        swap(&taken, &self)
        return taken
    }

    /// Lets those who wait go on, or fail with `error`.
    package func resume(_ error: (any Error)?) {
        for waiter in continuations {
            if let error { waiter.resume(throwing: error) } else { waiter.resume() }
        }
    }
}
