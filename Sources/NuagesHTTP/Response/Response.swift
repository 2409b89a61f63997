/// What a view answers.
public struct Response: Sendable {
    /// The status.
    public var status: HTTPStatus
    /// The header fields.
    public var headers: Headers
    /// The body.
    public var body: ResponseBody
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
