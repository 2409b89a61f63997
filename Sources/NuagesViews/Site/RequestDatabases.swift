public import NuagesHTTP
import NuagesORM

/// Lets a request read from replicas as long as it has written nothing.
///
/// A site with routers has it around all its layers.
struct RequestDatabases: Middleware {
    func respond(to request: Request, next: any Responder) async throws -> Response {
        try await Database.readingFromReplicas { try await next.respond(to: request) }
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
