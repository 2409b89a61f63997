import Foundation
import Synchronization

/// A Unix socket in front of that of a server, which can stop to hand on what it is sent: as a
/// network does that drops all packets without a word.
package final class FreezingProxy: Sendable {
    package struct Failure: Error {}

    private let listener: Int32
    private let target: String
    private let isFrozen = Atomic(false)
    private let swallowed: AsyncStream<Void>
    private let swallowing: AsyncStream<Void>.Continuation

    /// Listens at a path, which must be free.
    package init(at path: String, to target: String) throws {
        self.target = target
        (swallowed, swallowing) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        listener = Self.newSocket()
        let isBound = Self.withAddress(path) { bind(listener, $0, $1) } == 0
        guard isBound, listen(listener, 16) == 0 else { throw Failure() }
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                if client < 0 { return }
                connect(client)
            }
        }
    }

    /// From now on nothing arrives any more.
    package func freeze() { isFrozen.store(true, ordering: .sequentiallyConsistent) }

    /// What is sent from now on arrives; what was swallowed is lost.
    package func thaw() { isFrozen.store(false, ordering: .sequentiallyConsistent) }

    /// Waits until something was sent that does not arrive.
    package func waitUntilSwallowing() async { for await _ in swallowed { return } }

    /// Accepts no more.
    package func close() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func connect(_ client: Int32) {
        let server = Self.newSocket()
        guard Self.withAddress(target, { Foundation.connect(server, $0, $1) }) == 0 else {
            Foundation.close(client)
            Foundation.close(server)
            return
        }
        let openCount = Mutex(2)
        for (source, sink) in [(client, server), (server, client)] {
            Thread.detachNewThread { [self] in
                pump(source, sink)
                shutdown(sink, Int32(SHUT_RDWR))
                let isLast = openCount.withLock { count in
                    count -= 1
                    return count == 0
                }
                if isLast { for end in [client, server] { Foundation.close(end) } }
            }
        }
    }

    private func pump(_ source: Int32, _ sink: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0 else { return }
            if isFrozen.load(ordering: .sequentiallyConsistent) {
                swallowing.yield()
                continue
            }
            var start = 0
            while start < count {
                let sent = buffer.withUnsafeBytes { bytes in
                    send(sink, bytes.baseAddress.map { $0 + start }, count - start, Self.flags)
                }
                guard sent > 0 else { return }
                start += sent
            }
        }
    }

    #if canImport(Darwin)
    private static let flags: Int32 = 0
    private static func newSocket() -> Int32 { socket(AF_UNIX, SOCK_STREAM, 0) }
    #else
    private static let flags = Int32(MSG_NOSIGNAL)
    private static func newSocket() -> Int32 {
        socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    }
    #endif

    private static func withAddress(
        _ path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { target in
            for (index, byte) in path.utf8.prefix(target.count - 1).enumerated() {
                target[index] = byte
            }
        }
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
