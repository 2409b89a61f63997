import Foundation
import ServerTestSupport
import Testing

/// A certificate of its own authority for `localhost`, in a folder that goes away with it.
final class TestCertificate: Sendable {
    let folder: URL

    var certificate: String { folder.appendingPathComponent("certificate.pem").path }
    var key: String { folder.appendingPathComponent("key.pem").path }

    init(_ name: String = "one") async throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("nuages-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try await issue(name)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a new pair in place of the old one.
    func issue(_ name: String) async throws {
        let result = try await runAside(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ]
        )
        try #require(result.status == 0, "\(result.output)")
    }
}
