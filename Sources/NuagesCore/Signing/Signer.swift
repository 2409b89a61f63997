/// Signs text, so that a change to it is noticed when it comes back.
///
///     let signer = Signer(key: settings.secretKey)
///     let signed = signer.sign("hello")       // hello:8b1a…
///     try signer.unsign(signed)               // hello
///
/// The signature is the base64url form of HMAC-SHA256 under a key made from the salt and the
/// secret; values signed by Django 6.1 with the same key are accepted, and the other way round.
///
/// Django: `django.core.signing.Signer`.
public struct Signer: Sendable {
    /// What stands between the text and its signature.
    public let separator: String
    private let keys: [[UInt8]]

    /// A signer.
    ///
    /// - Parameters:
    ///   - key: the secret.
    ///   - salt: names the purpose; a value signed for one purpose is refused for another.
    ///   - separator: what stands between the text and its signature.
    ///   - fallbackKeys: former secrets that are still accepted (`SECRET_KEY_FALLBACKS`).
    public init(
        key: SecretKey,
        salt: String = "django.core.signing.Signer",
        separator: String = ":",
        fallbackKeys: [SecretKey] = []
    ) {
        self.separator = separator
        keys = ([key] + fallbackKeys).map { secret in
            Digest.hash(Array((salt + "signer").utf8) + Array(secret.value.utf8), with: .sha256)
        }
    }

    /// The signature of `text`.
    ///
    /// - Parameter text: any text.
    /// - Returns: 43 characters of base64url.
    public func signature(_ text: String) -> String { signature(text, key: keys[0]) }

    /// `text` with its signature behind it.
    ///
    /// - Parameter text: any text.
    /// - Returns: the text, the separator and the signature.
    public func sign(_ text: String) -> String { text + separator + signature(text) }

    /// The text that was signed.
    ///
    /// - Parameter signed: what ``sign(_:)`` returned.
    /// - Returns: the text.
    /// - Throws: ``SigningError`` if the signature is missing or does not fit.
    public func unsign(_ signed: String) throws(SigningError) -> String {
        guard let (text, signature) = signed.splitAtLast(separator) else {
            throw .missingSeparator(separator)
        }
        for key in keys {
            let expected = self.signature(text, key: key)
            if Digest.constantTimeEquals(expected.utf8, signature.utf8) { return text }
        }
        throw .badSignature
    }

    private func signature(_ text: String, key: [UInt8]) -> String {
        Base64URL.encode(Digest.authenticate(Array(text.utf8), key: key))
    }
}

/// Why a signed value was refused; its text never holds the value.
public enum SigningError: Error, Hashable, CustomStringConvertible {
    /// There is no separator, so no signature.
    case missingSeparator(String)
    /// The signature is not that of the text.
    case badSignature
    /// The value was signed longer ago than is accepted.
    case expired(age: Int, maxAge: Int)

    /// What went wrong.
    public var description: String {
        switch self {
        case .missingSeparator(let separator): "No \"\(separator)\" found in value"
        case .badSignature: "The signature does not match: the value or the key was changed."
        case .expired(let age, let maxAge): "Signature age \(age) > \(maxAge) seconds"
        }
    }
}

extension String {
    /// The text before and behind the last `separator`, compared by bytes.
    fileprivate func splitAtLast(_ separator: String) -> (text: String, signature: String)? {
        let bytes = Array(utf8)
        let wanted = Array(separator.utf8)
        guard !wanted.isEmpty, bytes.count >= wanted.count else { return nil }
        var start = bytes.count - wanted.count
        while start >= 0 {
            if bytes[start..<start + wanted.count].elementsEqual(wanted) {
                return (
                    String(decoding: bytes[..<start], as: UTF8.self),
                    String(decoding: bytes[(start + wanted.count)...], as: UTF8.self)
                )
            }
            start -= 1
        }
        return nil
    }
}
