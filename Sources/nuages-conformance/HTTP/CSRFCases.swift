import NuagesCore
import NuagesHTTP

/// Masked tokens and the whole check.
enum CSRFCases {
    static func value(of call: FunctionCall) async throws -> JSONValue? {
        switch call.item.function {
        case "csrf.mask":
            return text(CSRFToken.mask(try bytes(call, 0), with: try bytes(call, 1)))
        case "csrf.unmask": return text(CSRFToken.unmask(try bytes(call, 0)))
        case "csrf.does_token_match":
            return .bool(CSRFToken.matches(try bytes(call, 0), secret: try bytes(call, 1)))
        case "csrf.check_token_format":
            do {
                try CSRFToken.check(try bytes(call, 0))
                return Canonical.dictionary([("valid", .bool(true))])
            } catch let error as CSRFToken.FormatError {
                return Canonical.dictionary([
                    ("valid", .bool(false)), ("reason", .string(error.rawValue)),
                ])
            }
        case "csrf.check": return try await check(call)
        default: throw UnsupportedCase("no feature for \(call.item.function)")
        }
    }

    private static func bytes(_ call: FunctionCall, _ index: Int) throws -> [UInt8] {
        Array(try call.text(index).utf8)
    }

    private static func text(_ bytes: [UInt8]) -> JSONValue {
        .string(String(decoding: bytes, as: UTF8.self))
    }

    private static func check(_ call: FunctionCall) async throws -> JSONValue? {
        let fields = call[0]
        var settings = HTTPSettings()
        settings.isSharedWithDjango = true
        settings.allowedHosts =
            call.settings?["ALLOWED_HOSTS"]?.elements?.compactMap(\.text) ?? []
        var options = CSRFMiddleware.Options()
        options.trustedOrigins =
            call.settings?["CSRF_TRUSTED_ORIGINS"]?.elements?.compactMap(\.text) ?? []
        options.cookieDomain = call.settings?["CSRF_COOKIE_DOMAIN"]?.text
        let middleware = CSRFMiddleware(settings: settings, options: options)
        let template = try RequestCases.request(call)
        var headers = template.headers
        let cookies = Canonical.pairs(Canonical.member(fields, "COOKIES")).map {
            "\($0.0)=\($0.1.text ?? "")"
        }
        if !cookies.isEmpty { headers["Cookie"] = cookies.joined(separator: "; ") }
        let body = Canonical.member(fields, "body")?.text ?? ""
        headers.setDefault("Content-Type", "application/x-www-form-urlencoded")
        let request = Request(
            method: HTTPMethod(Canonical.member(fields, "method")?.text ?? "GET"),
            target: template.target,
            headers: headers,
            body: RequestBody(Array(body.utf8)),
            isTLS: template.isTLS
        )
        request.prepare(
            for: settings,
            routes: Routes { #path("", view, methods: Self.methods) }
        )
        do {
            _ = try await middleware.respond(to: request, next: Passed())
            return .null
        } catch let error as CSRFError {
            return .string(error.reason)
        }
    }

    private static let methods: [HTTPMethod] = [.get, .post, .put, .patch, .delete]

    private static func view(_ request: Request) async throws -> Response { .text("passed") }

    private struct Passed: Responder {
        func respond(to request: Request) async throws -> Response { .text("passed") }
    }
}
