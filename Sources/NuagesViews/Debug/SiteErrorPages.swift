import Logging
import NuagesCore
import NuagesHTTP
import NuagesTemplates

/// The pages that a site shows for errors: its own templates `404.html`, `500.html` and so on, and
/// in debug a page with the details.
struct SiteErrorPages: Sendable {
    let site: SiteContext
    var logger = Logger(label: "nuages.request")

    var pages: ErrorPages {
        ErrorPages(
            page: { context in await self.ownPage(context) },
            debugPage: { context in DebugPage(context: context).response }
        )
    }

    /// The site's template for the status, or nil where it has none or the template fails too,
    /// which is logged.
    private func ownPage(_ context: ErrorPages.Context) async -> Response? {
        let name = "\(context.status.code).html"
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
            return nil
        } catch {
            logger.error(
                "The error page \(name) failed, so a plain one is shown: \(LogText.escape("\(error)"))",
                metadata: ["path": "\(LogText.escape(context.request.target))"]
            )
            return nil
        }
    }
}
