/// What a route says about itself, for lists and audits.
public struct RouteSummary: Sendable {
    /// The whole pattern with its leading slash, such as `/polls/<int:id>/`.
    public let pattern: String
    /// The name with its namespaces; nil for a route without a name.
    public let viewName: String?
    /// What answers, as it stands in the code, such as `detail`; nil for a view that is written out
    /// in place.
    public let view: String?
    /// The type of a class-based view; nil for a function.
    public let viewType: (any View.Type)?
    /// The class-based view; nil for a function, and for a view that is made of the values of the
    /// pattern.
    public let viewValue: (any View)?
    /// The methods that the route answers.
    public let methods: [HTTPMethod]
    /// The route's own layers, the outermost first.
    public let layers: [any Middleware]
    /// Whether the CSRF check of the site leaves the route out.
    public let isCSRFExempt: Bool
    /// The largest body that the route takes, in bytes; nil where it has no limit of its own.
    public let maxBodySize: Int?
    /// Whether the route is there for everybody, such as that of browsers' reports.
    public let isOpenByNature: Bool
    /// The alias of the storage whose files the route serves; nil for any other route.
    public let storageAlias: String?

    /// Whether the route answers requests that change something.
    public var changesState: Bool { methods.contains { !$0.isSafe } }

    /// Whether the route has a CSRF check of its own.
    public var hasOwnCSRFCheck: Bool {
        layers.contains { ($0 as? CSRFRouteLayer)?.kind == .protect || $0 is CSRFMiddleware }
    }

    init(_ route: CompiledRoute) {
        pattern = "/" + route.pattern
        viewName = route.name.map { (route.namespaces + [$0]).joined(separator: ":") }
        view = route.viewText
        viewType = route.viewType
        viewValue = route.viewValue
        methods = route.methods
        layers = route.options.layers
        isCSRFExempt = route.options.isCSRFExempt
        maxBodySize = route.options.bodyLimit?.size
        isOpenByNature = route.options.isOpenByNature
        storageAlias = route.options.storageAlias
    }
}

extension Router {
    /// All routes in first-match order, includes unfolded.
    public var summaries: [RouteSummary] { routes.map(RouteSummary.init) }
}
