/// A page that is made of its template only when the layers of the route have seen the response.
package protocol DeferredPage: AnyObject, Sendable {
    /// Makes the page.
    ///
    /// - Parameters:
    ///   - response: the response without its page.
    ///   - request: the request that it answers.
    /// - Returns: the response with its body.
    /// - Throws: what the template throws, and what is called behind it.
    func render(into response: Response, for request: Request) async throws -> Response
}

extension Response {
    /// Whether the body is there; false for a page whose template is rendered later.
    ///
    /// Django: `SimpleTemplateResponse.is_rendered`.
    public var isRendered: Bool { page == nil }

    /// Renders the template of a page, unless that has been done; for layers of a route that need
    /// the body.
    ///
    /// Django: `SimpleTemplateResponse.render`.
    ///
    /// - Parameter request: the request that the response answers.
    /// - Throws: what the template throws, and what is called behind it.
    public mutating func render(for request: Request) async throws {
        self = try await rendered(for: request)
    }

    /// The response with its page rendered.
    func rendered(for request: Request) async throws -> Response {
        guard let page else { return self }
        var response = self
        response.page = nil
        return try await page.render(into: response, for: request)
    }
}
