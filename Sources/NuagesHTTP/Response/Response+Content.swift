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
    /// - Parameters:
    ///   - name: the name.
    ///   - value: the value.
    /// - Throws: ``BadHeaderError`` for a line break, a control character or a bad name.
    public mutating func setHeader(_ name: String, _ value: String) throws(BadHeaderError) {
        guard Headers.isValid(name: name, value: value) else { throw BadHeaderError(name: name) }
        headers[name] = value
    }

    /// The body as text, where it is in memory and UTF-8.
    public var text: String? {
        guard case .bytes(let bytes) = body else { return nil }
        return String(validating: bytes, as: UTF8.self)
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
