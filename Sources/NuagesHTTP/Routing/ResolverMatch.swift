public import NuagesCore

/// The route that answers a path, with what stood in the path.
///
/// Django: `django.urls.ResolverMatch`.
public struct ResolverMatch: Sendable {
    let compiled: CompiledRoute
    /// The values of the pattern, includes in front, in order.
    public let arguments: [PathArgument]
    /// Methods that the same pattern answers with other routes, where this one does not fit.
    var allowedElsewhere: [HTTPMethod] = []

    /// The name of the route, without namespaces.
    public var urlName: String? { compiled.name }

    /// The instance namespaces, outermost first.
    public var namespaces: [String] { compiled.namespaces }

    /// The application namespaces, outermost first.
    public var appNames: [String] { compiled.appNames }

    /// The instance namespaces joined by colons.
    public var namespace: String { namespaces.joined(separator: ":") }

    /// The application namespaces joined by colons.
    public var appName: String { appNames.joined(separator: ":") }

    /// The name of the route with its namespaces, such as `polls:detail`.
    public var viewName: String {
        (namespaces + [urlName ?? ""]).joined(separator: ":")
    }

    /// The whole pattern, such as `polls/<int:questionID>/`.
    public var route: String { compiled.pattern }

    /// The names of the pattern with their values, in order.
    public var keywordArguments: [(name: String, value: PathArgument)] {
        zip(compiled.captureNames, arguments).map { ($0, $1) }
    }

    /// The values that the routes add by ``Route/extra(_:)``.
    public var extra: ContextDictionary { compiled.options.extra }

    /// The value of one name of the pattern.
    ///
    /// - Parameter name: the name, compared by its bytes.
    /// - Returns: the value; nil where the pattern has no such name.
    public func argument(_ name: String) -> PathArgument? {
        compiled.captureNames.firstIndex { $0.equalsBytes(name) }.map { arguments[$0] }
    }

    /// The methods that the route answers.
    public var allowedMethods: [HTTPMethod] {
        var methods = compiled.methods
        for method in allowedElsewhere where !methods.contains(method) { methods.append(method) }
        return methods
    }

    /// Whether the view itself answers OPTIONS.
    var declaresOptions: Bool { compiled.declaresOptions }

    /// Whether the route answers `method`.
    func allows(_ method: HTTPMethod) -> Bool { compiled.methods.contains(method) }

    /// The view's answer, or the one of the route to a method that its view does not answer.
    func answer(_ request: Request) async throws -> Response {
        guard allows(request.method) else {
            if request.method == .options { return options }
            throw HTTPError.methodNotAllowed(allowed: allowedMethods)
        }
        if request.method == .options, !declaresOptions { return options }
        return try await callView(request)
    }

    private var options: Response {
        let allowed = allowedMethods.map(\.rawValue).joined(separator: ", ")
        return Response(status: .noContent, headers: ["Allow": allowed])
    }

    /// The view's answer.
    func callView(_ request: Request) async throws -> Response {
        let own =
            compiled.inheritedCount == 0
            ? arguments : Array(arguments.dropFirst(compiled.inheritedCount))
        return try await compiled.view(request, own)
    }
}
