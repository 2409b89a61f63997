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
        case "response.json":
            let response = Response.json(try plain(call[0]), style: .python)
            guard case .bytes(let bytes) = response.body else { return .null }
            return Canonical.dictionary([
                ("content", Canonical.tagged(bytes)),
                ("content_type", .string(response.headers["Content-Type"] ?? "")),
            ])
        case "csp.build_policy": return .string(policy(call))
        case "response.headers": return try headers(call)
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }

    private static func plain(_ value: JSONValue) throws -> JSONValue {
        switch value {
        case .array(let elements): return .array(try elements.map(plain))
        case .object:
            if value.tag == "dict" {
                return .object(
                    try Canonical.pairs(value).map { JSONValue.Member($0.0, try plain($0.1)) }
                )
            }
            if value.tag == "float", let number = value["v"]?.text.flatMap({ Double($0) }) {
                return .double(number)
            }
            throw UnsupportedCase("a value is \(value)")
        default: return value
        }
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

    private static func headers(_ call: FunctionCall) throws -> JSONValue? {
        guard call.item["kwargs"] == nil else {
            throw UnsupportedCase("options of Django's constructor")
        }
        var response = Response.html("")
        for operation in call[0].elements ?? [] {
            let parts = operation.elements ?? []
            let name = parts.count > 1 ? parts[1].text ?? "" : ""
            let value = parts.count > 2 ? parts[2].text ?? "" : ""
            switch parts.first?.text {
            case "set", "setitem": try response.setHeader(name, value)
            case "setdefault": response.headers.setDefault(name, value)
            case "delete": response.headers[name] = nil
            case "vary":
                for field in parts.dropFirst().first?.elements ?? [] {
                    response.vary(on: field.text ?? "")
                }
            default: throw UnsupportedCase("no feature for \(operation)")
            }
        }
        let fields = response.headers.fields.map {
            Canonical.strings([$0.name.titled, $0.value])
        }
        return Canonical.dictionary([
            ("status", .int(response.status.code)),
            ("reason", .string(response.status.reasonPhrase)), ("charset", .string("utf-8")),
            ("headers", .array(fields)),
        ])
    }
}

extension String {
    /// `x-a` as `X-A`: names compare without case, the cases print them so.
    fileprivate var titled: String {
        split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "-")
    }
}
