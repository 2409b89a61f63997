extension ContextValue {
    /// Python refuses to read and write longer whole numbers.
    private static let digitLimit = 4300

    /// A whole number of any size, as Python's `int()` makes it; nil for what it refuses.
    ///
    /// ``wholeNumber`` is quicker where numbers are small.
    package var exactWholeNumber: ExactDecimal? {
        var number = signedWholeNumber
        // Whole numbers have one zero.
        if number?.isZero == true { number?.isNegative = false }
        return number
    }

    private var signedWholeNumber: ExactDecimal? {
        switch self {
        case .int(let number): return ExactDecimal(number)
        case .bool(let flag): return ExactDecimal(flag ? 1 : 0)
        case .double(let number):
            guard number.isFinite else { return nil }
            if let small = Int(exactly: number.rounded(.towardZero)) { return ExactDecimal(small) }
            return BinaryExpansion.exact(number).rounded(places: 0, .down)
        case .decimal, .exact:
            guard let number = exactNumber, number.isFinite,
                number.digits.count + max(0, number.exponent) <= Self.digitLimit
            else { return nil }
            return number.rounded(places: 0, .down)
        case .string(let text): return NumberText.integer(text)
        case .safe(let text): return NumberText.integer(text.html)
        default: return nil
        }
    }
}

extension ExactDecimal {
    /// Dividing longer numbers digit by digit takes too long for a page.
    private static let divisionLimit = 1000

    /// Whether a whole number is a multiple of another; nil for zero, for numbers that are not
    /// whole, and for those of more than a thousand digits.
    package func isMultiple(of divisor: ExactDecimal) -> Bool? {
        guard isFinite, divisor.isFinite, exponent == 0, divisor.exponent == 0, !divisor.isZero,
            max(digits.count, divisor.digits.count) <= Self.divisionLimit
        else { return nil }
        var rest: [UInt8] = []
        for digit in digits {
            if !rest.isEmpty || digit != 0 { rest.append(digit) }
            while Self.isAtLeast(rest, divisor.digits) {
                rest = Self.difference(rest, divisor.digits)
            }
        }
        return rest.isEmpty
    }

    /// Compares digits without leading zeros.
    private static func isAtLeast(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return left.count > right.count }
        return !left.lexicographicallyPrecedes(right)
    }

    /// `left` without `right`, which is not greater; no digits for zero.
    private static func difference(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var output = left
        var borrow: UInt8 = 0
        for offset in 1...max(1, left.count) {
            let index = left.count - offset
            guard index >= 0 else { break }
            let taken = borrow + (offset <= right.count ? right[right.count - offset] : 0)
            borrow = output[index] < taken ? 1 : 0
            output[index] = output[index] + borrow * 10 - taken
        }
        return Array(output.drop { $0 == 0 })
    }
}
