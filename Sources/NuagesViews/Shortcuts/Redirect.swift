public import NuagesHTTP

/// Sends the browser to a route by its name, or to a path of this site.
///
///     redirect(to: "polls:results", question.id)   // 302, Location: /polls/1/results/
///     redirect(to: "/polls/")                      // 302, Location: /polls/
///
/// Django: `django.shortcuts.redirect`.
///
/// - Parameters:
///   - target: the name of a route, or a path that begins with `/`, `./` or `../`.
///   - arguments: the arguments of the route.
///   - permanent: whether browsers may remember it (301 instead of 302).
/// - Returns: the redirect.
/// - Throws: `ReverseError` where no route has the name, `HTTPError.suspicious` where
///   the path would lead to another site.
public func redirect(
    to target: String,
    _ arguments: any PathArgumentConvertible...,
    permanent: Bool = false
) throws -> Response {
    // `//host` and `/\\host` are other sites for a browser.
    guard !["//", "/\\"].contains(where: { target.utf8.starts(with: $0.utf8) }) else {
        throw HTTPError.suspicious(.disallowedRedirect, "Unsafe redirect to another site.")
    }
    let isPath = ["/", "./", "../"].contains { target.utf8.starts(with: $0.utf8) }
    let location =
        isPath
        ? target : try reverse(target, positional: arguments.map(\.pathArgument))
    return try .redirect(to: location, isPermanent: permanent)
}

/// The path of a route of this site by its name.
///
///     try reverse("polls:detail", 1)     // /polls/1/
///
/// Django: `django.urls.reverse`.
///
/// - Parameters:
///   - name: the name, with its namespaces.
///   - arguments: the arguments of the route.
/// - Returns: the path.
/// - Throws: `ReverseError` where no route has the name and takes these arguments.
public func reverse(
    _ name: String,
    _ arguments: any PathArgumentConvertible...
) throws -> String {
    try reverse(name, positional: arguments.map(\.pathArgument))
}

private func reverse(_ name: String, positional: [PathArgument]) throws -> String {
    try SiteContext.current.router.reverse(name, positional: positional)
}
