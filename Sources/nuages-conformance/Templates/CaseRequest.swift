import NuagesCore
import NuagesHTTP
import NuagesViews

/// The request and the URL configuration of a template case.
struct CaseRequest {
    let request: Request

    /// The request; nil where the case has none.
    init?(_ item: JSONCase) {
        guard let json = item["request"], json != .null else { return nil }
        var headers = Headers()
        if let host = json["host"]?.text { headers["Host"] = host }
        let query = json["query_string"]?.text ?? ""
        request = Request(
            method: HTTPMethod(json["method"]?.text ?? "GET"),
            target: (json["path"]?.text ?? "/") + (query.isEmpty ? "" : "?\(query)"),
            headers: headers
        )
    }

    /// What a template sees of the request.
    var contextObject: any ContextObject { RequestValue(request: request) }

    /// Makes URLs in the case's configuration, from the place of its request.
    static func reversing(
        _ item: JSONCase
    ) throws -> @Sendable (String, [ContextValue], [(String, ContextValue)]) throws -> String {
        guard let entries = item["urls"]?.elements,
            let routes = URLConfigurationReader(configurations: nil).routes(entries)
        else {
            return { name, _, _ in
                throw PythonError(
                    type: "NoReverseMatch",
                    message: "Reverse for '\(name)' not found."
                )
            }
        }
        let router = Router(routes)
        let scriptPrefix = item["script_prefix"]?.text ?? "/"
        let request = item["request"]
        // Where a request names no app, the instance that its page belongs to counts.
        let given = request?["current_app"]
        let currentApp =
            given == nil ? request?["resolver_match"]?["namespace"]?.text : given?.text
        return { name, positional, named in
            do {
                return try router.reverse(
                    name,
                    positional: positional.map(\.pathArgument),
                    named: named.map { ($0.0, $0.1.pathArgument) },
                    currentApp: currentApp,
                    scriptPrefix: scriptPrefix
                )
            } catch {
                throw PythonError(type: "NoReverseMatch", message: "\(error)")
            }
        }
    }
}
