extension ExactDecimal {
    /// How a digit that is cut off changes the one before it.
    package enum Rounding: Sendable {
        /// 0.5 goes away from zero: Python's `ROUND_HALF_UP`.
        case halfUp
        /// 0.5 goes to the even neighbour: Python's `round()`.
        case halfEven
        /// Everything goes towards zero.
        case down
    }

    /// The number with exactly `places` digits behind the point.
    ///
    /// The caller bounds `places` and the number of digits: the result has as many digits as the
    /// number written out.
    ///
    /// - Parameters:
    ///   - places: digits behind the point.
    ///   - rounding: what to do with the digits that are cut off.
    /// - Returns: the rounded number.
    package func rounded(places: Int, _ rounding: Rounding) -> ExactDecimal {
        guard kind == .finite else { return self }
        let target = -places
        if exponent >= target {
            let zeros = isZero ? 0 : exponent - target
            return ExactDecimal(
                isNegative: isNegative,
                digits: digits + [UInt8](repeating: 0, count: zeros),
                exponent: target
            )
        }
        let dropped = target - exponent
        let kept = dropped >= digits.count ? [] : Array(digits.dropLast(dropped))
        let grows = roundsAway(dropping: dropped, kept: kept, rounding)
        return ExactDecimal(
            isNegative: isNegative,
            digits: grows ? Self.incremented(kept) : kept,
            exponent: target
        )
    }

    private func roundsAway(dropping dropped: Int, kept: [UInt8], _ rounding: Rounding) -> Bool {
        guard rounding != .down, dropped <= digits.count else { return false }
        let first = digits[digits.count - dropped]
        guard first == 5 else { return first > 5 }
        let isExactHalf = digits.suffix(dropped - 1).allSatisfy { $0 == 0 }
        guard rounding == .halfEven, isExactHalf else { return true }
        return (kept.last ?? 0) % 2 == 1
    }

    private static func incremented(_ digits: [UInt8]) -> [UInt8] {
        var digits = digits
        var index = digits.count - 1
        while index >= 0 {
            if digits[index] < 9 {
                digits[index] += 1
                return digits
            }
            digits[index] = 0
            index -= 1
        }
        return [1] + digits
    }
}

/// Reads the text of a decimal number.
struct DecimalTextParser {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        bytes = PythonText.asciiDigits(PythonText.stripped(text)).utf8.filter {
            $0 != UInt8(ascii: "_")
        }
    }

    mutating func parse() -> ExactDecimal? {
        let isNegative = takeSign()
        if let special = parseSpecial(isNegative: isNegative) { return special }
        var digits = takeDigits()
        var exponent = 0
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            let fraction = takeDigits()
            digits += fraction
            exponent = -fraction.count
        }
        guard !digits.isEmpty, let shift = parseExponent(), index == bytes.count else { return nil }
        let (sum, overflow) = exponent.addingReportingOverflow(shift)
        guard !overflow, abs(sum) <= 1_000_000_000_000_000_000 else { return nil }
        return ExactDecimal(isNegative: isNegative, digits: digits, exponent: sum)
    }

    private func parseSpecial(isNegative: Bool) -> ExactDecimal? {
        guard let first = bytes.dropFirst(index).first, first > 0x40 else { return nil }
        let word = String(decoding: bytes[index...].prefix(9), as: UTF8.self).lowercased()
        switch word {
        case "inf", "infinity":
            return ExactDecimal(kind: .infinite, isNegative: isNegative, digits: [], exponent: 0)
        case "nan", "snan":
            return ExactDecimal(kind: .notANumber, isNegative: isNegative, digits: [], exponent: 0)
        default: return nil
        }
    }

    private mutating func takeSign() -> Bool {
        guard let first = bytes.dropFirst(index).first,
            first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
        else { return false }
        index += 1
        return first == UInt8(ascii: "-")
    }

    private mutating func takeDigits() -> [UInt8] {
        var digits: [UInt8] = []
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
            digits.append(bytes[index] - 0x30)
            index += 1
        }
        return digits
    }

    private mutating func parseExponent() -> Int? {
        guard index < bytes.count else { return 0 }
        guard bytes[index] | 0x20 == UInt8(ascii: "e") else { return nil }
        index += 1
        let isNegative = takeSign()
        let digits = takeDigits()
        guard !digits.isEmpty, digits.drop(while: { $0 == 0 }).count <= 18 else { return nil }
        let magnitude = digits.reduce(0) { $0 * 10 + Int($1) }
        return isNegative ? -magnitude : magnitude
    }
}
