/// The status code of a response and its reason phrase; statuses compare by their codes.
public struct HTTPStatus: Sendable, Hashable, CustomStringConvertible {
    /// The code, 100 to 599.
    public let code: Int
    /// A reason phrase in place of the usual one.
    package var ownReason: String? { phrase?.text }
    private let phrase: Phrase?

    /// A reference, so that a status without one is small.
    private final class Phrase: Sendable {
        let text: String

        init(_ text: String) { self.text = text }
    }

    /// A status by its code.
    ///
    /// - Parameter code: 100 to 599; anything else becomes 500.
    public init(_ code: Int) {
        self.code = (100...599).contains(code) ? code : 500
        phrase = nil
    }

    /// A status by its code, or nil for a number that is none.
    ///
    /// - Parameter code: 100 to 599.
    public init?(exactly code: Int) {
        guard (100...599).contains(code) else { return nil }
        self.init(code)
    }

    /// A status with a reason phrase of its own, which only HTTP/1.1 sends.
    ///
    /// - Parameters:
    ///   - code: 100 to 599; anything else becomes 500.
    ///   - reason: the phrase.
    /// - Throws: ``BadHeaderError`` for a control character or a letter outside ASCII.
    public init(_ code: Int, reason: String) throws(BadHeaderError) {
        guard reason.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw BadHeaderError(name: "reason phrase")
        }
        self.code = (100...599).contains(code) ? code : 500
        phrase = Phrase(reason)
    }

    /// Whether two statuses have the same code.
    ///
    /// - Parameters:
    ///   - left: one of them.
    ///   - right: the other.
    /// - Returns: true if they have.
    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    /// Hashes the code.
    ///
    /// - Parameter hasher: takes it.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// `404 Not Found`.
    public var description: String { "\(code) \(reasonPhrase)" }

    /// 200.
    public static let ok = HTTPStatus(200)
    /// 201.
    public static let created = HTTPStatus(201)
    /// 204.
    public static let noContent = HTTPStatus(204)
    /// 206.
    public static let partialContent = HTTPStatus(206)
    /// 301.
    public static let movedPermanently = HTTPStatus(301)
    /// 302.
    public static let found = HTTPStatus(302)
    /// 303.
    public static let seeOther = HTTPStatus(303)
    /// 304.
    public static let notModified = HTTPStatus(304)
    /// 307.
    public static let temporaryRedirect = HTTPStatus(307)
    /// 308.
    public static let permanentRedirect = HTTPStatus(308)
    /// 400.
    public static let badRequest = HTTPStatus(400)
    /// 401.
    public static let unauthorized = HTTPStatus(401)
    /// 403.
    public static let forbidden = HTTPStatus(403)
    /// 404.
    public static let notFound = HTTPStatus(404)
    /// 405.
    public static let methodNotAllowed = HTTPStatus(405)
    /// 410.
    public static let gone = HTTPStatus(410)
    /// 412.
    public static let preconditionFailed = HTTPStatus(412)
    /// 413.
    public static let contentTooLarge = HTTPStatus(413)
    /// 415.
    public static let unsupportedMediaType = HTTPStatus(415)
    /// 416.
    public static let rangeNotSatisfiable = HTTPStatus(416)
    /// 429.
    public static let tooManyRequests = HTTPStatus(429)
    /// 500.
    public static let internalServerError = HTTPStatus(500)
    /// 503.
    public static let serviceUnavailable = HTTPStatus(503)

    /// Whether a response of this status never has a body (RFC 9110, section 6.4.1).
    public var forbidsBody: Bool { code < 200 || code == 204 || code == 304 }

    /// The reason phrase as RFC 9110 and Django's `HttpResponse.reason_phrase` have it.
    public var reasonPhrase: String {
        ownReason ?? Self.reasonPhrases[code] ?? "Unknown Status Code"
    }

    // The registry of the IANA, with the older names that Django sends for 413, 414, 416 and 422.
    private static let reasonPhrases: [Int: String] = [
        100: "Continue", 101: "Switching Protocols", 102: "Processing", 103: "Early Hints",
        200: "OK", 201: "Created", 202: "Accepted", 203: "Non-Authoritative Information",
        204: "No Content", 205: "Reset Content", 206: "Partial Content", 207: "Multi-Status",
        208: "Already Reported", 226: "IM Used", 300: "Multiple Choices",
        301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
        305: "Use Proxy", 307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden",
        404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
        407: "Proxy Authentication Required", 408: "Request Timeout", 409: "Conflict",
        410: "Gone", 411: "Length Required", 412: "Precondition Failed",
        413: "Request Entity Too Large", 414: "Request-URI Too Long",
        415: "Unsupported Media Type", 416: "Requested Range Not Satisfiable",
        417: "Expectation Failed", 418: "I'm a Teapot", 421: "Misdirected Request",
        422: "Unprocessable Entity", 423: "Locked", 424: "Failed Dependency", 425: "Too Early",
        426: "Upgrade Required", 428: "Precondition Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 451: "Unavailable For Legal Reasons",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
        503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
        506: "Variant Also Negotiates", 507: "Insufficient Storage", 508: "Loop Detected",
        510: "Not Extended", 511: "Network Authentication Required",
    ]
}
