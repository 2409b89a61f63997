// Classes of ASCII bytes as bit sets: a test is a shift, without a table in memory.
extension UInt8 {
    /// `tchar` of RFC 9110, section 5.6.2.
    @inline(__always)
    var isTokenByte: Bool {
        isIn(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
    }

    /// A byte of a host name or an IPv4 address: letters, digits, `.`, `-` and `_`.
    @inline(__always)
    var isHostByte: Bool {
        isIn(low: 0x03FF_6000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE)
    }

    /// A visible byte that may stand in a request target; `#` starts a fragment, which is never sent.
    @inline(__always)
    var isTargetByte: Bool { self > 0x20 && self < 0x7F && self != UInt8(ascii: "#") }

    /// A byte of a field value: no control character but the tab.
    @inline(__always)
    var isValueByte: Bool { (self >= 0x20 && self != 0x7F) || self == 0x09 }

    @inline(__always)
    var isDigitByte: Bool { self >= 0x30 && self <= 0x39 }

    @inline(__always)
    var isBlankByte: Bool { self == 0x20 || self == 0x09 }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always)
    var hexadecimalValue: Int? {
        switch self {
        case 0x30...0x39: Int(self) - 0x30
        case 0x41...0x46: Int(self) - 0x37
        case 0x61...0x66: Int(self) - 0x57
        default: nil
        }
    }

    @inline(__always)
    private func isIn(low: UInt64, high: UInt64) -> Bool {
        guard self < 0x80 else { return false }
        return ((self < 0x40 ? low : high) &>> UInt64(self & 0x3F)) & 1 == 1
    }
}

extension Span<UInt8> {
    /// Whether the bytes of `range` are `text`, which is in lower case, but for ASCII case.
    func matches(_ text: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { text in
            for offset in 0..<text.count {
                let byte = self[range.lowerBound + offset]
                let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
                if lower != text[offset] { return false }
            }
            return true
        }
    }

    /// The bytes of `range` as text, or nil where they are not UTF-8.
    func text(in range: Range<Int>) -> String? {
        extracting(range).withUnsafeBufferPointer { bytes in
            var all: UInt8 = 0
            for byte in bytes { all |= byte }
            // `validating` looks up generic metadata each time, and almost all text is ASCII.
            guard all >= 0x80 else { return String(decoding: bytes, as: UTF8.self) }
            return String(validating: bytes, as: UTF8.self)
        }
    }

    /// `range` without blanks at both ends.
    func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, self[lower].isBlankByte { lower += 1 }
        while upper > lower, self[upper - 1].isBlankByte { upper -= 1 }
        return lower..<upper
    }

    /// The number that `range` holds as decimal digits and nothing else, or nil.
    ///
    /// `Int(_:)` would accept a sign.
    func decimal(in range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        var value = 0
        for index in range {
            guard self[index].isDigitByte else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(self[index]) - 0x30)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}
