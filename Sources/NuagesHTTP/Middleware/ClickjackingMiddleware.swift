/// Says which sites may show the pages in a frame: nobody, unless the route says otherwise.
///
///     #path("widget/", widget).framing(.sameOrigin)
///
/// Django: `XFrameOptionsMiddleware`.
public struct ClickjackingMiddleware: ResponseDecorator {
    /// Who may, where the route says nothing (`X_FRAME_OPTIONS`).
    public let policy: FramePolicy

    /// The layer.
    ///
    /// - Parameter policy: who may, where the route says nothing.
    public init(_ policy: FramePolicy = .deny) { self.policy = policy }

    /// Adds `X-Frame-Options`.
    ///
    /// - Parameters:
    ///   - response: the response.
    ///   - request: the request that it answers.
    public func decorate(_ response: inout Response, for request: Request) {
        guard let value = Self.value(of: request.storage.knownRoute?.options.framePolicy ?? policy),
            !response.headers.contains("X-Frame-Options")
        else { return }
        response.headers.append(validated: Headers.Field(name: "X-Frame-Options", value: value))
    }

    private static func value(of policy: FramePolicy) -> String? {
        switch policy {
        case .deny: "DENY"
        case .sameOrigin: "SAMEORIGIN"
        case .allow: nil
        }
    }

    /// Inside the layers that answer requests themselves.
    public var rank: MiddlewareRank? { .clickjacking }
}
