import Foundation
import Testing

/// A connection that stays open as long as this does.
private final class HeldSocket {
    private let socket: RawSocket

    init(port: Int) throws { socket = try RawSocket(port: port) }
}

/// The built executable, driven over real sockets.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RunningSiteTests {
    private static func get(_ path: String, _ port: Int, extra: String = "") throws -> String {
        let socket = try RawSocket(port: port)
        socket.send(
            Array(
                "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(extra)Connection: close\r\n\r\n".utf8
            )
        )
        return socket.readToEnd()
    }

    /// A vote as a browser sends it: its head, and its body.
    private static func ballot(
        _ choice: Int,
        _ port: Int,
        extra: String = ""
    ) throws -> (head: String, body: String) {
        let page = try get("/polls/1/", port)
        let token = try #require(
            part(of: page, after: "csrfmiddlewaretoken\" value=\"", upTo: "\"")
        )
        let cookie = try #require(part(of: page, after: "Set-Cookie: csrftoken=", upTo: ";"))
        let body = "csrfmiddlewaretoken=\(token)&choice=\(choice)"
        let head = """
            POST /polls/1/vote/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken=\(cookie)\r
            Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r
            \(extra)\r\n
            """
        return (head, body)
    }

    private static func vote(_ choice: Int, _ port: Int) throws -> String {
        let (head, body) = try ballot(choice, port, extra: "Connection: close\r\n")
        let socket = try RawSocket(port: port)
        socket.send(Array((head + body).utf8))
        return socket.readToEnd()
    }

    private static func isListening(_ port: Int) -> Bool {
        do {
            _ = try RawSocket(port: port)
            return true
        } catch {
            return false
        }
    }

    private static func part(of text: String, after start: String, upTo end: String) -> String? {
        guard let from = text.range(of: start),
            let to = text.range(of: end, range: from.upperBound..<text.endIndex)
        else { return nil }
        return String(text[from.upperBound..<to.lowerBound])
    }

    @Test func keepsEveryAcknowledgedVoteOverARestartAndAKill() throws {
        let site = try RunningSite()
        for _ in 0..<20 {
            let answer = try Self.vote(1, site.port)
            #expect(answer.hasPrefix("HTTP/1.1 302 Found\r\n"))
        }
        let again = try site.killAndRestart()
        #expect(try Self.get("/polls/1/results/", again.port).contains("<td>20 votes</td>"))
        #expect(site.terminate() == 0)
    }

    /// A vote whose body comes only when the server has been told to stop is counted.
    @Test func finishesTheRequestUnderWayWhenItIsTerminated() throws {
        let site = try RunningSite()
        let (head, body) = try Self.ballot(1, site.port, extra: "Expect: 100-continue\r\n")
        let socket = try RawSocket(port: site.port)
        socket.send(Array(head.utf8))
        // The site reads: the request is under way.
        #expect(socket.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        site.askToStop()
        while Self.isListening(site.port) { sched_yield() }
        socket.send(Array(body.utf8))
        let answer = socket.readToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 302 Found\r\n"), "\(answer.prefix(100))")
        #expect(answer.contains("\r\nConnection: close\r\n"))
        #expect(site.waitForEnd() == 0)
        let votes = try RunningSite.run(
            ["dbshell", "--", "SELECT 'votes', votes FROM polls_choice WHERE id = 1"],
            in: site.folder
        )
        #expect(votes.output.contains("votes|1\n"), "\(votes.output)")
    }

    /// One whose body never comes holds the server up for the grace time at most, here a second.
    @Test func endsWithARequestUnderWayWhenTheTimeIsOver() throws {
        let site = try RunningSite(environment: ["SERVER_SHUTDOWN_TIMEOUT": "1"])
        let (head, _) = try Self.ballot(1, site.port, extra: "Expect: 100-continue\r\n")
        let socket = try RawSocket(port: site.port)
        socket.send(Array(head.utf8))
        #expect(socket.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(site.terminate() == 0)
        #expect(!socket.readToEnd().contains("302 Found"))
    }

    @Test(arguments: [
        ("GARBAGE\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\n\r\n", "400"),
        ("GET /polls/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "400"),
        ("GET /polls/%ff%fe/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "400"),
        ("GET /polls/%00/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "400"),
        (
            "POST /polls/1/vote/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1073741824\r\n\r\n",
            "413"
        ),
        (
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "400"
        ),
        (
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            "400"
        ),
        (
            "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "a", count: 10_000_000))\r\n\r\n",
            "431"
        ),
        (
            "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "414"
        ),
    ])
    func refusesBadInputAndKeepsServing(_ request: String, status: String) throws {
        let site = try RunningSite()
        let socket = try RawSocket(port: site.port)
        socket.send(Array(request.utf8))
        let answer = socket.readToEnd()
        // The server may close while the client still sends; then there is no answer to read.
        #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(100))")
        #expect(try Self.get("/polls/", site.port).hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    /// It neither stops to accept for good nor tries again and again meanwhile.
    @Test func survivesHavingNoFileDescriptorLeft() throws {
        let site = try RunningSite(maxFiles: 64)
        let isFull = { site.log.contains("Cannot accept a connection") }
        var sockets: [HeldSocket] = []
        // The kernel takes connections that the server has not accepted yet.
        while !isFull(), sockets.count < 400 { sockets.append(try HeldSocket(port: site.port)) }
        while !isFull() { sched_yield() }
        sockets = []
        var answer = ""
        // The first clients may still be refused for the number of connections.
        while !answer.hasPrefix("HTTP/1.1 200 OK\r\n") {
            answer = try Self.get("/polls/", site.port)
        }
        // One line for each pause of a quarter of a second, and not one for each attempt.
        let lines = site.log.split(separator: "\n").filter { $0.contains("Cannot accept") }
        #expect((1...200).contains(lines.count))
    }

    @Test func answersAClientThatClosedItsHalf() throws {
        let site = try RunningSite()
        let socket = try RawSocket(port: site.port)
        socket.send(Array("GET /polls/ HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
        socket.finishSending()
        #expect(socket.readToEnd().hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    @Test func headHasTheLengthOfTheBodyAndNoBody() throws {
        let site = try RunningSite()
        let socket = try RawSocket(port: site.port)
        socket.send(
            Array("HEAD /polls/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        )
        let answer = socket.readToEnd()
        let length = try #require(Self.part(of: answer, after: "Content-Length: ", upTo: "\r\n"))
        let count = try #require(Int(length))
        #expect(count > 500)
        #expect(answer.hasSuffix("\r\n\r\n"))
    }

    @Test(arguments: [
        "check", "dbshell", "makemigrations", "migrate", "runserver", "showmigrations",
        "sqlmigrate", "help", "collectstatic", "findstatic", "routes", "loadsample",
    ])
    func everyCommandExplainsItself(_ command: String) throws {
        let folder = FileManager.default.temporaryDirectory
        let help = try RunningSite.run([command, "--help"], in: folder)
        #expect(help.status == 0)
        #expect(help.output.contains("USAGE: "))
        #expect(help.output.contains("OVERVIEW: "))
        let all = try RunningSite.run(["help"], in: folder)
        #expect(all.output.contains(command))
    }

    @Test func theCommandsWorkOnOneDatabase() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let steps: [([String], String)] = [
            (["check"], "no issues"),
            (["makemigrations", "--check", "--dry-run"], "No changes detected"),
            (["showmigrations"], "[ ] 0001_initial"),
            (["sqlmigrate", "polls", "0001"], "CREATE TABLE \"polls_question\""),
            (["migrate", "--check-safety"], "Nothing dangerous in"),
            (["migrate"], "Applying polls.0001_initial...\n    Create model Question... OK"),
            (["migrate"], "No migrations to apply."),
            (["showmigrations"], "[X] 0001_initial"),
            (["dbshell", "--", ".tables"], "polls_choice"),
        ]
        for (arguments, text) in steps {
            let answer = try RunningSite.run(arguments, in: folder)
            #expect(answer.status == 0, "\(arguments): \(answer.output)")
            #expect(answer.output.contains(text), "\(arguments): \(answer.output)")
        }
    }

    @Test func anUnknownCommandNamesTheRemedy() throws {
        let folder = FileManager.default.temporaryDirectory
        let near = try RunningSite.run(["migrat"], in: folder)
        #expect(near.status != 0)
        #expect(near.output.contains("Unknown command: 'migrat'. Did you mean 'migrate'?"))
        let far = try RunningSite.run(["xyzzy"], in: folder)
        #expect(far.status != 0)
        #expect(far.output.contains("The commands are "))
        #expect(far.output.contains("loadsample"))
    }
}
