public import NuagesCore

/// The name of a route with the types of its values, so that a URL with wrong ones does not
/// compile.
///
///     enum PollsURL {
///         static let index = PlainRouteName("index", in: "polls")
///         static let detail = RouteName<Int>("detail", in: "polls")
///     }
///     #path("<int:questionID>/", detail, name: PollsURL.detail)
///     try PollsURL.detail(5)                   // /polls/5/
///     try PollsURL.detail("five")              // does not compile
///     try redirect(to: PollsURL.detail, 5)
///
/// The types are those that the view takes, and a name is called with values of them: it is the
/// reverse function of its route. In a view, `PollsURL.detail(5, in: request)` stays in the
/// instance of the application and below the prefix of the request.
public struct RouteName<each Value: Sendable>: Sendable {
    /// The name without namespaces.
    public let name: String
    /// The namespaces, outermost first.
    public let namespaces: [String]

    /// A name.
    ///
    /// - Parameters:
    ///   - name: the name without namespaces.
    ///   - namespace: the namespaces joined by colons; empty where there is none. An application
    ///     namespace stands for its instances.
    public init(_ name: String, in namespace: String = "") {
        self.name = name
        namespaces = namespace.isEmpty ? [] : namespace.split(onByte: 0x3A)
    }

    /// The whole name, such as `polls:detail`.
    public var fullName: String { (namespaces + [name]).joined(separator: ":") }
}

/// The name of a route without values.
public typealias PlainRouteName = RouteName<>

extension RouteName where repeat each Value: PathArgumentConvertible {
    /// The values as arguments of a URL, in order.
    ///
    /// - Parameter value: the values.
    /// - Returns: the arguments.
    public func arguments(_ value: repeat each Value) -> [PathArgument] {
        var arguments: [PathArgument] = []
        repeat arguments.append((each value).pathArgument)
        return arguments
    }

    /// The path of the route as a page that answers `request` links to it.
    ///
    ///     try PollsURL.detail(5, in: request)     // /polls/5/
    ///
    /// The routes, the prefix in front of them and, where an application has several instances,
    /// the instance are those of the request.
    ///
    /// Django: `reverse` with `current_app=request.resolver_match.namespace`.
    ///
    /// - Parameters:
    ///   - value: the values of the route, in order.
    ///   - request: the request.
    ///   - query: what stands behind `?`.
    ///   - fragment: what stands behind `#`.
    /// - Returns: the path, percent-encoded.
    /// - Throws: ``ReverseError`` where no URL has these values.
    public func callAsFunction(
        _ value: repeat each Value,
        in request: Request,
        query: QueryDict? = nil,
        fragment: String? = nil
    ) throws(ReverseError) -> String {
        try request.reverse(
            fullName,
            positional: arguments(repeat each value),
            query: query,
            fragment: fragment
        )
    }
}

extension Route {
    /// A route to a view with a typed name; `#path` writes the converters.
    ///
    /// - Parameters:
    ///   - pattern: the pattern, without a leading slash.
    ///   - converters: the converters of the captures in the pattern, in order.
    ///   - view: the view.
    ///   - name: the name for `reverse`, with the types of the view's arguments.
    ///   - methods: the methods that the view answers; GET and POST unless given.
    public init<each C: PathConverter>(
        _ pattern: String,
        _ converters: (repeat (each C).Type),
        view: @escaping @Sendable (Request, repeat (each C).Value) async throws -> Response,
        name: RouteName<repeat (each C).Value>,
        methods: [HTTPMethod]? = nil
    ) {
        self.init(
            pattern,
            (repeat each converters),
            view: view,
            name: name.name as String?,
            methods: methods
        )
        typedNamespaces = name.namespaces
    }

    /// A route with a regular expression and a typed name; `#rePath` writes the groups.
    ///
    /// - Parameters:
    ///   - pattern: the pattern in the syntax of `LinearRegex`.
    ///   - groups: the groups in order.
    ///   - view: the view.
    ///   - name: the name for `reverse`, with the types of the view's arguments.
    ///   - methods: the methods that the view answers; GET and POST unless given.
    public init<each Value: Sendable>(
        regex pattern: String,
        _ groups: (repeat RegexGroup<each Value>),
        view: @escaping @Sendable (Request, repeat each Value) async throws -> Response,
        name: RouteName<repeat each Value>,
        methods: [HTTPMethod]? = nil
    ) {
        self.init(
            regex: pattern,
            (repeat each groups),
            view: view,
            name: name.name as String?,
            methods: methods
        )
        typedNamespaces = name.namespaces
    }
}

extension Router {
    /// The path of a route by its typed name.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - value: the values of the pattern, in order.
    /// - Returns: the path, percent-encoded.
    /// - Throws: ``ReverseError`` where no URL has these values.
    public func reverse<each Value: PathArgumentConvertible>(
        _ name: RouteName<repeat each Value>,
        _ value: repeat each Value
    ) throws(ReverseError) -> String {
        try reverse(name.fullName, positional: name.arguments(repeat each value))
    }
}
