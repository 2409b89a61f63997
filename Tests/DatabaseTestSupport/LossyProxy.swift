import Foundation
import Synchronization

/// A port in front of that of a server, which loses answers: what was asked for has happened, and
/// who asked for it does not hear of it.
///
/// It understands as much of HTTP as is needed for requests with a declared length; each connection
/// has one request.
package final class LossyProxy: Sendable {
    package struct Failure: Error {}

    /// What becomes of an answer.
    package enum Fate: Sendable {
        /// It arrives.
        case arrives
        /// The connection is closed in its place.
        case isLost
        /// A gateway says that it knows no answer (502).
        case isReplaced
    }

    /// The port that it listens at.
    package let port: Int
    private let listener: Int32
    private let target: Int
    private let fate: @Sendable (_ request: String) -> Fate
    private let asked = Mutex<[String]>([])

    /// Listens at a free port of 127.0.0.1.
    ///
    /// - Parameters:
    ///   - target: the server's port.
    ///   - fate: what becomes of the answer to a request, by its first line.
    /// - Throws: ``Failure`` where no port is free.
    package init(to target: Int, _ fate: @escaping @Sendable (_ request: String) -> Fate) throws {
        self.target = target
        self.fate = fate
        let listener = Self.newSocket()
        self.listener = listener
        guard Self.withAddress(0, { bind(listener, $0, $1) }) == 0, listen(listener, 16) == 0 else {
            throw Failure()
        }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isNamed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(listener, $0, &length)
            }
        }
        guard isNamed == 0 else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                if client < 0 { return }
                Thread.detachNewThread { [self] in
                    try? serve(client)
                    Foundation.close(client)
                }
            }
        }
    }

    /// The first lines of the requests that the server has answered.
    package var requests: [String] { asked.withLock { $0 } }

    /// Accepts no more.
    package func close() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve(_ client: Int32) throws {
        let server = Self.newSocket()
        defer { Foundation.close(server) }
        guard Self.withAddress(target, { connect(server, $0, $1) }) == 0 else { return }
        var message = try Self.head(from: client)
        let lines = String(decoding: message, as: UTF8.self).components(separatedBy: "\r\n")
        // The server closes after its answer, which tells where that ends.
        let fields = lines.dropFirst().filter { !$0.lowercased().hasPrefix("connection:") }
        let length = fields.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces)) }
        message = Array(([lines[0], "Connection: close"] + fields).joined(separator: "\r\n").utf8)
        try Self.write(message, to: server)
        try Self.copy(length ?? 0, from: client, to: server)
        let answer = Self.rest(of: server)
        asked.withLock { $0.append(lines[0]) }
        switch fate(lines[0]) {
        case .arrives: try Self.write(answer, to: client)
        case .isLost: return
        case .isReplaced:
            let text = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            try Self.write(Array(text.utf8), to: client)
        }
    }

    // MARK: Bytes

    /// The first line and the fields, with the empty line behind them.
    private static func head(from socket: Int32) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard read(socket, &byte, 1) == 1, bytes.count < 65_536 else { throw Failure() }
            bytes.append(byte)
        }
        return bytes
    }

    private static func rest(of socket: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(socket, &buffer, buffer.count), count > 0 {
            bytes += buffer[..<count]
        }
        return bytes
    }

    private static func copy(_ count: Int, from source: Int32, to sink: Int32) throws {
        var (left, buffer) = (count, [UInt8](repeating: 0, count: 65_536))
        while left > 0 {
            let count = read(source, &buffer, min(left, buffer.count))
            guard count > 0 else { throw Failure() }
            try write(Array(buffer[..<count]), to: sink)
            left -= count
        }
    }

    private static func write(_ bytes: [UInt8], to socket: Int32) throws {
        var start = 0
        while start < bytes.count {
            let sent = bytes.withUnsafeBytes { all in
                send(socket, all.baseAddress.map { $0 + start }, bytes.count - start, flags)
            }
            guard sent > 0 else { throw Failure() }
            start += sent
        }
    }

    #if canImport(Darwin)
    private static let flags: Int32 = 0
    private static func newSocket() -> Int32 { socket(AF_INET, SOCK_STREAM, 0) }
    #else
    private static let flags = Int32(MSG_NOSIGNAL)
    private static func newSocket() -> Int32 {
        socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    }
    #endif

    private static func withAddress(
        _ port: Int,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
