internal import NuagesCore

/// One directive of `Cache-Control` (RFC 9111, section 5.2.2).
public struct CacheDirective: Sendable, Hashable {
    /// The name in lower case, such as `max-age`.
    public let name: String
    /// The value; nil where the name alone is sent.
    public let value: String?

    /// A directive.
    ///
    /// - Parameters:
    ///   - name: a token.
    ///   - value: the value, quoted where it needs to be.
    public init(_ name: String, _ value: String? = nil) {
        self.name = name.asciiLowercased
        self.value = value
    }

    /// How long the response may be used without asking again, in seconds.
    ///
    /// - Parameter seconds: the number of seconds.
    /// - Returns: `max-age=…`
    public static func maxAge(_ seconds: Int) -> Self { Self("max-age", String(seconds)) }
    /// ``maxAge(_:)`` for shared caches.
    ///
    /// - Parameter seconds: the number of seconds.
    /// - Returns: `s-maxage=…`
    public static func sharedMaxAge(_ seconds: Int) -> Self { Self("s-maxage", String(seconds)) }
    /// How long an old response may be used while a new one is fetched, in seconds.
    ///
    /// - Parameter seconds: the number of seconds.
    /// - Returns: `stale-while-revalidate=…`
    public static func staleWhileRevalidate(_ seconds: Int) -> Self {
        Self("stale-while-revalidate", String(seconds))
    }
    /// How long an old response may be used while the server fails, in seconds.
    ///
    /// - Parameter seconds: the number of seconds.
    /// - Returns: `stale-if-error=…`
    public static func staleIfError(_ seconds: Int) -> Self {
        Self("stale-if-error", String(seconds))
    }
    /// The response is asked for again before each use.
    public static let noCache = Self("no-cache")
    /// The field `field` of the response is not used again without asking.
    ///
    /// - Parameter field: the name of a header field.
    /// - Returns: `no-cache=…`
    public static func noCache(field: String) -> Self { Self("no-cache", field) }
    /// No cache keeps the response.
    public static let noStore = Self("no-store")
    /// No cache changes the response.
    public static let noTransform = Self("no-transform")
    /// Only the browser of this user keeps the response.
    public static let `private` = Self("private")
    /// Any cache may keep the response.
    public static let `public` = Self("public")
    /// An old response is never used.
    public static let mustRevalidate = Self("must-revalidate")
    /// An old response is never used by a shared cache.
    public static let proxyRevalidate = Self("proxy-revalidate")
    /// The response does not change while it is fresh.
    public static let immutable = Self("immutable")

    fileprivate var text: String { value.map { "\(name)=\($0)" } ?? name }

    fileprivate init(parsing text: String) {
        let parts = text.utf8.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(Substring(parts[0])).trimmingBlanks
        self.init(name, parts.count > 1 ? String(Substring(parts[1])) : nil)
    }

    /// The number of a value such as that of `max-age`; a name without a value counts as 1.
    fileprivate var number: Int? {
        guard let value else { return 1 }
        let text = value.trimmingBlanks
        let isNegative = text.utf8.first == 0x2D
        let digits = isNegative ? String(Substring(text.utf8.dropFirst())) : text
        return digits.decimalDigitsValue.map { isNegative ? -$0 : $0 }
    }
}

extension Response {
    private var cacheDirectives: [CacheDirective] {
        headers["Cache-Control"].map { value in
            value.split(onByte: 0x2C).map(\.trimmingBlanks).filter { !$0.isEmpty }
                .map { CacheDirective(parsing: $0) }
        } ?? []
    }

    /// Adds directives to `Cache-Control`, in place of those of the same name.
    ///
    ///     response.setCacheControl(.maxAge(60), .public)
    ///
    /// Of two values of `max-age` the smaller one stays; `private` and `public` replace each other.
    ///
    /// Django: `patch_cache_control` and the decorator `cache_control`.
    ///
    /// - Parameter directives: the directives.
    public mutating func setCacheControl(_ directives: CacheDirective...) {
        setCacheControl(directives)
    }

    /// Adds directives to `Cache-Control`, in place of those of the same name.
    ///
    /// - Parameter directives: the directives.
    public mutating func setCacheControl(_ directives: [CacheDirective]) {
        var all = CacheDirectives()
        for directive in cacheDirectives { all.add(directive) }
        if directives.contains(where: { $0.name == "public" }) { all.remove("private") }
        if directives.contains(where: { $0.name == "private" }) { all.remove("public") }
        for directive in directives {
            if directive.name == "max-age", let new = directive.number,
                let old = all.first("max-age")?.number, old < new
            {
                continue
            }
            all.add(directive)
        }
        headers["Cache-Control"] = all.text
    }

    /// Keeps a response for one client out of the caches that others share; where nothing is said
    /// about caching, out of all.
    mutating func keepFromSharedCaches() {
        // What caches of networks go by in place of `Cache-Control` (RFC 9213).
        headers["CDN-Cache-Control"] = nil
        headers["Surrogate-Control"] = nil
        guard headers.contains("Cache-Control") else {
            headers["Cache-Control"] = "private, no-store"
            return
        }
        headers["Cache-Control"] = headers.values(of: "Cache-Control").joined(separator: ", ")
        var kept = CacheDirectives()
        for directive in cacheDirectives
        where directive.name != "public" && directive.name != "s-maxage" {
            kept.add(directive)
        }
        kept.remove("private")
        kept.add(.private)
        headers["Cache-Control"] = kept.text
    }

    /// The value of `max-age` in `Cache-Control`; nil where there is none that is a number.
    ///
    /// Django: `get_max_age`.
    public var maxAge: Int? { cacheDirectives.last { $0.name == "max-age" }?.number }

    /// Lets the response be used for a while without asking again: `Expires` and `max-age`.
    ///
    /// Django: `patch_response_headers`.
    ///
    /// - Parameter seconds: how long; less than nothing is nothing.
    public mutating func setCaching(seconds: Int) {
        setCaching(seconds: seconds, now: UnixTime.seconds())
    }

    package mutating func setCaching(seconds: Int, now: Int) {
        let seconds = max(0, seconds)
        headers.setDefault("Expires", HTTPDate.text(now &+ seconds))
        setCacheControl(.maxAge(seconds))
    }

    /// Keeps the response out of all caches.
    ///
    /// Django: `add_never_cache_headers` and the decorator `never_cache`.
    public mutating func setNeverCached() { setNeverCached(now: UnixTime.seconds()) }

    package mutating func setNeverCached(now: Int) {
        setCaching(seconds: 0, now: now)
        setCacheControl(.noCache, .noStore, .mustRevalidate, .private)
    }
}

/// Directives in the order in which their names first came; `no-cache` may name several fields.
private struct CacheDirectives {
    private var entries: [[CacheDirective]] = []

    var text: String { entries.joined().map(\.text).joined(separator: ", ") }

    private func position(of name: String) -> Int? {
        entries.firstIndex { $0.first?.name.equalsBytes(name) ?? false }
    }

    func first(_ name: String) -> CacheDirective? {
        position(of: name).flatMap { entries[$0].first }
    }

    mutating func remove(_ name: String) {
        if let position = position(of: name) { entries.remove(at: position) }
    }

    mutating func add(_ directive: CacheDirective) {
        guard let position = position(of: directive.name) else {
            entries.append([directive])
            return
        }
        guard directive.name == "no-cache", directive.value != nil else {
            entries[position] = [directive]
            return
        }
        // The whole response covers each of its fields.
        let present = entries[position]
        if present.contains(where: { $0.value == nil }) || present.contains(directive) { return }
        entries[position].append(directive)
    }
}
