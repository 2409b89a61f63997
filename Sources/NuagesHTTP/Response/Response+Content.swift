internal import NuagesCore

extension Response {
    /// A page.
    ///
    ///     .html("<!doctype html><title>Hello</title>")
    ///
    /// - Parameters:
    ///   - html: the HTML, with everything escaped that came from outside.
    ///   - status: the status.
    /// - Returns: a response of type `text/html; charset=utf-8`.
    public static func html(_ html: String, status: HTTPStatus = .ok) -> Response {
        .html(Array(html.utf8), status: status)
    }

    /// A page in UTF-8 bytes, as the template engine renders them.
    ///
    /// - Parameters:
    ///   - html: the HTML.
    ///   - status: the status.
    /// - Returns: a response of type `text/html; charset=utf-8`.
    public static func html(_ html: [UInt8], status: HTTPStatus = .ok) -> Response {
        Response(
            status: status,
            headers: Headers(validated: [htmlType]),
            body: .bytes(html)
        )
    }

    /// Plain text.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - status: the status.
    /// - Returns: a response of type `text/plain; charset=utf-8`.
    public static func text(_ text: String, status: HTTPStatus = .ok) -> Response {
        Response(
            status: status,
            headers: Headers(validated: [textType]),
            body: .bytes(Array(text.utf8))
        )
    }

    /// Bytes of any type.
    ///
    /// - Parameters:
    ///   - bytes: the body.
    ///   - contentType: the value of `Content-Type`.
    ///   - status: the status.
    /// - Returns: the response.
    public static func bytes(
        _ bytes: [UInt8],
        contentType: String = "application/octet-stream",
        status: HTTPStatus = .ok
    ) -> Response {
        Response(status: status, headers: ["Content-Type": contentType], body: .bytes(bytes))
    }

    /// No body: 204, or another status.
    ///
    /// - Parameter status: the status.
    /// - Returns: the response.
    public static func empty(_ status: HTTPStatus = .noContent) -> Response {
        Response(status: status)
    }

    private static let htmlType = Headers.Field(
        name: "Content-Type",
        value: "text/html; charset=utf-8"
    )
    private static let textType = Headers.Field(
        name: "Content-Type",
        value: "text/plain; charset=utf-8"
    )

    /// Sets a header field, refusing what could end the field early.
    ///
    /// Text outside Latin-1 is sent as an encoded word (RFC 2047), as Django does it.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - value: the value.
    /// - Throws: ``BadHeaderError`` for a line break, a control character or a bad name.
    public mutating func setHeader(_ name: String, _ value: String) throws(BadHeaderError) {
        guard Headers.isValid(name: name, value: value) else { throw BadHeaderError(name: name) }
        headers[name] = MIMEText.encoded(value)
    }

    /// The body as text, where it is in memory and of the charset it says.
    ///
    /// Setting it writes the text in that charset, or in UTF-8 where the charset cannot express
    /// it.
    public var text: String? {
        get {
            guard case .bytes(let bytes) = body else { return nil }
            return charset.decode(bytes)
        }
        set {
            let text = newValue ?? ""
            if let bytes = charset.encode(text) {
                body = .bytes(bytes)
                return
            }
            charset = .utf8
            body = .bytes(Array(text.utf8))
        }
    }

    /// The body, where it is in memory (Django: `HttpResponse.content`).
    public var bytes: [UInt8]? {
        get {
            guard case .bytes(let bytes) = body else { return nil }
            return bytes
        }
        set { body = .bytes(newValue ?? []) }
    }

    /// Whether the body is made while it is sent, so that it cannot be read or measured here.
    public var isStreaming: Bool {
        if case .bytes = body { false } else { true }
    }

    /// Appends text to a body that is in memory (Django: `HttpResponse.write`).
    ///
    /// - Parameter text: the text, written in the response's charset or else in UTF-8.
    /// - Throws: ``StreamingResponseError`` for a body that is not in memory.
    public mutating func write(_ text: String) throws(StreamingResponseError) {
        guard case .bytes(var bytes) = body else { throw StreamingResponseError() }
        // So that the bytes are not shared while they grow.
        body = .empty
        bytes += charset.encode(text) ?? Array(text.utf8)
        body = .bytes(bytes)
    }
}

/// A header field that would have let its value end the header (response splitting).
///
/// Django: `BadHeaderError`.
public struct BadHeaderError: Error, Hashable, CustomStringConvertible {
    /// The name of the field.
    public let name: String

    /// What was refused.
    public var description: String {
        "The header field '\(name.debugDescription)' cannot be sent: names are tokens, and values "
            + "have no line breaks or other control characters."
    }
}

/// A streamed response was treated as if its body were in memory.
public struct StreamingResponseError: Error, Hashable, CustomStringConvertible {
    /// What to do.
    public var description: String {
        "The body of a streamed response is not in memory: change what streams it."
    }
}
