internal import NuagesCore

extension Response {
    /// Agrees to a WebSocket handshake, and then converses with the client.
    ///
    /// The view goes through routing and middleware as any other: what they refuse never becomes
    /// a WebSocket. Pages of other sites may not connect, since a browser would send the user's
    /// cookies with their handshake.
    ///
    ///     func chat(_ request: Request) async throws -> Response {
    ///         try .webSocket(request) { socket in
    ///             for try await message in socket.messages { try await socket.send(message) }
    ///         }
    ///     }
    ///
    /// RFC 6455. Django has no counterpart; in Channels it is a consumer.
    ///
    /// - Parameters:
    ///   - request: the handshake.
    ///   - options: subprotocols, limits and times.
    ///   - converse: the conversation; the WebSocket is closed when it returns.
    /// - Returns: the response 101.
    /// - Throws: ``WebSocketHandshakeError`` for a request that is no handshake, and ``CSRFError``
    ///   for one that a foreign page sent.
    public static func webSocket(
        _ request: Request,
        options: WebSocketOptions = WebSocketOptions(),
        _ converse: @escaping @Sendable (WebSocket) async throws -> Void
    ) throws -> Response {
        let handshake = try WebSocketHandshake(request)
        if let reason = WebSocketHandshake.originRefusal(request, options) {
            throw CSRFError(reason: reason)
        }
        let subprotocol = handshake.subprotocol(among: options.subprotocols)
        var headers: Headers = [
            "Upgrade": "websocket", "Sec-WebSocket-Accept": handshake.acceptance,
        ]
        if let subprotocol { headers["Sec-WebSocket-Protocol"] = subprotocol }
        var response = Response(status: HTTPStatus(101), headers: headers)
        response.connectionUse = .webSocket(
            WebSocketOffer(options: options, subprotocol: subprotocol, converse: converse)
        )
        return response
    }
}

/// Why a request does not become a WebSocket.
public enum WebSocketHandshakeError: ResponseConvertibleError, CustomStringConvertible {
    /// The request does not ask for a WebSocket: 426.
    case notAHandshake
    /// The client speaks another version of the protocol than 13: 426.
    case unsupportedVersion
    /// The handshake is malformed: 400.
    case malformed(String)

    /// The status of the response.
    public var status: HTTPStatus {
        switch self {
        case .notAHandshake, .unsupportedVersion: HTTPStatus(426)
        case .malformed: .badRequest
        }
    }

    /// What the client should ask for.
    public var responseHeaders: Headers {
        switch self {
        case .notAHandshake, .unsupportedVersion:
            ["Upgrade": "websocket", "Sec-WebSocket-Version": "13"]
        case .malformed: [:]
        }
    }

    /// What went wrong, for the log and the debug page.
    public var description: String {
        switch self {
        case .notAHandshake:
            "This address speaks WebSocket: the request must have 'Upgrade: websocket'. A proxy "
                + "in front of the site has to pass 'Upgrade' and 'Connection' on."
        case .unsupportedVersion: "The client must speak version 13 of the WebSocket protocol."
        case .malformed(let text): "The WebSocket handshake is malformed: \(text)."
        }
    }
}

/// A client's opening handshake (RFC 6455, section 4.2.1).
struct WebSocketHandshake {
    private static let key = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// The value of `Sec-WebSocket-Accept`.
    let acceptance: String
    private let offered: [String]

    init(_ request: Request) throws(WebSocketHandshakeError) {
        let headers = request.headers
        guard Self.has("websocket", in: headers.values(of: "Upgrade")),
            Self.has("upgrade", in: headers.values(of: "Connection"))
        else { throw .notAHandshake }
        guard request.method == .get else { throw .malformed("its method is not GET") }
        let versions = headers.values(of: "Sec-WebSocket-Version")
        guard versions.count == 1, versions[0].equalsBytes("13") else {
            throw .unsupportedVersion
        }
        let keys = headers.values(of: "Sec-WebSocket-Key")
        guard keys.count == 1, Self.isKey(keys[0]) else {
            throw .malformed("'Sec-WebSocket-Key' is not 16 bytes in Base64")
        }
        let digest = Digest.hash(Array((keys[0] + Self.key).utf8), with: .sha1)
        acceptance = Self.base64(digest)
        offered = headers.values(of: "Sec-WebSocket-Protocol").flatMap { HeaderText.split($0) }
    }

    /// The first of the client's subprotocols that is in `known`.
    func subprotocol(among known: [String]) -> String? {
        for name in offered.prefix(64) {
            if let match = known.first(where: { $0.equalsBytes(name) }) { return match }
        }
        return nil
    }

    /// Why the page that sent the handshake may not; nil where it may.
    static func originRefusal(_ request: Request, _ options: WebSocketOptions) -> String? {
        if options.allowedOrigins.contains("*") { return nil }
        let trusted = request.settings.trustedOrigins + options.allowedOrigins
        return CSRFOrigins(trusted: trusted, cookieDomain: nil).handshakeRefusal(of: request)
    }

    private static func has(_ token: String, in values: [String]) -> Bool {
        values.contains { value in
            value.split(onByte: 0x2C).contains {
                $0.trimmingBlanks.equalsIgnoringASCIICase(token)
            }
        }
    }

    private static func isKey(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 24 && bytes[22...].allSatisfy { $0 == 0x3D }
            && bytes[..<22].allSatisfy { $0.isASCIIAlphanumeric || $0 == 0x2B || $0 == 0x2F }
    }

    /// Base64 with its own alphabet and padding, of the 20 bytes of a digest.
    private static func base64(_ digest: [UInt8]) -> String {
        var text = Base64URL.encode(digest).replacingBytes("-", with: "+")
            .replacingBytes("_", with: "/")
        while text.utf8.count % 4 != 0 { text += "=" }
        return text
    }
}
