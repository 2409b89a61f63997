/// The texts that Django's templates show for numbers and other plain values.
///
/// Templates written for Django count on them: `True`, `1e-05`, `['a', 1]`.
package enum PythonText {
    /// The text without white space at both ends.
    package static func stripped(_ text: String) -> String {
        // Most texts have nothing to strip, and then nothing has to be copied.
        if let first = text.utf8.first, let last = text.utf8.last, (0x21...0x7E).contains(first),
            (0x21...0x7E).contains(last)
        {
            return text
        }
        let scalars = text.unicodeScalars
        guard let start = scalars.firstIndex(where: { !isSpace($0) }),
            let end = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(scalars[start...end])
    }

    /// Whether Python's `str.isspace` and `str.split` take the scalar as white space.
    package static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
            0x205F, 0x3000:
            true
        default: false
        }
    }

    /// A whole number from text as Python's `int()` reads it: blanks around it, a sign, `_` between
    /// digits.
    package static func int(_ text: String) -> Int? {
        var bytes = Array(asciiDigits(stripped(text)).utf8)[...]
        var isNegative = false
        if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            bytes = bytes.dropFirst()
        }
        var number = 0
        var previousIsDigit = false
        for byte in bytes {
            if byte == UInt8(ascii: "_"), previousIsDigit {
                previousIsDigit = false
                continue
            }
            guard (0x30...0x39).contains(byte) else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let digit = Int(byte - 0x30)
            let (sum, carried) = product.addingReportingOverflow(isNegative ? -digit : digit)
            if overflow || carried { return nil }
            number = sum
            previousIsDigit = true
        }
        return previousIsDigit ? number : nil
    }

    /// The text with the decimal digits of every script written as those of ASCII.
    package static func asciiDigits(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if !scalar.isASCII, scalar.properties.generalCategory == .decimalNumber,
                let digit = scalar.properties.numericValue.flatMap({ UInt32(exactly: $0) })
            {
                view.append(Unicode.Scalar(0x30 + digit) ?? scalar)
            } else {
                view.append(scalar)
            }
        }
        return String(view)
    }

    /// A floating-point number from text as Python's `float()` reads it.
    package static func double(_ text: String) -> Double? {
        ExactDecimal(text)?.doubleValue
    }

    /// Python's `repr(float)`: the shortest digits that read back as the same number.
    package static func repr(_ number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        if number == number.rounded(), abs(number) < 1e15 {
            return number.sign == .minus && number == 0 ? "-0.0" : "\(Int(number)).0"
        }
        guard var exact = ExactDecimal(number.description) else { return number.description }
        while exact.digits.count > 1, exact.digits.last == 0 {
            exact.digits.removeLast()
            exact.exponent += 1
        }
        let power = exact.adjustedExponent
        if power < -4 || power >= 16 {
            let text = exact.scientificText(marker: "e")
            return abs(power) < 10 ? "\(text.dropLast())0\(abs(power))" : text
        }
        if exact.exponent >= 0 { return "\(exact.plainText).0" }
        return exact.plainText
    }

    /// Python's `repr(str)`: quoted, with escapes for what cannot be shown.
    package static func repr(_ text: String) -> String {
        let hasSingle = text.utf8.contains(UInt8(ascii: "'"))
        let usesDouble = hasSingle && !text.utf8.contains(UInt8(ascii: "\""))
        let quote: Unicode.Scalar = usesDouble ? "\"" : "'"
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + 2)
        output.append(contentsOf: quote.utf8)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": output.append(contentsOf: "\\\\".utf8)
            case "\n": output.append(contentsOf: "\\n".utf8)
            case "\r": output.append(contentsOf: "\\r".utf8)
            case "\t": output.append(contentsOf: "\\t".utf8)
            case quote:
                output.append(contentsOf: "\\".utf8)
                output.append(contentsOf: quote.utf8)
            default: output.append(contentsOf: shown(scalar).utf8)
            }
        }
        output.append(contentsOf: quote.utf8)
        return String(decoding: output, as: UTF8.self)
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        let isPrintable =
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
                .paragraphSeparator:
                false
            case .spaceSeparator: scalar == " "
            default: true
            }
        if isPrintable { return String(Character(scalar)) }
        let hex = String(scalar.value, radix: 16)
        switch scalar.value {
        case ..<0x100: return "\\x" + String(repeating: "0", count: 2 - hex.utf8.count) + hex
        case ..<0x10000: return "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
        default: return "\\U" + String(repeating: "0", count: 8 - hex.utf8.count) + hex
        }
    }
}

extension PythonText {
    /// Whether a regular expression's `\w` takes the scalar: a letter, a digit or `_`.
    package static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar == "_" || UInt8(truncatingIfNeeded: scalar.value).isASCIIAlphanumeric
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }
}
