internal import NuagesCore

/// Answers 304 where the client has the page already.
///
/// A page without `ETag` gets one made of its bytes, unless it says `no-store`. The view still
/// makes the page; what is saved is sending it. ``Request/conditional(entityTag:lastModified:_:)``
/// saves both.
///
/// Django: `ConditionalGetMiddleware`.
public struct ConditionalGetMiddleware: Middleware {
    /// The layer.
    public init() {}

    /// Adds the tag, and answers 304 where the client has it.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response, or 304.
    /// - Throws: what `next` throws.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        var response = try await next.respond(to: request)
        // For HEAD there is nothing to make a tag of, and other methods have done their work.
        guard request.method == .get else { return response }
        try await response.render(for: request)
        let cacheControl = HeaderText.directiveNames(response.headers["Cache-Control"] ?? "")
        if !cacheControl.contains("no-store"), !response.headers.contains("ETag") {
            response.setEntityTag()
        }
        let tag = response.headers["ETag"]
        let modified = response.headers["Last-Modified"].flatMap { text in
            let year = CalendarDate(daysSince1970: UnixTime.seconds() / 86_400)?.year ?? 1970
            return HTTPDate.parse(text, currentYear: year)
        }
        guard tag != nil || modified != nil else { return response }
        return request.conditionalResponse(
            entityTag: tag,
            lastModified: modified,
            replacing: response
        ) ?? response
    }

    /// Inside compression, so that a page has one tag however it is sent.
    public var rank: MiddlewareRank? { .conditional }
}
