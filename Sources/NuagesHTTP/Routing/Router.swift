internal import NuagesCore

/// Finds the route of a path, and the path of a route.
///
///     let router = Router(Routes { #path("polls/", include: polls) })
///     router.resolve("/polls/5/")?.viewName             // polls:detail
///     try router.reverse("polls:detail", 5)             // /polls/5/
///
/// Django: `URLResolver`.
public final class Router: Sendable {
    let routes: [CompiledRoute]
    let names: NamespaceNode
    /// What was found while the routes were put together.
    let sources: [RouteSource]
    private let trie: RouteTrie

    /// A router for the routes of a site.
    ///
    /// - Parameter routes: the routes in first-match order.
    public init(_ routes: Routes) {
        let assembly = RouteAssembly(routes)
        self.routes = assembly.compiled
        names = assembly.names
        sources = assembly.sources
        trie = RouteTrie(assembly.compiled)
    }

    /// The first route that matches.
    ///
    /// - Parameters:
    ///   - path: the decoded path, with its leading slash.
    ///   - method: the method; where the first route does not answer it, another one with the
    ///     very same pattern may.
    /// - Returns: the match; nil where no route matches.
    public func resolve(_ path: String, method: HTTPMethod? = nil) -> ResolverMatch? {
        path.withUTF8Bytes { resolve($0, method) }
    }

    private func resolve(
        _ path: UnsafeBufferPointer<UInt8>,
        _ method: HTTPMethod?
    ) -> ResolverMatch? {
        guard path.first == 0x2F, var match = next(after: -1, in: path) else { return nil }
        guard let method, !match.allows(method) else { return match }
        // Two routes may share a pattern and answer different methods.
        var floor = match.compiled.order
        while let other = next(after: floor, in: path) {
            floor = other.compiled.order
            guard other.compiled.pattern.equalsBytes(match.compiled.pattern) else { continue }
            if other.allows(method) { return other }
            match.allowedElsewhere += other.compiled.methods
        }
        return match
    }

    private func next(after floor: Int32, in path: UnsafeBufferPointer<UInt8>) -> ResolverMatch? {
        var floor = floor
        while let found = trie.first(after: floor, in: path, from: 1) {
            let route = routes[Int(found.order)]
            if let captures = found.arguments ?? route.simpleArguments(in: path, from: 1) {
                return ResolverMatch(compiled: route, captures: captures)
            }
            // A converter refused its text, which means: not this route (Django: ValueError).
            floor = found.order
        }
        return nil
    }

    /// The patterns that were tried in vain for a path, in order; each with those of the includes
    /// in front of it.
    ///
    /// An include whose own pattern does not match stands alone, without what is inside it.
    ///
    /// Django: `ResolverMatch.tried`, and the list of a debug page for 404.
    ///
    /// - Parameter path: the decoded path, with its leading slash.
    /// - Returns: the patterns up to the route that matches, or all where none does.
    public func tried(_ path: String) -> [[String]] {
        path.withUTF8Bytes { path in
            guard path.first == 0x2F else { return [] }
            var matcher = LevelMatcher(path: path, start: 1)
            var tried: [[String]] = []
            var lastInclude: Int?
            for route in routes {
                let matched = matcher.matchedLevels(of: route)
                if matched == route.levels.count { break }
                let failing = route.levels[matched]
                if failing.id == lastInclude { continue }
                lastInclude = failing.id
                tried.append(route.levels[...matched].map(\.pattern.description))
            }
            return tried
        }
    }

    /// The patterns of all routes with their names, in order: what a debug page lists.
    public var patterns: [(pattern: String, viewName: String?)] {
        routes.map { route in
            (
                route.pattern,
                route.name.map { (route.namespaces + [$0]).joined(separator: ":") }
            )
        }
    }
}

/// A route as it was written, for the checks.
struct RouteSource: Sendable {
    let route: Route
    let scope: RouteScope
    let isInclude: Bool
}

/// The names of the routes, by namespace.
struct NamespaceNode: Sendable {
    /// Routes by name, in order.
    var routes: [ByteKey: [Int]] = [:]
    var children: [ByteKey: NamespaceNode] = [:]
    /// Instances by application namespace, in order; the last one is the default (Django).
    var instances: [ByteKey: [String]] = [:]
    /// Instance namespaces that were used more than once; the first of them has the names.
    var repeated: [String] = []

    subscript(_ path: ArraySlice<String>) -> NamespaceNode {
        get {
            guard let first = path.first else { return self }
            return children[ByteKey(first), default: NamespaceNode()][path.dropFirst()]
        }
        set {
            guard let first = path.first else {
                self = newValue
                return
            }
            children[ByteKey(first), default: NamespaceNode()][path.dropFirst()] = newValue
        }
    }
}

/// Unfolds includes into one list.
struct RouteAssembly {
    var compiled: [CompiledRoute] = []
    var names = NamespaceNode()
    var sources: [RouteSource] = []

    private var levelCount = 0

    init(_ routes: Routes) { add(routes, scope: RouteScope(), names: []) }

    /// Adds routes; `path` is nil where their names cannot be reached.
    ///
    /// As deep as includes are nested; routes are values, so they cannot include themselves.
    private mutating func add(_ routes: Routes, scope: RouteScope, names path: [String]?) {
        for route in routes.routes {
            let level = CompiledRoute.Level(id: levelCount, route: route)
            levelCount += 1
            switch route.target {
            case .view(let view):
                sources.append(RouteSource(route: route, scope: scope, isInclude: false))
                let index = compiled.count
                compiled.append(
                    CompiledRoute(
                        order: Int32(index),
                        scope: scope,
                        level: level,
                        route: route,
                        view: view
                    )
                )
                if let name = route.name, let path {
                    names[path[...]].routes[ByteKey(name), default: []].append(index)
                }
            case .include(let inner, let instance):
                sources.append(RouteSource(route: route, scope: scope, isInclude: true))
                let namespace = instance ?? inner.namespace
                let scope = scope.entering(
                    route,
                    level: level,
                    namespace: namespace,
                    appName: inner.namespace
                )
                add(inner, scope: scope, names: register(namespace, app: inner.namespace, in: path))
            }
        }
    }

    /// The place of an include's names; nil where another one has the namespace already.
    private mutating func register(
        _ namespace: String?,
        app: String?,
        in path: [String]?
    ) -> [String]? {
        guard let path, let namespace else { return path }
        var node = names[path[...]]
        defer { names[path[...]] = node }
        if let app { node.instances[ByteKey(app), default: []].append(namespace) }
        guard node.children[ByteKey(namespace)] == nil else {
            node.repeated.append(namespace)
            return nil
        }
        node.children[ByteKey(namespace)] = NamespaceNode()
        return path + [namespace]
    }
}
