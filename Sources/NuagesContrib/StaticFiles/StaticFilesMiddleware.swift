public import NuagesCore
public import NuagesHTTP
public import NuagesViews
import Synchronization

/// Serves static files: those that `collectstatic` has collected, or those of the apps' `static`
/// folders and of `STATICFILES_DIRS`.
///
/// In debug each file is looked for when it is asked for, in the folders where it is written.
/// Otherwise all files are looked at once: in `STATIC_ROOT`, or in those folders where it is not
/// set. That happens apart from the event loops, when the first file is asked for or ``prepare()``
/// is called. Files with a digest in their name may be kept by browsers for
/// ever; others are asked for again after an hour.
///
/// No folder is listed, no dotfile is served, and neither `..` nor a symbolic link leads out of a
/// folder. A client that has a file gets 304, one that asks for a part of it gets 206, and one that
/// reads gzip (or Brotli or Zstandard) gets the compressed file where there is one beside it.
///
/// Django: `django.contrib.staticfiles`; in production Django leaves serving to another server.
public struct StaticFilesMiddleware: SelectiveMiddleware, StaticURLSource {
    private let prefix: String
    private let staticURL: String
    private let finders: StaticFinders
    private let root: String?
    private let maxAge: Int
    private let isDebug: Bool
    private let servesSources: Bool
    private let state: StaticFilesState

    /// The layer.
    ///
    /// - Parameters:
    ///   - staticURL: the path that the files stand under (`STATIC_URL`), such as `/static/`; it
    ///     gets a slash at its end where it has none. For the address of another server nothing is
    ///     served.
    ///   - finders: where the files are written.
    ///   - root: the folder where they are collected (`STATIC_ROOT`).
    ///   - isDebug: whether each file is looked for when it is asked for.
    ///   - maxAge: how long browsers may use a file without a digest in its name, in seconds.
    public init(
        staticURL: String,
        finders: StaticFinders,
        root: String? = nil,
        isDebug: Bool = false,
        maxAge: Int = 3600
    ) {
        self.init(staticURL, finders, root, isDebug, maxAge, servesSources: false)
    }

    private init(
        _ staticURL: String,
        _ finders: StaticFinders,
        _ root: String?,
        _ isDebug: Bool,
        _ maxAge: Int,
        servesSources: Bool
    ) {
        self.staticURL = staticURL.utf8.last == 0x2F ? staticURL : staticURL + "/"
        prefix = staticURL.utf8.first == 0x2F ? self.staticURL : ""
        self.finders = finders
        self.root = root
        self.isDebug = isDebug
        self.maxAge = isDebug ? 0 : maxAge
        self.servesSources = servesSources || isDebug
        state = StaticFilesState()
    }

    /// The same layer, which also serves files that have not been collected.
    ///
    /// Django: `runserver --insecure`.
    ///
    /// - Returns: the layer.
    public func servingUncollectedFiles() -> StaticFilesMiddleware {
        StaticFilesMiddleware(staticURL, finders, root, isDebug, maxAge, servesSources: true)
    }

    /// Behind the security headers and in front of everything else, which static files do not need.
    public var rank: MiddlewareRank? { .staticFiles }

    /// Begins to look at all files, so that the first request for one need not wait; does nothing
    /// where they are not looked at in advance.
    public func prepare() {
        if !isDebug, !prefix.isEmpty { state.prepare(makeIndex) }
    }

    // MARK: Serving

    /// Whether the path of a request is below the prefix.
    ///
    /// - Parameter request: the request.
    /// - Returns: true if it is.
    public func concerns(_ request: Request) -> Bool { name(in: request) != nil }

    /// Answers with the file, or hands on what is not below the prefix.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the file, a part of it, 304, or what the inner layers answer.
    /// - Throws: `HTTPError.notFound` where there is no such file,
    ///   `HTTPError.methodNotAllowed` for methods other than GET and HEAD.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        guard let name = name(in: request) else { return try await next.respond(to: request) }
        guard request.method == .get || request.method == .head else {
            throw HTTPError.methodNotAllowed(allowed: [.get, .head])
        }
        return try await serve(name, to: request)
    }

    /// Answers with the file of a name.
    func serve(_ name: String, to request: Request) async throws -> Response {
        guard let entry = await entry(name) else {
            throw HTTPError.notFound("There is no static file of this name.")
        }
        return entry.response(to: request)
    }

    /// The name behind the prefix; nil for a path that does not begin with it.
    private func name(in request: Request) -> String? {
        guard !prefix.isEmpty else { return nil }
        let path = request.path
        if path.hasBytePrefix(prefix) {
            return String(Substring(path.utf8.dropFirst(prefix.utf8.count)))
        }
        // A proxy may have taken off the path below which the site lies.
        let scriptPrefix = request.scriptPrefix
        guard scriptPrefix.utf8.count > 1, prefix.hasBytePrefix(scriptPrefix) else { return nil }
        let rest = prefix.utf8.dropFirst(scriptPrefix.utf8.count - 1)
        guard path.utf8.starts(with: rest) else { return nil }
        return String(Substring(path.utf8.dropFirst(rest.count)))
    }

    private func entry(_ name: String) async -> StaticEntry? {
        if !isDebug {
            let index = if let made = state.madeIndex { made } else { await state.index(makeIndex) }
            if let entry = index.entry(name) { return entry }
        }
        guard servesSources, let file = finders.file(name) else { return nil }
        return StaticEntry(
            file,
            name: name,
            cacheControl: StaticIndex.cacheControl(maxAge: maxAge)
        )
    }

    private func makeIndex() -> StaticIndex {
        guard let root else { return StaticIndex(finders: finders, maxAge: maxAge) }
        return StaticIndex(
            root: root,
            manifest: try? manifest(),
            sources: finders.directories,
            maxAge: maxAge
        )
    }

    // MARK: Addresses

    private func manifest() throws(StaticFilesError) -> StaticFilesManifest? {
        guard !isDebug, let root else { return nil }
        return try state.manifest { () throws(StaticFilesError) in
            try StaticFilesManifest.load(from: root)
        }
    }

    /// The address of a static file: by the name with its digest, where files have been collected.
    ///
    /// Django: `static()`.
    ///
    /// - Parameter reference: the name, such as `polls/style.css`.
    /// - Returns: such as `/static/polls/style.55e7cbb9ba48.css`.
    /// - Throws: ``StaticFilesError/notCollected(name:choices:)`` for a file that the manifest does
    ///   not have.
    public func staticURL(for reference: String) throws -> String {
        guard let stored = try manifest()?.storedName(of: reference) else {
            return staticURL + PercentCoding.encode(reference, safe: .path)
        }
        let name = stored.utf8.prefix { $0 != 0x3F && $0 != 0x23 }
        return staticURL + PercentCoding.encode(String(Substring(name)), safe: .path)
            + PercentCoding.encode(String(Substring(stored.utf8.dropFirst(name.count))), safe: .iri)
    }

    /// Checks the folders and the manifest.
    ///
    /// - Parameter forDeployment: not looked at.
    /// - Returns: Django's `staticfiles.E002` and `staticfiles.W004`, and `staticfiles.E102`.
    public func check(forDeployment: Bool) -> [CheckMessage] {
        var messages = finders.check(root: root)
        do {
            _ = try manifest()
        } catch {
            messages.append(
                CheckMessage(.error, id: "staticfiles.E102", "\(error)", object: "STATIC_ROOT")
            )
        }
        return messages
    }
}

/// What a layer has found out about its files.
private final class StaticFilesState: Sendable {
    enum Index: Sendable {
        case none
        case beingMade(Task<StaticIndex, Never>)
        case made(StaticIndex)
    }

    private let foundIndex = Mutex(Index.none)
    private let foundManifest = Mutex<StaticFilesManifest??>(nil)

    /// The index, if it has been made.
    var madeIndex: StaticIndex? {
        foundIndex.withLock { if case .made(let index) = $0 { index } else { nil } }
    }

    /// The index, made once and by no event loop, for it reads many files.
    func index(_ make: @escaping @Sendable () -> StaticIndex) async -> StaticIndex {
        switch prepare(make) {
        case .made(let index): return index
        case .beingMade(let task):
            let index = await task.value
            foundIndex.withLock { $0 = .made(index) }
            return index
        case .none: return make()
        }
    }

    /// Begins to make the index, unless that has been done.
    @discardableResult
    func prepare(_ make: @escaping @Sendable () -> StaticIndex) -> Index {
        foundIndex.withLock { found in
            if case .none = found {
                // Detached: not on the executor of the task that asks, which is an event loop.
                found = .beingMade(Task.detached { make() })
            }
            return found
        }
    }

    /// The manifest, read when it is first asked for.
    func manifest(
        _ load: () throws(StaticFilesError) -> StaticFilesManifest?
    ) throws(StaticFilesError) -> StaticFilesManifest? {
        try foundManifest.withLock { found throws(StaticFilesError) in
            if let found { return found }
            let manifest = try load()
            found = .some(manifest)
            return manifest
        }
    }
}
