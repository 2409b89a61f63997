import Foundation
import NIOCore
import NuagesHTTP
import NuagesTLS
import ServerTestSupport
import Testing

@testable import NuagesServer

#if canImport(Glibc)
import Glibc
#endif

@Suite(.timeLimit(.minutes(2)), .serialized) struct TLSTests {
    private static func echo(_ request: Request) async -> Response {
        let bytes = (try? await request.readAll()) ?? []
        return text("\(request.method) \(request.target) \(request.isTLS) \(bytes.count)")
    }

    @Test(arguments: [
        (["--http2"], "2"), (["--http1.1"], "1.1"), (["--no-alpn", "--http1.1"], "1.1"),
        (["--tls-max", "1.2", "--http2"], "2"), (["--tlsv1.3", "--http2"], "2"),
    ])
    func speaksWhatTheClientAsksFor(_ arguments: [String], version: String) async throws {
        try await withServer { request in
            await Self.echo(request)
        } body: { server in
            let answer = try await server.curl(
                arguments + ["-w", " %{http_version}"],
                path: "/a?b"
            )
            #expect(answer.output == "GET /a?b true 0 \(version)")
        }
    }

    @Test(arguments: ["-tls1", "-tls1_1"])
    func refusesOldVersions(_ version: String) async throws {
        try await withServer { request in
            await Self.echo(request)
        } body: { server in
            let answer = try await runAside(
                "openssl",
                [
                    "s_client", "-connect", "127.0.0.1:\(server.port)", version, "-cipher",
                    "ALL:@SECLEVEL=0",
                ]
            )
            #expect(answer.status != 0)
            #expect(answer.output.contains("alert protocol version"), "\(answer.output)")
        }
    }

    @Test func refusesCiphersWithoutForwardSecrecy() async throws {
        try await withServer { request in
            await Self.echo(request)
        } body: { server in
            for (cipher, isTaken) in [
                ("ECDHE-ECDSA-AES128-GCM-SHA256", true), ("ECDHE-ECDSA-AES128-SHA256", false),
                ("ECDHE-ECDSA-AES128-SHA", false), ("AES128-GCM-SHA256", false),
            ] {
                let answer = try await runAside(
                    "openssl",
                    [
                        "s_client", "-connect", "127.0.0.1:\(server.port)", "-tls1_2", "-cipher",
                        "\(cipher):@SECLEVEL=0",
                    ]
                )
                #expect(answer.output.contains("Cipher is \(cipher)") == isTaken, "\(cipher)")
            }
        }
    }

    @Test(arguments: ["--http2", "--http1.1"])
    func carriesLargeBodies(_ version: String) async throws {
        let size = 5_000_000
        try await withServer { request in
            let bytes = (try? await request.readAll()) ?? []
            return Response(body: .bytes(bytes + bytes))
        } body: { server in
            let upload = [UInt8](repeating: 0x61, count: size)
            let answer = try await server.curl(
                [version, "--data-binary", "@-", "-H", "Expect: 100-continue"],
                input: upload
            )
            #expect(answer.output.utf8.count == 2 * size)
        }
    }

    @Test func carriesStreamsAndFiles() async throws {
        let certificate = try await TestCertificate()
        let file = certificate.folder.appendingPathComponent("file")
        try Data(repeating: 0x62, count: 300_000).write(to: file)
        try await withServer { request in
            guard request.target == "/file" else {
                return Response(
                    body: .stream(length: nil) { writer in
                        for _ in 0..<100 {
                            try await writer.write([UInt8](repeating: 0x61, count: 5_000))
                        }
                    }
                )
            }
            return Response(body: .file(path: file.path, offset: 100_000, length: 200_000))
        } body: { server in
            #expect(try await server.curl(["--http2"]).output.utf8.count == 500_000)
            let answer = try await server.curl(["--http2"], path: "/file")
            #expect(answer.output == String(repeating: "b", count: 200_000))
            _ = certificate
        }
    }

    @Test func answersManyRequestsOfOneConnectionAtOnce() async throws {
        try await withServer { request in
            await Self.echo(request)
        } body: { server in
            let answer = try await server.curl(
                [
                    "--http2", "--parallel", "--no-progress-meter", "-o", "/dev/null", "-w",
                    "%{http_code} %{http_version} %{num_connects}\\n",
                ],
                path: "/[1-60]"
            )
            let lines = answer.output.split(separator: "\n")
            #expect(lines.count == 60, "\(answer.output)")
            #expect(lines.count { $0 == "200 2 1" } == 1)
            #expect(lines.count { $0 == "200 2 0" } == 59)
        }
    }

    private static func subject(_ server: SecureServer) async throws -> String {
        let answer = try await runAside(
            "openssl",
            ["s_client", "-connect", "127.0.0.1:\(server.port)"]
        )
        return String(answer.output.split(separator: "subject=")[1].prefix { $0 != "\n" })
    }

    @Test func readsTheCertificateAgainAndKeepsConnections() async throws {
        try await withServer { request in
            await Self.echo(request)
        } body: { server in
            let old = try await H2Client.connect(server)
            try await old.send(.request(1))
            _ = try await old.read(stream: 1)
            #expect(try await Self.subject(server).hasSuffix("one"))
            try await server.certificate.issue("two")
            #expect(try await Self.subject(server).hasSuffix("one"))
            kill(getpid(), SIGHUP)
            // The signal comes by a queue of its own.
            while try await !Self.subject(server).hasSuffix("two") {}
            try await old.send(.request(3))
            #expect(try await old.read(stream: 3).body(3) == "GET / true 0")
            await old.close()
        }
    }

    @Test func keepsTheCertificateWhereTheNewOneCannotBeUsed() async throws {
        try await withServer { request in
            await Self.echo(request)
        } body: { server in
            let other = try await TestCertificate("other")
            try FileManager.default.removeItem(atPath: server.certificate.key)
            try FileManager.default.copyItem(atPath: other.key, toPath: server.certificate.key)
            #expect(
                throws: TLSError.unusablePair(
                    certificates: server.certificate.certificate,
                    key: server.certificate.key
                )
            ) { try server.security.reload() }
            #expect(try await Self.subject(server).hasSuffix("one"))
        }
    }

    @Test func saysWhichFileIsWrong() async throws {
        let pair = try await TestCertificate()
        #expect(throws: TLSError.unreadableCertificates(path: "/nowhere")) {
            try TransportSecurity.tls(certificateChain: "/nowhere", privateKey: pair.key)
        }
        #expect(throws: TLSError.unreadableCertificates(path: pair.key)) {
            try TransportSecurity.tls(certificateChain: pair.key, privateKey: pair.key)
        }
        #expect(throws: TLSError.unreadableKey(path: pair.certificate)) {
            try TransportSecurity.tls(
                certificateChain: pair.certificate,
                privateKey: pair.certificate
            )
        }
    }

    @Test func endsAHandshakeThatTakesTooLong() async throws {
        try await withServer { request in
            await Self.echo(request)
        } body: { server in
            let plain = try await runAside(
                "curl",
                ["-sS", "--max-time", "20", "http://127.0.0.1:\(server.port)/"]
            )
            #expect(plain.status != 0)
            let answer = Task {
                try await runAside(
                    "bash",
                    ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(server.port); cat <&3; echo ended"]
                )
            }
            // It is not known when the connection is accepted: time goes on until it ends.
            let clock = Task {
                while !Task.isCancelled { await server.clock.advance(by: .seconds(1)) }
            }
            #expect(try await answer.value.output == "ended\n")
            clock.cancel()
        }
    }
}
