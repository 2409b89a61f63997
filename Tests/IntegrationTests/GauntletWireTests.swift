import Foundation
import Testing

/// The gauntlet, attacked over real sockets with the settings of production.
@Suite(.serialized, .timeLimit(.minutes(5))) struct GauntletWireTests {
    private static func site(_ environment: [String: String] = [:]) throws -> RunningSite {
        try RunningSite(
            ("Gauntlet", "loaditems"),
            environment: [
                "DEBUG": "false", "ALLOWED_HOSTS": "localhost",
                "SECURITY_LOG_FILE": "security.jsonl", "MEDIA_ROOT": "media",
            ].merging(environment) { $1 }
        )
    }

    /// All that the server answers to these bytes until it closes.
    private static func answer(_ bytes: String, _ site: borrowing RunningSite) throws -> String {
        let socket = try RawSocket(port: site.port)
        socket.send(Array(bytes.utf8))
        return socket.readToEnd()
    }

    private static func get(
        _ target: String,
        _ site: borrowing RunningSite,
        host: String = "localhost",
        extra: String = ""
    ) throws -> String {
        try answer(
            "GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\(extra)Connection: close\r\n\r\n",
            site
        )
    }

    private static func post(
        _ body: String,
        _ site: borrowing RunningSite,
        extra: String = ""
    ) throws -> String {
        try answer(
            "POST /form/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(extra)"
                + "Content-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
            site
        )
    }

    private static func part(of text: String, after start: String, upTo end: String) -> String? {
        guard let from = text.range(of: start),
            let to = text.range(of: end, range: from.upperBound..<text.endIndex)
        else { return nil }
        return String(text[from.upperBound..<to.lowerBound])
    }

    /// The events in the file for security, each a JSON object on a line.
    private static func events(_ site: borrowing RunningSite) throws -> [[String: String]] {
        let file = site.folder.appendingPathComponent("security.jsonl")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return try lines.map { line in
            try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        }
    }

    // MARK: - Framing

    /// Requests that a proxy in front may have read in another way; behind each stands a second one.
    private static let smuggling: [String] = [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        "Content-Length: +5\r\n\r\nabcde",
        "Content-Length: 5, 5\r\n\r\nabcde",
        "Content-Length: 0x5\r\n\r\nabcde",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding:\u{0B}chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n0\r\n\r\n",
        "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Host: localhost\r\n\r\n",
    ]

    @Test func smugglesNothing() throws {
        let site = try Self.site()
        for fields in Self.smuggling {
            let answer = try Self.answer(
                "POST /json/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\(fields)"
                    + "GET /hostecho/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                site
            )
            // One answer, and the connection is over: nothing behind it is a request.
            let isRefused =
                answer.hasPrefix("HTTP/1.1 400 ") || answer.hasPrefix("HTTP/1.1 501 ")
            #expect(isRefused, "\(fields.debugDescription): \(answer)")
            #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2)
            #expect(!answer.contains("http://localhost/hostecho/"))
        }
    }

    @Test func answersPipelinedRequestsInTheirOrder() throws {
        let site = try Self.site()
        let targets = ["/hostecho/", "/nowhere/", "/healthz", "/healthz/ready/", "/error/"]
        let requests = targets.map { "GET \($0) HTTP/1.1\r\nHost: localhost\r\n" }
        let bytes = requests.joined(separator: "\r\n") + "Connection: close\r\n\r\n"
        let answers = try Self.answer(bytes, site).components(separatedBy: "HTTP/1.1 ").dropFirst()
        #expect(answers.map { String($0.prefix(3)) } == ["200", "404", "200", "200", "500"])
        #expect(answers.first?.hasSuffix("http://localhost/hostecho/") == true)
        #expect(answers.last?.contains("Gauntlet") == false)
    }

    @Test func cutsASlowHeadOff() throws {
        let site = try Self.site(["SERVER_HEAD_TIMEOUT": "1"])
        // The answer comes although the request never ends.
        let answer = try Self.answer("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", site)
        #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 408 "), "\(answer)")
        #expect(try Self.get("/hostecho/", site).hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    // MARK: - Hosts, paths, forms

    @Test func aForeignHostIsRefusedAndLogged() throws {
        let site = try Self.site()
        let answer = try Self.get("/hostecho/?token=hunter2", site, host: "evil.example")
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        #expect(!answer.contains("evil.example"))
        let events = try Self.events(site)
        try #require(events.count == 1, "\(events)")
        let expected = [
            "level": "warning", "logger": "nuages.security.DisallowedHost",
            "event": "DisallowedHost", "method": "GET", "path": "/hostecho/",
            "remote_address": "127.0.0.1",
        ]
        for (name, value) in expected { #expect(events[0][name] == value, "\(name)") }
        #expect(!"\(events)".contains("hunter2"))
    }

    @Test func noPathLeavesItsFolder() throws {
        let site = try Self.site()
        for target in [
            "/static/../GauntletSite.swift", "/static/gauntlet/../../GauntletSite.swift",
            "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2f..%2fetc%2fpasswd",
            "/static//etc/passwd", "/static/..%5c..%5cetc%5cpasswd",
            "/static/%252e%252e/etc/passwd",
            "/static/gauntlet/app.css%00.png", "/static/%c0%ae%c0%ae/etc/passwd",
            "/media/../db.sqlite3", "/media/%2e%2e%2fdb.sqlite3", "/media/..%5cdb.sqlite3",
            "/media/%2fetc%2fpasswd", "/media/.", "/media/..",
            "/download/?name=../GauntletSite.swift", "/download/?name=..%2fGauntletSite.swift",
            "/download/?name=%2fetc%2fpasswd", "/download/?name=report.txt%00",
            "/download/?name=.", "/download/?name=..",
        ] {
            let answer = try Self.get(target, site)
            let isRefused = answer.hasPrefix("HTTP/1.1 404 ") || answer.hasPrefix("HTTP/1.1 400 ")
            #expect(isRefused, "\(target): \(answer.prefix(40))")
            for text in ["root:", "import Nuages", "SQLite format"] {
                #expect(!answer.contains(text), "\(target)")
            }
        }
        #expect(try Self.get("/static/gauntlet/app.css", site).hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(try Self.get("/download/?name=report.txt", site).hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    @Test func aFormNeedsItsToken() throws {
        let site = try Self.site()
        let page = try Self.get("/form/", site)
        #expect(page.contains("\r\nCache-Control: private, no-store\r\n"))
        let token = try #require(
            Self.part(of: page, after: "csrfmiddlewaretoken\" value=\"", upTo: "\"")
        )
        let secret = try #require(Self.part(of: page, after: "Set-Cookie: csrftoken=", upTo: ";"))
        let cookie = "Cookie: csrftoken=\(secret)\r\n"
        let form = "name=A&email=a%40example.com&site="
        let whole = "\(form)&csrfmiddlewaretoken=\(token)"
        for (body, extra) in [
            (form, cookie), (whole, ""), (form, ""), (whole + "x", cookie),
            (whole, cookie + "Origin: https://evil.example\r\n"),
            (whole, cookie + "Origin: null\r\n"),
            (whole, cookie + "Sec-Fetch-Site: cross-site\r\n"),
            (whole, "Cookie: csrftoken=\(String(secret.reversed()))\r\n"),
        ] {
            let answer = try Self.post(body, site, extra: extra)
            #expect(answer.hasPrefix("HTTP/1.1 403 "), "\(extra): \(answer.prefix(40))")
        }
        let events = try Self.events(site)
        #expect(events.map { $0["event"] } == Array(repeating: "csrf", count: 8))
        #expect(!"\(events)".contains(token) && !"\(events)".contains(secret))
        #expect(try Self.post(whole, site, extra: cookie).hasPrefix("HTTP/1.1 302 "))
    }

    // MARK: - WebSocket

    private static func handshake(_ origin: String) -> [UInt8] {
        let fields = [
            "GET /ws/ HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Origin: \(origin)", "", "",
        ]
        return Array(fields.joined(separator: "\r\n").utf8)
    }

    @Test func echoesMessagesOfItsOwnPages() throws {
        let site = try Self.site()
        let socket = try RawSocket(port: site.port)
        socket.send(Self.handshake("http://localhost"))
        let head = socket.read(until: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 101 "), "\(head)")
        // RFC 6455, 1.3: the answer to this key.
        #expect(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
        let mask: [UInt8] = [1, 2, 3, 4]
        let payload = "hello".utf8.enumerated().map { $1 ^ mask[$0 % 4] }
        socket.send([0x81, 0x80 | 5] + mask + payload)
        #expect(socket.read(until: "hello").contains("hello"))
        // A frame without a mask comes from no browser: the conversation ends.
        socket.send([0x81, 5] + Array("never".utf8))
        #expect(!socket.readToEnd().contains("never"))
    }

    @Test(arguments: ["https://evil.example", "http://localhost.evil.example", "null"])
    func refusesPagesOfOtherSites(_ origin: String) throws {
        let site = try Self.site()
        let socket = try RawSocket(port: site.port)
        socket.send(Self.handshake(origin))
        let head = socket.read(until: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 403 "), "\(head)")
        #expect(try Self.events(site).map { $0["event"] } == ["csrf"])
    }
}
