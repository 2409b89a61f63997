public import NuagesCore
public import NuagesHTTP
public import NuagesViews
import Synchronization

/// Serves static files: those that `collectstatic` has collected, or those of the apps' `static`
/// folders and of `STATICFILES_DIRS`.
///
/// In debug each file is looked for when it is asked for, in the folders where it is written.
/// Otherwise all files are looked at once, when the first is asked for: in `STATIC_ROOT`, or in
/// those folders where it is not set. Files with a digest in their name may be kept by browsers for
/// ever; others are asked for again after an hour.
///
/// No folder is listed, no dotfile is served, and neither `..` nor a symbolic link leads out of a
/// folder. A client that has a file gets 304, one that asks for a part of it gets 206, and one that
/// reads gzip (or Brotli or Zstandard) gets the compressed file where there is one beside it.
///
/// Django: `django.contrib.staticfiles`; in production Django leaves serving to another server.
public struct StaticFilesMiddleware: Middleware, StaticURLSource {
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
    ///   - staticURL: the path that the files stand under (`STATIC_URL`), such as `/static/`; for
    ///     the address of another server nothing is served.
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
        self.staticURL = staticURL
        prefix = staticURL.utf8.first == 0x2F ? staticURL : ""
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
    public var rank: MiddlewareRank? { MiddlewareRank(150) }

    // MARK: Serving

    /// Answers with the file, or hands on what is not below the prefix.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the file, a part of it, 304, or what the inner layers answer.
    /// - Throws: `HTTPError.notFound` where there is no such file,
    ///   `HTTPError.methodNotAllowed` for methods other than GET and HEAD.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        guard !prefix.isEmpty, request.path.hasBytePrefix(prefix) else {
            return try await next.respond(to: request)
        }
        guard request.method == .get || request.method == .head else {
            throw HTTPError.methodNotAllowed(allowed: [.get, .head])
        }
        let name = String(Substring(request.path.utf8.dropFirst(prefix.utf8.count)))
        guard let entry = entry(name) else {
            throw HTTPError.notFound("There is no static file of this name.")
        }
        return entry.response(to: request)
    }

    private func entry(_ name: String) -> StaticEntry? {
        if !isDebug, let entry = index.entry(name) { return entry }
        guard servesSources, let file = finders.file(name) else { return nil }
        return StaticEntry(
            file,
            name: name,
            cacheControl: StaticIndex.cacheControl(maxAge: maxAge)
        )
    }

    private var index: StaticIndex {
        state.index {
            guard let root else { return StaticIndex(finders: finders, maxAge: maxAge) }
            return StaticIndex(
                root: root,
                manifest: try? manifest(),
                sources: finders.directories,
                maxAge: maxAge
            )
        }
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

    /// Checks the folders and the address.
    ///
    /// - Parameter forDeployment: not looked at.
    /// - Returns: Django's `staticfiles.E002` and `staticfiles.W004`, and ours.
    public func check(forDeployment: Bool) -> [CheckMessage] {
        var messages = finders.check(root: root)
        if staticURL.utf8.last != 0x2F {
            messages.append(
                CheckMessage(
                    .error,
                    id: "staticfiles.E101",
                    "STATIC_URL is '\(staticURL)', which does not end in a slash.",
                    hint: "Write '\(staticURL)/'.",
                    object: "staticURL"
                )
            )
        }
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
    private let foundIndex = Mutex<StaticIndex?>(nil)
    private let foundManifest = Mutex<StaticFilesManifest??>(nil)

    /// The index, made when it is first asked for.
    func index(_ make: () -> StaticIndex) -> StaticIndex {
        foundIndex.withLock { found in
            if let found { return found }
            let index = make()
            found = index
            return index
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
