/// Why a certificate or its key cannot be used.
public enum TLSError: Error, Hashable, CustomStringConvertible {
    /// The file with the certificate chain cannot be read, or has no certificate.
    case unreadableCertificates(path: String)
    /// The file with the key cannot be read, or has no private key in PEM.
    case unreadableKey(path: String)
    /// Certificate and key are not of one pair, or one of them is of a kind that is not taken.
    case unusablePair(certificates: String, key: String)

    /// What is wrong, then what to do.
    public var description: String {
        switch self {
        case .unreadableCertificates(let path):
            "'\(path)' has no certificates that can be read. It must be a PEM file with the "
                + "site's certificate first, and then those that lead to the authority's."
        case .unreadableKey(let path):
            "'\(path)' has no private key that can be read. It must be a PEM file without a "
                + "passphrase that the process may read."
        case .unusablePair(let certificates, let key):
            "The key in '\(key)' does not belong to the first certificate in '\(certificates)'."
        }
    }
}
