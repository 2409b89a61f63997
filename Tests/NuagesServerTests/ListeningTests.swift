import Foundation
import NIOCore
import NIOPosix
import NuagesCore
import NuagesHTTP
import ServerTestSupport
import Testing

@testable import NuagesServer

@Suite(.timeLimit(.minutes(5))) struct ListeningTests {
    @Test(
        arguments: [
            ("8000", .tcp(host: "127.0.0.1", port: 8000)),
            ("0.0.0.0:80", .tcp(host: "0.0.0.0", port: 80)),
            ("[::1]:8000", .tcp(host: "::1", port: 8000)), ("[::]:0", .tcp(host: "::", port: 0)),
            ("localhost:0", .tcp(host: "localhost", port: 0)),
            ("127.0.0.1:65535", .tcp(host: "127.0.0.1", port: 65_535)),
            ("unix:/run/a.sock", .unix(path: "/run/a.sock")),
            ("unix:///run/a.sock", .unix(path: "/run/a.sock")),
            ("unix:a.sock", .unix(path: "a.sock")), ("fd://", .inherited(descriptor: nil)),
            ("fd://3", .inherited(descriptor: 3)),
        ] as [(String, ListenAddress)]
    )
    func readsAddresses(_ text: String, _ address: ListenAddress) {
        #expect(ListenAddress(text) == address)
        #expect(ListenAddress(address.description) == address)
    }

    @Test(arguments: [
        "", ":", ":8000", "x", "65536", "+80", "::1:8000", "host:", "host:8o", "999999", "unix:",
        "unix:a\0b", "fd://x", "fd://-1", "fd://65536",
    ])
    func refusesAnythingElse(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }

    private static func path() -> String {
        FileManager.default.temporaryDirectory.path + "/n-\(UInt32.random(in: 0...UInt32.max)).sock"
    }

    /// A server that runs until the body ends.
    private static func serve(
        _ address: ListenAddress,
        mode: UInt16 = 0o660,
        sharesPort: Bool = false,
        _ body: @escaping @Sendable (ServerAddress) async throws -> Void
    ) async throws {
        var configuration = ServerConfiguration()
        configuration.address = address
        configuration.limits.threads = 1
        configuration.isAccessLogEnabled = false
        configuration.unixSocketMode = mode
        configuration.sharesPort = sharesPort
        let started = AsyncStream.makeStream(of: ServerAddress.self)
        let server = Server(
            ClosureHandler { text("<\($0.remoteAddress)>") },
            configuration: configuration
        ) { started.continuation.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { started.continuation.finish() }
                try await server.run()
            }
            var addresses = started.stream.makeAsyncIterator()
            if let address = await addresses.next() { try await body(address) }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private static func get(unix path: String) async throws -> String {
        let client = try await RawClient.connect(unix: path)
        try await client.send("GET / HTTP/1.0\r\n\r\n")
        defer { client.channel.close(promise: nil) }
        return try await client.readToEnd()
    }

    @Test func listensOnAUnixSocketAndRemovesIt() async throws {
        let path = Self.path()
        try await Self.serve(.unix(path: path), mode: 0o600) { address in
            #expect(address.description == "unix:\(path)")
            #expect(try await Self.get(unix: path).hasSuffix("\r\n\r\n<>"))
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func takesThePlaceOfASocketThatWasLeftBehind() async throws {
        let path = Self.path()
        let stale = try ListeningSocket.bindUnix(path: path, mode: 0o600)
        close(stale)
        #expect(FileManager.default.fileExists(atPath: path))
        try await Self.serve(.unix(path: path)) { _ in
            let answer = try await Self.get(unix: path)
            #expect(answer.hasSuffix("<>"))
        }
    }

    @Test func leavesALivingSocketAndOtherFilesAlone() async throws {
        let path = Self.path()
        try await Self.serve(.unix(path: path)) { _ in
            let error = await #expect(throws: ServerError.self) {
                try await Self.serve(.unix(path: path)) { _ in }
            }
            #expect(
                error?.description.hasPrefix(
                    "Cannot listen on unix:\(path): the address is already in use. Stop the program"
                ) == true
            )
            let answer = try await Self.get(unix: path)
            #expect(answer.hasSuffix("<>"))
        }
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        await #expect(throws: ServerError.self) {
            try await Self.serve(.unix(path: path)) { _ in }
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        try FileManager.default.removeItem(atPath: path)
    }

    @Test(arguments: [
        (ListenAddress.unix(path: "/nowhere/a.sock"), "Make the socket's folder first."),
        (.unix(path: String(repeating: "a", count: 200)), "Paths of sockets have 1 to "),
        (.tcp(host: "192.0.2.1", port: 8_000), "Listen on 0.0.0.0 or [::]"),
        (.inherited(descriptor: nil), "Have systemd start it by a .socket unit"),
        (.inherited(descriptor: 9_999), "as systemd does with ListenStream=."),
    ])
    func saysWhatToDo(_ address: ListenAddress, _ hint: String) async throws {
        let error = await #expect(throws: ServerError.self) {
            try await Self.serve(address) { _ in }
        }
        #expect(error?.description.contains(hint) == true, "\(error?.description ?? "")")
    }

    @Test func takesOverASocketThatAnotherOpened() async throws {
        let path = Self.path()
        let descriptor = try ListeningSocket.bindUnix(path: path, mode: 0o600)
        try await Self.serve(.inherited(descriptor: descriptor)) { address in
            #expect(address.path == path)
            let answer = try await Self.get(unix: path)
            #expect(answer.hasSuffix("<>"))
        }
        // It belongs to the process that opened it.
        #expect(FileManager.default.fileExists(atPath: path))
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func sharesAPortOnlyIfAsked() async throws {
        try await Self.serve(.tcp(host: "127.0.0.1", port: 0), sharesPort: true) { first in
            let address = ListenAddress.tcp(host: "127.0.0.1", port: first.port)
            try await Self.serve(address, sharesPort: true) { second in
                #expect(second.port == first.port)
            }
            await #expect(throws: ServerError.self) {
                try await Self.serve(address) { _ in }
            }
        }
    }

    @Test func writesTheAddressOfAnIPv4ClientAsIPv4() async throws {
        try await Self.serve(.tcp(host: "::", port: 0)) { address in
            let client = try await RawClient.connect(port: address.port)
            try await client.send("GET / HTTP/1.0\r\n\r\n")
            #expect(try await client.readToEnd().hasSuffix("<127.0.0.1>"))
            try await client.close()
        }
    }
}
