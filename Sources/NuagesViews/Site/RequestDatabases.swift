public import NuagesHTTP
import NuagesORM

/// Lets a request read from replicas as long as neither it nor its visitor has written anything.
///
/// A visitor whose form was taken gets a cookie with a signed time, and is answered from the primary
/// database until replicas have caught up. What a page writes by itself, such as a count of visits,
/// keeps nobody from replicas: only methods that are not safe count.
///
/// A site with routers has it around all its layers.
struct RequestDatabases: Middleware {
    /// How far replicas may be behind; zero where nobody stays with the primary database.
    let lag: Duration

    /// The cookie that has the time of the last write.
    static let cookie = "nuages_written"

    func respond(to request: Request, next: any Responder) async throws -> Response {
        let isSticky = lag > .zero
        let sticks =
            isSticky && request.cookies[Self.cookie] != nil
            && (try? request.signedCookie(Self.cookie, maxAge: lag)) != nil
        var (response, hasWritten) = try await Database.readingFromReplicas(
            stickingToPrimary: sticks
        ) { try await next.respond(to: request) }
        guard isSticky, hasWritten, !request.method.isSafe, request.cookieSigner != nil else {
            return response
        }
        var cookie = Cookie(Self.cookie, "1", maxAge: max(1, Int(lag / .seconds(1))))
        cookie.isSecure = request.isSecure
        try response.setSignedCookie(cookie, by: request.cookieSigner)
        return response
    }
}

/// Runs each request in a transaction, which is rolled back where an error leaves the view.
///
///     #path("transfer/", transfer).middleware(AtomicRequests())
///
/// As a layer of a route it is around one view; among the site's layers it is around all of them,
/// and routes cannot leave it out. A body that is streamed is written after the commit.
///
/// Django: `ATOMIC_REQUESTS`.
public struct AtomicRequests: Middleware {
    private let database: String?

    /// A layer that runs requests in transactions.
    ///
    /// - Parameter database: the name of the database; nil for the default one.
    public init(database: String? = nil) { self.database = database }

    /// Runs the layers further in inside of a transaction.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: their response.
    /// - Throws: what they throw, and `DatabaseError`.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        let database = try database.map { try Database.named($0) } ?? Database.current
        return try await database.atomic { try await next.respond(to: request) }
    }
}
