/// What people type in their language.
package enum LocalizedInput {
    /// Text with the page's separators turned into those of source code.
    ///
    /// Django: `django.utils.formats.sanitize_separators`.
    package static func plainNumber(_ text: String, _ localization: Localization) -> String {
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
