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

    /// The layers of an application that is no `Site`, in the order of a Django project.
    ///
    /// They know nothing of static files and of what the settings of a site say of HTTPS and of
    /// reports: a site begins with its `standardMiddleware`.
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

    /// Switches a layer off that every site should have.
    ///
    ///     var stack = MiddlewareStack(standardMiddleware)
    ///     stack.switchOff(.csrf, because: "Only signed API calls; no cookies.")
    ///
    /// `check --deploy` prints the reason, so that it is seen again.
    ///
    /// - Parameters:
    ///   - layer: the layer.
    ///   - reason: why the site does not need it; an empty one is an error of `check`.
    public mutating func switchOff(_ layer: CoreLayer, because reason: String) {
        let index = layers.firstIndex { $0.rank == layer.rank } ?? layers.endIndex
        layers.removeAll { $0.rank == layer.rank }
        layers.insert(SwitchedOffLayer(layer: layer, reason: reason), at: min(index, layers.count))
    }

    /// Checks that the layers stand in an order in which they work, that none is missing without
    /// a reason, and what each says of its options.
    ///
    /// - Parameter forDeployment: whether to look at what matters where the site is open to all.
    /// - Returns: errors for layers in the wrong place and missing ones, the reasons of those that
    ///   are switched off, and what the layers found.
    public func check(forDeployment: Bool = false) -> [CheckMessage] {
        order() + missing() + layers.flatMap { $0.check(forDeployment: forDeployment) }
    }

    private func order() -> [CheckMessage] {
        var messages: [CheckMessage] = []
        var outer: [(rank: MiddlewareRank, name: String)] = []
        for layer in layers {
            guard let rank = layer.rank, !(layer is SwitchedOffLayer) else { continue }
            let name = String(describing: type(of: layer))
            if let outer = outer.first(where: { rank < $0.rank }) {
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
                outer.append((rank, name))
            }
        }
        return messages
    }

    private func missing() -> [CheckMessage] {
        let ranks = layers.compactMap(\.rank)
        return CoreLayer.allCases.filter { !ranks.contains($0.rank) }.map { layer in
            CheckMessage(
                .error,
                id: "middleware.E002",
                "\(layer.name) is not among the middleware, so \(layer.effectOfAbsence).",
                hint: "Begin with standardMiddleware, or say why the site needs none: "
                    + "switchOff(.\(layer), because: \"…\").",
                object: layer.name
            )
        }
    }
}

/// A layer that every site should have.
public enum CoreLayer: Sendable, CaseIterable {
    /// ``SecurityMiddleware``.
    case security
    /// ``CSRFMiddleware``.
    case csrf
    /// ``ClickjackingMiddleware``.
    case clickjacking

    var rank: MiddlewareRank {
        switch self {
        case .security: .security
        case .csrf: .csrf
        case .clickjacking: .clickjacking
        }
    }

    var name: String {
        switch self {
        case .security: "SecurityMiddleware"
        case .csrf: "CSRFMiddleware"
        case .clickjacking: "ClickjackingMiddleware"
        }
    }

    var effectOfAbsence: String {
        switch self {
        case .security: "the security headers are not sent"
        case .csrf: "forms can be forged by other sites"
        case .clickjacking: "pages can be framed"
        }
    }

    /// The number of Django's check for a layer that is missing.
    fileprivate var checkNumber: String {
        switch self {
        case .security: "001"
        case .clickjacking: "002"
        case .csrf: "003"
        }
    }
}

/// Stands where a layer was switched off, and says why.
struct SwitchedOffLayer: ResponseDecorator {
    let layer: CoreLayer
    let reason: String

    var rank: MiddlewareRank? { layer.rank }

    func decorate(_ response: inout Response, for request: Request) {}

    func check(forDeployment: Bool) -> [CheckMessage] {
        let reason = reason.trimmingBlanks
        if reason.isEmpty {
            return [
                CheckMessage(
                    .error,
                    id: "middleware.E005",
                    "\(layer.name) is switched off without a reason, so \(layer.effectOfAbsence).",
                    hint: "Say why the site does not need it.",
                    object: layer.name
                )
            ]
        }
        guard forDeployment else { return [] }
        return [
            CheckMessage(
                .info,
                id: "security.I\(layer.checkNumber)",
                "\(layer.name) is switched off: \(LogText.escape(reason, limit: 500))",
                object: layer.name
            )
        ]
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
    /// ``AddressFilter``: in front of all that answers, static files too.
    public static let addressFilter = MiddlewareRank(120)
    /// Static files: behind the security headers and in front of what they do not need.
    public static let staticFiles = MiddlewareRank(150)
    /// ``RateLimitMiddleware``: in front of all that costs something.
    public static let rateLimit = MiddlewareRank(180)
    /// ``CORSMiddleware``: answers what browsers ask in advance, in front of what may refuse it.
    public static let cors = MiddlewareRank(190)
    /// Compression: sees the final body.
    public static let compression = MiddlewareRank(200)
    /// Sessions.
    public static let session = MiddlewareRank(300)
    /// Entity tags of pages.
    public static let conditional = MiddlewareRank(350)
    /// The language of the request.
    public static let locale = MiddlewareRank(400)
    /// ``CommonMiddleware``.
    public static let common = MiddlewareRank(500)
    /// ``FetchMetadataMiddleware``: in front of all that reads the request.
    public static let fetchMetadata = MiddlewareRank(550)
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
