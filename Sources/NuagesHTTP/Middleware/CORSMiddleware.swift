public import NuagesCore

/// Lets scripts of other sites read answers (CORS).
///
///     var options = CORSMiddleware.Options()
///     options.allowedOrigins = ["https://app.example.com", "https://*.example.org"]
///     options.allowedMethods = [.get, .put]
///     options.allowedHeaders = ["Content-Type"]
///     #path("api/", include: api).middleware(CORSMiddleware(options))
///
/// It stands on routes, or among the layers of the site, where it holds for every answer. It opens
/// what browsers keep closed and closes nothing: a view still has to ask who may do what. Requests
/// with cookies of visitors that change something also need ``CSRFMiddleware/Options``'s
/// `trustedOrigins`; an API without cookies is ``Route/csrfExempt()``.
///
/// A preflight, by which a browser asks in advance, is answered here and reaches no view. With
/// credentials no star is ever sent, so a mistake in the options leaves the answer closed.
///
/// The rules are those of https://fetch.spec.whatwg.org/#http-cors-protocol; Django has none.
public struct CORSMiddleware: ResponseDecorator {
    /// What other sites may do.
    public struct Options: Sendable {
        /// Whose scripts may read answers: origins such as `https://app.example.com`, with a star
        /// for subdomains (`https://*.example.com`), or `*` for everybody.
        public var allowedOrigins: [String] = []
        /// The methods beyond GET, HEAD and POST, which every page may send, or all of them.
        public var allowedMethods: [HTTPMethod] = [.get, .head, .post]
        /// The fields that scripts may send beyond those that every page may; `*` is any but
        /// `Authorization`.
        public var allowedHeaders: [String] = []
        /// The fields of answers that scripts may read beyond the plain ones, such as `Link`.
        public var exposedHeaders: [String] = []
        /// Whether scripts may send the visitor's cookies and read what is answered to them.
        public var allowsCredentials = false
        /// For how many seconds a browser need not ask again; nil leaves it to the browser.
        public var maxAge: Int? = 600

        /// Nobody may read anything.
        public init() {}
    }

    /// The options as they were given.
    public let options: Options
    private let origins: OriginList
    private let allowsAll: Bool
    private let identity = Identity()

    /// Tells a layer from others with the same options.
    private final class Identity: Sendable {}

    /// The layer.
    ///
    /// - Parameter options: what other sites may do.
    public init(_ options: Options) {
        self.options = options
        allowsAll = options.allowedOrigins.contains { $0.equalsBytes("*") }
        // A star may only stand for the first part of a host.
        origins = OriginList(options.allowedOrigins.filter { Self.mistake(in: $0) == nil })
    }

    /// Answers a preflight; hands on anything else.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response.
    /// - Throws: what `next` throws.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        guard Self.isPreflight(request), !isOverruled(for: request) else {
            return try await next.respond(to: request)
        }
        var response = Response.empty()
        guard allowedOrigin(of: request) != nil else { return response }
        response.headers["Access-Control-Allow-Methods"] = Self.list(
            options.allowedMethods.map(\.rawValue)
        )
        let fields = options.allowedHeaders.filter {
            !options.allowsCredentials || !$0.equalsBytes("*")
        }
        response.headers["Access-Control-Allow-Headers"] = Self.list(fields)
        if let maxAge = options.maxAge {
            response.headers["Access-Control-Max-Age"] = String(max(0, maxAge))
        }
        return response
    }

    /// Says on every answer, those to errors too, whose scripts may read it.
    ///
    /// - Parameters:
    ///   - response: the response.
    ///   - request: the request that it answers.
    public func decorate(_ response: inout Response, for request: Request) {
        // Also on answers to requests without an origin, which a cache may have kept.
        if !allowsAll || options.allowsCredentials { response.vary(on: "Origin") }
        // What the view has said stands.
        guard !isOverruled(for: request),
            !response.headers.contains("Access-Control-Allow-Origin"),
            let origin = allowedOrigin(of: request)
        else { return }
        response.headers["Access-Control-Allow-Origin"] = origin
        if options.allowsCredentials {
            response.headers["Access-Control-Allow-Credentials"] = "true"
        }
        guard !Self.isPreflight(request) else { return }
        let fields = options.exposedHeaders.filter {
            !options.allowsCredentials || !$0.equalsBytes("*")
        }
        if !fields.isEmpty {
            response.headers["Access-Control-Expose-Headers"] = Self.list(fields)
        }
    }

    /// Answers preflights itself.
    public var onlyDecorates: Bool { false }

    /// In front of what may refuse a preflight.
    public var rank: MiddlewareRank? { .cors }

    /// Whether the route has a layer of its own, which is more particular and speaks alone.
    private func isOverruled(for request: Request) -> Bool {
        let innermost = request.route?.options.layers.last { $0 is CORSMiddleware }
        return (innermost as? CORSMiddleware).map { $0.identity !== identity } ?? false
    }

    private static func isPreflight(_ request: Request) -> Bool {
        request.method == .options && request.headers.contains("Origin")
            && request.headers.contains("Access-Control-Request-Method")
    }

    /// What `Access-Control-Allow-Origin` says; nil where the answer stays closed.
    private func allowedOrigin(of request: Request) -> String? {
        if allowsAll { return options.allowsCredentials ? nil : "*" }
        let given = request.headers.values(of: "Origin")
        guard given.count == 1, let origin = given.first, Self.isOrigin(origin),
            origins.contains(origin)
        else { return nil }
        return origin
    }

    /// Whether a text is a scheme and a host with nothing behind them; `null` is none.
    private static func isOrigin(_ text: String) -> Bool {
        guard let parts = URLParts(text), !parts.scheme.isEmpty, !parts.authority.isEmpty,
            !parts.authority.utf8.contains(0x40)
        else { return false }
        return text.equalsBytes("\(parts.scheme)://\(parts.authority)")
    }

    private static func list(_ items: [String]) -> String? {
        items.isEmpty ? nil : items.joined(separator: ", ")
    }
}

// MARK: Checks

extension CORSMiddleware {
    /// Reports origins, fields and methods that no browser would send, and credentials for all.
    ///
    /// - Parameter forDeployment: whether the site is open to all.
    /// - Returns: `middleware.E008`, `E009` and `E010`, and before deployment `security.W103` for
    ///   origins without TLS that may send credentials.
    public func check(forDeployment: Bool) -> [CheckMessage] {
        var messages = options.allowedOrigins.compactMap { origin in
            Self.mistake(in: origin).map { hint in
                message(
                    .error,
                    "middleware.E008",
                    "'\(LogText.escape(origin, limit: 200))' is no origin of allowedOrigins.",
                    hint
                )
            }
        }
        let stars = (options.allowedOrigins + options.allowedHeaders + options.exposedHeaders)
            .filter { $0.equalsBytes("*") }
        if options.allowsCredentials, !stars.isEmpty {
            messages.append(
                message(
                    .error,
                    "middleware.E009",
                    "'*' is no choice where allowsCredentials is true: any site could read what "
                        + "belongs to a visitor. Nothing is sent for it.",
                    "Name the origins and fields, or leave allowsCredentials false."
                )
            )
        }
        let names = options.allowedHeaders + options.exposedHeaders
        for name in names + options.allowedMethods.map(\.rawValue)
        where name.isEmpty || !name.utf8.allSatisfy(\.isToken) {
            messages.append(
                message(
                    .error,
                    "middleware.E010",
                    "'\(LogText.escape(name, limit: 200))' is no name of a field or a method.",
                    "Write one name in each text, such as 'Content-Type'."
                )
            )
        }
        return messages + (forDeployment && options.allowsCredentials ? withoutTLS : [])
    }

    private var withoutTLS: [CheckMessage] {
        options.allowedOrigins.filter { $0.utf8.starts(with: "http://".utf8) }.map { origin in
            message(
                .warning,
                "security.W103",
                "Pages of '\(LogText.escape(origin, limit: 200))' may read what belongs to a "
                    + "visitor, and come by plain HTTP, where others can change them.",
                "Allow 'https://' only."
            )
        }
    }

    /// What to write in place of a text that is no origin; nil where it is one.
    fileprivate static func mistake(in origin: String) -> String? {
        if origin.equalsBytes("*") { return nil }
        let isPattern = origin.containsBytes("://*.")
        let whole =
            isPattern
            ? origin.split(onByte: 0x2A).joined(separator: "x") : origin
        guard isOrigin(whole), !isPattern || origin.utf8.count(where: { $0 == 0x2A }) == 1,
            isPattern || !origin.utf8.contains(0x2A)
        else {
            return
                "Write a scheme and a host, such as 'https://example.com', with '*.' in front of "
                + "the host for its subdomains and no slash at the end."
        }
        guard origin.equalsBytes(origin.asciiLowercased) else {
            return "Browsers write origins in lower case: '\(origin.asciiLowercased)'."
        }
        return nil
    }

    private func message(
        _ level: CheckMessage.Level,
        _ id: String,
        _ text: String,
        _ hint: String
    ) -> CheckMessage {
        CheckMessage(level, id: id, text, hint: hint, object: "CORSMiddleware")
    }
}
