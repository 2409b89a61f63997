internal import NuagesCore

/// A message of a WebSocket.
public enum WebSocketMessage: Sendable, Equatable {
    /// Text; it was checked to be UTF-8.
    case text(String)
    /// Bytes.
    case binary([UInt8])

    /// The text, or nil for bytes.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The bytes, of a text too.
    public var bytes: [UInt8] {
        switch self {
        case .text(let text): Array(text.utf8)
        case .binary(let bytes): bytes
        }
    }

    /// Whether two messages are of one kind and the same bytes.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)): left.equalsBytes(right)
        case (.binary(let left), .binary(let right)): left == right
        default: false
        }
    }
}
