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
///   - preserveRequest: whether the method and the body stay (307 and 308).
/// - Returns: the redirect.
/// - Throws: `ReverseError` where no route has the name, `HTTPError.suspicious` where
///   the path would lead to another site.
public func redirect(
    to target: String,
    _ arguments: any PathArgumentConvertible...,
    permanent: Bool = false,
    preserveRequest: Bool = false
) throws -> Response {
    let isPath = ["/", "./", "../"].contains { target.utf8.starts(with: $0.utf8) }
    let location =
        isPath
        ? target : try reverse(target, positional: arguments.map(\.pathArgument))
    return try redirect(toPath: location, permanent, preserveRequest)
}

/// Sends the browser to the page of an object.
///
///     try redirect(to: question)      // 302, Location: /polls/1/
///
/// - Parameters:
///   - object: a value that knows the path of its page.
///   - permanent: whether browsers may remember it (301 instead of 302).
///   - preserveRequest: whether the method and the body stay (307 and 308).
/// - Returns: the redirect.
/// - Throws: what ``Addressable/absoluteURL()`` throws, `HTTPError.suspicious` where the path
///   would lead to another site.
public func redirect(
    to object: some Addressable,
    permanent: Bool = false,
    preserveRequest: Bool = false
) throws -> Response {
    try redirect(toPath: object.absoluteURL(), permanent, preserveRequest)
}

private func redirect(
    toPath location: String,
    _ permanent: Bool,
    _ preserveRequest: Bool
) throws -> Response {
    // `//host` and `/\\host` are other sites for a browser.
    guard !["//", "/\\"].contains(where: { location.utf8.starts(with: $0.utf8) }) else {
        throw HTTPError.suspicious(.disallowedRedirect, "Unsafe redirect to another site.")
    }
    return try .redirect(
        to: location,
        isPermanent: permanent,
        preservesRequest: preserveRequest
    )
}

/// A value with a page of its own.
///
///     extension Question: Addressable {
///         func absoluteURL() throws -> String { try reverse("polls:detail", id) }
///     }
///
/// Django: `get_absolute_url`.
public protocol Addressable {
    /// The path of the page.
    ///
    /// - Returns: a path that begins with `/`.
    /// - Throws: `ReverseError`.
    func absoluteURL() throws -> String
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
