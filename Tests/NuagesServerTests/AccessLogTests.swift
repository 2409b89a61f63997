import Logging
import NuagesHTTP
import ServerTestSupport
import Synchronization
import Testing

@testable import NuagesServer

@Suite(.timeLimit(.minutes(5))) struct AccessLogTests {
    /// Queries are left out: they may have tokens in them.
    @Test func logsRequests() async throws {
        let log = RecordingLog()
        try await withServer(logger: log.logger) { request in
            Response(status: HTTPStatus(404), body: .bytes(Array("gone".utf8)))
        } body: { server in
            _ = try await server.exchange("GET /a\"c\\d?token=secret HTTP/1.0\r\n\r\n")
            let line = try #require(log.lines.first)
            #expect(line.message == "GET /a\\x22c\\x5cd 404")
            #expect(line.level == .info)
            #expect(line.metadata["bytes"] == "4")
            #expect(line.metadata["microseconds"] == "0")
            #expect(line.metadata["remote"] == "127.0.0.1")
        }
    }

    @Test func logsRefusalWithoutItsInput() async throws {
        let log = RecordingLog()
        try await withServer(logger: log.logger) { _ in
            text("x")
        } body: { server in
            _ = try await server.exchange("GET /secret HTTP/9.9\r\n\r\n")
            let line = try #require(log.lines.first)
            #expect(line.message == "refused 505")
            #expect(line.metadata["reason"] == "unsupportedVersion")
            #expect(!"\(line)".contains("secret"))
        }
    }

    @Test func logsWhichRequestWasTooLarge() async throws {
        let log = RecordingLog()
        try await withServer(logger: log.logger) { _ in
            text("x")
        } body: { server in
            let answer = try await server.exchange(
                "POST /new\"/?token=secret HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n"
            )
            #expect(answer.contains("\r\nContent-Type: text/html; charset=utf-8\r\n"))
            #expect(answer.contains("larger than 32 MiB"))
            let line = try #require(log.lines.first)
            #expect(line.message == "refused 413 POST /new\\x22/")
            #expect(line.metadata["reason"] == "bodyTooLarge")
            #expect(!"\(line)".contains("secret"))
        }
    }

    @Test func logsNothingWhereItIsOff() async throws {
        let log = RecordingLog()
        let turnOff: (inout ServerConfiguration) -> Void = { $0.isAccessLogEnabled = false }
        try await withServer(turnOff, logger: log.logger) { _ in
            text("x")
        } body: { server in
            _ = try await server.exchange("GET / HTTP/1.0\r\n\r\n")
            _ = try await server.exchange("BAD\r\n\r\n")
            #expect(log.lines.isEmpty)
        }
    }

    @Test(arguments: [
        ("/plain~", "/plain~"), ("a\r\nb", "a\\x0d\\x0ab"), ("é", "\\xc3\\xa9"),
        ("\u{1B}[31m", "\\x1b[31m"), ("\"\\", "\\x22\\x5c"),
    ])
    func escapes(text: String, escaped: String) {
        #expect(AccessLog.escaped(text) == escaped)
    }
}

/// Keeps what is logged.
final class RecordingLog: Sendable {
    struct Line: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]
    }

    private let state = Mutex<[Line]>([])

    var lines: [Line] { state.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .info
        return logger
    }

    private func append(_ line: Line) { state.withLock { $0.append(line) } }

    struct Handler: LogHandler {
        let log: RecordingLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.append(
                Line(
                    level: event.level,
                    message: "\(event.message)",
                    metadata: (event.metadata ?? [:]).mapValues { "\($0)" }
                )
            )
        }
    }
}
