#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Random texts that nobody can guess, from the system's generator.
package enum RandomText {
    /// Django's alphabet for random strings: `a` to `z`, `A` to `Z`, `0` to `9`.
    package static let alphanumerics = Array(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8
    )

    /// `count` letters and digits, each equally likely.
    package static func alphanumeric(count: Int) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(count)
        while output.count < count {
            for byte in bytes(count: min(256, (count - output.count) * 9 / 8 + 8)) {
                // 248 is the largest multiple of 62 in a byte; more would favour some letters.
                if byte < 248, output.count < count { output.append(alphanumerics[Int(byte % 62)]) }
            }
        }
        return output
    }

    /// Up to 256 random bytes by one call of the system; a generator's `next()` is one for eight.
    private static func bytes(count: Int) -> [UInt8] {
        var isFilled = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            isFilled = buffer.baseAddress.map { getentropy($0, count) == 0 } ?? false
            initialized = isFilled ? count : 0
        }
        if isFilled { return bytes }
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// `byteCount` random bytes in the URL-safe alphabet of Base64.
    package static func base64URL(byteCount: Int) -> String {
        Base64URL.encode(bytes(count: min(256, byteCount)))
    }
}
