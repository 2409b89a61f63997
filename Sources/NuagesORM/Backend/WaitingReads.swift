import Synchronization

/// Statements of several tasks that wait for a connection.
final class WaitingReads: Sendable {
    private struct Queue {
        var reads: [SharedRead] = []
        /// Whether somebody asks for a connection for them.
        var isAsking = false
    }

    private let queues = Mutex((reading: Queue(), writing: Queue()))

    /// Adds statements, which read, or write.
    ///
    /// - Returns: whether the caller has to ask for a connection.
    func add(_ reads: [SharedRead]) -> Bool {
        change(reads.first?.writes == true) { queue in
            queue.reads += reads
            defer { queue.isAsking = true }
            return !queue.isAsking
        }
    }

    /// Takes those that can be sent at once.
    ///
    /// - Returns: them, and whether the caller has to ask for a connection for the others.
    func take(writes: Bool, maxCount: Int) -> (part: [SharedRead], hasMore: Bool) {
        change(writes) { queue in
            queue.reads.removeAll { $0.isEnded }
            let part = queue.reads.first(withStatements: maxCount)
            queue.reads.removeFirst(part.count)
            queue.isAsking = !queue.reads.isEmpty
            return (part, queue.isAsking)
        }
    }

    /// Those that wait.
    func waiting(writes: Bool) -> [SharedRead] { change(writes) { $0.reads } }

    /// Removes some that wait no longer.
    ///
    /// - Returns: whether the caller has to ask for a connection for the others.
    func remove(_ reads: [SharedRead], writes: Bool) -> Bool {
        let removed = Set(reads.map { ObjectIdentifier($0) })
        return change(writes) { queue in
            queue.reads.removeAll { removed.contains(ObjectIdentifier($0)) }
            queue.isAsking = !queue.reads.isEmpty
            return queue.isAsking
        }
    }

    private func change<Result>(_ writes: Bool, _ body: (inout Queue) -> Result) -> Result {
        queues.withLock { queues in writes ? body(&queues.writing) : body(&queues.reading) }
    }
}
