#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A blocking TCP connection to a server on this machine, for requests that no client library sends.
struct RawSocket: ~Copyable {
    struct Failure: Error {
        var call: String
        var code: Int32
    }

    private let descriptor: Int32

    /// Connects to 127.0.0.1; reads give up after `timeout` seconds.
    init(port: Int, timeout: Int = 15) throws {
        #if canImport(Glibc)
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(
                descriptor,
                SOL_SOCKET,
                option,
                &limit,
                socklen_t(MemoryLayout<timeval>.size)
            )
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(call: "connect", code: errno) }
    }

    deinit { close(descriptor) }

    /// Sends bytes; false where the server has closed the connection.
    @discardableResult
    func send(_ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)
        while !rest.isEmpty {
            #if canImport(Glibc)
            let count = Glibc.send(descriptor, rest, rest.count, Int32(MSG_NOSIGNAL))
            #else
            let count = Darwin.send(descriptor, rest, rest.count, 0)
            #endif
            guard count > 0 else { return false }
            rest.removeFirst(count)
        }
        return true
    }

    /// Tells the server that no more will be sent.
    func finishSending() {
        #if canImport(Glibc)
        shutdown(descriptor, Int32(SHUT_WR))
        #else
        shutdown(descriptor, SHUT_WR)
        #endif
    }

    /// The body of an answer that tells its length; nil where the connection ends before that.
    func readBody() -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var end: Int?
        while true {
            if end == nil, let head = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self)
                    .split(separator: "\r\n")
                let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
                guard let count = length.flatMap({ Int($0.drop { !$0.isNumber }) }) else {
                    return nil
                }
                bytes.removeFirst(head.upperBound)
                end = count
            }
            if let end, bytes.count >= end { return Array(bytes[..<end]) }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    /// Everything up to the end of the connection, or to `limit` bytes.
    func readToEnd(limit: Int = 1_000_000) -> String { read(limit: limit) }

    /// Everything up to `end`, to the end of the connection, or to `limit` bytes.
    func read(until end: String? = nil, limit: Int = 1_000_000) -> String {
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while output.count < limit {
            if let end, String(decoding: output, as: UTF8.self).contains(end) { break }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            output.append(contentsOf: buffer[..<count])
        }
        return String(decoding: output, as: UTF8.self)
    }
}
