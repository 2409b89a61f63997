import ArgumentParser
import NuagesServer
import Testing

@testable import NuagesCommands

@Suite struct RunServerTests {
    private static let kind = TransportSecurity.Kind { certificate, key in
        TransportSecurity { _, _ in
        } reload: {
            "\(certificate) \(key)"
        }
    }

    @Test func encryptsWithTheCertificateThatItIsGiven() throws {
        let command = try RunServer.parse(["443", "--certificate", "c.pem", "--key", "k.pem"])
        #expect(try command.security(Self.kind)?.reload() == "c.pem k.pem")
        #expect(try RunServer.parse(["443"]).security(Self.kind) == nil)
    }

    @Test func saysWhatTheSiteLacks() throws {
        let command = try RunServer.parse(["--certificate", "c.pem", "--key", "k.pem"])
        let error = #expect(throws: CommandFailure.self) { _ = try command.security(nil) }
        #expect(
            error?.description == """
                This site cannot encrypt connections. Let it depend on the product NuagesTLS, and \
                add to the site: import NuagesTLS, and \
                var transportSecurity: TransportSecurity.Kind? { .tls }
                """
        )
    }

    @Test(arguments: [["--certificate", "c.pem"], ["--key", "k.pem"]])
    func takesCertificateAndKeyTogetherOnly(_ arguments: [String]) {
        let error = #expect(throws: (any Error).self) { _ = try RunServer.parse(arguments) }
        #expect(error.map { RunServer.message(for: $0) }?.contains("go together") == true)
    }
}
