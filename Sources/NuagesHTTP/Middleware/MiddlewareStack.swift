public import NuagesCore

/// The layers of a site, the outermost first.
///
///     let stack: MiddlewareStack = .standard(settings: settings)
///
/// Django: the setting `MIDDLEWARE`.
public struct MiddlewareStack: Sendable, ExpressibleByArrayLiteral {
    /// The layers, the outermost first.
    public var layers: [any Middleware]

    /// Layers from an array.
    ///
    /// - Parameter layers: the outermost first.
    public init(_ layers: [any Middleware]) { self.layers = layers }

    /// Layers from a literal.
    ///
    /// - Parameter elements: the outermost first.
    public init(arrayLiteral elements: any Middleware...) { layers = elements }

    /// The layers of a new site, in the order of a Django project.
    ///
    /// - Parameters:
    ///   - settings: the settings of the site.
    ///   - security: the security headers.
    ///   - csrf: the CSRF check.
    /// - Returns: security, common, CSRF, clickjacking.
    public static func standard(
        settings: HTTPSettings,
        security: SecurityMiddleware.Options = SecurityMiddleware.Options(),
        csrf: CSRFMiddleware.Options = CSRFMiddleware.Options()
    ) -> MiddlewareStack {
        [
            SecurityMiddleware(isDebug: settings.isDebug, options: security),
            CommonMiddleware(),
            CSRFMiddleware(settings: settings, options: csrf),
            ClickjackingMiddleware(),
        ]
    }

    /// Puts a layer where its ``Middleware/rank`` belongs; one without a rank goes innermost.
    ///
    /// - Parameter layer: the layer.
    public mutating func insert(_ layer: any Middleware) {
        guard let rank = layer.rank,
            let index = layers.firstIndex(where: { ($0.rank ?? rank) > rank })
        else {
            layers.append(layer)
            return
        }
        layers.insert(layer, at: index)
    }

    /// Checks that the layers stand in an order in which they work, and that none is missing.
    ///
    /// - Returns: an error for a layer in the wrong place; Django's warnings for missing ones.
    public func check() -> [CheckMessage] {
        var messages: [CheckMessage] = []
        var outer: (rank: MiddlewareRank, name: String)?
        for layer in layers {
            guard let rank = layer.rank else { continue }
            let name = String(describing: type(of: layer))
            if let outer, rank < outer.rank {
                messages.append(
                    CheckMessage(
                        .error,
                        id: "middleware.E001",
                        "\(name) stands behind \(outer.name), where it does not work.",
                        hint: "Move \(name) in front of \(outer.name) in the middleware.",
                        object: name
                    )
                )
            } else {
                outer = (rank, name)
            }
        }
        return messages + missing()
    }

    private func missing() -> [CheckMessage] {
        let needed: [(MiddlewareRank, String, String, String)] = [
            (.security, "security.W001", "SecurityMiddleware", "the security headers are not sent"),
            (.clickjacking, "security.W002", "ClickjackingMiddleware", "pages can be framed"),
            (.csrf, "security.W003", "CSRFMiddleware", "forms can be forged by other sites"),
        ]
        let ranks = layers.compactMap(\.rank)
        return needed.filter { !ranks.contains($0.0) }.map { _, id, name, effect in
            CheckMessage(
                .warning,
                id: id,
                "\(name) is not among the middleware, so \(effect).",
                hint: "Add \(name), or begin with MiddlewareStack.standard(settings:)."
            )
        }
    }
}

/// A place among the layers of the framework; smaller is further out.
public struct MiddlewareRank: Sendable, Hashable, Comparable {
    /// The place.
    public let rawValue: Int

    /// A place between those below.
    ///
    /// - Parameter rawValue: smaller is further out.
    public init(_ rawValue: Int) { self.rawValue = rawValue }

    /// ``SecurityMiddleware``: outermost, so that every response has its headers.
    public static let security = MiddlewareRank(100)
    /// Compression: sees the final body.
    public static let compression = MiddlewareRank(200)
    /// Sessions.
    public static let session = MiddlewareRank(300)
    /// The language of the request.
    public static let locale = MiddlewareRank(400)
    /// ``CommonMiddleware``.
    public static let common = MiddlewareRank(500)
    /// ``CSRFMiddleware``: before anything that trusts the user.
    public static let csrf = MiddlewareRank(600)
    /// Users; needs sessions.
    public static let authentication = MiddlewareRank(700)
    /// Messages; needs sessions.
    public static let messages = MiddlewareRank(800)
    /// ``ClickjackingMiddleware``.
    public static let clickjacking = MiddlewareRank(900)

    /// Whether `left` is further out.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
