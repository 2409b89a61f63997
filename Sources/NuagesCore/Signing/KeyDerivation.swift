#if canImport(CryptoKit)
import CommonCrypto
#else
import CLibCrypto
#endif

extension Digest {
    /// The keyed digest of a value, under a key that is derived from a salt and a secret.
    ///
    ///     Digest.saltedHMAC("reset", value: "5", secret: key.value)
    ///
    /// The salt names the purpose: a code made for one purpose is worth nothing for another.
    ///
    /// Django: `salted_hmac`, whose default is SHA-1.
    ///
    /// - Parameters:
    ///   - salt: the purpose.
    ///   - value: what is to be signed.
    ///   - secret: the secret.
    ///   - algorithm: the digest function.
    /// - Returns: as many bytes as the digest has.
    public static func saltedHMAC(
        _ salt: String,
        value: String,
        secret: String,
        with algorithm: Algorithm = .sha256
    ) -> [UInt8] {
        saltedHMAC(
            Array(salt.utf8),
            value: Array(value.utf8),
            secret: Array(secret.utf8),
            with: algorithm
        )
    }

    /// The keyed digest of bytes, under a key that is derived from a salt and a secret.
    ///
    /// - Parameters:
    ///   - salt: the purpose.
    ///   - value: what is to be signed.
    ///   - secret: the secret.
    ///   - algorithm: the digest function.
    /// - Returns: as many bytes as the digest has.
    public static func saltedHMAC(
        _ salt: [UInt8],
        value: [UInt8],
        secret: [UInt8],
        with algorithm: Algorithm = .sha256
    ) -> [UInt8] {
        authenticate(value, key: hash(salt + secret, with: algorithm), with: algorithm)
    }

    /// A key that is derived from a password at a chosen cost (PBKDF2, RFC 8018).
    ///
    ///     Digest.pbkdf2(Array("password".utf8), salt: Array("salt".utf8), iterations: 1, with: .sha1)
    ///     // 0c60c80f961f0e71f3a9b524af6012062fe037a6
    ///
    /// Django: `pbkdf2`.
    ///
    /// - Parameters:
    ///   - password: the password.
    ///   - salt: random bytes that are kept with the result.
    ///   - iterations: how often the digest is taken; at least 1.
    ///   - length: the length of the key in bytes; nil is that of the digest.
    ///   - algorithm: the digest function.
    /// - Returns: the key; nil for fewer than 1 or more than 2^31 - 1 iterations, for such a
    ///   length, or where the library fails.
    public static func pbkdf2(
        _ password: [UInt8],
        salt: [UInt8],
        iterations: Int,
        length: Int? = nil,
        with algorithm: Algorithm = .sha256
    ) -> [UInt8]? {
        let length = length ?? algorithm.byteCount
        guard let rounds = Int32(exactly: iterations), rounds > 0,
            let wanted = Int32(exactly: length), wanted > 0,
            let passwordLength = Int32(exactly: password.count),
            let saltLength = Int32(exactly: salt.count)
        else { return nil }
        var isFilled = false
        // An empty password would be a null pointer.
        let bytes = password.isEmpty ? [0] : password
        let key = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            #if canImport(CryptoKit)
            let status = CCKeyDerivationPBKDF(
                CCPBKDFAlgorithm(kCCPBKDF2),
                bytes.map { CChar(bitPattern: $0) },
                Int(passwordLength),
                salt,
                Int(saltLength),
                algorithm.randomFunction,
                UInt32(rounds),
                buffer.baseAddress,
                Int(wanted)
            )
            isFilled = status == kCCSuccess
            #else
            isFilled =
                PKCS5_PBKDF2_HMAC(
                    bytes.map { CChar(bitPattern: $0) },
                    passwordLength,
                    salt,
                    saltLength,
                    rounds,
                    algorithm.function,
                    wanted,
                    buffer.baseAddress
                ) == 1
            #endif
            count = isFilled ? length : 0
        }
        return isFilled ? key : nil
    }
}

#if canImport(CryptoKit)
extension Digest.Algorithm {
    /// The library has no PBKDF2 with MD5; no hasher uses it.
    fileprivate var randomFunction: CCPseudoRandomAlgorithm {
        switch self {
        case .md5, .sha1: CCPseudoRandomAlgorithm(kCCPRFHmacAlgSHA1)
        case .sha256: CCPseudoRandomAlgorithm(kCCPRFHmacAlgSHA256)
        case .sha384: CCPseudoRandomAlgorithm(kCCPRFHmacAlgSHA384)
        case .sha512: CCPseudoRandomAlgorithm(kCCPRFHmacAlgSHA512)
        }
    }
}
#endif
