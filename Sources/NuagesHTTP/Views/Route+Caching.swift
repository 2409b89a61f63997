extension Route {
    /// The same route, whose answers say how they may be kept.
    ///
    ///     #path("", index).cacheControl(.public, .maxAge(60))
    ///
    /// Of two values of `max-age` the smaller one stays, so that a view can ask for less. Answers
    /// of 400 and more are left as they are, so that no cache keeps an error.
    ///
    /// Django: `@cache_control`, which does not see views that raise.
    ///
    /// - Parameter directives: what `Cache-Control` says.
    /// - Returns: the route.
    public func cacheControl(_ directives: CacheDirective...) -> Route {
        middleware(
            ResponseChange("cacheControl") { response in
                if response.status.code < 400 { response.setCacheControl(directives) }
            }
        )
    }

    /// The same route, whose answers no cache keeps.
    ///
    /// Django: `@never_cache`.
    ///
    /// - Returns: the route.
    public func neverCache() -> Route {
        middleware(ResponseChange("neverCache") { response in response.setNeverCached() })
    }

    /// The same route, whose answers depend on fields of the request.
    ///
    ///     #path("", index).varyOnHeaders("Accept-Language", "User-Agent")
    ///
    /// Django: `@vary_on_headers`.
    ///
    /// - Parameter fields: the names of the fields.
    /// - Returns: the route.
    public func varyOnHeaders(_ fields: String...) -> Route {
        middleware(
            ResponseChange("varyOnHeaders") { response in
                for field in fields { response.vary(on: field) }
            }
        )
    }

    /// The same route, whose answers depend on the cookies of the request.
    ///
    /// Django: `@vary_on_cookie`.
    ///
    /// - Returns: the route.
    public func varyOnCookie() -> Route { varyOnHeaders("Cookie") }

    /// The same route, whose pages have a tag made of their bytes, and are not sent to a client that
    /// has them.
    ///
    /// The view runs all the same; ``condition(etag:lastModified:_:)`` spares it.
    ///
    /// Django: `@conditional_page`.
    ///
    /// - Returns: the route.
    public func conditionalPage() -> Route { middleware(ConditionalGetMiddleware()) }

    /// The same route, whose answers are compressed.
    ///
    /// Django: `@gzip_page`.
    ///
    /// - Returns: the route.
    public func gzipPage() -> Route { middleware(GZipMiddleware()) }
}

/// A layer that changes the answers of a route.
private struct ResponseChange: Middleware, CustomStringConvertible {
    let description: String
    let change: @Sendable (inout Response) -> Void

    init(_ description: String, _ change: @escaping @Sendable (inout Response) -> Void) {
        self.description = description
        self.change = change
    }

    func respond(to request: Request, next: any Responder) async throws -> Response {
        var response = try await next.respond(to: request)
        change(&response)
        return response
    }
}
