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

/// A random text that nobody can guess, such as a password for a new account or a code to type in.
///
///     randomString(length: 22)                                        // 131 bits
///     randomString(length: 8, allowedCharacters: "23456789BCDFGHJK")  // 32 bits
///
/// The characters come from the system's generator for secrets, each of `allowedCharacters`
/// equally likely. With `n` of them a text is worth `length · log₂ n` bits; below 128 it needs a
/// limit on how often somebody may try. Compare such texts by `Digest.constantTimeEquals`.
///
/// Django: `get_random_string`.
///
/// - Parameters:
///   - length: how many characters; none for zero and less.
///   - allowedCharacters: Unicode scalars to choose from, `a` to `z`, `A` to `Z` and `0` to `9`
///     unless given; an empty text stands for these as well.
/// - Returns: the text.
public func randomString(length: Int, allowedCharacters: String? = nil) -> String {
    guard let allowedCharacters, !allowedCharacters.isEmpty else {
        return String(decoding: RandomText.alphanumeric(count: max(0, length)), as: UTF8.self)
    }
    let choices = Array(allowedCharacters.unicodeScalars)
    var generator = SystemRandomNumberGenerator()
    var text = String.UnicodeScalarView()
    for _ in 0..<max(0, length) {
        text.append(choices[Int.random(in: choices.indices, using: &generator)])
    }
    return String(text)
}
