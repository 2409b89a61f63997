import NuagesCore
public import NuagesHTTP
import NuagesORM

/// Routes by which a supervisor or a load balancer asks how the site is.
///
///     var urls: Routes {
///         #path("healthz/", include: Health.routes)
///     }
///
/// | path | answers 200 `ok` while | else |
/// | --- | --- | --- |
/// | `/healthz/` | the process answers requests | nothing answers |
/// | `/healthz/ready/` | the database answers in time | 503 `unavailable` |
///
/// A balancer that does not follow the redirect from `/healthz` asks the view itself, and one that
/// asks by plain HTTP needs `SECURE_REDIRECT_EXEMPT=healthz`:
///
///     #path("healthz", Health.live, methods: [.get])
///
/// The answers say no more than that, and are never cached. Why the site is not ready is in the
/// log, as `nuages.health`.
public enum Health {
    /// How long the database may take to answer.
    public static let databaseDeadline = Duration.seconds(2)

    /// The routes, to be included where the site wants them.
    public static var routes: Routes { routes(deadline: databaseDeadline) }

    /// The routes, with a time that the database may take.
    ///
    /// - Parameter deadline: how long the database may take to answer.
    /// - Returns: the routes.
    public static func routes(deadline: Duration) -> Routes {
        Routes(namespace: "health") {
            #path("", live, name: "live", methods: [.get])
            #path("ready/", ready(deadline), name: "ready", methods: [.get])
        }
    }

    /// Answers `ok` while the process answers requests.
    ///
    /// - Parameter request: the request.
    /// - Returns: 200.
    @Sendable
    public static func live(_ request: Request) async -> Response { answer(isWell: true) }

    private static func ready(
        _ deadline: Duration
    ) -> @Sendable (Request) async throws -> Response {
        { _ in answer(isWell: await DatabaseProbe(deadline: deadline).isReady()) }
    }

    private static func answer(isWell: Bool) -> Response {
        var response = Response.text(
            isWell ? "ok\n" : "unavailable\n",
            status: isWell ? .ok : .serviceUnavailable
        )
        response.headers["Cache-Control"] = "no-store"
        return response
    }
}
