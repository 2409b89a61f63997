/// Tells how far one upload has come.
package struct UploadProgressWriter: Sendable {
    private enum Target: Sendable {
        /// The memory, which is noted in at once.
        case memory(MemoryUploadProgressStore)
        /// A store that may take its time, which the upload does not wait for.
        case other(AsyncStream<UploadProgress>.Continuation)
    }

    private let target: Target
    private let id: String
    private var progress: UploadProgress

    /// Notes that an upload begins; nil where the memory has the id or too many others.
    package init?(_ store: any UploadProgressStore, _ id: String, total: Int?) {
        self.id = id
        progress = UploadProgress(total: total)
        if let memory = store as? MemoryUploadProgressStore {
            guard memory.begin(id, progress) else { return nil }
            target = .memory(memory)
        } else {
            target = .other(Self.noting(progress, of: id, in: store))
        }
    }

    /// Counts bytes of the body; names are cut so that none can fill the memory.
    package mutating func advance(by count: Int, _ current: (field: String, file: String)?) {
        progress.received += count
        if let current {
            progress.field = Self.shortened(current.field)
            progress.file = Self.shortened(current.file)
        }
        note()
    }

    package mutating func finish(_ state: UploadProgress.State) {
        progress.state = state
        note()
        if case .other(let notes) = target { notes.finish() }
    }

    private func note() {
        switch target {
        case .memory(let store): store.note(progress, of: id)
        case .other(let notes): notes.yield(progress)
        }
    }

    /// Takes notes to a store, of which the newest waits for its turn; none after one that failed.
    ///
    /// The task is not the request's: that a client has gone is noted, too.
    private static func noting(
        _ progress: UploadProgress,
        of id: String,
        in store: any UploadProgressStore
    ) -> AsyncStream<UploadProgress>.Continuation {
        let (notes, continuation) = AsyncStream.makeStream(
            of: UploadProgress.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        Task {
            guard try await store.begin(id, progress) else { return }
            for await progress in notes {
                try await store.note(progress, of: id)
                if progress.isOver { return }
                try await Task.sleep(for: store.interval)
            }
        }
        return continuation
    }

    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > 100 else { return name }
        return String(String.UnicodeScalarView(name.unicodeScalars.prefix(100)))
    }
}
