public import NuagesCore

/// A pattern and what answers it: a view, or further routes below it.
///
/// Routes are written with `#path`, which checks the pattern and the view's arguments at
/// compile time:
///
///     #path("<int:questionID>/", detail, name: "detail")
///     #path("polls/", include: polls)
///
/// Django: `django.urls.path`.
public struct Route: Sendable {
    /// A view without the types of its URL arguments.
    package typealias View = @Sendable (Request, [PathArgument?]) async throws -> Response

    /// A view as it is called.
    enum Call: Sendable {
        /// With the request alone.
        case plain(@Sendable (Request) async throws -> Response)
        /// With the values of its own pattern.
        case arguments(View)
    }

    enum Target: Sendable {
        case view(Call)
        case include(Routes, namespace: String?)
    }

    /// The pattern.
    public let pattern: RoutePattern
    /// The name for `reverse`.
    public let name: String?
    let target: Target
    let methods: [HTTPMethod]?
    var options = RouteOptions()
    /// What answers, as it was written in `#path`; the type of a class-based view otherwise.
    var view: String?
    /// The type of a class-based view; nil for a function.
    var viewType: (any NuagesHTTP.View.Type)?
    /// The class-based view of all requests; nil for one that is made of the values of the pattern.
    var viewValue: (any NuagesHTTP.View)?
    /// The namespaces of a typed name; nil for a name that is a text.
    var typedNamespaces: [String]?

    /// A route to a view; `#path` writes the converters.
    ///
    ///     Route("<int:id>/", (IntConverter.self), view: detail, name: "detail")
    ///
    /// - Parameters:
    ///   - pattern: the pattern, without a leading slash.
    ///   - converters: the converters of the captures in the pattern, in order.
    ///   - view: the view.
    ///   - name: the name for `reverse`.
    ///   - methods: the methods that the view answers; GET and POST unless given. HEAD comes
    ///     with GET, and OPTIONS is answered with the list.
    public init<each C: PathConverter>(
        _ pattern: String,
        _ converters: (repeat (each C).Type),
        view: @escaping @Sendable (Request, repeat (each C).Value) async throws -> Response,
        name: String? = nil,
        methods: [HTTPMethod]? = nil
    ) {
        var erased: [ErasedConverter] = []
        repeat erased.append(ErasedConverter(each converters))
        self.init(
            pattern: RoutePattern(pattern, converters: erased),
            target: { request, arguments in
                var reader = PathArgumentReader(arguments)
                return try await view(request, repeat try reader.next((each C).self))
            },
            name: name,
            methods: methods
        )
    }

    /// A route to a view without URL arguments.
    ///
    ///     Route("about/", (), view: about, name: "about")
    ///
    /// - Parameters:
    ///   - pattern: the pattern, without a leading slash and without captures.
    ///   - converters: none.
    ///   - view: the view.
    ///   - name: the name for `reverse`.
    ///   - methods: the methods that the view answers; GET and POST unless given.
    public init(
        _ pattern: String,
        _ converters: (),
        view: @escaping @Sendable (Request) async throws -> Response,
        name: String? = nil,
        methods: [HTTPMethod]? = nil
    ) {
        self.init(
            pattern: RoutePattern(pattern, converters: []),
            target: .view(.plain(view)),
            name: name,
            methods: methods
        )
    }

    /// A route to further routes; `#path` writes the converters.
    ///
    /// - Parameters:
    ///   - pattern: the pattern that the routes have in front.
    ///   - converters: the converters of its captures, in order. The views get the captured
    ///     values in front of those of their own patterns.
    ///   - routes: the routes.
    ///   - namespace: the name of this instance; the routes' own namespace unless given.
    public init<each C: PathConverter>(
        _ pattern: String,
        _ converters: (repeat (each C).Type),
        include routes: Routes,
        namespace: String? = nil
    ) {
        var erased: [ErasedConverter] = []
        repeat erased.append(ErasedConverter(each converters))
        self.init(
            pattern: RoutePattern(pattern, converters: erased),
            target: .include(routes, namespace: namespace),
            name: nil,
            methods: nil
        )
    }

    package init(
        pattern: RoutePattern,
        target view: @escaping View,
        name: String?,
        methods: [HTTPMethod]? = nil
    ) {
        self.init(pattern: pattern, target: .view(.arguments(view)), name: name, methods: methods)
    }

    package init(pattern: RoutePattern, include routes: Routes, namespace: String?) {
        self.init(
            pattern: pattern,
            target: .include(routes, namespace: namespace),
            name: nil,
            methods: nil
        )
    }

    init(pattern: RoutePattern, target: Target, name: String?, methods: [HTTPMethod]?) {
        self.pattern = pattern
        self.target = target
        self.name = name
        self.methods = methods
    }

    // MARK: Options

    /// The same route without the CSRF check (Django: `@csrf_exempt`).
    ///
    /// Only for views that authenticate by something no browser sends on its own, such as a
    /// signature of the body. On a route that includes others it holds for all of them.
    ///
    /// - Returns: the route.
    public func csrfExempt() -> Route {
        var copy = self
        copy.options.isCSRFExempt = true
        return copy
    }

    /// The same route, which other sites may use as a resource in spite of
    /// ``FetchMetadataMiddleware``.
    ///
    /// For what is meant for other sites: an API with ``CORSMiddleware``, a picture, a script. On
    /// a route that includes others it holds for all of them.
    ///
    /// - Returns: the route.
    public func sharedWithOtherSites() -> Route {
        var copy = self
        copy.options.isShared = true
        return copy
    }

    /// The same route, which audits do not name: it is there for everybody, and needs no protection
    /// that it lacks.
    func openByNature() -> Route {
        var copy = self
        copy.options.isOpenByNature = true
        return copy
    }

    /// The same route, whose pages these sites may show in a frame (Django: `@xframe_options_…`).
    ///
    /// - Parameter policy: who may.
    /// - Returns: the route.
    public func framing(_ policy: FramePolicy) -> Route {
        var copy = self
        copy.options.framePolicy = policy
        return copy
    }

    /// The same route with a limit of its own for the bodies of its requests, in place of the
    /// site's ``/NuagesCore/FormLimits``.
    ///
    ///     #path("vote/", vote).maxBodySize(10_000)
    ///     #path("films/", upload).maxBodySize(500_000_000)               // files, on disk
    ///     #path("import/", load).maxBodySize(20_000_000, inMemory: 20_000_000)   // JSON
    ///
    /// A larger body gets 413, as soon as something reads it: the view, or the CSRF check. On a
    /// route that includes others it holds for those that say nothing themselves. The limit of the
    /// server stands in front of all (`SERVER_MAX_BODY_SIZE`); `check` reports a route above it.
    ///
    /// - Parameters:
    ///   - size: the largest body with files, in bytes.
    ///   - inMemory: the largest one without files, which is kept in memory; nil is the site's
    ///     limit (`DATA_UPLOAD_MAX_MEMORY_SIZE`), or `size` where that is smaller.
    /// - Returns: the route.
    public func maxBodySize(_ size: Int, inMemory: Int? = nil) -> Route {
        var copy = self
        copy.options.bodyLimit = BodyLimit(
            size: max(0, size),
            inMemory: inMemory.map { max(0, $0) }
        )
        return copy
    }

    /// The same route without the redirect to a trailing slash (Django: `@no_append_slash`).
    ///
    /// - Returns: the route.
    public func withoutAppendSlash() -> Route {
        var copy = self
        copy.options.isAppendSlashExempt = true
        return copy
    }

    /// The same route with a text that says in lists what answers it; `#path` writes it.
    ///
    /// - Parameter view: the view, as it stands in the code.
    /// - Returns: the route.
    public func viewed(as view: String) -> Route {
        var copy = self
        copy.view = view
        return copy
    }

    /// The same route with values that its views find in the match (Django: extra arguments).
    ///
    /// - Parameter extra: the values, at ``ResolverMatch/extra``.
    /// - Returns: the route.
    public func extra(_ extra: ContextDictionary) -> Route {
        var copy = self
        for (key, value) in extra.entries { copy.options.extra[key] = value }
        return copy
    }
}

/// Who may show a page in a frame.
public enum FramePolicy: Sendable, Hashable {
    /// Nobody.
    case deny
    /// Pages of this site.
    case sameOrigin
    /// Everybody.
    case allow
}

/// How large the bodies of a route may be.
struct BodyLimit: Sendable {
    let size: Int
    let inMemory: Int?

    /// The limits of the site with those of the route in their place.
    func applied(to limits: FormLimits) -> FormLimits {
        var limits = limits
        limits.maxBodySize = size
        limits.maxMemorySize = min(size, inMemory ?? limits.maxMemorySize)
        return limits
    }
}

/// What a route says about how it is answered.
struct RouteOptions: Sendable {
    var isCSRFExempt = false
    /// Whether other sites may use it as a resource.
    var isShared = false
    var isOpenByNature = false
    var framePolicy: FramePolicy?
    var isAppendSlashExempt = false
    var bodyLimit: BodyLimit?
    /// The alias of the storage whose files the route serves.
    var storageAlias: String?
    var extra = ContextDictionary()
    /// Layers around the view, the outermost first.
    var layers: [any Middleware] = []
    var policy: PolicyOverride?
    var reportOnlyPolicy: PolicyOverride?

    /// Whether the answers of the route have a Content-Security-Policy of their own.
    var changesPolicy: Bool {
        policy != nil || reportOnlyPolicy != nil || (framePolicy != nil && framePolicy != .deny)
    }
    /// The names of posted fields that error pages do not show; `*` is all.
    var sensitiveParameters: [String] = []

    /// The options of a route inside an include with the options `outer`.
    func inside(_ outer: RouteOptions) -> RouteOptions {
        var merged = outer
        merged.isCSRFExempt = isCSRFExempt || outer.isCSRFExempt
        merged.isShared = isShared || outer.isShared
        merged.isOpenByNature = isOpenByNature
        merged.framePolicy = framePolicy ?? outer.framePolicy
        merged.isAppendSlashExempt = isAppendSlashExempt || outer.isAppendSlashExempt
        merged.bodyLimit = bodyLimit ?? outer.bodyLimit
        merged.storageAlias = storageAlias
        merged.layers = outer.layers + layers
        merged.policy = policy ?? outer.policy
        merged.reportOnlyPolicy = reportOnlyPolicy ?? outer.reportOnlyPolicy
        merged.sensitiveParameters = outer.sensitiveParameters + sensitiveParameters
        for (key, value) in extra.entries { merged.extra[key] = value }
        return merged
    }
}

extension Route {
    /// The same route, which serves the files of a storage, for checks.
    package func serving(storage alias: String) -> Route {
        var copy = self
        copy.options.storageAlias = alias
        return copy
    }
}

/// Hands the arguments of a match to a view, each with its type.
struct PathArgumentReader {
    private let arguments: [PathArgument?]
    private var index = 0

    init(_ arguments: [PathArgument?]) { self.arguments = arguments }

    mutating func next<C: PathConverter>(_ converter: C.Type) throws -> C.Value {
        try next { argument in argument.flatMap { converter.value(of: $0) } }
    }

    mutating func next<Value>(_ group: RegexGroup<Value>) throws -> Value {
        try next { group.read($0) }
    }

    private mutating func next<Value>(_ read: (PathArgument?) -> Value?) throws -> Value {
        defer { index += 1 }
        guard index < arguments.count, let value = read(arguments[index]) else {
            throw HTTPError.status(
                .internalServerError,
                "Argument \(index) of the route has no value of \(Value.self)."
            )
        }
        return value
    }
}
