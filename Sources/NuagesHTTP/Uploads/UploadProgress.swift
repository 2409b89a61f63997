package import NuagesCore
internal import Synchronization

/// How far an upload has come.
public struct UploadProgress: Sendable, Hashable {
    /// What becomes of the upload.
    public enum State: String, Sendable {
        /// It arrives.
        case receiving
        /// The form is complete.
        case finished
        /// It was refused, or the client went away.
        case failed
    }

    /// What becomes of the upload.
    public internal(set) var state = State.receiving
    /// The bytes of the body that have arrived.
    public internal(set) var received = 0
    /// The length of the body; nil where the client did not declare it.
    public internal(set) var total: Int?
    /// The name of the field that arrives now.
    public internal(set) var field = ""
    /// The name of the file that arrives now; empty for a field that is none.
    public internal(set) var file = ""

    /// Whether nothing more will happen.
    public var isOver: Bool { state == .finished || state == .failed }

    /// The progress as a page receives it.
    package var json: JSONValue {
        .object([
            .init("state", .string(state.rawValue)), .init("received", .int(received)),
            .init("total", total.map(JSONValue.int) ?? .null), .init("field", .string(field)),
            .init("file", .string(file)),
        ])
    }
}

/// The uploads whose pages want to hear of them, in the memory of this process.
///
/// Memory is bounded: there are at most so many at once, each of some hundred bytes, and none stays
/// for longer than a minute after it has stopped. What does not fit is uploaded all the same.
package final class UploadProgressStore: Sendable {
    package static let shared = UploadProgressStore()

    private struct Entry: Sendable {
        var progress: UploadProgress
        var touched: ContinuousClock.Instant
    }

    private let capacity: Int
    private let lifetime: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let entries = Mutex<[ByteKey: Entry]>([:])

    package init(
        capacity: Int = 1000,
        lifetime: Duration = .seconds(60),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.capacity = capacity
        self.lifetime = lifetime
        self.now = now
    }

    /// How many uploads are known.
    package var count: Int { entries.withLock { $0.count } }

    /// An id that nobody guesses: 22 to 64 letters, digits, `-` and `_`.
    package static func isValid(_ id: String) -> Bool {
        (22...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == 0x2D || $0 == 0x5F }
    }

    /// Notes that an upload begins; nil where the id is in use or there are too many.
    package func begin(_ id: String, total: Int?) -> UploadProgressWriter? {
        let (key, time) = (ByteKey(id), now())
        let isNew = entries.withLock { entries in
            if entries.count >= capacity {
                entries = entries.filter { time - $0.value.touched < lifetime }
            }
            if let known = entries[key], time - known.touched < lifetime { return false }
            guard entries.count < capacity else { return false }
            var progress = UploadProgress()
            progress.total = total
            entries[key] = Entry(progress: progress, touched: time)
            return true
        }
        return isNew ? UploadProgressWriter(store: self, key: key) : nil
    }

    /// How far an upload has come; nil for one that is not known.
    package func progress(of id: String) -> UploadProgress? {
        let time = now()
        return entries.withLock { entries in
            guard let entry = entries[ByteKey(id)] else { return nil }
            guard time - entry.touched < lifetime else {
                entries[ByteKey(id)] = nil
                return nil
            }
            return entry.progress
        }
    }

    fileprivate func update(_ key: ByteKey, _ change: (inout UploadProgress) -> Void) {
        let time = now()
        entries.withLock { entries in
            guard var entry = entries[key] else { return }
            change(&entry.progress)
            entry.touched = time
            entries[key] = entry
        }
    }
}

/// Tells how far one upload has come.
package struct UploadProgressWriter: Sendable {
    fileprivate let store: UploadProgressStore
    fileprivate let key: ByteKey

    /// Counts bytes of the body; names are cut so that none can fill the memory.
    package func advance(by count: Int, _ current: (field: String, file: String)?) {
        store.update(key) { progress in
            progress.received += count
            guard let current else { return }
            progress.field = Self.shortened(current.field)
            progress.file = Self.shortened(current.file)
        }
    }

    package func finish(_ state: UploadProgress.State) {
        store.update(key) { $0.state = state }
    }

    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > 100 else { return name }
        return String(String.UnicodeScalarView(name.unicodeScalars.prefix(100)))
    }
}

/// How far an upload comes, each time that it has come further, until it is over.
public struct UploadProgressEvents: AsyncSequence, Sendable {
    /// How far it has come.
    public typealias Element = UploadProgress

    let id: String
    let store: UploadProgressStore
    let interval: Duration
    let patience: Duration

    init(
        _ id: String,
        store: UploadProgressStore = .shared,
        interval: Duration = .milliseconds(200),
        patience: Duration = .seconds(15)
    ) {
        self.id = id
        self.store = store
        self.interval = interval
        self.patience = patience
    }

    /// Begins to look.
    ///
    /// - Returns: an iterator.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(events: self) }

    /// Looks five times a second, so that a fast upload makes no flood of events.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let events: UploadProgressEvents
        private var last: UploadProgress?
        private let start = ContinuousClock.now

        init(events: UploadProgressEvents) { self.events = events }

        /// The next event.
        ///
        /// - Returns: nil once the upload is over, is forgotten, or has not begun within fifteen
        ///   seconds.
        /// - Throws: `CancellationError` where the page has gone.
        public mutating func next() async throws -> UploadProgress? {
            if last?.isOver == true { return nil }
            while true {
                if let progress = events.store.progress(of: events.id) {
                    if progress != last {
                        last = progress
                        return progress
                    }
                } else if last != nil || ContinuousClock.now - start > events.patience {
                    return nil
                }
                try await Task.sleep(for: events.interval)
            }
        }
    }
}

extension Request {
    /// The id by which the page of an upload asks how far it has come; nil where there is none that
    /// nobody can guess.
    ///
    /// It is the field `X-Progress-ID`, else the parameter `progress_id` of the query: 22 to 64
    /// letters, digits, `-` and `_`, made by the page.
    public var uploadProgressID: String? {
        let id = headers["X-Progress-ID"] ?? (queryString.isEmpty ? nil : query["progress_id"])
        guard let id, UploadProgressStore.isValid(id) else { return nil }
        return id
    }

    /// How far the upload with ``uploadProgressID`` comes, which is that of another request; nil
    /// where this request has no id.
    ///
    ///     for try await progress in request.uploadProgress { … }
    ///
    /// Only who knows the id hears of it.
    public var uploadProgress: UploadProgressEvents? {
        uploadProgressID.map { UploadProgressEvents($0) }
    }
}

/// Sends how far an upload comes to its page, as events of `EventSource`.
///
///     #path("upload-progress/", uploadProgressEvents, name: "upload-progress")
///     #path("upload-progress.js", uploadProgressScript, name: "upload-progress-script")
///
/// and on the page, which works without the script as well:
///
///     <form method="post" enctype="multipart/form-data" data-upload-progress="/upload-progress/"
///         data-max-size="33554432">
///       …<progress hidden></progress> <span data-upload-status role="status"></span>
///     </form>
///     <script {% csp_nonce_attr %} src="/upload-progress.js" defer></script>
///
/// Files that are larger together than `data-max-size` are not sent; the status says so, in the
/// words of `data-too-large` where the form has them.
///
/// Each event is JSON: `{"state": "receiving", "received": 65536, "total": 1000000, "field": "film",
/// "file": "a.mp4"}`.
///
/// - Parameter request: asks by ``Request/uploadProgressID``.
/// - Returns: the stream; it ends with the upload.
/// - Throws: ``HTTPError/badRequest(_:)`` for an id that could be guessed.
public func uploadProgressEvents(_ request: Request) async throws -> Response {
    guard let events = request.uploadProgress else {
        throw HTTPError.badRequest("'progress_id' must be 22 to 64 letters, digits, '-' and '_'.")
    }
    return .events { stream in
        for try await progress in events {
            let bytes = progress.json.jsonBytes(style: .compact)
            try await stream.send(String(decoding: bytes, as: UTF8.self))
        }
        try await stream.send("{}", event: "end")
    }
}

/// The script that shows how far an upload has come in the `<progress>` of its form.
///
/// The site's policy allows scripts by their nonce, so the page writes `{% csp_nonce_attr %}` into
/// the element.
///
/// - Parameter request: any request.
/// - Returns: the script.
public func uploadProgressScript(_ request: Request) async -> Response {
    var response = Response.bytes(
        Array(UploadProgressScript.source.utf8),
        contentType: "text/javascript; charset=utf-8"
    )
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
}

enum UploadProgressScript {
    static let source = #"""
        "use strict";
        // Shows how far a form with data-upload-progress has been uploaded.
        for (const form of document.querySelectorAll("form[data-upload-progress]")) {
          form.addEventListener("submit", (submission) => {
            const files = [...form.querySelectorAll("input[type=file]")]
              .flatMap((input) => [...input.files]);
            if (files.length === 0) return;
            const status = form.querySelector("[data-upload-status]");
            const limit = Number(form.dataset.maxSize);
            if (limit > 0 && files.reduce((sum, file) => sum + file.size, 0) > limit) {
              submission.preventDefault();
              const text = form.dataset.tooLarge
                || `The files are too large: at most ${Math.floor(limit / 1048576)} MiB can be sent.`;
              if (status) status.textContent = text; else alert(text);
              return;
            }
            const bytes = crypto.getRandomValues(new Uint8Array(16));
            const id = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
            const action = new URL(form.getAttribute("action") || location.href, location.href);
            action.searchParams.set("progress_id", id);
            form.setAttribute("action", action.href);
            const address = new URL(form.dataset.uploadProgress, location.href);
            address.searchParams.set("progress_id", id);
            const bar = form.querySelector("progress");
            const events = new EventSource(address.href);
            events.addEventListener("message", (event) => {
              const progress = JSON.parse(event.data);
              if (bar) {
                bar.hidden = false;
                if (progress.total) {
                  bar.max = progress.total;
                  bar.value = progress.received;
                }
              }
              if (status) status.textContent = progress.file;
            });
            events.addEventListener("end", () => events.close());
            events.addEventListener("error", () => events.close());
            addEventListener("pagehide", () => events.close(), { once: true });
          });
        }

        """#
}
