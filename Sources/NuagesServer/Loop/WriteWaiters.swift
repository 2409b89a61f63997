internal import NuagesHTTP

/// The tasks that wait until the client has read what was written.
package struct WriteWaiters {
    private var continuations: [CheckedContinuation<Void, any Error>] = []

    /// Nobody waits.
    package init() {}

    /// Lets a writer go on when the client has read, or at once.
    package mutating func add(
        _ waiter: CheckedContinuation<Void, any Error>,
        isWritable: Bool,
        isClosed: Bool
    ) {
        if isClosed {
            waiter.resume(throwing: HTTPError.clientDisconnected)
        } else if isWritable {
            waiter.resume()
        } else {
            append(waiter)
        }
    }

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
