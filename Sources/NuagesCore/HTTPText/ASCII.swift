extension UInt8 {
    /// The byte with `A` to `Z` turned into `a` to `z`.
    @inlinable package var asciiLowercased: UInt8 {
        self &- 0x41 < 26 ? self | 0x20 : self
    }

    /// Whether the byte is `0` to `9`.
    @inlinable package var isASCIIDigit: Bool { self &- 0x30 < 10 }

    /// Whether the byte is an ASCII letter or digit.
    @inlinable package var isASCIIAlphanumeric: Bool {
        isASCIIDigit || (self | 0x20) &- 0x61 < 26
    }

    /// Whether the byte may stand in a token (RFC 9110, section 5.6.2).
    package var isToken: Bool {
        if isASCIIAlphanumeric { return true }
        switch self {
        case 0x21, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C,
            0x7E:
            return true
        default:
            return false
        }
    }

    /// The value of a hexadecimal digit.
    package var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self &- 0x30
        case 0x41...0x46: self &- 0x37
        case 0x61...0x66: self &- 0x57
        default: nil
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether two buffers hold the same bytes, compared eight at a time.
    package func isEqual(to other: Self) -> Bool {
        guard count == other.count else { return false }
        let (left, right) = (UnsafeRawBufferPointer(self), UnsafeRawBufferPointer(other))
        var offset = 0
        while offset &+ 8 <= count {
            guard
                left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            else { return false }
            offset &+= 8
        }
        while offset < count {
            guard left[offset] == right[offset] else { return false }
            offset &+= 1
        }
        return true
    }

    /// Whether two buffers hold the same bytes but for the case of ASCII letters, compared eight at
    /// a time.
    package func isEqualIgnoringASCIICase(to other: Self) -> Bool {
        guard count == other.count else { return false }
        let (left, right) = (UnsafeRawBufferPointer(self), UnsafeRawBufferPointer(other))
        var offset = 0
        while offset &+ 8 <= count {
            let mine = left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let theirs = right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard mine == theirs || mine.asciiLowercasedBytes == theirs.asciiLowercasedBytes else {
                return false
            }
            offset &+= 8
        }
        while offset < count {
            guard left[offset].asciiLowercased == right[offset].asciiLowercased else {
                return false
            }
            offset &+= 1
        }
        return true
    }
}

extension UnsafeRawBufferPointer {
    /// Whether there is a control character other than a tab, looked for in eight bytes at a time.
    package var containsControl: Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high = ones &* 0x80
        var offset = 0
        while offset &+ 8 <= count {
            let word = loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let low = word & ~high
            // The highest bit of a byte is set from 0x20 on, and in the other number for 0x7F.
            let isVisible = (low &+ ones &* 0x60) | word
            let isDelete = (low &+ ones) & ~word
            if (~isVisible | isDelete) & high != 0 {
                for index in offset..<(offset &+ 8) where self[index].isControl { return true }
            }
            offset &+= 8
        }
        while offset < count {
            if self[offset].isControl { return true }
            offset &+= 1
        }
        return false
    }
}

extension UInt8 {
    /// Whether the byte is a control character other than a tab.
    fileprivate var isControl: Bool { (self < 0x20 && self != 0x09) || self == 0x7F }
}

extension UInt64 {
    /// The eight bytes of the number, each of `A` to `Z` turned into `a` to `z`.
    fileprivate var asciiLowercasedBytes: UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // The sums reach the highest bit of their byte from `A`, and from behind `Z`, on.
        let low = self & (ones &* 0x7F)
        let fromA = low &+ ones &* (0x80 - 0x41)
        let behindZ = low &+ ones &* (0x80 - 0x5B)
        let isUpper = (fromA ^ behindZ) & ~self & (ones &* 0x80)
        return self | (isUpper &>> 2)
    }
}

extension String {
    /// Whether two strings are the same bytes; `==` would use canonical equivalence.
    package func equalsBytes(_ other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        if isSameValue(as: other) { return true }
        return withUTF8Bytes { mine in
            other.withUTF8Bytes { theirs in mine.isEqual(to: theirs) }
        }
    }

    /// Whether two strings are the same words in memory, and so the same bytes; short strings that
    /// are the same bytes nearly always are.
    @inline(__always)
    private func isSameValue(as other: String) -> Bool {
        guard MemoryLayout<String>.size == MemoryLayout<(UInt64, UInt64)>.size else { return false }
        return unsafeBitCast(self, to: (UInt64, UInt64).self)
            == unsafeBitCast(other, to: (UInt64, UInt64).self)
    }

    /// The text that bytes are in UTF-8; nil for bytes that are not.
    package init?(validUTF8 bytes: UnsafeBufferPointer<UInt8>) {
        // Decoding has a fast path for UTF-8; it mends what is not, which shows in the bytes.
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.withUTF8Bytes({ $0.isEqual(to: bytes) }) else { return nil }
        self = text
    }

    /// Whether two strings are the same bytes but for the case of ASCII letters.
    package func equalsIgnoringASCIICase(_ other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        if isSameValue(as: other) { return true }
        return withUTF8Bytes { mine in
            other.withUTF8Bytes { theirs in mine.isEqualIgnoringASCIICase(to: theirs) }
        }
    }

    /// The string with `A` to `Z` turned into `a` to `z`, other letters as they are.
    package var asciiLowercased: String {
        guard utf8.contains(where: { $0 &- 0x41 < 26 }) else { return self }
        return String(decoding: utf8.map(\.asciiLowercased), as: UTF8.self)
    }

    /// The string without blanks and tabs at its ends.
    package var trimmingBlanks: String {
        let bytes = Substring(self).utf8.drop { $0 == 0x20 || $0 == 0x09 }
        var end = bytes.endIndex
        while end > bytes.startIndex {
            let before = bytes.index(before: end)
            guard bytes[before] == 0x20 || bytes[before] == 0x09 else { break }
            end = before
        }
        return String(Substring(bytes[..<end]))
    }

    /// The parts between occurrences of an ASCII byte.
    package func split(onByte separator: UInt8) -> [String] {
        utf8.split(separator: separator, omittingEmptySubsequences: false).map {
            String(Substring($0))
        }
    }

    /// Runs `body` on the UTF-8 bytes, in place where the string stores them so.
    @inlinable package func withUTF8Bytes<R>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> R
    ) rethrows -> R {
        if let result = try utf8.withContiguousStorageIfAvailable(body) { return result }
        var copy = self
        return try copy.withUTF8(body)
    }

    /// A decimal number of at most 18 digits, with nothing but digits.
    ///
    /// `Int("+5")` and `Int("-0")` parse, which has let requests be smuggled elsewhere.
    package var decimalDigitsValue: Int? {
        guard !utf8.isEmpty, utf8.count <= 18, utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        return utf8.reduce(0) { $0 &* 10 &+ Int($1 &- 0x30) }
    }
}
