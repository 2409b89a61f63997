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
    /// What the template throws is an error of the view: where a layer renders the page, the
    /// site's layers that see such errors are asked for an answer first.
    ///
    /// - Parameter request: the request that the response answers.
    /// - Throws: what the template throws, and what is called behind it.
    public mutating func render(for request: Request) async throws {
        guard page != nil else { return }
        do {
            try await renderPage(for: request)
        } catch {
            // Inside the view itself the error is still the view's to catch.
            guard request.storage.hasLatePage, let errors = request.storage.core?.errors,
                let answer = try await errors.answer(ofView: error, to: request)
            else { throw error }
            self = answer
        }
    }

    /// Renders the template of a page, and asks nobody about what it throws.
    mutating func renderPage(for request: Request) async throws {
        guard let page else { return }
        self.page = nil
        self = try await page.render(into: self, for: request)
    }
}
