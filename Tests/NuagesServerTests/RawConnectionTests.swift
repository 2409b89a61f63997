import NIOCore
import NuagesCore
import NuagesHTTP
import ServerTestSupport
import Testing

@testable import NuagesServer

private func root(_ request: Request) async throws -> Response { .text("") }

private func show(_ request: Request, rest: String) async throws -> Response { .text(rest) }

private let everyPath = Routes {
    #path("", root)
    #path("<path:rest>", show)
}

/// What RFC 9112 says about connections, byte by byte over sockets.
@Suite(.timeLimit(.minutes(5))) struct RawConnectionTests {
    struct Exchange: Sendable, CustomTestStringConvertible {
        let name: String
        let input: String
        /// The status and the body of each answer; then the server closes.
        let answers: [String]

        var testDescription: String { name }
    }

    static let exchanges: [Exchange] = [
        Exchange(
            name: "pipelined requests are answered in order",
            input: (1...5).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
                + "GET /6 HTTP/1.0\r\n\r\n",
            answers: (1...6).map { "200 GET /\($0) " }
        ),
        Exchange(
            name: "the body of a GET is no request",
            input: "GET /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 29\r\n\r\n"
                + "GET /no HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.0\r\n\r\n",
            answers: ["200 GET /1 GET /no HTTP/1.1\r\nHost: a\r\n\r\n", "200 GET /2 "]
        ),
        Exchange(
            name: "the chunked body of a DELETE is no request",
            input: "DELETE /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n0\r\n\r\nGET /2 HTTP/1.0\r\n\r\n",
            answers: ["200 DELETE /1 abc", "200 GET /2 "]
        ),
        Exchange(
            name: "one empty line may stand before a request",
            input: "\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET /2 HTTP/1.0\r\n\r\n",
            answers: ["200 GET /1 ", "200 GET /2 "]
        ),
        Exchange(
            name: "HTTP/1.0 closes",
            input: "GET /1 HTTP/1.0\r\n\r\nGET /2 HTTP/1.0\r\n\r\n",
            answers: ["200 GET /1 "]
        ),
        Exchange(
            name: "HTTP/1.0 closes though it asks to stay",
            input: "GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n",
            answers: ["200 GET /1 "]
        ),
        Exchange(
            name: "close is obeyed",
            input: "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            answers: ["200 GET /1 "]
        ),
        Exchange(
            name: "a field that Connection names is not taken away",
            input: "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: Host, close\r\n\r\n",
            answers: ["200 GET /1 "]
        ),
        Exchange(
            name: "an upgrade to HTTP/2 is passed over",
            input: "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
                + "GET /2 HTTP/1.0\r\n\r\n",
            answers: ["200 GET /1 ", "200 GET /2 "]
        ),
        Exchange(
            name: "OPTIONS *",
            input: "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            answers: ["200 OPTIONS * "]
        ),
        Exchange(
            name: "the authority of an absolute form is the host",
            input: "GET http://a:80/1 HTTP/1.1\r\nHost: a:80\r\nConnection: close\r\n\r\n",
            answers: ["200 GET /1 "]
        ),
        Exchange(
            name: "an unknown expectation ends the connection",
            input: "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 200-ok\r\n\r\nab"
                + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            answers: ["417 417 Expectation Failed\n"]
        ),
        Exchange(
            name: "an expectation with a parameter is unknown",
            input: "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
                + "Expect: 100-continue;x=1\r\n\r\nab",
            answers: ["417 417 Expectation Failed\n"]
        ),
        Exchange(
            name: "nothing behind a refused request is read",
            input: "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/3.1\r\nHost: a\r\n\r\n"
                + "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
            answers: ["200 GET /1 ", "505 505 HTTP Version Not Supported\n"]
        ),
        Exchange(
            name: "a PROXY line is no request",
            input: "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            answers: ["400 400 Bad Request\n"]
        ),
    ]

    @Test(arguments: exchanges)
    func answers(_ exchange: Exchange) async throws {
        try await withServer { request in
            let body = (try? await request.readAll()) ?? []
            return text(
                "\(request.method) \(request.target) \(String(decoding: body, as: UTF8.self))"
            )
        } body: { server in
            let answers = Answer.all(in: try await server.exchange(exchange.input))
            #expect(answers.map { "\($0.status) \($0.body)" } == exchange.answers)
            for answer in answers {
                #expect(answer.values(of: "Date").count == 1)
                #expect(answer.values(of: "Content-Length").count == 1)
            }
            #expect(answers.last?.values(of: "Connection") == ["close"])
        }
    }

    // MARK: - Paths

    /// Targets, and what a site answers that has a view for every path.
    static let paths: [(target: String, status: Int, path: String?)] = [
        ("/%zz", 400, nil), ("/%", 400, nil), ("/%4", 400, nil), ("/%00", 400, nil),
        ("/a%00b", 400, nil), ("/%ff%fe", 400, nil), ("/%c0%ae", 400, nil),
        ("/%c0%ae%c0%ae/etc", 400, nil), ("/%ed%a0%80", 400, nil), ("/%e0%80%af", 400, nil),
        ("/%f8%88%80%80%80", 400, nil), ("/%252e%252e/", 200, "%2e%2e/"), ("/%25zz", 200, "%zz"),
        ("/%2e%2e/x", 200, "../x"), ("/a;x=1/b", 200, "a;x=1/b"), ("/a\\b", 200, "a\\b"),
        ("/a%5cb", 200, "a\\b"), ("/./../x", 200, "./../x"), ("/%2f%2fa", 200, "//a"),
        ("/%0d%0aX:%20y", 404, nil), ("/%e2%80%ae", 200, "\u{202E}"),
        ("/?%zz", 200, ""), ("/?a=%00", 400, nil), ("/?a=%ff", 400, nil),
        (String(repeating: "/", count: 200), 200, String(repeating: "/", count: 199)),
        (
            String(repeating: "/a", count: 1_500), 200,
            String(String(repeating: "/a", count: 1_500).dropFirst())
        ),
        ("/" + String(repeating: "%61", count: 2_000), 200, String(repeating: "a", count: 2_000)),
    ]

    @Test func decodesAPathOnceAndAnswersNoneWithAnError() async throws {
        var settings = HTTPSettings()
        settings.allowedHosts = ["a"]
        let application = Application(settings: settings, routes: everyPath)
        try await withServer {
            await application.handle($0)
        } body: { server in
            for (target, status, path) in Self.paths {
                let answer = Answer.all(
                    in: try await server.exchange(
                        "GET \(target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                    )
                ).first
                #expect(answer?.status == status, "\(target.prefix(40))")
                if let path { #expect(answer?.body == path, "\(target.prefix(40))") }
            }
        }
    }

    // MARK: - Single values

    @Test func sendsOneOfEachFieldThatMayStandOnce() async throws {
        try await withServer {
            $0.errorHeaders = [
                "Content-Type": "text/html", "content-length": "3", "Date": "yesterday",
                "X-Frame-Options": "SAMEORIGIN", "Connection": "keep-alive",
            ]
        } respond: { _ in
            var response = text("served")
            for name in ["Content-Type", "content-type", "Content-Length", "Date", "date"] {
                response.headers.append(name, "text/\(name)")
            }
            return response
        } body: { server in
            let answers = Answer.all(
                in: try await server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\nBAD\r\n\r\n")
            )
            #expect(answers.map(\.status) == [200, 400])
            for answer in answers {
                for name in ["Content-Type", "Content-Length", "Date"] {
                    #expect(answer.values(of: name).count == 1, "\(name) of \(answer.status)")
                }
            }
            #expect(answers.first?.values(of: "Content-Type") == ["text/Content-Type"])
            #expect(answers.last?.values(of: "Content-Type") == ["text/plain; charset=utf-8"])
            #expect(answers.last?.values(of: "Connection") == ["close"])
            #expect(answers.last?.values(of: "X-Frame-Options") == ["SAMEORIGIN"])
        }
    }

    /// Refusals carry what the site's middleware sends, without being told.
    @Test func refusesWithTheSecurityFieldsOfTheSite() async throws {
        var settings = HTTPSettings()
        settings.allowedHosts = ["a"]
        let site = Application(
            settings: settings,
            middleware: .standard(settings: settings),
            routes: Routes([])
        )
        try await withServer(handler: site) { server in
            let refused = Answer.all(in: try await server.exchange("BAD\r\n\r\n"))
            let served = Answer.all(
                in: try await server.exchange(
                    "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                )
            )
            #expect(refused.map(\.status) == [400])
            let own = ["date", "content-type", "content-length", "connection", "location", "vary"]
            for field in served.first?.fields ?? []
            where !own.contains(field.name.lowercased()) {
                #expect(refused.first?.values(of: field.name) == [field.value], "\(field.name)")
            }
            #expect(refused.first?.values(of: "X-Content-Type-Options") == ["nosniff"])
            #expect(refused.first?.values(of: "Content-Security-Policy").count == 1)
        }
    }

    // MARK: - Slow clients

    @Test func servesWhileOthersAreSlowInEveryWay() async throws {
        try await withServer { request in
            if request.target == "/large" {
                return Response(body: .bytes([UInt8](repeating: 0x61, count: 5_000_000)))
            }
            return text("served \((try? await request.readAll().count) ?? -1)")
        } body: { server in
            var clients: [RawClient] = []
            for number in 0..<40 {
                let client = try await server.connect(reads: number % 4 != 3)
                switch number % 4 {
                case 0: try await client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ")
                case 1:
                    try await client.send(
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\nx"
                    )
                case 2: break
                default: try await client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
                }
                clients.append(client)
            }
            for _ in 0..<10 {
                let answer = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
                #expect(body(answer) == "served 0")
            }
            await server.clock.advance(by: .seconds(31))
            for (number, client) in clients.enumerated() {
                if number % 4 == 3 {
                    try await client.channel.setOption(.autoRead, value: true).get()
                }
                let answer = try await client.readToEnd()
                let expected: Int? =
                    switch number % 4 {
                    case 0, 1: 408
                    case 2: nil
                    default: 200
                    }
                #expect(status(answer) == expected)
                if number % 4 == 3 { #expect(answer.utf8.count < 5_000_000) }
                try? await client.close()
            }
        }
    }

    /// One byte a second keeps neither a head nor a body alive.
    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\nX: ",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFF\r\n",
    ])
    func cutsOffAClientOfOneByteASecond(start: String) async throws {
        try await withServer { request in
            text("served \((try? await request.readAll().count) ?? -1)")
        } body: { server in
            let client = try await server.connect()
            try await client.send(start)
            for _ in 0..<12 {
                try await server.settle()
                await server.clock.advance(by: .seconds(1))
                try? await client.send("x")
            }
            #expect(status(try await client.readToEnd()) == 408)
            try? await client.close()
        }
    }
}
