public import NuagesCore

/// What a view answers.
public struct Response: Sendable {
    /// The status.
    public var status: HTTPStatus
    /// The header fields.
    public var headers: Headers
    /// The body; setting it takes the place of a page that has not been rendered yet.
    public var body: ResponseBody {
        didSet { page = nil }
    }
    /// The charset of text where it is not that of `Content-Type`.
    private var ownCharset: Charset?

    /// How the text of the body is written: as it was set, else as `Content-Type` says, else
    /// UTF-8.
    ///
    /// Django: `HttpResponse.charset`.
    public var charset: Charset {
        get {
            if let ownCharset { return ownCharset }
            guard let type = headers["Content-Type"] else { return .utf8 }
            return HeaderParameters(type)?["charset"].flatMap { Charset(name: $0) } ?? .utf8
        }
        set { ownCharset = newValue }
    }
    /// The page that becomes the body later; nil where the body is there.
    package var page: (any DeferredPage)?
    /// What becomes of the connection with it.
    package var connectionUse = ConnectionUse.answer

    /// A response.
    ///
    /// - Parameters:
    ///   - status: the status, 200 unless given.
    ///   - headers: the header fields.
    ///   - body: the body.
    public init(
        status: HTTPStatus = HTTPStatus(200),
        headers: Headers = [:],
        body: ResponseBody = .empty
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
