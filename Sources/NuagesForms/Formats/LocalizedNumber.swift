import NuagesCore

/// Numbers with the separators of the page's language, as localized fields show and read them.
enum LocalizedNumber {
    /// A number as it is shown.
    ///
    /// Django: `django.utils.formats.number_format`.
    static func text(_ value: FormValue) -> String {
        guard let number = value.number else { return value.text }
        let formatter = NumberFormat(FormEnvironment.current.localization)
        if case .decimal(let decimal) = number { return formatter.text(of: decimal) }
        let plain = number.description
        if plain.utf8.contains(UInt8(ascii: "e")), let exact = ExactDecimal(plain) {
            return formatter.text(of: exact)
        }
        return formatter.text(ofDigits: plain)
    }

    /// Text with the page's separators turned into those of source code.
    ///
    /// Django: `django.utils.formats.sanitize_separators`.
    static func plainText(_ text: String) -> String {
        let localization = FormEnvironment.current.localization
        let formats = localization.formats
        var whole = Array(text.utf8)
        var decimals: [UInt8]?
        if let range = whole.firstRange(of: Array(formats.decimalSeparator.utf8)) {
            decimals = Array(whole[range.upperBound...])
            whole = Array(whole[..<range.lowerBound])
        }
        if localization.usesThousandSeparator, !isDecimalPoint(whole, formats.thousandSeparator) {
            whole = removing(formats.thousandSeparator, from: whole)
        }
        if let decimals { whole += [UInt8(ascii: ".")] + decimals }
        return String(decoding: whole, as: UTF8.self)
    }

    /// A single dot that is not followed by three digits was meant as a decimal point even where
    /// dots separate thousands.
    private static func isDecimalPoint(_ whole: [UInt8], _ separator: String) -> Bool {
        guard separator == ".", whole.count(where: { $0 == UInt8(ascii: ".") }) == 1,
            let dot = whole.firstIndex(of: UInt8(ascii: "."))
        else { return false }
        return String(decoding: whole[(dot + 1)...], as: UTF8.self).unicodeScalars.count != 3
    }

    /// Removes the separator and, since browsers send them so, its plain form: a narrow or
    /// non-breaking space is also removed as a space.
    private static func removing(_ separator: String, from whole: [UInt8]) -> [UInt8] {
        let isSpace = separator == "\u{202F}" || separator == "\u{A0}"
        let targets = Set(separator.unicodeScalars).union(isSpace ? [" "] : [])
        var output = String.UnicodeScalarView()
        for scalar in String(decoding: whole, as: UTF8.self).unicodeScalars
        where !targets.contains(scalar) {
            output.append(scalar)
        }
        return Array(String(output).utf8)
    }
}

extension Array where Element == UInt8 {
    /// The first place where `needle` stands; nil for an empty one.
    fileprivate func firstRange(of needle: [UInt8]) -> Range<Int>? {
        guard let first = needle.first else { return nil }
        for start in indices where self[start] == first && self[start...].starts(with: needle) {
            return start..<(start + needle.count)
        }
        return nil
    }
}
