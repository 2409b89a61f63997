extension Response {
    /// 304: the client has the page already.
    ///
    /// Django: `HttpResponseNotModified`.
    ///
    /// - Returns: a response without body and without `Content-Type`.
    public static func notModified() -> Response { Response(status: .notModified) }

    /// 400: the request is malformed.
    ///
    /// Django: `HttpResponseBadRequest`.
    ///
    /// - Parameter html: the page.
    /// - Returns: the response.
    public static func badRequest(_ html: String = "") -> Response {
        .html(html, status: .badRequest)
    }

    /// 403: the user may not do this.
    ///
    /// Django: `HttpResponseForbidden`.
    ///
    /// - Parameter html: the page.
    /// - Returns: the response.
    public static func forbidden(_ html: String = "") -> Response {
        .html(html, status: .forbidden)
    }

    /// 404: there is no such page.
    ///
    /// Django: `HttpResponseNotFound`.
    ///
    /// - Parameter html: the page.
    /// - Returns: the response.
    public static func notFound(_ html: String = "") -> Response {
        .html(html, status: .notFound)
    }

    /// 405: the page does not answer this method.
    ///
    /// Django: `HttpResponseNotAllowed`.
    ///
    /// - Parameters:
    ///   - permitted: the methods that it answers, for the field `Allow`.
    ///   - html: the page.
    /// - Returns: the response.
    public static func notAllowed(_ permitted: [HTTPMethod], _ html: String = "") -> Response {
        var response = Response.html(html, status: .methodNotAllowed)
        response.headers["Allow"] = permitted.map(\.rawValue).joined(separator: ", ")
        return response
    }

    /// 410: the page was here and will not come back.
    ///
    /// Django: `HttpResponseGone`.
    ///
    /// - Parameter html: the page.
    /// - Returns: the response.
    public static func gone(_ html: String = "") -> Response { .html(html, status: .gone) }

    /// 500: the server failed.
    ///
    /// Django: `HttpResponseServerError`.
    ///
    /// - Parameter html: the page.
    /// - Returns: the response.
    public static func serverError(_ html: String = "") -> Response {
        .html(html, status: .internalServerError)
    }
}
