/// Reads numbers as Python's `int()` and `float()` do, in time linear in the text.
package enum NumberText {
    /// Python refuses longer integers, since reading them takes more than linear time there.
    private static let maxDigits = 4300

    /// A whole number of any size with white space around it, a sign and `_` between digits; nil
    /// for any other text.
    package static func integer(_ text: String) -> ExactDecimal? {
        let bytes = Array(UnicodeText.asciiDigits(text).utf8)
        var rest = bytes[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard let digits = digits(rest), digits.count <= maxDigits else { return nil }
        return ExactDecimal(isNegative: isNegative, digits: digits, exponent: 0)
    }

    /// A floating-point number; nil for text that is none.
    ///
    /// Infinity and NaN are numbers here.
    package static func double(_ text: String) -> Double? {
        let ascii = UnicodeText.asciiDigits(text)
        let bytes = Array(ascii.utf8)
        guard hasSingleUnderscores(bytes), let number = ExactDecimal(ascii) else { return nil }
        // Python's float() knows no signalling NaN and reads exponents of any size.
        return number.doubleValue
    }

    /// A decimal number of any length; nil for text that is none.
    package static func decimal(_ text: String) -> ExactDecimal? {
        ExactDecimal(UnicodeText.asciiDigits(text))
    }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var digits: [UInt8] = []
        digits.reserveCapacity(bytes.count)
        var mayTakeUnderscore = false
        for byte in bytes {
            switch byte {
            case 0x30...0x39:
                digits.append(byte - 0x30)
                mayTakeUnderscore = true
            case UInt8(ascii: "_") where mayTakeUnderscore: mayTakeUnderscore = false
            default: return nil
            }
        }
        return mayTakeUnderscore ? digits : nil
    }

    /// Whether every `_` stands between two digits.
    private static func hasSingleUnderscores(_ bytes: [UInt8]) -> Bool {
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "_") {
            guard index > 0, index + 1 < bytes.count, (0x30...0x39).contains(bytes[index - 1]),
                (0x30...0x39).contains(bytes[index + 1])
            else { return false }
        }
        return true
    }
}
