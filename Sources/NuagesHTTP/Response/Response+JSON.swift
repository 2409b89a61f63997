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

    /// Any JSON document; only an object unless told otherwise.
    ///
    ///     try .json(document)                    // an object
    ///     try .json(document, isSafe: false)     // whatever it is
    ///
    /// What a document is shows only at run time, and an array where clients expect an object
    /// cannot be extended later without breaking them.
    ///
    /// Django: `JsonResponse` and its `safe`.
    ///
    /// - Parameters:
    ///   - document: the document.
    ///   - isSafe: whether only an object may be sent.
    ///   - status: the status.
    ///   - style: the layout.
    /// - Returns: a response of type `application/json`.
    /// - Throws: ``UnsafeJSONError`` for anything but an object, unless `isSafe` is false.
    public static func json(
        _ document: JSONValue,
        isSafe: Bool = true,
        status: HTTPStatus = .ok,
        style: JSONWriter.Style = .compact
    ) throws(UnsafeJSONError) -> Response {
        if isSafe {
            guard case .object = document else { throw UnsafeJSONError() }
        }
        return Response(
            status: status,
            headers: Headers(validated: [jsonType]),
            body: .bytes(document.jsonBytes(style: style))
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

/// A JSON document that is no object was to be sent.
public struct UnsafeJSONError: Error, Hashable, CustomStringConvertible {
    /// What to do.
    public var description: String {
        "Only an object is sent as JSON. Wrap the value in an object, or pass isSafe: false if "
            + "clients expect it as it is."
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
