public import NuagesHTTP

/// What a site answered to a ``TestClient``.
public struct TestResponse: Sendable {
    /// The status code, such as 200.
    public let status: Int
    /// The header fields.
    public let headers: Headers
    /// The whole body.
    public let body: [UInt8]

    /// The body as text; bytes that are not UTF-8 are replaced.
    public var text: String { String(decoding: body, as: UTF8.self) }
    /// Where a redirect leads.
    public var location: String? { headers["Location"] }

    /// The forms of the page, in order.
    public var forms: [PageForm] { PageForm.all(in: text) }
}
