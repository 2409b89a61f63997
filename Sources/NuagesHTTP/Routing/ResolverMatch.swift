public import NuagesCore

/// The route that answers a path, with what stood in the path.
///
/// Django: `django.urls.ResolverMatch`.
public struct ResolverMatch: Sendable {
    let compiled: CompiledRoute
    /// The values of the whole pattern, includes in front, in order; nil for a group of a regular
    /// expression that took no part.
    let captures: [PathArgument?]
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

    /// What answers, as it stands in the code, such as `detail`; nil for a view that is written out
    /// in place (Django: `func`).
    public var view: String? { compiled.viewText }

    /// The whole pattern, such as `polls/<int:questionID>/`.
    public var route: String { compiled.pattern }

    // MARK: Values

    /// The values that stood in the path, includes in front, in order.
    public var arguments: [PathArgument] { captures.compactMap(\.self) }

    /// The names of the pattern with their values, in order; an inner name wins over the same
    /// name of an include.
    public var keywordArguments: [(name: String, value: PathArgument)] {
        var found: [(name: String, value: PathArgument)] = []
        for (name, value) in zip(compiled.captureNames, captures) {
            guard let name, let value else { continue }
            if let index = found.firstIndex(where: { $0.name.equalsBytes(name) }) {
                found[index].value = value
            } else {
                found.append((name, value))
            }
        }
        return found
    }

    /// The values of the route's own pattern by name, without those of includes
    /// (Django: `captured_kwargs`).
    public var ownKeywordArguments: [(name: String, value: PathArgument)] {
        zip(compiled.captureNames, captures).dropFirst(compiled.inheritedCount)
            .compactMap { name, value in
                if let name, let value { (name, value) } else { nil }
            }
    }

    /// The values of groups without names (Django: `args`); none where anything has a name.
    ///
    /// A value is nil for a group that took no part.
    public var positionalArguments: [PathArgument?] {
        var position = captures.count
        var arguments: [PathArgument?] = []
        var hasNames = false
        for (depth, level) in compiled.levels.enumerated().reversed() {
            let start = position - level.names.count
            let values = captures[start..<position]
            if !level.extra.isEmpty
                || zip(level.names, values).contains(where: { $0 != nil && $1 != nil })
            {
                hasNames = true
            }
            let isInnermost = depth == compiled.levels.count - 1
            if level.names.allSatisfy({ $0 == nil }), isInnermost || !hasNames {
                arguments = values + arguments
            }
            position = start
        }
        return arguments
    }

    /// Every value with a name: those of the patterns and those that routes add, in the order in
    /// which Django hands them to a view (`kwargs`).
    public var allKeywordArguments: ContextDictionary {
        var result = ContextDictionary()
        var position = 0
        for level in compiled.levels {
            for name in level.names {
                if let name, let value = captures[position] { result[name] = value.contextValue }
                position += 1
            }
            for (key, value) in level.extra.entries { result[key] = value }
        }
        return result
    }

    /// The values that the routes add by ``Route/extra(_:)`` (Django: `extra_kwargs`).
    public var extra: ContextDictionary { compiled.options.extra }

    /// The value of one name of the pattern.
    ///
    /// - Parameter name: the name, compared by its bytes.
    /// - Returns: the value; nil where the pattern has no such name.
    public func argument(_ name: String) -> PathArgument? {
        compiled.captureNames.lastIndex { $0.map(name.equalsBytes) == true }
            .flatMap { captures[$0] }
    }

    // MARK: Methods

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

    /// What answers a request with some method.
    enum Answering {
        /// A view that takes the request alone.
        case plain(@Sendable (Request) async throws -> Response)
        /// A view with the values of its pattern.
        case arguments(Route.View, [PathArgument?])
        /// What the route answers itself.
        case response(Response)
    }

    /// What answers a request with `method`.
    ///
    /// - Throws: 405 for a method that the view does not answer.
    func answering(_ method: HTTPMethod) throws -> Answering {
        guard allows(method) else {
            if method == .options { return .response(options) }
            throw HTTPError.methodNotAllowed(allowed: allowedMethods)
        }
        if method == .options, !declaresOptions { return .response(options) }
        return switch compiled.view {
        case .plain(let view): .plain(view)
        case .arguments(let view): .arguments(view, ownCaptures)
        }
    }

    /// The view's answer, or the one of the route to a method that its view does not answer.
    func answer(_ request: Request) async throws -> Response {
        switch try answering(request.method) {
        case .plain(let view): try await view(request)
        case .arguments(let view, let captures): try await view(request, captures)
        case .response(let response): response
        }
    }

    private var options: Response {
        let allowed = allowedMethods.map(\.rawValue).joined(separator: ", ")
        return Response(status: .noContent, headers: ["Allow": allowed])
    }

    /// The values of the route's own pattern.
    private var ownCaptures: [PathArgument?] {
        compiled.inheritedCount == 0
            ? captures : Array(captures.dropFirst(compiled.inheritedCount))
    }
}
