/// An event that a page receives through `EventSource` (HTML, section 9.2).
public struct ServerSentEvent: Sendable {
    /// The data; each of its lines is sent as one.
    public var data: String
    /// The type that the page listens for; nil is `message`.
    public var event: String?
    /// What the browser sends back as `Last-Event-ID` when it connects again.
    public var id: String?
    /// How long the browser waits before it connects again.
    public var retry: Duration?

    /// An event.
    ///
    /// - Parameters:
    ///   - data: the data.
    ///   - event: the type that the page listens for; nil is `message`.
    ///   - id: what the browser sends back when it connects again.
    ///   - retry: how long the browser waits before it connects again.
    public init(
        _ data: String,
        event: String? = nil,
        id: String? = nil,
        retry: Duration? = nil
    ) {
        self.data = data
        self.event = event
        self.id = id
        self.retry = retry
    }

    /// The event as it is sent.
    ///
    ///     try ServerSentEvent("a\nb", id: "7").bytes()   // id: 7⏎data: a⏎data: b⏎⏎
    ///
    /// - Returns: the bytes, with the empty line at their end.
    /// - Throws: ``EventStreamError`` where a field could end its line early.
    public func bytes() throws(EventStreamError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(data.utf8.count + 64)
        if let event { try Self.write("event", event, to: &output) }
        if let id { try Self.write("id", id, to: &output) }
        if let retry {
            let (seconds, attoseconds) = retry.components
            let whole = min(max(0, seconds), 1_000_000_000)
            let rest = max(0, attoseconds) / 1_000_000_000_000_000
            output += Array("retry: \(whole * 1_000 + rest)\n".utf8)
        }
        Self.writeLines(data, to: &output)
        output.append(0x0A)
        return output
    }

    private static func write(
        _ field: String,
        _ value: String,
        to output: inout [UInt8]
    ) throws(EventStreamError) {
        // A browser ignores an id with NUL in it.
        guard value.utf8.allSatisfy({ $0 != 0x0A && $0 != 0x0D && $0 != 0 }) else {
            throw .lineBreak(field: field)
        }
        output += Array("\(field): ".utf8)
        output += Array(value.utf8)
        output.append(0x0A)
    }

    /// One `data` field for each line; CR, LF and CRLF end lines, as the browser sees it.
    private static func writeLines(_ text: String, to output: inout [UInt8]) {
        let prefix = Array("data: ".utf8)
        output += prefix
        var previous: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case 0x0A where previous == 0x0D: break
            case 0x0A, 0x0D:
                output.append(0x0A)
                output += prefix
            default: output.append(byte)
            }
            previous = byte
        }
        output.append(0x0A)
    }
}

/// Why an event cannot be sent.
public enum EventStreamError: Error, Hashable, CustomStringConvertible {
    /// The type or the id has a line break or NUL: what follows would be taken for a field of its
    /// own.
    case lineBreak(field: String)

    /// What is wrong, then what to do.
    public var description: String {
        switch self {
        case .lineBreak(let field):
            "The field '\(field)' of an event has a line break or NUL. Only data may have lines."
        }
    }
}
