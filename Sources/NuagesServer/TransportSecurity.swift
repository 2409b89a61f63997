internal import Logging
package import NIOCore

/// Encrypts connections; the module `NuagesTLS` makes one.
///
///     import NuagesTLS
///
///     configuration.security = try .tls(
///         certificateChain: "/etc/site/fullchain.pem", privateKey: "/etc/site/key.pem")
///
/// The server itself knows nothing of TLS, so that a site behind a proxy need not build it.
public struct TransportSecurity: Sendable {
    /// Prepares the pipeline of a new connection; called on its loop.
    package let start: @Sendable (any Channel, LoopContext) throws -> Void
    /// Reads the certificate again, and returns what to log.
    package let reload: @Sendable () throws -> String

    /// A way of encrypting.
    ///
    /// - Parameters:
    ///   - start: prepares the pipeline of a new connection.
    ///   - reload: reads the certificate again, and returns what to log.
    package init(
        start: @escaping @Sendable (any Channel, LoopContext) throws -> Void,
        reload: @escaping @Sendable () throws -> String
    ) {
        self.start = start
        self.reload = reload
    }

    /// A kind of encryption that still lacks a certificate.
    ///
    /// A site says which one it links, and the command line has the files:
    ///
    ///     import NuagesTLS
    ///
    ///     var transportSecurity: TransportSecurity.Kind? { .tls }
    ///
    ///     // $ MySite runserver [::]:443 --certificate fullchain.pem --key key.pem
    public struct Kind: Sendable {
        private let make: @Sendable (String, String) throws -> TransportSecurity

        /// A kind of encryption.
        ///
        /// - Parameter make: takes the paths of the certificate chain and of its key.
        package init(_ make: @escaping @Sendable (String, String) throws -> TransportSecurity) {
            self.make = make
        }

        /// Reads a certificate.
        ///
        /// - Parameters:
        ///   - certificateChain: a PEM file with the site's certificate first.
        ///   - privateKey: a PEM file with the key of the first certificate.
        /// - Returns: what a ``ServerConfiguration`` takes.
        /// - Throws: what is wrong with the files.
        package func callAsFunction(
            certificateChain: String,
            privateKey: String
        ) throws -> TransportSecurity {
            try make(certificateChain, privateKey)
        }
    }
}
