import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the server takes from the process that started it, and from the machine.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ProcessTests {
    /// A socket that listens on a free port of this machine.
    private static func listeningSocket() throws -> FileHandle {
        #if canImport(Glibc)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(bound == 0 && listen(descriptor, 16) == 0)
        return handle
    }

    @Test func takesTheSocketThatItIsHanded() throws {
        let site = try RunningSite(socket: Self.listeningSocket())
        let socket = try RawSocket(port: site.port)
        socket.send(
            Array("GET /polls/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        )
        #expect(socket.readToEnd().hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(site.terminate() == 0)
    }

    /// What a parent got is not for its children, and numbers that are none are nobody's.
    @Test(arguments: [
        ["LISTEN_PID": "1", "LISTEN_FDS": "1"], ["LISTEN_FDS": "1"], [:],
        ["LISTEN_PID": "x", "LISTEN_FDS": "1"], ["LISTEN_PID": "99999999999999999999"],
    ])
    func leavesTheSocketsOfOthersAlone(_ environment: [String: String]) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let end = try RunningSite.run(
            ["runserver", "fd://"],
            in: folder,
            environment: environment
        )
        #expect(end.status != 0)
        #expect(end.output.contains("no sockets were handed to this process"), "\(end.output)")
    }

    #if os(Linux)
    @Test(arguments: [nil, 1, 3]) func answersOnAllCoresUnlessTold(_ threads: Int?) throws {
        let environment = ["SERVER_THREADS": threads.map(String.init) ?? ""]
        let site = try RunningSite(environment: environment)
        let tasks = "/proc/\(site.processID)/task"
        let names = try FileManager.default.contentsOfDirectory(atPath: tasks).map { task in
            (try? String(contentsOfFile: "\(tasks)/\(task)/comm", encoding: .utf8)) ?? ""
        }
        let loops = names.filter { $0.hasPrefix("NIO-ELT-") }.count
        #expect(loops == threads ?? ProcessInfo.processInfo.activeProcessorCount, "\(names)")
    }
    #endif
}
