public import NuagesCore
public import NuagesHTTP

/// A value that has a page of its own, such as a model.
///
///     extension Question: AbsoluteURLConvertible {
///         func getAbsoluteURL() throws -> String { try reverse("polls:detail", id) }
///     }
///     redirect(to: question)          // 302, Location: /polls/1/
///
/// Django: `get_absolute_url`.
public protocol AbsoluteURLConvertible {
    /// The address of the value's page.
    ///
    /// - Returns: a path of this site, or an address.
    /// - Throws: what `reverse` throws.
    func getAbsoluteURL() throws -> String
}

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
    try redirect(
        resolved: resolve(target, arguments.map(\.pathArgument)),
        permanent,
        preserveRequest
    )
}

/// Sends the browser to a route by its typed name.
///
///     redirect(to: PollsURL.results, question.id)
///
/// - Parameters:
///   - name: the name.
///   - value: the values of the route.
///   - permanent: whether browsers may remember it (301 instead of 302).
///   - preserveRequest: whether the method and the body stay (307 and 308).
/// - Returns: the redirect.
/// - Throws: `ReverseError` where no URL has these values.
public func redirect<each Value: PathArgumentConvertible>(
    to name: RouteName<repeat each Value>,
    _ value: repeat each Value,
    permanent: Bool = false,
    preserveRequest: Bool = false
) throws -> Response {
    try redirect(resolved: reverse(name, repeat each value), permanent, preserveRequest)
}

/// Sends the browser to the page of a model.
///
/// - Parameters:
///   - value: what has a page.
///   - permanent: whether browsers may remember it (301 instead of 302).
///   - preserveRequest: whether the method and the body stay (307 and 308).
/// - Returns: the redirect.
/// - Throws: what `getAbsoluteURL` throws, `HTTPError.suspicious` where its path would lead to
///   another site.
public func redirect(
    to value: some AbsoluteURLConvertible,
    permanent: Bool = false,
    preserveRequest: Bool = false
) throws -> Response {
    try redirect(resolved: value.getAbsoluteURL(), permanent, preserveRequest)
}

private func redirect(
    resolved location: String,
    _ permanent: Bool,
    _ preserveRequest: Bool
) throws -> Response {
    // `//host` and `/\\host` are other sites for a browser.
    guard !location.utf8.starts(with: "//".utf8), !location.utf8.starts(with: "/\\".utf8) else {
        throw HTTPError.suspicious(.disallowedRedirect, "Unsafe redirect to another site.")
    }
    return try .redirect(
        to: location,
        isPermanent: permanent,
        preservesRequest: preserveRequest
    )
}

private func resolve(_ target: String, _ arguments: [PathArgument]) throws -> String {
    let isPath =
        switch target.utf8.first {
        case UInt8(ascii: "/"): true
        case UInt8(ascii: "."):
            target.utf8.starts(with: "./".utf8) || target.utf8.starts(with: "../".utf8)
        default: false
        }
    return isPath ? target : try reverse(target, positional: arguments)
}

/// The address that a redirect would lead to: of a route by its name, or a path as it is.
///
///     try resolveURL("polls:detail", 1)     // /polls/1/
///     try resolveURL("../up/")              // ../up/
///
/// Only a text that begins with `/`, `./` or `../` is taken for an address; Django also takes what
/// no route is called and has a dot or a slash in it, so that a mistyped name leads anywhere.
///
/// Django: `django.shortcuts.resolve_url`.
///
/// - Parameters:
///   - target: the name of a route, or a path that begins with `/`, `./` or `../`.
///   - arguments: the arguments of the route.
/// - Returns: the address.
/// - Throws: `ReverseError` where no route has the name.
public func resolveURL(
    _ target: String,
    _ arguments: any PathArgumentConvertible...
) throws -> String {
    try resolve(target, arguments.map(\.pathArgument))
}

/// The address of the page of a model.
///
/// - Parameter value: what has a page.
/// - Returns: the address.
/// - Throws: what `getAbsoluteURL` throws.
public func resolveURL(_ value: some AbsoluteURLConvertible) throws -> String {
    try value.getAbsoluteURL()
}

/// The path of a route of this site by its name.
///
///     try reverse("polls:detail", 1)                         // /polls/1/
///     try reverse("polls:index", query: ["page": ["2"]])     // /polls/?page=2
///
/// Django: `django.urls.reverse`.
///
/// - Parameters:
///   - name: the name, with its namespaces.
///   - arguments: the arguments of the route.
///   - query: what stands behind `?`.
///   - fragment: what stands behind `#`.
/// - Returns: the path.
/// - Throws: `ReverseError` where no route has the name and takes these arguments.
public func reverse(
    _ name: String,
    _ arguments: any PathArgumentConvertible...,
    query: QueryDict? = nil,
    fragment: String? = nil
) throws -> String {
    try reverse(
        name,
        positional: arguments.map(\.pathArgument),
        query: query,
        fragment: fragment
    )
}

/// The path of a route of this site by its typed name.
///
///     try reverse(PollsURL.detail, 1)     // /polls/1/
///
/// - Parameters:
///   - name: the name.
///   - value: the values of the route.
/// - Returns: the path.
/// - Throws: `ReverseError` where no URL has these values.
public func reverse<each Value: PathArgumentConvertible>(
    _ name: RouteName<repeat each Value>,
    _ value: repeat each Value
) throws -> String {
    try reverse(name.fullName, positional: name.arguments(repeat each value))
}

/// The path of a route in the site of this task, its values as arguments.
func reverse(
    _ name: String,
    positional: [PathArgument],
    query: QueryDict? = nil,
    fragment: String? = nil
) throws -> String {
    let site = try SiteContext.current
    return try site.router.reverse(
        name,
        positional: positional,
        scriptPrefix: site.settings.scriptPrefix,
        query: query,
        fragment: fragment
    )
}
