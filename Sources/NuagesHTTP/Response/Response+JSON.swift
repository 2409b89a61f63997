public import NuagesCore

extension Response {
    private static let jsonType = Headers.Field(name: "Content-Type", value: "application/json")

    /// A JSON document, written straight into bytes.
    ///
    ///     .json(message)      // a type that conforms to JSONWritable
    ///
    /// - Parameters:
    ///   - value: the document.
    ///   - status: the status.
    ///   - style: the layout.
    /// - Returns: a response of type `application/json`.
    public static func json(
        _ value: some JSONWritable,
        status: HTTPStatus = .ok,
        style: JSONWriter.Style = .compact
    ) -> Response {
        Response(
            status: status,
            headers: Headers(validated: [jsonType]),
            body: .bytes(value.jsonBytes(style: style))
        )
    }

    /// A JSON document of an `Encodable` value.
    ///
    /// - Parameters:
    ///   - value: the document.
    ///   - status: the status.
    ///   - style: the layout.
    /// - Returns: a response of type `application/json`.
    /// - Throws: `EncodingError` for a number that is not finite, or what the value throws.
    @_disfavoredOverload
    public static func json(
        _ value: some Encodable,
        status: HTTPStatus = .ok,
        style: JSONWriter.Style = .compact
    ) throws -> Response {
        Response(
            status: status,
            headers: Headers(validated: [jsonType]),
            body: .bytes(try JSONBytesEncoder(style: style).encode(value))
        )
    }
}

extension Request {
    /// The body as a JSON document, whatever its type says.
    ///
    /// - Parameter maxDepth: how deep arrays and objects may be nested.
    /// - Returns: the document.
    /// - Throws: ``HTTPError/badRequest(_:)`` for a malformed document, or what reading throws.
    public func json(maxDepth: Int = 100) async throws -> JSONValue {
        let bytes = try await bytes()
        do {
            return try JSONValue(parsing: bytes, maxDepth: maxDepth)
        } catch {
            throw HTTPError.badRequest("The body is no JSON document: \(error)")
        }
    }
}
