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
    private let algorithm: Digest.Algorithm
    private let keys: [[UInt8]]

    /// A signer.
    ///
    /// - Parameters:
    ///   - key: the secret.
    ///   - salt: names the purpose; a value signed for one purpose is refused for another.
    ///   - algorithm: the digest function.
    ///   - fallbackKeys: former secrets that are still accepted (`SECRET_KEY_FALLBACKS`).
    public init(
        key: SecretKey,
        salt: String = "django.core.signing.Signer",
        algorithm: Digest.Algorithm = .sha256,
        fallbackKeys: [SecretKey] = []
    ) {
        separator = ":"
        self.algorithm = algorithm
        keys = Self.keys(key, salt, algorithm, fallbackKeys)
    }

    /// A signer with a separator of its own.
    ///
    /// - Parameters:
    ///   - key: the secret.
    ///   - salt: names the purpose.
    ///   - separator: what stands between the text and its signature; at least one of its
    ///     characters is none of those that a signature may have.
    ///   - algorithm: the digest function.
    ///   - fallbackKeys: former secrets that are still accepted.
    /// - Throws: ``SigningError/unsafeSeparator(_:)`` for an empty separator, or one of letters,
    ///   digits, `_`, `-` and `=`.
    public init(
        key: SecretKey,
        salt: String = "django.core.signing.Signer",
        separator: String,
        algorithm: Digest.Algorithm = .sha256,
        fallbackKeys: [SecretKey] = []
    ) throws(SigningError) {
        guard Self.isSafe(separator) else { throw .unsafeSeparator(separator) }
        self.separator = separator
        self.algorithm = algorithm
        keys = Self.keys(key, salt, algorithm, fallbackKeys)
    }

    private static func keys(
        _ key: SecretKey,
        _ salt: String,
        _ algorithm: Digest.Algorithm,
        _ fallbackKeys: [SecretKey]
    ) -> [[UInt8]] {
        ([key] + fallbackKeys).map { secret in
            Digest.hash(Array((salt + "signer").utf8) + secret.bytes, with: algorithm)
        }
    }

    /// Whether no signature can hold the separator.
    private static func isSafe(_ separator: String) -> Bool {
        !separator.utf8.allSatisfy {
            // As in Django this is the range `A` to `z`, with the signs between the cases.
            $0 &- 0x41 <= 0x7A - 0x41 || $0.isASCIIDigit || $0 == 0x2D || $0 == 0x3D
        }
    }

    /// The signature of `text`.
    ///
    /// - Parameter text: any text.
    /// - Returns: 43 characters of base64url for SHA-256.
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
        Base64URL.encode(Digest.authenticate(Array(text.utf8), key: key, with: algorithm))
    }
}

/// Why a signed value was refused; its text never holds the value.
public enum SigningError: Error, Hashable, CustomStringConvertible {
    /// There is no separator, so no signature.
    case missingSeparator(String)
    /// The signature is not that of the text.
    case badSignature
    /// The value was signed longer ago than is accepted, in seconds.
    case expired(age: Int, maxAge: Int)
    /// The text was signed, but has no time of signing where one is expected.
    case missingTimestamp
    /// The text was signed, but is no object: no Base64, no JSON, or too large.
    case badObject(String)
    /// A signature could hold the separator.
    case unsafeSeparator(String)

    /// What went wrong.
    public var description: String {
        switch self {
        case .missingSeparator(let separator): "No \"\(separator)\" found in value"
        case .badSignature: "The signature does not match: the value or the key was changed."
        case .expired(let age, let maxAge): "Signature age \(age) > \(maxAge) seconds"
        case .missingTimestamp:
            "The value has no time of signing: it was signed by another kind of signer."
        case .badObject(let reason): "The signed value is no object: \(reason)"
        case .unsafeSeparator(let separator):
            "'\(separator)' cannot separate a text from its signature: use a character that is "
                + "neither letter nor digit nor one of [\\]^_`-=, such as ':'."
        }
    }
}

extension String {
    /// The text before and behind the last `separator`, compared by bytes.
    func splitAtLast(_ separator: String) -> (text: String, rest: String)? {
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
