internal import NuagesCore

/// The name of a route with the types of its values, so that a URL with wrong ones does not
/// compile.
///
///     enum PollsURL {
///         static let index = PlainRouteName("index", in: "polls")
///         static let detail = RouteName<Int>("detail", in: "polls")
///     }
///     #path("<int:questionID>/", detail, name: PollsURL.detail)
///     try reverse(PollsURL.detail, 5)          // /polls/5/
///     try reverse(PollsURL.detail, "five")     // does not compile
///
/// The types are those that the view takes.
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
