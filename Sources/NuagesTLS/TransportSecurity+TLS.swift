internal import NIOCore
internal import NIOSSL
public import NuagesServer

extension TransportSecurity {
    /// TLS 1.2 and 1.3 with a certificate from files; HTTP/2 where the client speaks it.
    ///
    ///     configuration.security = try .tls(
    ///         certificateChain: "/etc/site/fullchain.pem", privateKey: "/etc/site/key.pem")
    ///
    /// SIGHUP has the files read again: new connections get the new certificate, and open ones go
    /// on. Files that cannot be used then are reported, and the certificate stays as it was.
    ///
    /// RFC 8446, RFC 5246; the ciphers are those of RFC 9113, section 9.2.2.
    ///
    /// - Parameters:
    ///   - certificateChain: a PEM file with the site's certificate first, and then those that
    ///     lead to the authority's.
    ///   - privateKey: a PEM file with the key of the first certificate.
    /// - Returns: what a `ServerConfiguration` takes.
    /// - Throws: `TLSError`.
    public static func tls(
        certificateChain: String,
        privateKey: String
    ) throws(TLSError) -> TransportSecurity {
        let store = try CertificateStore(certificates: certificateChain, key: privateKey)
        return TransportSecurity { channel, loop in
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(NIOSSLServerHandler(context: store.context))
            try pipeline.addHandler(NegotiationHandler(loop: loop))
        } reload: {
            try store.reload()
            return "Read the certificate in '\(certificateChain)' again."
        }
    }
}

extension TransportSecurity.Kind {
    /// What ``TransportSecurity/tls(certificateChain:privateKey:)`` makes.
    public static var tls: Self {
        Self { try .tls(certificateChain: $0, privateKey: $1) }
    }
}
