internal import NuagesCore
public import NuagesHTTP

/// Routes that serve uploaded files while a site is developed; none outside debug.
///
///     var urls: Routes {
///         #path("polls/", include: polls)
///         mediaRoutes("media/", directory: "uploads", isDebug: settings.isDebug)
///     }
///
/// A folder of your own files, which browsers run as the site's: for visitors' files, and outside
/// debug, see ``mediaRoutes(_:storage:access:)``.
///
/// Django: `django.conf.urls.static.static`.
///
/// - Parameters:
///   - prefix: the path that the files stand under, without a slash in front; empty, or an
///     address with a host, gives no routes.
///   - directory: the folder with the files.
///   - isDebug: `settings.isDebug`.
/// - Returns: a route to the files, or none.
public func mediaRoutes(_ prefix: String, directory: String, isDebug: Bool) -> [Route] {
    let plain = prefix.utf8.first == 0x2F ? String(prefix.dropFirst()) : prefix
    guard isDebug, !plain.isEmpty, !plain.containsBytes("//") else { return [] }
    let files = StaticFilesMiddleware(
        staticURL: "/" + plain,
        finders: StaticFinders(directories: [directory], apps: []),
        isDebug: true
    )
    return [
        Route(
            plain + "<path:path>",
            (RestConverter.self),
            view: { (request: Request, name: String) async throws -> Response in
                try await files.serve(name, to: request)
            },
            methods: [.get]
        )
    ]
}
