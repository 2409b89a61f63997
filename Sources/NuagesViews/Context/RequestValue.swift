package import NuagesCore
package import NuagesHTTP

/// What a template can ask of a request.
package struct RequestValue: ContextObject {
    let request: Request

    package init(request: Request) { self.request = request }

    package var contextDescription: ContextValue {
        .string("<Request: \(request.method) '\(request.path)'>")
    }

    package func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "method": .string(request.method.rawValue)
        case "path": .string(request.path)
        case "path_info": .string(request.pathInfo)
        case "get_full_path": .string(request.target)
        case "scheme": .string(request.isSecure ? "https" : "http")
        case "is_secure": .bool(request.isSecure)
        case "get_host": (try? request.host()).map { .string($0) }
        case "GET": .object(request.query)
        case "csp_nonce": .string(request.cspNonce)
        case "resolver_match": request.resolverMatch.map { .object(ResolverMatchValue(match: $0)) }
        default: nil
        }
    }
}

/// What a template can ask of the route that was found.
struct ResolverMatchValue: ContextObject {
    let match: ResolverMatch

    var contextDescription: ContextValue { .string(match.viewName) }

    func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "url_name": match.urlName.map { .string($0) }
        case "view_name": .string(match.viewName)
        case "namespace": .string(match.namespace)
        case "namespaces": .array(match.namespaces.map { .string($0) })
        case "app_name": .string(match.appName)
        case "route": .string(match.route)
        default: nil
        }
    }
}
