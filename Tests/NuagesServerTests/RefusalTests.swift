import NuagesCore
import NuagesHTTP
import ServerTestSupport
import Testing

@testable import NuagesServer

@Suite(.timeLimit(.minutes(2))) struct RefusalTests {
    @Test func refusesOverTheSocketAndCloses() async throws {
        try await withServer { _ in
            text("served")
        } body: { server in
            for refused in RefusedRequests.all {
                let client = try await server.connect()
                try? await client.send(refused.input)
                let answer = try await client.readToEnd()
                try? await client.close()
                // A body is refused after its view has been called, before anything is sent.
                #expect(status(answer) == refused.error.status, "\(refused.name)")
                #expect(!answer.contains("served"), "\(refused.name)")
                #expect(answer.contains("\r\nConnection: close\r\n"), "\(refused.name)")
                #expect(answer.contains("\r\nX-Frame-Options: DENY\r\n"), "\(refused.name)")
            }
            let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
            #expect(body(answer) == "served")
        }
    }

    @Test func answersWithAFixedPage() async throws {
        try await withServer {
            $0.errorHeaders = ["X-Site": "one", "Referrer-Policy": "no-referrer"]
        } respond: { _ in
            text("served")
        } body: { server in
            let answer = try await server.exchange("GET /<script>secret HTTP/9.9\r\n\r\n")
            let lines = answer.split(separator: "\r\n", omittingEmptySubsequences: false)
            #expect(
                lines.filter { !$0.hasPrefix("Date: ") } == [
                    "HTTP/1.1 505 HTTP Version Not Supported", "X-Site: one",
                    "Referrer-Policy: no-referrer", "Content-Type: text/plain; charset=utf-8",
                    "Content-Length: 31", "Connection: close", "",
                    "505 HTTP Version Not Supported\n",
                ]
            )
        }
    }

    @Test func readsNoFurtherThanTheLimitOfAHead() async throws {
        try await withServer { _ in
            text("served")
        } body: { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ")
            // 10 MB of header; the answer comes while the client still sends.
            for _ in 0..<160 { try? await client.send([UInt8](repeating: 0x61, count: 65_536)) }
            let answer = try await client.readToEnd()
            #expect(status(answer) == 431)
            try? await client.close()
        }
    }

    @Test func refusesDeclaredGigabyteBeforeReadingIt() async throws {
        try await withServer { _ in
            text("served")
        } body: { server in
            let answer = try await server.exchange(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n"
            )
            #expect(status(answer) == 413)
        }
    }

    @Test func answersValidRequestsBeforeABadOne() async throws {
        try await withServer { request in
            text("<\(request.target)>")
        } body: { server in
            let answer = try await server.exchange(
                "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "BAD\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n"
            )
            #expect(answer.contains("</1>HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("</2>HTTP/1.1 400 Bad Request\r\n"))
            #expect(!answer.contains("</3>"))
        }
    }

    @Test func refusesConnectionsOverTheLimit() async throws {
        try await withServer {
            $0.limits.maxConnections = 3
        } respond: { request in
            text("served")
        } body: { server in
            var clients: [RawClient] = []
            for _ in 0..<3 {
                let client = try await server.connect()
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await client.read(until: "served")
                clients.append(client)
            }
            let refused = try await server.connect()
            let answer = try await refused.readToEnd()
            #expect(status(answer) == 503)
            try await refused.close()
            #expect(answer.contains("\r\nRetry-After: 1\r\n"))
            // The place of a client that leaves is free again.
            try await clients[0].send("GET / HTTP/1.0\r\n\r\n")
            _ = try await clients[0].readToEnd()
            try await clients[0].close()
            var last = 503
            while last == 503 {
                last = status(try await server.exchange("GET / HTTP/1.0\r\n\r\n")) ?? 0
            }
            #expect(last == 200)
            for client in clients.dropFirst() { try await client.close() }
        }
    }
}
