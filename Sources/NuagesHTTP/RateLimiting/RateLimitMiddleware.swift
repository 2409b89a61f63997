internal import NuagesCore

/// Answers each client only so often; the others get 429.
///
///     RateLimitMiddleware(.perSecond(20))                                    // each address
///     RateLimitMiddleware(.perHour(1000), by: .custom { $0[UserKey.self]?.id.description })
///
/// Every answer says how it stands (`RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset`,
/// `RateLimit-Policy`), a refusal also when to come back (`Retry-After`). ``Route/rateLimited(_:by:scope:methods:store:)``
/// does it for a route.
public struct RateLimitMiddleware: RequestGuard, CustomStringConvertible {
    /// What tells clients apart.
    public struct Key: Sendable {
        let value: @Sendable (Request) async throws -> String?
        var needsOnlyRequest = true
        /// Whether clients say it of themselves, and can say anything.
        var isClaimed = false

        /// Something of the request, such as the name of its user; requests without it count by
        /// their address.
        ///
        /// It may be something that other layers find out. So such a limit of a route stands among
        /// the layers of its route, behind the CSRF check, where the others stand in front of it.
        ///
        /// - Parameter value: the text that names a client, or nil.
        /// - Returns: the key.
        public static func custom(
            _ value: @escaping @Sendable (Request) async throws -> String?
        ) -> Key {
            Key(value: value, needsOnlyRequest: false)
        }

        /// The address of the client, by ``Request/clientAddress``; for IPv6 its first 64 bits, of
        /// which one client has all addresses.
        public static let address = Key { _ in nil }

        /// A header field, such as one with an API key; requests without it count by their
        /// address.
        ///
        /// Nobody has verified it: who sends another key each time has a full bucket each time.
        /// Put a limit by ``address`` beside it, or verify the key and count by ``custom(_:)``.
        ///
        /// - Parameter name: the field.
        /// - Returns: the key.
        public static func header(_ name: String) -> Key {
            Key(value: { $0.headers[name] }, isClaimed: true)
        }

        /// Nothing: all clients together.
        public static let everybody = Key { _ in "" }
    }

    /// What is counted together.
    public enum Scope: Sendable, Hashable {
        /// Each route by itself.
        case route
        /// Whatever has a limit of this name.
        case named(String)
    }

    /// How often.
    public let limit: RateLimit
    private let key: Key
    private let scope: Scope
    private let methods: [HTTPMethod]?
    /// Where it is counted.
    public let store: any RateLimitStore
    private let claimedStore: any RateLimitStore
    private let now: @Sendable () -> Int
    private let policy: String

    /// The layer.
    ///
    /// - Parameters:
    ///   - limit: how often.
    ///   - key: what tells clients apart.
    ///   - scope: what is counted together.
    ///   - methods: the methods that count; nil is all.
    ///   - store: where it is counted; nil is the memory of this process.
    public init(
        _ limit: RateLimit,
        by key: Key = .address,
        scope: Scope = .route,
        methods: [HTTPMethod]? = nil,
        store: (any RateLimitStore)? = nil
    ) {
        self.init(limit, by: key, scope: scope, methods: methods, store: store) {
            let (seconds, attoseconds) = UnixTime.now().components
            return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        }
    }

    package init(
        _ limit: RateLimit,
        by key: Key = .address,
        scope: Scope = .route,
        methods: [HTTPMethod]? = nil,
        store: (any RateLimitStore)? = nil,
        now: @escaping @Sendable () -> Int
    ) {
        self.limit = limit
        self.key = key
        self.scope = scope
        self.methods = methods
        self.store = store ?? MemoryRateLimitStore.shared
        claimedStore = store ?? MemoryRateLimitStore.claimed
        self.now = now
        policy = "\(limit.count);w=\(limit.seconds)"
    }

    /// Takes a token of the client's bucket, and hands on if there was one.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - next: the layers further in.
    /// - Returns: the response.
    /// - Throws: ``RateLimitError`` if there was none, and what the store throws.
    public func respond(to request: Request, next: any Responder) async throws -> Response {
        if let methods, !methods.contains(request.method) {
            return try await next.respond(to: request)
        }
        let value = try await key.value(request)
        let store = key.isClaimed && value != nil ? claimedStore : store
        let name = bucket(request, value)
        let decision = try await store.take(name, limit: limit, now: now())
        guard decision.isAllowed else {
            SecurityLog.report("Throttled", "More than \(limit).", request: request)
            throw RateLimitError(decision: decision, headers: fields(decision))
        }
        var response = try await next.respond(to: request)
        // Where several limits hold, the tightest is the outermost and has the last word.
        for field in fields(decision).fields { response.headers[field.name] = field.value }
        return response
    }

    /// The name of the client's bucket.
    ///
    /// Its parts cannot run into each other: the one in the middle has its length in front.
    private func bucket(_ request: Request, _ value: String?) -> String {
        let client = value.map { "k" + $0 } ?? "a" + Self.network(of: request.clientAddress)
        let place =
            switch scope {
            case .named(let name): "n\(name)"
            case .route: "r\(request.resolverMatch?.route ?? "")"
            }
        return "\(limit.count)/\(limit.seconds) \(place.utf8.count) \(place) \(client)"
    }

    /// An IPv4 address itself, and the first half of an IPv6 address.
    static func network(of address: String) -> String {
        guard let bits = AddressBits(address), bits.width == 128 else { return address }
        return String(bits.bits >> 64, radix: 16)
    }

    private func fields(_ decision: RateLimitDecision) -> Headers {
        [
            "RateLimit-Limit": "\(limit.count)",
            "RateLimit-Remaining": "\(decision.remaining)",
            "RateLimit-Reset": "\(decision.resetAfter)",
            "RateLimit-Policy": policy,
        ]
    }

    /// `limit 5 in 60 s`.
    public var description: String { "limit \(limit)" }

    /// Whether clients are told apart by their address or a header.
    public var needsOnlyRequest: Bool { key.needsOnlyRequest }

    /// Behind what adds headers and in front of all that costs something.
    public var rank: MiddlewareRank? { .rateLimit }
}

/// A request that came too soon after others: 429.
public struct RateLimitError: ResponseConvertibleError, CustomStringConvertible {
    /// What the limit said.
    public let decision: RateLimitDecision
    private let headers: Headers

    init(decision: RateLimitDecision, headers: Headers) {
        self.decision = decision
        self.headers = headers
    }

    /// 429.
    public var status: HTTPStatus { .tooManyRequests }
    /// `Retry-After` and how the limit stands.
    public var responseHeaders: Headers {
        var headers = headers
        headers["Retry-After"] = "\(decision.retryAfter)"
        return headers
    }
    /// What users are told.
    public var publicMessage: String? { "Too many requests. Please try again later." }
    /// The limit, for the log and the debug page.
    public var description: String {
        "More requests than \(decision.limit); the next is answered in \(decision.retryAfter) s."
    }
}
