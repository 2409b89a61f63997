/// Why a WebSocket cannot be read or written.
public enum WebSocketError: Error, Equatable, CustomStringConvertible {
    /// Something was sent after the conversation had been closed.
    case closed
    /// The conversation ended without a proper close: a lost connection (1006), a peer that broke
    /// the protocol (1002), text that is not UTF-8 (1007), a message above the limit (1009).
    case failed(WebSocketCloseCode)
    /// Two tasks wait for a message at once.
    case concurrentReceive
    /// A close code that may not be sent, or a reason of more than 123 bytes.
    case invalidClosing(WebSocketClosing)

    /// What is wrong, then what to do.
    public var description: String {
        switch self {
        case .closed:
            "The WebSocket is closed. Stop sending when the messages have ended."
        case .failed(let code): "The WebSocket ended without a proper close (code \(code))."
        case .concurrentReceive:
            "Two tasks wait for a message of one WebSocket. Receive in one task."
        case .invalidClosing(let closing):
            "A WebSocket cannot be closed with code \(closing.code) and a reason of "
                + "\(closing.reason.utf8.count) bytes. Codes are 1000 to 1003, 1007 to 1014 and "
                + "3000 to 4999; a reason has at most 123 bytes."
        }
    }
}
