/// Signs text with the time of signing, so that it can be refused once it is old.
///
///     let signer = TimestampSigner(key: settings.secretKey)
///     let signed = signer.sign("hello")                      // hello:1s3sSH:XJSq…
///     try signer.unsign(signed, maxAge: .seconds(3600))      // hello
///
/// Django: `django.core.signing.TimestampSigner`.
public struct TimestampSigner: Sendable {
    private let signer: Signer

    /// What stands between the text, the time and the signature.
    public var separator: String { signer.separator }

    /// A signer.
    ///
    /// - Parameters:
    ///   - key: the secret.
    ///   - salt: names the purpose; a value signed for one purpose is refused for another.
    ///   - algorithm: the digest function.
    ///   - fallbackKeys: former secrets that are still accepted (`SECRET_KEY_FALLBACKS`).
    public init(
        key: SecretKey,
        salt: String = "django.core.signing.TimestampSigner",
        algorithm: Digest.Algorithm = .sha256,
        fallbackKeys: [SecretKey] = []
    ) {
        signer = Signer(key: key, salt: salt, algorithm: algorithm, fallbackKeys: fallbackKeys)
    }

    /// A signer with a separator of its own.
    ///
    /// - Parameters:
    ///   - key: the secret.
    ///   - salt: names the purpose.
    ///   - separator: what stands between the text, the time and the signature.
    ///   - algorithm: the digest function.
    ///   - fallbackKeys: former secrets that are still accepted.
    /// - Throws: ``SigningError/unsafeSeparator(_:)``.
    public init(
        key: SecretKey,
        salt: String = "django.core.signing.TimestampSigner",
        separator: String,
        algorithm: Digest.Algorithm = .sha256,
        fallbackKeys: [SecretKey] = []
    ) throws(SigningError) {
        signer = try Signer(
            key: key,
            salt: salt,
            separator: separator,
            algorithm: algorithm,
            fallbackKeys: fallbackKeys
        )
    }

    /// `text` with the time and a signature behind it.
    ///
    /// - Parameter text: any text.
    /// - Returns: the text, the time in base 62, and the signature of both.
    public func sign(_ text: String) -> String { sign(text, now: UnixTime.now()) }

    package func sign(_ text: String, now: Duration) -> String {
        signer.sign(text + separator + Base62.encode(Int(now.components.seconds)))
    }

    /// The text that was signed.
    ///
    /// - Parameters:
    ///   - signed: what ``sign(_:)`` returned.
    ///   - maxAge: how long ago it may have been signed; nil is any time.
    /// - Returns: the text.
    /// - Throws: ``SigningError`` if the signature is missing, does not fit or is too old.
    public func unsign(_ signed: String, maxAge: Duration? = nil) throws(SigningError) -> String {
        try unsign(signed, maxAge: maxAge, now: UnixTime.now())
    }

    package func unsign(
        _ signed: String,
        maxAge: Duration?,
        now: Duration
    ) throws(SigningError) -> String {
        let stamped = try signer.unsign(signed)
        guard let (text, stamp) = stamped.splitAtLast(separator), let time = Base62.decode(stamp)
        else { throw .missingTimestamp }
        guard let maxAge else { return text }
        let age = now - .seconds(time)
        guard age <= maxAge else {
            throw .expired(
                age: Int(age.components.seconds),
                maxAge: Int(maxAge.components.seconds)
            )
        }
        return text
    }
}

/// Whole numbers in base 62, as Django writes the times of signatures.
package enum Base62 {
    private static let digits = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8
    )

    /// Eleven digits hold every number of 64 bits.
    private static let maxLength = 11

    /// The number in digits and letters, `-` in front of a negative one.
    package static func encode(_ number: some BinaryInteger) -> String {
        guard number != 0 else { return "0" }
        var output: [UInt8] = []
        var rest = number.magnitude
        while rest > 0 {
            output.append(digits[Int(rest % 62)])
            rest /= 62
        }
        if number < 0 { output.append(0x2D) }
        return String(decoding: output.reversed(), as: UTF8.self)
    }

    /// The number of a text; nil where it is none or too long.
    package static func decode(_ text: String) -> Int? {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == 0x2D
        if isNegative { bytes = bytes.dropFirst() }
        guard !bytes.isEmpty, bytes.count <= maxLength else { return nil }
        var number = 0
        for byte in bytes {
            guard let digit = value(of: byte) else { return nil }
            let (shifted, isTooLarge) = number.multipliedReportingOverflow(by: 62)
            let (sum, overflows) = shifted.addingReportingOverflow(digit)
            guard !isTooLarge, !overflows else { return nil }
            number = sum
        }
        return isNegative ? -number : number
    }

    private static func value(of byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte &- 0x30)
        case 0x41...0x5A: Int(byte &- 0x41) + 10
        case 0x61...0x7A: Int(byte &- 0x61) + 36
        default: nil
        }
    }
}
