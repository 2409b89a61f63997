/// The text that stands for signed bytes: Base64, behind a dot where they are compressed.
enum SignedObject {
    /// The text of bytes; compressed where that is asked for and saves more than its dot.
    static func text(_ bytes: [UInt8], compresses: Bool) -> String {
        if compresses, let packed = try? Deflater(.zlib).compress(bytes, flush: .finish),
            packed.count < bytes.count - 1
        {
            return "." + Base64URL.encode(packed)
        }
        return Base64URL.encode(bytes)
    }

    /// The bytes of a text that was signed.
    static func bytes(_ text: String, maxSize: Int) throws(SigningError) -> [UInt8] {
        let isCompressed = text.utf8.first == 0x2E
        let encoded = isCompressed ? String(text.dropFirst()) : text
        guard let bytes = Base64URL.decode(encoded) else { throw .badObject("it is no Base64.") }
        guard isCompressed else {
            guard bytes.count <= maxSize else { throw tooLarge(maxSize) }
            return bytes
        }
        do {
            return try Inflater.decompress(bytes, upTo: maxSize)
        } catch .tooLarge {
            throw tooLarge(maxSize)
        } catch {
            throw .badObject("it is no compressed text.")
        }
    }

    static func json(_ bytes: [UInt8]) throws(SigningError) -> JSONValue {
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            throw .badObject("\(error)")
        }
    }

    private static func tooLarge(_ limit: Int) -> SigningError {
        .badObject("it has more than \(limit) bytes.")
    }
}

extension JSONWriter.Style {
    /// The form of Django's `JSONSerializer`: no blanks, ASCII only.
    static let signed = JSONWriter.Style(escapesNonASCII: true, escapesMarkup: false)
}

extension Signer {
    /// Signs bytes of any kind, as a text that may stand in an address.
    ///
    /// - Parameters:
    ///   - bytes: what to sign.
    ///   - compresses: whether they are compressed where that makes them shorter.
    /// - Returns: Base64 without padding, the separator and the signature.
    public func signBytes(_ bytes: [UInt8], compresses: Bool = false) -> String {
        sign(SignedObject.text(bytes, compresses: compresses))
    }

    /// The bytes that were signed.
    ///
    /// - Parameters:
    ///   - signed: what ``signBytes(_:compresses:)`` returned.
    ///   - maxSize: the largest number of bytes that is accepted.
    /// - Returns: the bytes.
    /// - Throws: ``SigningError``.
    public func unsignBytes(
        _ signed: String,
        maxSize: Int = Signing.maxSize
    ) throws(SigningError) -> [UInt8] {
        try SignedObject.bytes(try unsign(signed), maxSize: maxSize)
    }

    /// Signs a value as JSON.
    ///
    ///     signer.signObject(["user": 5])   // eyJ1c2VyIjo1fQ:dHmK…
    ///
    /// Django: `Signer.sign_object`.
    ///
    /// - Parameters:
    ///   - value: what to sign.
    ///   - compresses: whether it is compressed where that makes it shorter.
    /// - Returns: Base64 without padding, the separator and the signature.
    public func signObject(_ value: some JSONWritable, compresses: Bool = false) -> String {
        signBytes(value.jsonBytes(style: .signed), compresses: compresses)
    }

    /// The value that was signed.
    ///
    /// Django: `Signer.unsign_object`.
    ///
    /// - Parameters:
    ///   - signed: what ``signObject(_:compresses:)`` returned.
    ///   - maxSize: the largest number of bytes that is accepted.
    /// - Returns: the value.
    /// - Throws: ``SigningError``.
    public func unsignObject(
        _ signed: String,
        maxSize: Int = Signing.maxSize
    ) throws(SigningError) -> JSONValue {
        try SignedObject.json(try unsignBytes(signed, maxSize: maxSize))
    }
}

extension TimestampSigner {
    /// Signs bytes of any kind with the time, as a text that may stand in an address.
    ///
    /// - Parameters:
    ///   - bytes: what to sign.
    ///   - compresses: whether they are compressed where that makes them shorter.
    /// - Returns: Base64 without padding, the time and the signature.
    public func signBytes(_ bytes: [UInt8], compresses: Bool = false) -> String {
        sign(SignedObject.text(bytes, compresses: compresses))
    }

    /// The bytes that were signed.
    ///
    /// - Parameters:
    ///   - signed: what ``signBytes(_:compresses:)`` returned.
    ///   - maxAge: how long ago they may have been signed; nil is any time.
    ///   - maxSize: the largest number of bytes that is accepted.
    /// - Returns: the bytes.
    /// - Throws: ``SigningError``.
    public func unsignBytes(
        _ signed: String,
        maxAge: Duration? = nil,
        maxSize: Int = Signing.maxSize
    ) throws(SigningError) -> [UInt8] {
        try SignedObject.bytes(try unsign(signed, maxAge: maxAge), maxSize: maxSize)
    }

    /// Signs a value as JSON, with the time.
    ///
    /// Django: `TimestampSigner.sign_object`.
    ///
    /// - Parameters:
    ///   - value: what to sign.
    ///   - compresses: whether it is compressed where that makes it shorter.
    /// - Returns: Base64 without padding, the time and the signature.
    public func signObject(_ value: some JSONWritable, compresses: Bool = false) -> String {
        signBytes(value.jsonBytes(style: .signed), compresses: compresses)
    }

    package func signObject(
        _ value: some JSONWritable,
        compresses: Bool,
        now: Duration
    ) -> String {
        sign(
            SignedObject.text(value.jsonBytes(style: .signed), compresses: compresses),
            now: now
        )
    }

    /// The value that was signed.
    ///
    /// Django: `TimestampSigner.unsign_object`.
    ///
    /// - Parameters:
    ///   - signed: what ``signObject(_:compresses:)`` returned.
    ///   - maxAge: how long ago it may have been signed; nil is any time.
    ///   - maxSize: the largest number of bytes that is accepted.
    /// - Returns: the value.
    /// - Throws: ``SigningError``.
    public func unsignObject(
        _ signed: String,
        maxAge: Duration? = nil,
        maxSize: Int = Signing.maxSize
    ) throws(SigningError) -> JSONValue {
        try SignedObject.json(try unsignBytes(signed, maxAge: maxAge, maxSize: maxSize))
    }

    package func unsignObject(
        _ signed: String,
        maxAge: Duration?,
        now: Duration
    ) throws(SigningError) -> JSONValue {
        let text = try unsign(signed, maxAge: maxAge, now: now)
        return try SignedObject.json(try SignedObject.bytes(text, maxSize: Signing.maxSize))
    }
}

/// Signed JSON for addresses, mails and cookies, as Django's `signing.dumps` makes it.
///
///     let token = Signing.dumps(["user": 5], key: settings.secretKey, salt: "invitation")
///     try Signing.loads(token, key: settings.secretKey, salt: "invitation", maxAge: .seconds(86_400))
public enum Signing {
    /// The salt that is used where none is given.
    public static let salt = "django.core.signing"

    /// The largest object that is accepted unless told otherwise, in bytes.
    public static let maxSize = 10 * 1024 * 1024

    /// Signs a value as JSON, with the time.
    ///
    /// Django: `signing.dumps`.
    ///
    /// - Parameters:
    ///   - value: what to sign.
    ///   - key: the secret.
    ///   - salt: names the purpose; give each purpose its own.
    ///   - compresses: whether it is compressed where that makes it shorter.
    /// - Returns: a text of letters, digits and `_-.:`.
    public static func dumps(
        _ value: some JSONWritable,
        key: SecretKey,
        salt: String = salt,
        compresses: Bool = false
    ) -> String {
        TimestampSigner(key: key, salt: salt).signObject(value, compresses: compresses)
    }

    /// The value that was signed.
    ///
    /// Django: `signing.loads`.
    ///
    /// - Parameters:
    ///   - signed: what ``dumps(_:key:salt:compresses:)`` returned.
    ///   - key: the secret.
    ///   - salt: the purpose it was signed for.
    ///   - maxAge: how long ago it may have been signed; nil is any time.
    ///   - fallbackKeys: former secrets that are still accepted.
    /// - Returns: the value.
    /// - Throws: ``SigningError``.
    public static func loads(
        _ signed: String,
        key: SecretKey,
        salt: String = salt,
        maxAge: Duration? = nil,
        fallbackKeys: [SecretKey] = []
    ) throws(SigningError) -> JSONValue {
        try TimestampSigner(key: key, salt: salt, fallbackKeys: fallbackKeys)
            .unsignObject(signed, maxAge: maxAge)
    }
}
