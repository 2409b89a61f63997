extension LocaleFormats {
    /// The formats of a language; nil where Django has none for it.
    ///
    /// - Parameter language: a code such as `de`, `de-at` or `pt-br`; a code with a country falls
    ///   back on its language.
    /// - Returns: the formats.
    public static func named(language: String) -> LocaleFormats? {
        let code = language.asciiLowercased
        let table = languages
        if let formats = table[code] { return formats }
        let main = code.prefix { $0 != "-" && $0 != "_" }
        return table[String(main)]
    }

    private static let languages: [String: LocaleFormats] = {
        var languages: [String: LocaleFormats] = [:]
        var code = ""
        for line in LocaleFormatTable.text.splitBytes(UInt8(ascii: "\n")) {
            guard let key = line.utf8.first else { continue }
            let value = String(decoding: line.utf8.dropFirst(), as: UTF8.self)
            if key == UInt8(ascii: "@") {
                code = value
                // A country's formats add to its language's, which the table has before it.
                let main = code.prefix { $0 != "-" }
                languages[code] = languages[String(main)] ?? LocaleFormats.ungrouped
            } else {
                languages[code]?.set(key, value)
            }
        }
        return languages
    }()

    /// The formats of the settings, Django's defaults, which write no groups of digits.
    package static var ungrouped: LocaleFormats {
        var formats = LocaleFormats()
        formats.numberGrouping = []
        return formats
    }

    private mutating func set(_ key: UInt8, _ value: String) {
        switch key {
        case UInt8(ascii: "D"): dateFormat = value
        case UInt8(ascii: "T"): timeFormat = value
        case UInt8(ascii: "B"): dateTimeFormat = value
        case UInt8(ascii: "Y"): yearMonthFormat = value
        case UInt8(ascii: "M"): monthDayFormat = value
        case UInt8(ascii: "d"): shortDateFormat = value
        case UInt8(ascii: "b"): shortDateTimeFormat = value
        case UInt8(ascii: "."): decimalSeparator = value
        case UInt8(ascii: ","): thousandSeparator = value
        case UInt8(ascii: "w"): firstDayOfWeek = Int(value) ?? 0
        case UInt8(ascii: "#"):
            let sizes = value.splitWords().compactMap { Int($0) }
            numberGrouping = sizes.count == 1 ? sizes + [0] : sizes
        default: break
        }
    }
}
