internal import NuagesCore

/// Refuses what pages of other sites make a browser fetch: pictures, scripts, frames and calls.
///
///     var middleware: [any Middleware] {
///         var stack = MiddlewareStack(standardMiddleware)
///         stack.insert(FetchMetadataMiddleware())
///         return stack.layers
///     }
///
/// Browsers say where a request began and what for (`Sec-Fetch-Site`, `-Mode` and `-Dest`). From
/// another site only links may come: GET of a page of its own, so that other sites cannot measure
/// answers, include them as scripts or send requests in a visitor's name. Others get 403, and the
/// security event `FetchMetadata` is logged.
///
/// A browser that says nothing passes, as do values that are not known yet. Routes that are made
/// for other sites are ``Route/sharedWithOtherSites()``; those that others may frame say so by
/// ``Route/framing(_:)`` with ``FramePolicy/allow``. An answer that shared caches keep should vary
/// on the three fields: a cache does not ask the layer.
///
/// It is the resource isolation policy of https://web.dev/articles/fetch-metadata with the fields
/// of W3C Fetch Metadata Request Headers; Django has none.
public struct FetchMetadataMiddleware: SelectiveMiddleware {
    /// Whether the pages of other subdomains may use this site as if they were its own.
    ///
    /// For its pictures and scripts browsers also ask that
    /// ``SecurityMiddleware/Options/crossOriginResourcePolicy`` be `same-site`.
    public let allowsSameSite: Bool

    /// The layer.
    ///
    /// - Parameter allowsSameSite: whether `same-site` passes: pages of `blog.example.com` for a
    ///   site at `www.example.com`, and of other ports. One that is taken over can then do what a
    ///   page of this site can, as far as the CSRF check does not forbid it.
    public init(allowsSameSite: Bool = true) { self.allowsSameSite = allowsSameSite }

    /// Whether the request began on another site, and is no link.
    ///
    /// - Parameter request: the request.
    /// - Returns: false for what passes.
    public func concerns(_ request: Request) -> Bool {
        guard let site = request.headers["Sec-Fetch-Site"] else { return false }
        let isForeign =
            site.equalsBytes("cross-site") || (!allowsSameSite && site.equalsBytes("same-site"))
        return isForeign && !isLink(request) && request.route?.options.isShared != true
    }

    /// Refuses the request.
    ///
    /// - Parameters:
    ///   - request: one that ``concerns(_:)`` the layer.
    ///   - next: the layers further in, which do not see it.
    /// - Returns: 403.
    /// - Throws: ``HTTPError/forbidden(_:)``.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        guard concerns(request) else { return try await next.respond(to: request) }
        SecurityLog.report("FetchMetadata", Self.description(of: request), request: request)
        let error = HTTPError.forbidden("Another site may not use this address as a resource.")
        guard let errors = request.storage.core?.errors else { throw error }
        var response = await errors.response(for: error, to: request)
        response.vary(on: ["Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"])
        return response
    }

    /// Whether the browser opens a page in a window of its own, or in a frame the route allows.
    ///
    /// What `object` and `embed` show is a navigation too, and is none here.
    private func isLink(_ request: Request) -> Bool {
        guard request.method == .get,
            request.headers["Sec-Fetch-Mode"]?.equalsBytes("navigate") == true
        else { return false }
        // The first browsers with these fields had no `Sec-Fetch-Dest`.
        guard let target = request.headers["Sec-Fetch-Dest"] else { return true }
        if target.equalsBytes("document") { return true }
        let isFrame = ["iframe", "frame", "fencedframe"].contains { target.equalsBytes($0) }
        return isFrame && request.route?.options.framePolicy == .allow
    }

    private static func description(of request: Request) -> String {
        let fields = ["Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"].map { name in
            "\(name) \(request.headers[name].map { LogText.escape($0, limit: 32) } ?? "none")"
        }
        return "A resource was asked for by another site: \(fields.joined(separator: ", "))."
    }

    /// In front of all that reads the request.
    public var rank: MiddlewareRank? { .fetchMetadata }
}
