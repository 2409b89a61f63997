/// Why a WebSocket was closed (RFC 6455, section 7.4).
public struct WebSocketCloseCode: Sendable, Hashable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt16

    /// A code by its number.
    ///
    /// - Parameter rawValue: 1000 to 4999; those from 4000 on are for sites' own meanings.
    public init(_ rawValue: UInt16) { self.rawValue = rawValue }

    /// The number as text.
    public var description: String { String(rawValue) }

    /// 1000: the conversation is over.
    public static let normal = Self(1000)
    /// 1001: the server stops, or the browser leaves the page.
    public static let goingAway = Self(1001)
    /// 1002: the other side broke the protocol.
    public static let protocolError = Self(1002)
    /// 1003: a kind of message that is not taken, such as bytes where text is meant.
    public static let unsupportedData = Self(1003)
    /// 1005: the other side gave no code; never sent.
    public static let noStatus = Self(1005)
    /// 1006: the connection was lost; never sent.
    public static let abnormal = Self(1006)
    /// 1007: text that is not UTF-8.
    public static let invalidData = Self(1007)
    /// 1008: a message that breaks the site's rules.
    public static let policyViolation = Self(1008)
    /// 1009: a message or frame above the limit.
    public static let messageTooBig = Self(1009)
    /// 1011: the view failed.
    public static let internalError = Self(1011)
    /// 1012: the server starts again; come back.
    public static let serviceRestart = Self(1012)
    /// 1013: the server has too much to do; come back later.
    public static let tryAgainLater = Self(1013)

    /// Whether the code may stand in a close frame.
    package var isSendable: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

/// How a WebSocket was closed: the code, and words for people.
public struct WebSocketClosing: Sendable, Equatable {
    /// Why.
    public let code: WebSocketCloseCode
    /// A few words for logs; empty where none were given.
    public let reason: String

    /// A closing.
    ///
    /// - Parameters:
    ///   - code: why.
    ///   - reason: a few words for logs.
    public init(_ code: WebSocketCloseCode, reason: String = "") {
        self.code = code
        self.reason = reason
    }
}
