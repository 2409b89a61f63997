/// Questions about Unicode scalars with the answers that Python's `re` gives to `\d` and `\w`,
/// since forms accept what Django's accept.
package enum UnicodeText {
    /// The value of a decimal digit of any script (general category Nd), or nil.
    package static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        if scalar.value < 0x80 {
            return (0x30...0x39).contains(scalar.value) ? UInt8(scalar.value - 0x30) : nil
        }
        guard scalar.properties.generalCategory == .decimalNumber,
            let value = scalar.properties.numericValue
        else { return nil }
        return UInt8(value)
    }

    /// Whether `\w` matches the scalar.
    package static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            true
        default: scalar == "_"
        }
    }

    /// The text with decimal digits of other scripts written in ASCII, without white space at
    /// both ends; nothing else changes.
    package static func asciiDigits(_ text: String) -> String {
        let stripped = PythonText.stripped(text)
        guard !stripped.utf8.allSatisfy({ $0 < 0x80 }) else { return stripped }
        var output = String.UnicodeScalarView()
        for scalar in stripped.unicodeScalars {
            output.append(digit(scalar).map { Unicode.Scalar($0 + 0x30) } ?? scalar)
        }
        return String(output)
    }

    /// Lower-cases the ASCII letters only.
    package static func asciiLowercased(_ text: some StringProtocol) -> String {
        String(
            decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 },
            as: UTF8.self
        )
    }
}
