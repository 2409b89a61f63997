/// A route to a view.
///
///     #path("<int:questionID>/vote/", vote, name: "vote", methods: [.post])
///
/// The pattern is read at compile time: a malformed pattern, an unknown converter or a name that
/// stands twice is an error there, and so is a view whose arguments are not those of the pattern.
/// Converters are `int`, `str` (which may be left out), `slug`, `uuid`, `path`, and any type that
/// conforms to ``PathConverter``, by its name: `<FourDigitYear:year>`.
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
