internal import NIOSSL
internal import Synchronization

/// The certificate that new connections are given; it can be read again while the server runs.
final class CertificateStore: Sendable {
    private let certificates: String
    private let key: String
    private let state: Mutex<NIOSSLContext>

    init(certificates: String, key: String) throws(TLSError) {
        self.certificates = certificates
        self.key = key
        state = Mutex(try Self.load(certificates, key))
    }

    /// What a new connection takes.
    var context: NIOSSLContext { state.withLock { $0 } }

    /// Reads the files again; where they cannot be used, what was read before stays.
    func reload() throws(TLSError) {
        let context = try Self.load(certificates, key)
        state.withLock { $0 = context }
    }

    private static func load(
        _ certificates: String,
        _ key: String
    ) throws(TLSError) -> NIOSSLContext {
        guard let chain = try? NIOSSLCertificate.fromPEMFile(certificates), !chain.isEmpty else {
            throw .unreadableCertificates(path: certificates)
        }
        // An encrypted key must not have the process wait for a passphrase at the terminal.
        let privateKey = try? NIOSSLPrivateKey(file: key, format: .pem) { setter in
            setter([UInt8]())
        }
        guard let privateKey else { throw .unreadableKey(path: key) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(privateKey)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuiteValues = ciphers
        configuration.applicationProtocols = ["h2", "http/1.1"]
        guard let context = try? NIOSSLContext(configuration: configuration) else {
            throw .unusablePair(certificates: certificates, key: key)
        }
        return context
    }

    /// What TLS 1.2 may use: forward secrecy and authenticated encryption, as HTTP/2 wants it.
    ///
    /// RFC 9113, appendix A, has the list of the others. All ciphers of TLS 1.3 are of that kind.
    private static let ciphers: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]
}
