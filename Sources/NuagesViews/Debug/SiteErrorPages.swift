import Logging
import NuagesCore
import NuagesHTTP
import NuagesTemplates

/// The pages that a site shows for errors: its own templates `404.html`, `500.html` and so on, and
/// in debug a page with the details.
///
/// A failed CSRF check looks for `403_csrf.html` first.
struct SiteErrorPages: Sendable {
    let site: SiteContext
    var logger = Logger(label: "nuages.request")

    var pages: ErrorPages {
        ErrorPages(
            page: { context in
                // As Django's, the page for what cannot be read says why to the developer.
                let isUnreadable =
                    context.status == .badRequest || context.status == .contentTooLarge
                if isUnreadable, context.reason != nil { return self.defaultPage(context) }
                if let page = await self.site.errorHandlers.page(context) { return page }
                return await self.ownPage(context) ?? self.defaultPage(context)
            },
            debugPage: { context in await self.debugPage(context) }
        )
    }

    /// The site's template for the status, or nil where it has none or the template fails too,
    /// which is logged.
    private func ownPage(_ context: ErrorPages.Context) async -> Response? {
        // Django shows `403_csrf.html` to a request that did not pass the CSRF check.
        let names =
            (context.error is CSRFError ? ["403_csrf.html"] : []) + ["\(context.status.code).html"]
        for name in names {
            do {
                _ = try site.templates.template(named: name)
                // The request may be what failed, so the template sees nothing of it but its
                // environment.
                let page = try await site.templates.render(
                    name,
                    [:],
                    environment: site.templateEnvironment(for: context.request)
                )
                return .html(page, status: context.status)
            } catch TemplateError.doesNotExist(let missing, _, _) where missing.equalsBytes(name) {
                continue
            } catch {
                logger.error(
                    "The error page \(name) failed, so a plain one is shown: \(LogText.escape("\(error)"))",
                    metadata: ["path": "\(context.request.loggedPath)"]
                )
                return nil
            }
        }
        return nil
    }

    private func defaultPage(_ context: ErrorPages.Context) -> Response {
        let error = context.error as? any ResponseConvertibleError
        return .html(
            DefaultErrorPage.html(
                status: context.status.code,
                reason: context.status.reasonPhrase,
                message: context.reason ?? error?.publicMessage,
                nonce: context.request.cspNonce
            ),
            status: context.status
        )
    }

    /// The page with the details, in HTML or for a client that does not ask for it in plain text.
    private func debugPage(_ context: ErrorPages.Context) async -> Response? {
        let request = context.request
        let asksForHTML = request.accepts("text/html")
        if context.status == .notFound, context.patterns.isEmpty, asksForHTML {
            return .html(WelcomePage.html(nonce: request.cspNonce))
        }
        guard let report = await DebugReport(context, site: site) else { return nil }
        guard asksForHTML else { return .text(report.text, status: context.status) }
        return .html(report.html(nonce: request.cspNonce), status: context.status)
    }
}
