import NuagesCore
import NuagesHTTP

/// Redirects, JSON, headers and policies.
enum ResponseCases {
    static func value(of call: FunctionCall) throws -> JSONValue? {
        switch call.item.function {
        case "response.redirect":
            let response = try Response.redirect(
                to: try call.text(1),
                isPermanent: call[0].text == "HttpResponsePermanentRedirect",
                preservesRequest: call.keyword("preserve_request")?.flag ?? false
            )
            return Canonical.dictionary([
                ("status", .int(response.status.code)),
                ("location", .string(response.headers["Location"] ?? "")),
            ])
        case "response.json": return try json(call)
        case "http.conditional": return try conditional(call)
        case "cache.get_max_age":
            var response = Response()
            response.headers["Cache-Control"] = call[0].text
            return response.maxAge.map { .int($0) } ?? .null
        case "csp.build_policy": return .string(policy(call))
        case "response.headers": return try headers(call)
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }

    private static func json(_ call: FunctionCall) throws -> JSONValue? {
        var style = JSONWriter.Style.python
        if let options = call.keyword("json_dumps_params") {
            style.indentation = Canonical.member(options, "indent")?.number
            if Canonical.member(options, "ensure_ascii")?.flag == false {
                style.escapesNonASCII = false
            }
        }
        let response = try Response.json(
            try Canonical.plain(call[0]),
            isSafe: call.keyword("safe")?.flag ?? true,
            style: style
        )
        guard case .bytes(let bytes) = response.body else { return .null }
        return Canonical.dictionary([
            ("content", Canonical.tagged(bytes)),
            ("content_type", .string(response.headers["Content-Type"] ?? "")),
        ])
    }

    private static func conditional(_ call: FunctionCall) throws -> JSONValue? {
        var headers = Headers()
        for (name, value) in Canonical.pairs(call[1]) { headers.append(name, value.text ?? "") }
        let request = Request(method: HTTPMethod(try call.text(0)), target: "/", headers: headers)
        let status = (call.keyword("status") ?? call[4]).number ?? 200
        let answer = request.conditionalResponse(
            entityTag: call[2].text,
            lastModified: call[3].number,
            replacing: Response(status: HTTPStatus(status))
        )
        return .int(answer?.status.code ?? status)
    }

    private static func policy(_ call: FunctionCall) -> String {
        var policy = ContentSecurityPolicy()
        for (name, value) in Canonical.pairs(call[0]) {
            if value == .null || value.flag == false { continue }
            let sources =
                value.flag == true
                ? [] : value.text.map { [$0] } ?? (value["v"] ?? value).elements?.compactMap(\.text)
            if value.flag != true, sources?.isEmpty ?? true { continue }
            policy[name] = (sources ?? []).map { ContentSecurityPolicy.Source(stringLiteral: $0) }
        }
        return policy.text(nonce: call[1].text)
    }

    /// A response as Django's constructor makes it.
    private static func response(_ call: FunctionCall) throws -> Response {
        guard var status = HTTPStatus(exactly: call.keyword("status")?.number ?? 200) else {
            throw Refusal()
        }
        if let reason = call.keyword("reason")?.text {
            status = try HTTPStatus(status.code, reason: reason)
        }
        let type = call.keyword("content_type")?.text
        var response = Response(status: status)
        for (name, value) in Canonical.pairs(call.keyword("headers")) {
            try response.setHeader(name, value.text ?? "\(value)")
        }
        if type != nil, response.headers.contains("Content-Type") { throw Refusal() }
        let charset = try call.keyword("charset")?.text.map { name in
            guard let charset = Charset(name: name) else {
                throw UnsupportedCase("no charset \(name)")
            }
            return charset
        }
        let name = charset?.name ?? "utf-8"
        response.headers.setDefault("Content-Type", type ?? "text/html; charset=\(name)")
        if let charset { response.charset = charset }
        return response
    }

    private static func headers(_ call: FunctionCall) throws -> JSONValue? {
        var response = try response(call)
        let now = Int(call.now.components.seconds)
        for operation in call[0].elements ?? [] {
            let parts = operation.elements ?? []
            let name = parts.count > 1 ? parts[1].text ?? "" : ""
            let value =
                parts.count > 2 ? parts[2].text ?? parts[2].number.map { "\($0)" } ?? "" : ""
            switch parts.first?.text {
            case "set", "setitem": try response.setHeader(name, value)
            case "setdefault":
                if !response.headers.contains(name) { try response.setHeader(name, value) }
            case "delete": response.headers[name] = nil
            case "vary": response.vary(on: parts[1].elements?.compactMap(\.text) ?? [])
            case "cache_control": response.setCacheControl(try directives(parts[1]))
            case "never_cache": response.setNeverCached(now: now)
            case "response_headers":
                response.setCaching(seconds: parts[1].number ?? 0, now: now)
            case "etag":
                response.bytes = try call.bytes(parts[1])
                response.setEntityTag()
            default: throw UnsupportedCase("no feature for \(operation)")
            }
        }
        let fields = response.headers.fields.map { Canonical.strings([$0.name, $0.value]) }
        return Canonical.dictionary([
            ("status", .int(response.status.code)),
            ("reason", .string(response.status.reasonPhrase)),
            ("charset", .string(charset(of: response, call))), ("headers", .array(fields)),
        ])
    }

    /// The charset, by the name that the case has for it.
    private static func charset(of response: Response, _ call: FunctionCall) -> String {
        let value = call.item["expect"]?["value"]
        if let expected = Canonical.member(value, "charset")?.text,
            Charset(name: expected) == response.charset
        {
            return expected
        }
        return response.charset.name
    }

    private static func directives(_ value: JSONValue) throws -> [CacheDirective] {
        try Canonical.pairs(value).map { name, value in
            let directive = name.replacing("_", with: "-")
            switch value {
            case .bool(true): return CacheDirective(directive)
            case .bool(false): return CacheDirective(directive, "False")
            case .int(let number): return CacheDirective(directive, String(number))
            case .string(let text): return CacheDirective(directive, text)
            default: throw UnsupportedCase("a directive is \(value)")
            }
        }
    }
}
