import Foundation
import NuagesCore
import NuagesHTTP
import NuagesServer
import ServerTestSupport
import Synchronization
import Testing

private func converse(_ request: Request) async throws -> Response {
    try .webSocket(request) { socket in
        for try await message in socket.messages { try await socket.send(message) }
    }
}

private func events(_ request: Request) async throws -> Response {
    .events { stream in
        try await stream.send("first")
        try await Task.sleep(for: .seconds(60))
    }
}

/// Where nginx is; `Scripts/install-dependencies test` installs it on Debian.
private let nginx = ["/usr/sbin/nginx", "/usr/bin/nginx"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}

/// A site behind the real nginx, by TCP and by a Unix domain socket.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: nginx != nil)) struct NginxTests {
    private static func application(trusts: [String], seen: SeenTargets) -> Application {
        var settings = HTTPSettings()
        settings.allowedHosts = ["site.example"]
        settings.trustedProxies = trusts
        settings.secureProxyTLSHeader = ("X-Forwarded-Proto", "https")
        return Application(
            settings: settings,
            middleware: MiddlewareStack([Describing(seen: seen)]),
            routes: Routes {
                #path("ws/", converse)
                #path("events/", events)
            }
        )
    }

    /// Runs `body` with a site, and with nginx in front of it on the port that it is given.
    private static func behindNginx(
        unix: Bool = false,
        trusts: [String]? = nil,
        _ body: @escaping @Sendable (RawNginx, SeenTargets) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-nginx-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let seen = SeenTargets()
        var configuration = ServerConfiguration(port: 0)
        configuration.isAccessLogEnabled = false
        configuration.limits.maxBodySize = 64_000_000
        if unix { configuration.address = .unix(path: folder.path + "/site.sock") }
        let started = AsyncStream.makeStream(of: ServerAddress.self)
        let server = Server(
            application(trusts: trusts ?? [unix ? "unix" : "127.0.0.1"], seen: seen),
            configuration: configuration
        ) { started.continuation.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            var addresses = started.stream.makeAsyncIterator()
            if let address = await addresses.next() {
                let nginx = try await RawNginx.start(address, folder: folder)
                defer { nginx.stop() }
                try await body(nginx, seen)
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test(arguments: [false, true])
    func passesRequestsOnAndKeepsConnections(unix: Bool) async throws {
        try await Self.behindNginx(unix: unix) { nginx, seen in
            for number in 0..<20 {
                let answer = try await nginx.exchange(
                    "GET /\(number)?q=a%20b HTTP/1.1\r\nHost: site.example\r\n"
                        + "X-Forwarded-For: 6.6.6.6\r\nConnection: close\r\n\r\n"
                )
                #expect(
                    answer.hasSuffix(
                        "GET /\(number)?q=a%20b 0 https site.example 6.6.6.6, 127.0.0.1"
                    ),
                    "\(answer)"
                )
            }
            #expect(seen.targets.count == 20)
        }
    }

    @Test func believesNoProxyThatIsNotTrusted() async throws {
        try await Self.behindNginx(trusts: ["10.0.0.1"]) { nginx, _ in
            let answer = try await nginx.exchange(
                "GET /a HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n\r\n"
            )
            #expect(answer.contains("GET /a 0 http site.example"), "\(answer)")
        }
    }

    @Test(arguments: [false, true])
    func takesALargeUpload(chunked: Bool) async throws {
        try await Self.behindNginx { nginx, _ in
            let size = 20_000_000
            let framing =
                chunked ? "Transfer-Encoding: chunked" : "Content-Length: \(size)"
            let body = String(repeating: "a", count: size)
            let answer = try await nginx.exchange(
                "POST /upload HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n\(framing)"
                    + "\r\n\r\n"
                    + (chunked ? "\(String(size, radix: 16))\r\n\(body)\r\n0\r\n\r\n" : body)
            )
            #expect(answer.contains("POST /upload \(size) https"), "\(answer.prefix(300))")
        }
    }

    /// Requests that hold another one, in the forms that have split servers from proxies.
    private static let smuggled: [String] = {
        let inner = "GET /smuggled HTTP/1.1\r\nHost: site.example\r\n\r\n"
        let head = "POST /outer HTTP/1.1\r\nHost: site.example\r\n"
        let chunks = "0\r\n\r\n\(inner)"
        let codings = [
            "Transfer-Encoding: chunked\r\nContent-Length: \(chunks.utf8.count)",
            "Content-Length: \(chunks.utf8.count)\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked",
            "Transfer-Encoding: chunked, identity", "Transfer-Encoding:\tchunked",
            "Transfer-Encoding: \u{0b}chunked", "X: x\nTransfer-Encoding: chunked",
            "Transfer_Encoding: chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
        ]
        let lengths = [
            "Content-Length: 0\r\nContent-Length: \(inner.utf8.count)", "Content-Length: +0",
            "Content-Length: 0 \(inner.utf8.count)", "Content_Length: \(inner.utf8.count)",
            "Content-Length : 0", "Content-Length: 0,0", "Content-Length: -0",
            "Content-Length: 0x0",
        ]
        return codings.map {
            "\(head)\($0)\r\nContent-Length: \(chunks.utf8.count)\r\n\r\n\(chunks)"
        }
            + codings.map { "\(head)\($0)\r\n\r\n\(chunks)" }
            + lengths.map {
                "\(head)\($0)\r\nContent-Length: \(inner.utf8.count)\r\n\r\n\(inner)"
            }
            + [
                "GET /outer HTTP/1.1\r\nHost: site.example\r\nContent-Length: "
                    + "\(inner.utf8.count)\r\n\r\n\(inner)",
                "\(head)Transfer-Encoding: chunked\r\n\r\n\(String(inner.utf8.count, radix: 16));x="
                    + "\"\r\n\(inner)\r\n0\r\n\r\n",
                "\(head)Expect: 100-continue\r\nContent-Length: \(inner.utf8.count)\r\n\r\n\(inner)",
                "GET /outer%0d%0aHost:%20x%0d%0a%0d%0aGET%20/smuggled HTTP/1.1\r\n"
                    + "Host: site.example\r\n\r\n",
            ]
    }()

    @Test func seesNoRequestThatNginxDidNotSee() async throws {
        for (index, request) in Self.smuggled.enumerated() {
            try await Self.behindNginx { nginx, seen in
                _ = try await nginx.exchange(request, ends: true)
                // On the connection that nginx keeps, nothing is left over.
                let next = try await nginx.exchange(
                    "GET /next HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n\r\n"
                )
                #expect(next.contains("GET /next 0 https site.example"), "case \(index): \(next)")
                // What nginx itself takes for a second request is one.
                let known = nginx.loggedTargets()
                #expect(seen.targets.allSatisfy(known.contains), "case \(index): \(seen.targets)")
            }
        }
    }

    @Test(arguments: [false, true])
    func carriesAWebSocket(unix: Bool) async throws {
        try await Self.behindNginx(unix: unix) { nginx, _ in
            let answer = try await nginx.exchange(
                Array(
                    """
                    GET /ws/ HTTP/1.1\r\nHost: site.example\r\nOrigin: https://site.example\r
                    Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
                    """.utf8
                )
                    // "Hi", masked with zeros.
                    + [0x81, 0x82, 0, 0, 0, 0, 0x48, 0x69],
                until: "\u{2}Hi"
            )
            #expect(answer.hasPrefix("HTTP/1.1 101 "), "\(answer)")
            #expect(answer.contains("\u{2}Hi"))
        }
    }

    @Test func passesEachEventOnAtOnce() async throws {
        try await Self.behindNginx { nginx, _ in
            let answer = try await nginx.exchange(
                "GET /events/ HTTP/1.1\r\nHost: site.example\r\n\r\n",
                until: "data: first\n\n"
            )
            #expect(answer.contains("data: first\n\n"), "\(answer)")
        }
    }
}

/// Answers requests that no route is for by what they were.
private struct Describing: Middleware {
    let seen: SeenTargets

    func respond(to request: Request, next: any Responder) async throws -> Response {
        if request.path == "/ws/" || request.path == "/events/" {
            return try await next.respond(to: request)
        }
        seen.add(request.target)
        var size = request.body.declaredLength ?? 0
        if case .source(let source) = request.body.content {
            size = 0
            while let chunk = try await source.nextChunk() { size += chunk.count }
        }
        return .text(
            [
                request.method.rawValue, request.target, "\(size)",
                request.isSecure ? "https" : "http", (try? request.host()) ?? "?",
                request.headers["X-Forwarded-For"] ?? "-",
            ].joined(separator: " ")
        )
    }
}

/// The targets of the requests that reached the site.
final class SeenTargets: Sendable {
    private let state = Mutex<[String]>([])

    var targets: [String] { state.withLock { $0 } }

    func add(_ target: String) { state.withLock { $0.append(target) } }
}

/// nginx as a process of its own, with a configuration in a folder of its own.
final class RawNginx: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let process: ChildProcess
    private let folder: URL
    let port: Int

    /// Starts it on a thread of its own, as it is waited for.
    static func start(_ upstream: ServerAddress, folder: URL) async throws -> RawNginx {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try RawNginx(upstream: upstream, folder: folder) }
                )
            }
        }
    }

    private init(upstream: ServerAddress, folder: URL) throws {
        self.folder = folder
        var last = ""
        for _ in 0..<20 {
            let port = Int.random(in: 20_000..<32_000)
            let file = folder.appendingPathComponent("nginx.conf")
            try Self.configuration(upstream, port, folder.path)
                .write(to: file, atomically: true, encoding: .utf8)
            let process = try ChildProcess(
                nginx ?? "nginx",
                ["-p", folder.path, "-c", file.path]
            )
            while process.isRunning {
                guard (try? RawSocket(port: port)) != nil else { continue }
                self.process = process
                self.port = port
                return
            }
            // Most likely the port is taken.
            let log = folder.appendingPathComponent("error.log")
            last = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        }
        throw Failure(description: "nginx does not start: \(last)")
    }

    func stop() { process.kill() }

    func exchange(
        _ request: String,
        ends: Bool = false,
        until end: String? = nil
    ) async throws -> String {
        try await exchange(Array(request.utf8), ends: ends, until: end)
    }

    /// Sends bytes on a connection of its own and reads what comes, on a thread of its own.
    func exchange(
        _ request: [UInt8],
        ends: Bool = false,
        until end: String? = nil
    ) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { [port] in
                continuation.resume(
                    with: Result {
                        let socket = try RawSocket(port: port)
                        socket.send(request)
                        if ends { socket.finishSending() }
                        return socket.read(until: end)
                    }
                )
            }
        }
    }

    /// The targets of the requests that nginx saw.
    func loggedTargets() -> Set<String> {
        let log = folder.appendingPathComponent("access.log")
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return Set(text.split(separator: "\n").map(String.init))
    }

    private static func configuration(
        _ upstream: ServerAddress,
        _ port: Int,
        _ folder: String
    ) -> String {
        let server = upstream.path.map { "unix:\($0)" } ?? upstream.description
        return """
            daemon off;
            master_process off;
            pid \(folder)/nginx.pid;
            error_log \(folder)/error.log;
            events { worker_connections 64; }
            http {
                log_format target '$request_uri';
                access_log \(folder)/access.log target;
                client_body_temp_path \(folder)/body;
                proxy_temp_path \(folder)/proxy;
                fastcgi_temp_path \(folder)/fastcgi;
                uwsgi_temp_path \(folder)/uwsgi;
                scgi_temp_path \(folder)/scgi;
                client_max_body_size 100m;
                upstream site { server \(server); keepalive 4; }
                map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
                server {
                    listen 127.0.0.1:\(port);
                    location / {
                        proxy_pass http://site;
                        proxy_http_version 1.1;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                        proxy_set_header Host $host;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Proto https;
                    }
                }
            }
            """
    }
}
