import NuagesCore
import NuagesHTTP

/// Hosts, addresses and content negotiation.
enum RequestCases {
    static func value(of call: FunctionCall) throws -> JSONValue? {
        switch call.item.function {
        case "django.http.request.split_domain_port":
            let parts = HostName.split(try call.text(0))
            return Canonical.strings([parts?.domain ?? "", parts?.port ?? ""])
        case "django.http.request.validate_host":
            let patterns = call[1].elements?.compactMap(\.text) ?? []
            return .bool(HostName.isAllowed(try call.text(0), patterns))
        case "request.get_host": return .string(try request(call).host())
        case "request.get_port": return try request(call).port.map { .string($0) }
        case "request.get_full_path":
            let appends = (call.keyword("force_append_slash") ?? call[1]).flag ?? false
            return .string(try request(call).fullPath(appendingSlash: appends))
        case "request.build_absolute_uri":
            return .string(try request(call).buildAbsoluteURI(call[1].text))
        case "request.accepts":
            return .bool(accepting(call[0]).accepts(try call.text(1)))
        case "request.accepted_types":
            let types = accepting(call[0]).acceptedTypes
            let precedence = types.enumerated().sorted { left, right in
                let (first, second) = (left.element, right.element)
                if first.specificity != second.specificity {
                    return first.specificity > second.specificity
                }
                if first.quality != second.quality { return first.quality > second.quality }
                return left.offset < right.offset
            }
            return Canonical.dictionary([
                ("accepted_types", Canonical.strings(types.map(\.description))),
                ("by_precedence", Canonical.strings(precedence.map(\.element.description))),
            ])
        case "request.get_preferred_type":
            let types = call[1].elements?.compactMap(\.text) ?? []
            return accepting(call[0]).preferredType(types).map { .string($0) } ?? .null
        case "request.headers": return wireHeaders(Canonical.pairs(call[0]))
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }

    /// Django makes names of fields out of `META`; here they come from the wire as they are.
    private static func wireHeaders(_ meta: [(String, JSONValue)]) -> JSONValue {
        var headers = Headers()
        for (name, value) in meta {
            var field = name
            if name.hasPrefix("HTTP_") {
                field = String(name.dropFirst(5))
            } else if name != "CONTENT_TYPE", name != "CONTENT_LENGTH" {
                continue
            }
            let words = field.split(separator: "_").map {
                $0.prefix(1).uppercased() + $0.dropFirst().lowercased()
            }
            headers.append(words.joined(separator: "-"), value.text ?? "\(value)")
        }
        let request = Request(target: "/", headers: headers)
        return Canonical.dictionary(request.headers.fields.map { ($0.name, .string($0.value)) })
    }

    private static func accepting(_ header: JSONValue) -> Request {
        var headers = Headers()
        if let text = header.text { headers["Accept"] = text }
        return Request(target: "/", headers: headers)
    }

    /// A request made of Django's `META`, attached to an application with the case's settings.
    static func request(_ call: FunctionCall) throws -> Request {
        let fields = call[0]
        var settings = HTTPSettings()
        settings.isDebug = call.settings?["DEBUG"]?.flag ?? false
        settings.allowedHosts =
            call.settings?["ALLOWED_HOSTS"]?.elements?.compactMap(\.text) ?? []
        settings.usesXForwardedHost = call.settings?["USE_X_FORWARDED_HOST"]?.flag ?? false
        settings.usesXForwardedPort = call.settings?["USE_X_FORWARDED_PORT"]?.flag ?? false
        settings.trustedProxies = ["*"]
        let meta = Canonical.pairs(Canonical.member(fields, "META"))
        let isSecure = Canonical.member(fields, "secure")?.flag ?? false
        let headers = headers(meta, isSecure: isSecure)
        let path = Canonical.member(fields, "path")?.text ?? "/"
        let query = meta.first { $0.0 == "QUERY_STRING" }?.1.text ?? ""
        let request = Request(
            target: PercentCoding.encode(path, safe: .path) + (query.isEmpty ? "" : "?" + query),
            headers: headers,
            isTLS: isSecure
        )
        request.prepare(for: settings)
        return request
    }

    private static func headers(_ meta: [(String, JSONValue)], isSecure: Bool) -> Headers {
        var headers = Headers()
        for (name, value) in meta {
            guard name.hasPrefix("HTTP_"), let text = value.text else { continue }
            headers.append(String(name.dropFirst(5)).replacing("_", with: "-"), text)
        }
        guard headers["Host"] == nil else { return headers }
        // Without a Host field a WSGI server says its own name; our server takes its address.
        let name = meta.first { $0.0 == "SERVER_NAME" }?.1.text ?? "testserver"
        let port = meta.first { $0.0 == "SERVER_PORT" }?.1.text ?? "80"
        headers["Host"] = port == (isSecure ? "443" : "80") ? name : "\(name):\(port)"
        return headers
    }
}
