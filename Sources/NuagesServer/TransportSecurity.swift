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

    /// A kind of encryption.
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
}
