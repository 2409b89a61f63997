public import NuagesCore

/// A request on its way through middleware to a view.
///
/// A request is cheap to pass on: copies share one storage, as do the values that middleware
/// puts into it by ``subscript(_:)``.
///
///     func index(_ request: Request) async throws -> Response {
///         .text("Hello \(request.query["name"] ?? "world")")
///     }
///
/// Django: `django.http.HttpRequest`.
public struct Request: Sendable {
    package let storage: RequestStorage

    /// A request as the server read it.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - target: path and query as they stand in the request line.
    ///   - headers: the header fields.
    ///   - body: the body.
    ///   - remoteAddress: the peer's address without port.
    ///   - isTLS: whether the connection itself is encrypted.
    public init(
        method: HTTPMethod = .get,
        target: String,
        headers: Headers = [:],
        body: RequestBody = RequestBody(),
        remoteAddress: String = "127.0.0.1",
        isTLS: Bool = false
    ) {
        storage = RequestStorage(
            method: method,
            target: target,
            headers: headers,
            body: body,
            remoteAddress: remoteAddress,
            isTLS: isTLS
        )
    }

    /// The method.
    public var method: HTTPMethod { storage.method }

    /// The path and the query as they stand in the request line, not decoded.
    public var target: String { storage.target }

    /// The header fields.
    public var headers: Headers { storage.headers }

    /// The body.
    public var body: RequestBody { storage.body }

    /// The peer's address without port; empty for a Unix socket.
    public var remoteAddress: String { storage.remoteAddress }

    /// Whether the connection itself is encrypted; ``isSecure`` also believes a trusted proxy.
    public var isTLS: Bool { storage.isTLS }

    /// The path, percent-decoded once.
    ///
    /// Empty where the target is malformed: no leading slash, a bad escape, not UTF-8 or a NUL.
    /// ``Application`` answers such a request with 400 before any view sees it.
    public var path: String { storage.path }

    /// The query string as it was sent, without `?`.
    public var queryString: String { storage.queryString }

    /// The parameters of the query string (Django: `request.GET`).
    ///
    /// Empty where the query is malformed, which ``Application`` answers with 400.
    public var query: QueryDict { (try? storage.parsedQuery()) ?? [:] }

    /// The cookies that the client sent, by name.
    public var cookies: Cookies { storage.cookies }

    /// The route that answers this request, or nil where none does or none was looked for.
    ///
    /// A route that is hidden from the client, by ``AddressFilter``, is as good as none.
    public var resolverMatch: ResolverMatch? { storage.resolverMatch(for: self) }

    /// The route of ``resolverMatch``, without what stood in the path.
    var route: CompiledRoute? { storage.knownRoute ?? resolverMatch?.compiled }

    /// Whether an ``Application`` with its routes answers this request.
    package var isRouted: Bool { storage.router != nil }

    /// The settings of the ``Application`` that answers this request.
    public var settings: HTTPSettings { storage.core?.settings ?? HTTPSettings() }

    /// A value that middleware or a view keeps with the request.
    ///
    ///     enum TenantKey: RequestKey { typealias Value = Tenant }
    ///     request[TenantKey.self] = tenant
    ///
    /// - Parameter key: the type that names the value.
    public subscript<Key: RequestKey>(_ key: Key.Type) -> Key.Value? {
        get { storage.value(of: key) }
        nonmutating set { storage.setValue(newValue, of: key) }
    }
}

/// Names a value that is kept with a request, and says of what type it is.
public protocol RequestKey {
    /// The type of the value.
    associatedtype Value: Sendable
}
