import NuagesCore
import NuagesHTTP
import ServerTestSupport
import Testing

@testable import NuagesServer

/// Each limit that a site sets is the one that the server works with.
@Suite(.timeLimit(.minutes(5))) struct ServerLimitsTests {
    @Test func takesOverSizes() {
        var limits = ServerLimits()
        limits.maxRequestLineSize = 1
        limits.maxHeadSize = 2
        limits.maxFieldCount = 3
        limits.maxBodySize = 4
        let taken = RequestLimits(limits)
        #expect([taken.requestLine, taken.head, taken.fields, taken.body] == [1, 2, 3, 4])
    }

    @Test func takesOverTimes() {
        var limits = ServerLimits()
        limits.headTimeout = .nanoseconds(1)
        limits.idleTimeout = .nanoseconds(2)
        limits.bodyGracePeriod = .nanoseconds(3)
        limits.bodyStallTimeout = .nanoseconds(4)
        limits.writeTimeout = .nanoseconds(5)
        limits.halfClosedTimeout = .nanoseconds(6)
        limits.minimumRate = 1_000
        let taken = Timeouts(limits)
        #expect([taken.head, taken.idle, taken.halfClosed] == [1, 2, 6])
        #expect([taken.bodyGrace, taken.bodyStall, taken.write] == [3, 4, 5])
        #expect(taken.perByte == 1_000_000)
    }

    @Test(arguments: [
        ("GET /long HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: yyyyyyyyyyyyyyyyyyyy\r\n\r\n", 431),
        ("GET / HTTP/1.0\r\nA: b\r\nB: b\r\nC: c\r\n\r\n", 431),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n", 413),
        ("POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nHello", 200),
    ])
    func keepsToThem(request: String, expected: Int) async throws {
        try await withServer {
            $0.limits.maxRequestLineSize = 19
            $0.limits.maxHeadSize = 48
            $0.limits.maxFieldCount = 2
            $0.limits.maxBodySize = 5
        } respond: { _ in
            text("served")
        } body: { server in
            let client = try await server.connect()
            try await client.send(request)
            #expect(status(try await client.readToEnd()) == expected)
            try? await client.close()
        }
    }
}
