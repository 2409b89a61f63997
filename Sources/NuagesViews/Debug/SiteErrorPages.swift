import NuagesCore
import NuagesHTTP
import NuagesTemplates

/// The pages that a site shows for errors: its own templates `404.html`, `500.html` and so on, and
/// in debug a page with the details.
struct SiteErrorPages: Sendable {
    let site: SiteContext

    var pages: ErrorPages {
        ErrorPages(
            page: { context in
                if let page = await self.site.errorHandlers.page(context) { return page }
                return await self.ownPage(context)
            },
            debugPage: { context in DebugPage(context: context).response }
        )
    }

    /// The site's template for the status, or nil where it has none or the template fails too.
    private func ownPage(_ context: ErrorPages.Context) async -> Response? {
        let name = "\(context.status.code).html"
        guard (try? site.templates.template(named: name)) != nil else { return nil }
        // The request may be what failed, so the template sees nothing of it but its environment.
        let page = try? await site.templates.render(
            name,
            [:],
            environment: site.templateEnvironment(for: context.request)
        )
        return page.map { .html($0, status: context.status) }
    }
}
