/// Python's `%` formatting of one value.
///
///     PercentFormat.text("05.1f", .double(3.14159))     // 003.1
package enum PercentFormat {
    private static let widthLimit = 10_000

    private struct Specification {
        var isLeft = false
        var hasSign = false
        var hasBlank = false
        var isAlternate = false
        var isZeroPadded = false
        var width = 0
        var precision: Int?
        var conversion: Unicode.Scalar = "s"
    }

    /// The text of `value` in a format without its leading `%`; nil where Python raises an error.
    package static func text(_ format: String, _ value: ContextValue) -> String? {
        let scalars = Array(format.unicodeScalars)
        var index = 0
        guard let specification = parse(scalars, &index) else { return nil }
        if specification.conversion == "%" {
            // The value would be left over, which Python refuses but for a dictionary.
            guard case .dictionary = value else { return nil }
            return literal(scalars, from: index).map { "%" + $0 }
        }
        guard let text = converted(value, specification),
            let rest = literal(scalars, from: index)
        else { return nil }
        return text + rest
    }

    /// The text behind the conversion, in which only `%%` may stand.
    private static func literal(_ scalars: [Unicode.Scalar], from start: Int) -> String? {
        var output = String.UnicodeScalarView()
        var index = start
        while index < scalars.count {
            if scalars[index] == "%" {
                index += 1
                guard index < scalars.count, scalars[index] == "%" else { return nil }
            }
            output.append(scalars[index])
            index += 1
        }
        return String(output)
    }

    private static func parse(
        _ scalars: [Unicode.Scalar],
        _ index: inout Int
    ) -> Specification? {
        var specification = Specification()
        loop: while index < scalars.count {
            switch scalars[index] {
            case "-": specification.isLeft = true
            case "+": specification.hasSign = true
            case " ": specification.hasBlank = true
            case "#": specification.isAlternate = true
            case "0": specification.isZeroPadded = true
            default: break loop
            }
            index += 1
        }
        guard let width = number(scalars, &index) else { return nil }
        specification.width = width
        if index < scalars.count, scalars[index] == "." {
            index += 1
            guard let precision = number(scalars, &index) else { return nil }
            specification.precision = precision
        }
        while index < scalars.count, "hlL".unicodeScalars.contains(scalars[index]) { index += 1 }
        guard index < scalars.count else { return nil }
        specification.conversion = scalars[index]
        index += 1
        return specification
    }

    private static func number(_ scalars: [Unicode.Scalar], _ index: inout Int) -> Int? {
        var number = 0
        while index < scalars.count, ("0"..."9").contains(scalars[index]) {
            number = number * 10 + Int(scalars[index].value - 48)
            guard number <= widthLimit else { return nil }
            index += 1
        }
        return number
    }

    private static func converted(_ value: ContextValue, _ spec: Specification) -> String? {
        switch spec.conversion {
        case "s": return padText(value.plainText, spec)
        case "r", "a": return padText(value.representation(), spec)
        case "c": return character(value).map { padText($0, spec) }
        case "d", "i", "u": return integer(value).map { padNumber($0, spec) }
        case "o": return whole(value).map { radix($0, 8, "0o", spec) }
        case "x": return whole(value).map { radix($0, 16, "0x", spec) }
        case "X": return whole(value).map { PythonCase.uppercase(radix($0, 16, "0x", spec)) }
        case "f", "F", "e", "E", "g", "G": return floating(value, spec)
        default: return nil
        }
    }

    private static func character(_ value: ContextValue) -> String? {
        switch value {
        case .int(let number):
            return UInt32(exactly: number).flatMap(Unicode.Scalar.init).map {
                String(Character($0))
            }
        case .bool(let flag): return flag ? "\u{1}" : "\0"
        default:
            guard let text = value.text, text.unicodeScalars.count == 1 else { return nil }
            return text
        }
    }

    /// The digits of a number cut off at its point.
    private static func integer(_ value: ContextValue) -> String? {
        switch value {
        case .int, .bool, .double, .decimal, .exact: break
        default: return nil
        }
        guard let number = value.exactNumber, number.isFinite,
            number.digits.count + Int(number.exponent.magnitude) < widthLimit
        else { return nil }
        let cut = number.exponent < 0 ? number.rounded(places: 0, .down) : number
        let text = cut.plainText
        return cut.isZero ? "0" : text
    }

    /// A number that is whole by its type, which hexadecimal digits ask for.
    private static func whole(_ value: ContextValue) -> Int? {
        switch value {
        case .int(let number): number
        case .bool(let flag): flag ? 1 : 0
        default: nil
        }
    }

    private static func radix(
        _ number: Int,
        _ radix: Int,
        _ prefix: String,
        _ spec: Specification
    ) -> String {
        var digits = String(number.magnitude, radix: radix)
        if let precision = spec.precision {
            digits = String(repeating: "0", count: max(0, precision - digits.utf8.count)) + digits
        }
        return padNumber(
            (number < 0 ? "-" : "") + (spec.isAlternate ? prefix : "") + digits,
            spec,
            prefixLength: spec.isAlternate ? 2 : 0,
            appliesPrecision: false
        )
    }

    private static func floating(_ value: ContextValue, _ spec: Specification) -> String? {
        switch value {
        case .int, .bool, .double, .decimal, .exact: break
        default: return nil
        }
        guard let number = value.floatingNumber else { return nil }
        let isUpper = ("A"..."Z").contains(spec.conversion)
        var spec = spec
        let precision = spec.precision ?? 6
        spec.precision = nil
        guard number.isFinite else {
            spec.isZeroPadded = false
            let text = number.isNaN ? "nan" : (number < 0 ? "-inf" : "inf")
            return padNumber(isUpper ? text.uppercased() : text, spec)
        }
        var text: String
        switch spec.conversion {
        case "f", "F": text = fixed(number, precision, spec.isAlternate)
        case "e", "E": text = exponential(number, precision, spec.isAlternate)
        default: text = general(number, max(1, precision), spec.isAlternate)
        }
        if isUpper { text = text.uppercased() }
        return padNumber(text, spec)
    }

    private static func fixed(_ number: Double, _ precision: Int, _ isAlternate: Bool) -> String {
        let rounded = BinaryExpansion.exact(number).rounded(places: precision, .halfEven)
        let sign = number.sign == .minus && !rounded.isNegative ? "-" : ""
        let point = isAlternate && precision == 0 ? "." : ""
        return sign + rounded.plainText + point
    }

    private static func exponential(
        _ number: Double,
        _ precision: Int,
        _ isAlternate: Bool
    ) -> String {
        let exact = BinaryExpansion.exact(number)
        let sign = number.sign == .minus ? "-" : ""
        var power = exact.isZero ? 0 : exact.adjustedExponent
        var rounded = exact.rounded(places: precision - power, .halfEven)
        if !exact.isZero, rounded.adjustedExponent > power {
            power = rounded.adjustedExponent
            rounded = exact.rounded(places: precision - power, .halfEven)
        }
        var digits = rounded.digits.map { $0 + 0x30 }
        if digits.count < precision + 1 {
            digits += [UInt8](repeating: 0x30, count: precision + 1 - digits.count)
        }
        let head = String(decoding: digits.prefix(1), as: UTF8.self)
        let tail = String(decoding: digits.dropFirst().prefix(precision), as: UTF8.self)
        let point = tail.isEmpty && !isAlternate ? "" : "."
        return "\(sign)\(head)\(point)\(tail)e\(power < 0 ? "-" : "+")\(padded(abs(power), 2))"
    }

    private static func general(
        _ number: Double,
        _ precision: Int,
        _ isAlternate: Bool
    ) -> String {
        let scientific = exponential(number, precision - 1, isAlternate)
        let marker = scientific.utf8.lastIndex(of: UInt8(ascii: "e")) ?? scientific.endIndex
        let power =
            PythonText.int(String(scientific[marker...].dropFirst())) ?? 0
        if power < -4 || power >= precision {
            guard !isAlternate else { return scientific }
            return trimmingZeros(String(scientific[..<marker])) + scientific[marker...]
        }
        let text = fixed(number, precision - 1 - power, isAlternate)
        return isAlternate ? text : trimmingZeros(text)
    }

    private static func trimmingZeros(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: ".")) else { return text }
        var bytes = Array(text.utf8)
        while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func padText(_ text: String, _ spec: Specification) -> String {
        var text = text
        if let precision = spec.precision {
            text = Truncator.text(text.unicodeScalars.prefix(precision))
        }
        let blanks = String(
            repeating: " ",
            count: max(0, spec.width - text.unicodeScalars.count)
        )
        return spec.isLeft ? text + blanks : blanks + text
    }

    private static func padNumber(
        _ text: String,
        _ spec: Specification,
        prefixLength: Int = 0,
        appliesPrecision: Bool = true
    ) -> String {
        let isNegative = text.hasPrefix("-")
        let sign = isNegative ? "-" : (spec.hasSign ? "+" : (spec.hasBlank ? " " : ""))
        var digits = isNegative ? String(text.dropFirst()) : text
        if appliesPrecision, let precision = spec.precision {
            digits = String(repeating: "0", count: max(0, precision - digits.utf8.count)) + digits
        }
        let missing = max(0, spec.width - digits.utf8.count - sign.utf8.count)
        if spec.isLeft { return sign + digits + String(repeating: " ", count: missing) }
        if spec.isZeroPadded {
            let head = String(digits.prefix(prefixLength))
            return sign + head + String(repeating: "0", count: missing)
                + digits.dropFirst(prefixLength)
        }
        return String(repeating: " ", count: missing) + sign + digits
    }
}

/// The exact decimal digits of a binary number.
package enum BinaryExpansion {
    /// All digits of a finite number: at most 767, and a power of ten.
    package static func exact(_ number: Double) -> ExactDecimal {
        guard number.isFinite, number != 0 else {
            return ExactDecimal(isNegative: number.sign == .minus, digits: [], exponent: 0)
        }
        var digits = String(number.significandInteger).utf8.map { $0 - 0x30 }
        var power = number.binaryPower
        var exponent = 0
        while power > 0 {
            digits = doubled(digits)
            power -= 1
        }
        // A half is five tenths: times five, one more digit behind the point.
        while power < 0 {
            digits = multiplied(digits, by: 5)
            exponent -= 1
            power += 1
        }
        return ExactDecimal(isNegative: number < 0, digits: digits, exponent: exponent)
    }

    private static func doubled(_ digits: [UInt8]) -> [UInt8] { multiplied(digits, by: 2) }

    private static func multiplied(_ digits: [UInt8], by factor: UInt8) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: digits.count + 1)
        var carry: UInt8 = 0
        for index in digits.indices.reversed() {
            let product = digits[index] * factor + carry
            output[index + 1] = product % 10
            carry = product / 10
        }
        output[0] = carry
        return carry == 0 ? Array(output.dropFirst()) : output
    }
}

extension Double {
    /// The significand as a whole number without trailing zero bits.
    fileprivate var significandInteger: UInt64 {
        let bits = significandBitPattern | (isNormal ? 1 << 52 : 0)
        return bits >> UInt64(bits.trailingZeroBitCount)
    }

    /// The power of two that belongs to ``significandInteger``.
    fileprivate var binaryPower: Int {
        let bits = significandBitPattern | (isNormal ? 1 << 52 : 0)
        let power = isNormal ? Int(exponentBitPattern) - 1075 : -1074
        return power + bits.trailingZeroBitCount
    }
}
