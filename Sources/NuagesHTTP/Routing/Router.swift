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
        var assembly = RouteAssembly()
        assembly.add(routes, scope: RouteScope(), names: [])
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
        while let order = trie.first(after: floor, in: path, from: 1) {
            let route = routes[Int(order)]
            if let arguments = route.arguments(in: path, from: 1) {
                return ResolverMatch(compiled: route, arguments: arguments)
            }
            // A converter refused its text, which means: not this route (Django: ValueError).
            floor = order
        }
        return nil
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
    let scope: [String]
    let isInclude: Bool
}

/// The names of the routes, by namespace.
struct NamespaceNode: Sendable {
    /// Routes by name, in order.
    var routes: [ByteKey: [Int]] = [:]
    var children: [ByteKey: NamespaceNode] = [:]
    /// Instances by application namespace, in order.
    var instances: [ByteKey: [String]] = [:]
    /// Instance namespaces that were used more than once.
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

    // As deep as includes are nested; routes are values, so they cannot include themselves.
    mutating func add(_ routes: Routes, scope: RouteScope, names path: [String]) {
        for route in routes.routes {
            switch route.target {
            case .view(let view):
                sources.append(RouteSource(route: route, scope: path, isInclude: false))
                let index = compiled.count
                compiled.append(
                    CompiledRoute(order: Int32(index), scope: scope, route: route, view: view)
                )
                if let name = route.name {
                    names[path[...]].routes[ByteKey(name), default: []].append(index)
                }
            case .include(let inner, let instance):
                sources.append(RouteSource(route: route, scope: path, isInclude: true))
                let namespace = instance ?? inner.namespace
                let scope = scope.entering(route, namespace: namespace, appName: inner.namespace)
                if let namespace { register(namespace, app: inner.namespace, in: path) }
                add(inner, scope: scope, names: path + (namespace.map { [$0] } ?? []))
            }
        }
    }

    private mutating func register(_ namespace: String, app: String?, in path: [String]) {
        var node = names[path[...]]
        if node.children[ByteKey(namespace)] != nil {
            node.repeated.append(namespace)
        } else {
            node.children[ByteKey(namespace)] = NamespaceNode()
        }
        if let app { node.instances[ByteKey(app), default: []].append(namespace) }
        names[path[...]] = node
    }
}
