/// The key that signs values; it never shows in a description, a log or a debug page.
public struct SecretKey: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The key itself.
    public let bytes: [UInt8]

    /// The key as text.
    public var value: String { String(decoding: bytes, as: UTF8.self) }

    /// A key.
    ///
    /// - Parameter value: the key; at least 50 characters of random text.
    public init(_ value: String) { bytes = Array(value.utf8) }

    /// A key of any bytes, as Django takes them too.
    ///
    /// - Parameter bytes: the key; at least 50 random bytes.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// A new key of 50 random characters (about 285 bits), drawn from the system's generator.
    ///
    /// - Returns: the key.
    public static func random() -> SecretKey {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)".utf8)
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<50).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }
        return SecretKey(String(decoding: bytes, as: UTF8.self))
    }

    /// Why the key is too weak to sign with, or nil if it is strong enough.
    ///
    /// Django: the check `security.W009`.
    public var weakness: String? {
        let distinct = Set(bytes).count
        if bytes.count < 50 { return "it is shorter than 50 characters" }
        if distinct < 5 { return "it has fewer than 5 different characters" }
        if bytes.starts(with: "django-insecure-".utf8) {
            return "it begins with 'django-insecure-', so it was generated for development only"
        }
        return nil
    }

    /// The text `<redacted>`.
    public var description: String { "<redacted>" }
    /// The text `<redacted>`.
    public var debugDescription: String { description }
    /// A mirror without the key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
