/// Routes in the order in which they are tried; the first that matches answers.
///
///     let polls = Routes(namespace: "polls") {
///         #path("", index, name: "index")
///         #path("<int:questionID>/", detail, name: "detail")
///     }
///
/// Django: `urlpatterns`; `namespace` is `app_name`.
public struct Routes: Sendable {
    /// The application namespace, which is also the name of the first instance.
    public var namespace: String?
    /// The routes in order.
    public var routes: [Route]

    /// Routes from an array.
    ///
    /// - Parameters:
    ///   - routes: the routes in order.
    ///   - namespace: the application namespace.
    public init(_ routes: [Route], namespace: String? = nil) {
        self.routes = routes
        self.namespace = namespace
    }

    /// Routes from a list of `#path` lines.
    ///
    /// - Parameters:
    ///   - namespace: the application namespace.
    ///   - build: the routes in order.
    public init(namespace: String? = nil, @RoutesBuilder _ build: () -> Routes) {
        self = build()
        self.namespace = namespace ?? self.namespace
    }
}

/// Builds ``Routes`` from lines of `#path`.
@resultBuilder
public enum RoutesBuilder {
    /// One route.
    public static func buildExpression(_ route: Route) -> [Route] { [route] }
    /// Several routes.
    public static func buildExpression(_ routes: [Route]) -> [Route] { routes }
    /// The routes of another list, without its namespace.
    public static func buildExpression(_ routes: Routes) -> [Route] { routes.routes }
    /// The routes of all lines.
    public static func buildBlock(_ routes: [Route]...) -> [Route] { routes.flatMap(\.self) }
    /// The routes of an `if` without `else`.
    public static func buildOptional(_ routes: [Route]?) -> [Route] { routes ?? [] }
    /// The routes of the first branch.
    public static func buildEither(first routes: [Route]) -> [Route] { routes }
    /// The routes of the second branch.
    public static func buildEither(second routes: [Route]) -> [Route] { routes }
    /// The routes of a `for` loop.
    public static func buildArray(_ routes: [[Route]]) -> [Route] { routes.flatMap(\.self) }
    /// The finished list.
    public static func buildFinalResult(_ routes: [Route]) -> Routes { Routes(routes) }
}
