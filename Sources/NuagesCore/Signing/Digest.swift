#if canImport(CryptoKit)
import CommonCrypto
import CryptoKit
#else
import CLibCrypto
#endif

/// Digests and keyed digests of bytes, by the system's cryptographic library.
///
/// On Linux that is OpenSSL's libcrypto, on macOS CryptoKit; `Documentation/Decisions` says why.
public enum Digest {
    /// A digest function.
    public enum Algorithm: Sendable, Hashable, CaseIterable {
        /// 128 bits; for names that Django makes with it, never for security.
        case md5
        /// 160 bits; for values that Django signed long ago, never for new ones.
        case sha1
        /// 256 bits.
        case sha256
        /// 384 bits.
        case sha384
        /// 512 bits.
        case sha512

        /// The digest function of a name that Django and Python use; nil for any other.
        ///
        /// - Parameter name: such as `sha256`.
        public init?(name: String) {
            guard let known = Self.allCases.first(where: { $0.name.equalsBytes(name) }) else {
                return nil
            }
            self = known
        }

        /// The name that Django and Python use, such as `sha256`.
        public var name: String {
            switch self {
            case .md5: "md5"
            case .sha1: "sha1"
            case .sha256: "sha256"
            case .sha384: "sha384"
            case .sha512: "sha512"
            }
        }

        /// The length of a digest in bytes.
        public var byteCount: Int {
            switch self {
            case .md5: 16
            case .sha1: 20
            case .sha256: 32
            case .sha384: 48
            case .sha512: 64
            }
        }
    }

    /// Digests `message`.
    ///
    ///     Digest.hex(Digest.hash(Array("abc".utf8), with: .md5))
    ///     // 900150983cd24fb0d6963f7d28e17f72
    ///
    /// - Parameters:
    ///   - message: the bytes.
    ///   - algorithm: the digest function.
    /// - Returns: the digest: ``Algorithm/byteCount`` bytes.
    public static func hash(_ message: [UInt8], with algorithm: Algorithm) -> [UInt8] {
        #if canImport(CryptoKit)
        switch algorithm {
        case .md5: Array(Insecure.MD5.hash(data: message))
        case .sha1: Array(Insecure.SHA1.hash(data: message))
        case .sha256: Array(SHA256.hash(data: message))
        case .sha384: Array(SHA384.hash(data: message))
        case .sha512: Array(SHA512.hash(data: message))
        }
        #else
        output { EVP_Digest(message, message.count, $0, $1, algorithm.function, nil) == 1 }
        #endif
    }

    /// Digests `message` with SHA-224, which only databases ask for.
    ///
    /// - Parameter message: the bytes.
    /// - Returns: 28 bytes.
    package static func sha224(_ message: [UInt8]) -> [UInt8] {
        #if canImport(CryptoKit)
        var digest = [UInt8](repeating: 0, count: Int(CC_SHA224_DIGEST_LENGTH))
        CC_SHA224(message, CC_LONG(clamping: message.count), &digest)
        return digest
        #else
        return output { EVP_Digest(message, message.count, $0, $1, EVP_sha224(), nil) == 1 }
        #endif
    }

    /// The keyed digest of `message` (HMAC, RFC 2104).
    ///
    /// - Parameters:
    ///   - message: the bytes.
    ///   - key: the key, of any length.
    ///   - algorithm: the digest function.
    /// - Returns: the code: as many bytes as the digest has.
    public static func authenticate(
        _ message: [UInt8],
        key: [UInt8],
        with algorithm: Algorithm = .sha256
    ) -> [UInt8] {
        #if canImport(CryptoKit)
        let key = SymmetricKey(data: key)
        switch algorithm {
        case .md5:
            return Array(HMAC<Insecure.MD5>.authenticationCode(for: message, using: key))
        case .sha1:
            return Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
        case .sha256: return Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
        case .sha384: return Array(HMAC<SHA384>.authenticationCode(for: message, using: key))
        case .sha512: return Array(HMAC<SHA512>.authenticationCode(for: message, using: key))
        }
        #else
        // A key of no bytes would be a null pointer, which HMAC takes for "the key of before".
        let bytes = key.isEmpty ? [0] : key
        return output {
            HMAC(
                algorithm.function,
                bytes,
                Int32(clamping: key.count),
                message,
                message.count,
                $0,
                $1
            ) != nil
        }
        #endif
    }

    /// Lower-case hexadecimal digits of bytes.
    ///
    /// - Parameter bytes: any bytes.
    /// - Returns: two digits a byte.
    public static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 15)])
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Whether two byte strings are equal, in a time that depends on their lengths only.
    ///
    /// - Parameters:
    ///   - left: one of them.
    ///   - right: the other.
    /// - Returns: true if they have the same bytes.
    public static func constantTimeEquals(
        _ left: some Collection<UInt8>,
        _ right: some Collection<UInt8>
    )
        -> Bool
    {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (a, b) in zip(left, right) { difference |= a ^ b }
        return difference == 0
    }

    #if !canImport(CryptoKit)
    /// Runs a function of libcrypto that fills a buffer and says how many bytes it wrote.
    ///
    /// It fails only if memory runs out, or for MD5 where the system forbids it (FIPS); the
    /// result is then random, so that nothing signed or named by it can be foreseen.
    private static func output(
        _ fill: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt32>?) -> Bool
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            if fill(buffer.baseAddress, &length) {
                count = Int(length)
            } else {
                for index in 0..<32 {
                    buffer.initializeElement(at: index, to: .random(in: 0...255))
                }
                count = 32
            }
        }
    }
    #endif
}

#if !canImport(CryptoKit)
extension Digest.Algorithm {
    var function: OpaquePointer? {
        switch self {
        case .md5: EVP_md5()
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}
#endif
