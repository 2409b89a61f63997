import NuagesCore

/// How far an upload comes, each time that it has come further, until it is over.
public struct UploadProgressEvents: AsyncSequence, Sendable {
    /// How far it has come.
    public typealias Element = UploadProgress

    let id: String
    let store: any UploadProgressStore
    let interval: Duration
    let patience: Duration

    init(
        _ id: String,
        store: any UploadProgressStore,
        interval: Duration? = nil,
        patience: Duration = .seconds(15)
    ) {
        self.id = id
        self.store = store
        self.interval = interval ?? store.interval
        self.patience = patience
    }

    /// Begins to look.
    ///
    /// - Returns: an iterator.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(events: self) }

    /// Looks as often as the store wants it, so that a fast upload makes no flood of events.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let events: UploadProgressEvents
        private var last: UploadProgress?
        private let start = ContinuousClock.now

        init(events: UploadProgressEvents) { self.events = events }

        /// The next event.
        ///
        /// - Returns: nil once the upload is over, is forgotten, or has not begun within fifteen
        ///   seconds.
        /// - Throws: `CancellationError` where the page has gone, and what the store throws.
        public mutating func next() async throws -> UploadProgress? {
            if last?.isOver == true { return nil }
            while true {
                if let progress = try await events.store.progress(of: events.id) {
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
        guard let id, UploadProgress.isID(id) else { return nil }
        return id
    }

    /// How far the upload with ``uploadProgressID`` comes, which is that of another request; nil
    /// where this request has no id.
    ///
    ///     for try await progress in request.uploadProgress { … }
    ///
    /// Only who knows the id hears of it.
    public var uploadProgress: UploadProgressEvents? {
        uploadProgressID.map { UploadProgressEvents($0, store: settings.uploadProgressStore) }
    }
}

extension UploadProgress {
    /// Whether nobody guesses an id: 22 to 64 letters, digits, `-` and `_`.
    package static func isID(_ id: String) -> Bool {
        (22...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == 0x2D || $0 == 0x5F }
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
