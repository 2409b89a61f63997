/// A route to a view.
///
///     #path("<int:questionID>/vote/", vote, name: "vote", methods: [.post])
///
/// The pattern is read at compile time: a malformed pattern, an unknown converter or a name that
/// stands twice is an error there, and so is a view whose arguments are not those of the pattern.
/// Converters are `int`, `str` (which may be left out), `slug`, `uuid`, `path`, those that are
/// registered in ``PathConverters``, and any type that conforms to ``PathConverter``, by its name:
/// `<FourDigitYear:year>`.
///
/// - Parameters:
///   - pattern: the pattern, a literal without a leading slash.
///   - view: a function `(Request, …values of the pattern…) async throws -> Response`.
///   - name: the name for `reverse` and `{% url %}`.
///   - methods: the methods that the view answers; GET and POST unless given. HEAD comes with
///     GET, and OPTIONS is answered with the list.
/// - Returns: the route.
@freestanding(expression)
public macro path<each P>(
    _ pattern: String,
    _ view: @Sendable (Request, repeat each P) async throws -> Response,
    name: String? = nil,
    methods: [HTTPMethod]? = nil
) -> Route = #externalMacro(module: "NuagesMacros", type: "PathMacro")

/// A route to a view, with a typed name.
///
///     #path("<int:questionID>/", detail, name: PollsURL.detail)
///
/// - Parameters:
///   - pattern: the pattern, a literal without a leading slash.
///   - view: a function `(Request, …values of the pattern…) async throws -> Response`.
///   - name: the name for `reverse` and `{% url %}`, with the types of the view's arguments.
///   - methods: the methods that the view answers; GET and POST unless given.
/// - Returns: the route.
@freestanding(expression)
public macro path<each P>(
    _ pattern: String,
    _ view: @Sendable (Request, repeat each P) async throws -> Response,
    name: RouteName<repeat each P>,
    methods: [HTTPMethod]? = nil
) -> Route = #externalMacro(module: "NuagesMacros", type: "PathMacro")

/// A route to further routes.
///
///     #path("polls/", include: polls)
///
/// - Parameters:
///   - pattern: the pattern that the routes have in front, a literal.
///   - include: the routes.
///   - namespace: the name of this instance; the routes' own namespace unless given.
/// - Returns: the route.
@freestanding(expression)
public macro path(
    _ pattern: String,
    include: Routes,
    namespace: String? = nil
) -> Route = #externalMacro(module: "NuagesMacros", type: "PathMacro")

/// A route to a view by a regular expression.
///
///     #rePath(#"^articles/(?P<year>[0-9]{4})/(?:page-(?P<page>\d+)/)?$"#, articles, name: "year")
///     func articles(_ request: Request, year: Int, page: Int?) async throws -> Response { … }
///
/// The pattern is read at compile time. The view gets the groups with names, or all of them where
/// none has a name; the types are its own, such as `String` or `Int` (``PathTextConvertible``), and
/// optional for a group that a match may leave out. Text that is no value of the type means that
/// the route does not match.
///
/// Matching takes linear time; see `LinearRegex` for what a pattern cannot have.
///
/// Django: `django.urls.re_path`.
///
/// - Parameters:
///   - pattern: the pattern, a literal; it is looked for anywhere, so begin with `^`.
///   - view: a function `(Request, …values of the groups…) async throws -> Response`.
///   - name: the name for `reverse` and `{% url %}`.
///   - methods: the methods that the view answers; GET and POST unless given.
/// - Returns: the route.
@freestanding(expression)
public macro rePath<each P>(
    _ pattern: String,
    _ view: @Sendable (Request, repeat each P) async throws -> Response,
    name: String? = nil,
    methods: [HTTPMethod]? = nil
) -> Route = #externalMacro(module: "NuagesMacros", type: "RegexPathMacro")

/// A route to a view by a regular expression, with a typed name.
///
/// - Parameters:
///   - pattern: the pattern, a literal; it is looked for anywhere, so begin with `^`.
///   - view: a function `(Request, …values of the groups…) async throws -> Response`.
///   - name: the name for `reverse` and `{% url %}`, with the types of the view's arguments.
///   - methods: the methods that the view answers; GET and POST unless given.
/// - Returns: the route.
@freestanding(expression)
public macro rePath<each P>(
    _ pattern: String,
    _ view: @Sendable (Request, repeat each P) async throws -> Response,
    name: RouteName<repeat each P>,
    methods: [HTTPMethod]? = nil
) -> Route = #externalMacro(module: "NuagesMacros", type: "RegexPathMacro")

/// A route to further routes by a regular expression.
///
/// - Parameters:
///   - pattern: the pattern that the routes have in front, a literal without `$`. Its groups are
///     texts in ``ResolverMatch``.
///   - include: the routes.
///   - namespace: the name of this instance; the routes' own namespace unless given.
/// - Returns: the route.
@freestanding(expression)
public macro rePath(
    _ pattern: String,
    include: Routes,
    namespace: String? = nil
) -> Route = #externalMacro(module: "NuagesMacros", type: "RegexPathMacro")
