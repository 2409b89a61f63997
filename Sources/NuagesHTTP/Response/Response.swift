public import NuagesCore

/// What a view answers.
public struct Response: Sendable {
    /// The status.
    public var status: HTTPStatus
    /// The header fields.
    public var headers: Headers
    /// The body; setting it takes the place of a page that has not been rendered yet.
    public var body: ResponseBody {
        didSet { if rare != nil { page = nil } }
    }
    private var rare: Rare?

    /// What few responses have: behind a reference, so that the others are small.
    private final class Rare: Sendable {
        let charset: Charset?
        let page: (any DeferredPage)?
        let connectionUse: ConnectionUse

        init(charset: Charset?, page: (any DeferredPage)?, connectionUse: ConnectionUse) {
            self.charset = charset
            self.page = page
            self.connectionUse = connectionUse
        }
    }

    /// How the text of the body is written: as it was set, else as `Content-Type` says, else
    /// UTF-8.
    ///
    /// Django: `HttpResponse.charset`.
    public var charset: Charset {
        get {
            if let charset = rare?.charset { return charset }
            guard let type = headers["Content-Type"] else { return .utf8 }
            return HeaderParameters(type)?["charset"].flatMap { Charset(name: $0) } ?? .utf8
        }
        set { rare = Rare(charset: newValue, page: page, connectionUse: connectionUse) }
    }

    /// The page that becomes the body later; nil where the body is there.
    package var page: (any DeferredPage)? {
        get { rare?.page }
        set { rare = Rare(charset: rare?.charset, page: newValue, connectionUse: connectionUse) }
    }

    /// What becomes of the connection with it.
    package var connectionUse: ConnectionUse {
        get { rare?.connectionUse ?? .answer }
        set { rare = Rare(charset: rare?.charset, page: page, connectionUse: newValue) }
    }

    /// Whether it is an answer and nothing else, after which the next request may come.
    package var isAnswer: Bool {
        guard let rare else { return true }
        if case .answer = rare.connectionUse { return true }
        return false
    }

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
