internal import NIOCore
internal import NuagesCore
internal import NuagesHTTP

/// How the client finds the end of a response (RFC 9112, section 6).
enum ResponseFraming: Equatable {
    case length(Int)
    case chunked
    case untilClose
}

/// Writes the heads of responses, and small bodies with them, as one run of bytes.
///
/// The server alone decides on `Content-Length`, `Transfer-Encoding`, `Connection` and `Date`:
/// what an application says about them is left out, so that it cannot contradict the framing.
enum ResponseSerializer {
    static let continueLine = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// `HTTP/1.1 404 Not Found` and its line break, for each status from 100 to 599.
    private static let statusLines: [[UInt8]] = (100...599).map {
        Array("HTTP/1.1 \(HTTPStatus($0))\r\n".utf8)
    }

    /// Room for the lines that the server adds: length, connection, and the empty line.
    private static let ownLines = 96

    /// Writes a head and a body.
    ///
    /// - Parameters:
    ///   - status: the status.
    ///   - headers: the application's fields.
    ///   - framing: how the body ends.
    ///   - body: the body, or nothing where it is sent later or not at all.
    ///   - closes: whether the connection is closed afterwards.
    ///   - dateLine: the `Date` field with its line break.
    ///   - output: takes the bytes.
    /// - Returns: whether the connection is to be closed, also by the application's wish.
    static func write(
        _ status: HTTPStatus,
        _ headers: Headers,
        framing: ResponseFraming,
        body: [UInt8],
        closes: Bool,
        dateLine: [UInt8],
        to output: inout ByteBuffer
    ) -> Bool {
        let statusLine = statusLine(status)
        let block = headers.block?.serialized ?? []
        let body = status.forbidsBody ? [] : body
        var size = statusLine.count + dateLine.count + block.count + ownLines + body.count
        for field in headers.ownFields {
            size += field.name.utf8.count + field.value.utf8.count + 4
        }
        var closes = closes
        var hasType = false
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { buffer in
            var writer = ByteWriter(buffer)
            writer.write(statusLine)
            writer.write(dateLine)
            for field in headers.ownFields {
                switch ManagedField(field.name) {
                case nil: writer.write(field)
                case .connection:
                    if field.value.equalsIgnoringASCIICase("close") { closes = true }
                case .contentType:
                    if !hasType { writer.write(field) }
                    hasType = true
                case .other: break
                }
            }
            writer.write(block)
            writer.write(framing, status)
            if closes { writer.write("Connection: close\r\n" as StaticString) }
            writer.writeLineBreak()
            writer.write(body)
            return writer.count
        }
        return closes
    }

    static func statusLine(_ status: HTTPStatus) -> [UInt8] {
        // Checked when the status was made: it has no line break.
        if status.ownReason != nil { return Array("HTTP/1.1 \(status)\r\n".utf8) }
        let index = status.code - 100
        return statusLines.indices.contains(index) ? statusLines[index] : statusLines[400]
    }

    /// A field that the server writes itself, or of which it sends only the first.
    private enum ManagedField {
        case connection
        case contentType
        case other

        init?(_ name: String) {
            switch name.utf8.count {
            case 4 where name.equalsIgnoringASCIICase("Date"): self = .other
            case 10 where name.equalsIgnoringASCIICase("Connection"): self = .connection
            case 10 where name.equalsIgnoringASCIICase("Keep-Alive"): self = .other
            case 12 where name.equalsIgnoringASCIICase("Content-Type"): self = .contentType
            case 14 where name.equalsIgnoringASCIICase("Content-Length"): self = .other
            case 17 where name.equalsIgnoringASCIICase("Transfer-Encoding"): self = .other
            default: return nil
            }
        }
    }
}

extension ByteWriter {
    /// Writes a field with its line break; not at all where a control character would end it.
    fileprivate mutating func write(_ field: Headers.Field) {
        let start = count
        guard writeChecked(field.name), write(": " as StaticString), writeChecked(field.value)
        else { return rewind(to: start) }
        writeLineBreak()
    }

    fileprivate mutating func write(_ framing: ResponseFraming, _ status: HTTPStatus) {
        switch framing {
        case _ where status.forbidsBody: break
        case .length(let length):
            write("Content-Length: " as StaticString)
            writeDecimal(length)
            writeLineBreak()
        case .chunked: write("Transfer-Encoding: chunked\r\n" as StaticString)
        case .untilClose: break
        }
    }
}
