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
        var generator = SystemRandomNumberGenerator()
        while output.count < count {
            var word = generator.next()
            for _ in 0..<8 where output.count < count {
                let byte = UInt8(truncatingIfNeeded: word)
                word >>= 8
                // 248 is the largest multiple of 62 in a byte; more would favour some letters.
                if byte < 248 { output.append(alphanumerics[Int(byte % 62)]) }
            }
        }
        return output
    }

    /// `byteCount` random bytes in the URL-safe alphabet of Base64.
    package static func base64URL(byteCount: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        while bytes.count < byteCount {
            withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) }
        }
        return Base64URL.encode(Array(bytes.prefix(byteCount)))
    }
}
