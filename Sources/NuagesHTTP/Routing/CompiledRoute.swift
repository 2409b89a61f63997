internal import NuagesCore

/// A view with the whole pattern that leads to it, includes unfolded.
final class CompiledRoute: Sendable {
    enum Segment: Sendable {
        case literal([UInt8])
        /// `isFinal`: the longest match is the only one that can succeed.
        case capture(converter: ErasedConverter, isFinal: Bool)
    }

    /// The pattern of one include, or of the route itself.
    struct Level: Sendable {
        enum Matcher: Sendable {
            case segments([Segment])
            case regex(RegexPattern)
            case language(LanguagePrefix)
        }

        /// The same for all routes inside one include.
        let id: Int
        let pattern: RoutePattern
        let matcher: Matcher
        let names: [String?]
        let extra: ContextDictionary

        init(id: Int, route: Route) {
            self.id = id
            pattern = route.pattern
            names = route.pattern.captureNames
            extra = route.options.extra
            matcher =
                switch route.pattern.kind {
                case .path(let parts): .segments(CompiledRoute.segments(of: parts))
                case .regex(let pattern): .regex(pattern)
                case .language(let prefix): .language(prefix)
                }
        }
    }

    /// The place in first-match order.
    let order: Int32
    /// The whole pattern as it was written, includes in front; without the language.
    let writtenPattern: String
    let name: String?
    let namespaces: [String]
    let appNames: [String]
    /// One for each include and one for the route itself: Django never tries a shorter match of
    /// an include's pattern once the rest has failed.
    let levels: [Level]
    /// The segments of each level; nil where a level is none of `path()`.
    let groups: [[Segment]]?
    let captureNames: [String?]
    /// Each capture with the length of the literal in front of it, where only the longest matches
    /// can succeed; nil for a pattern that needs a matcher.
    private let simpleCaptures: [(skip: Int, converter: ErasedConverter)]?
    /// How many captures stand in front of the view's own.
    let inheritedCount: Int
    let view: Route.Call
    /// What answers, as it stands in the code; nil for a view that is written out in place.
    let viewText: String?
    /// The type of a class-based view, and the view where it is one for all requests.
    let viewType: (any View.Type)?
    let viewValue: (any View)?
    let methods: [HTTPMethod]
    let declaresOptions: Bool
    let options: RouteOptions
    /// The layers that stand in front of the site's CSRF check.
    let guards: [any Middleware]
    /// The filters that let some clients think there is no such route.
    let hidingFilters: [AddressFilter]
    /// The route's other layers around its view; nil where it has none.
    let layers: (any Responder)?
    /// Whether anything stands around the view.
    let hasLayers: Bool
    /// How a URL is made; nil for a route without a name.
    let reversal: RouteReversal?

    init(order: Int32, scope: RouteScope, level: Level, route: Route, view: Route.Call) {
        self.order = order
        writtenPattern = RouteScope.join(scope.pattern, route.pattern.description)
        name = route.name
        namespaces = scope.namespaces
        appNames = scope.appNames
        levels = scope.levels + [level]
        let groups = Self.groups(of: levels)
        self.groups = groups
        simpleCaptures = groups.flatMap(Self.simpleCaptures)
        captureNames = levels.flatMap(\.names)
        inheritedCount = captureNames.count - level.names.count
        self.view = view
        viewText = route.view
        viewType = route.viewType
        viewValue = route.viewValue
        methods = Self.allowed(route.methods ?? [.get, .post])
        declaresOptions = route.methods?.contains(.options) == true
        options = route.options.inside(scope.options)
        guards = options.layers.filter { ($0 as? any RequestGuard)?.needsOnlyRequest == true }
        hidingFilters = guards.compactMap { $0 as? AddressFilter }.filter(\.hidesRoute)
        layers = RouteEnd.chain(
            options.layers.filter { ($0 as? any RequestGuard)?.needsOnlyRequest != true }
        )
        hasLayers = !options.layers.isEmpty
        reversal = route.name.map { _ in RouteReversal(scope.levels + [level]) }
    }

    /// The whole pattern, with the language of this task in front where it has one.
    var pattern: String {
        guard case .language(let prefix)? = levels.first?.matcher else { return writtenPattern }
        return prefix.current + writtenPattern
    }

    /// Declared methods with those that come for free: HEAD with GET, and OPTIONS.
    private static func allowed(_ methods: [HTTPMethod]) -> [HTTPMethod] {
        var allowed = methods.filter { $0 != .trace }
        if allowed.contains(.get), !allowed.contains(.head) { allowed.append(.head) }
        if !allowed.contains(.options) { allowed.append(.options) }
        return allowed
    }

    private static func groups(of levels: [Level]) -> [[Segment]]? {
        var groups: [[Segment]] = []
        for level in levels {
            guard case .segments(let segments) = level.matcher else { return nil }
            if !segments.isEmpty { groups.append(segments) }
        }
        return groups
    }

    private static func segments(of parts: [RoutePattern.Part]) -> [Segment] {
        parts.indices.map { index in
            switch parts[index] {
            case .literal(let bytes): .literal(bytes)
            case .capture(_, let converter):
                .capture(
                    converter: converter,
                    isFinal: isFinal(converter, before: parts[(index + 1)...].first)
                )
            }
        }
    }

    private static func isFinal(
        _ converter: ErasedConverter,
        before next: RoutePattern.Part?
    ) -> Bool {
        switch next {
        case nil: true
        case .literal(let bytes):
            bytes.first.map { !converter.characters.contains($0) } ?? true
        case .capture: false
        }
    }

    private static func simpleCaptures(
        _ groups: [[Segment]]
    ) -> [(skip: Int, converter: ErasedConverter)]? {
        var captures: [(skip: Int, converter: ErasedConverter)] = []
        var skip = 0
        for segment in groups.joined() {
            switch segment {
            case .literal(let bytes): skip += bytes.count
            case .capture(_, isFinal: false): return nil
            case .capture(let converter, isFinal: true):
                captures.append((skip, converter))
                skip = 0
            }
        }
        return captures
    }

    /// The arguments in `path`, which the trie has found to match; nil where a converter refuses.
    func simpleArguments(
        in path: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> [PathArgument?]? {
        guard !captureNames.isEmpty, let simpleCaptures else { return [] }
        var arguments: [PathArgument?] = []
        arguments.reserveCapacity(captureNames.count)
        var offset = start
        for index in simpleCaptures.indices {
            offset += simpleCaptures[index].skip
            guard
                let end = simpleCaptures[index].converter.characters.end(
                    in: path,
                    from: offset
                ),
                let argument = simpleCaptures[index].converter.argument(
                    UnsafeBufferPointer(rebasing: path[offset..<end])
                )
            else { return nil }
            arguments.append(argument)
            offset = end
        }
        return arguments
    }
}

/// What includes say about the routes in them.
struct RouteScope: Sendable {
    var pattern = ""
    var namespaces: [String] = []
    var appNames: [String] = []
    var levels: [CompiledRoute.Level] = []
    var options = RouteOptions()

    func entering(
        _ route: Route,
        level: CompiledRoute.Level,
        namespace: String?,
        appName: String?
    ) -> RouteScope {
        var inner = self
        inner.pattern = Self.join(pattern, route.pattern.description)
        if let namespace { inner.namespaces.append(namespace) }
        if let appName { inner.appNames.append(appName) }
        inner.levels.append(level)
        inner.options = route.options.inside(options)
        return inner
    }

    /// Two patterns one behind the other; `^` is dropped between them.
    static func join(_ outer: String, _ inner: String) -> String {
        outer.isEmpty ? inner : outer + withoutCaret(inner)
    }

    static func withoutCaret(_ pattern: String) -> String {
        pattern.utf8.first == 0x5E ? String(pattern.dropFirst()) : pattern
    }
}
