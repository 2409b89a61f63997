/// How dates and times may be entered in one language.
package struct InputFormats: Sendable {
    package var dates: [DateInputFormat]?
    package var times: [DateInputFormat]?
    package var dateTimes: [DateInputFormat]?

    private static let isoDates: [DateInputFormat] = ["%Y-%m-%d"]
    private static let isoTimes: [DateInputFormat] = ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"]
    private static let isoDateTimes: [DateInputFormat] = [
        "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M", "%Y-%m-%d",
    ]

    /// The formats of a language or, for a code with a country, of its language; nil for English.
    ///
    /// The formats of ISO 8601 can always be entered too.
    ///
    /// Django: `django.utils.formats.get_format`.
    package static func named(_ language: String) -> InputFormats? {
        let code = language.asciiLowercased
        if let formats = languages[code] { return formats }
        return languages[String(code.prefix { $0 != "-" && $0 != "_" })]
    }

    private static let languages: [String: InputFormats] = {
        var languages: [String: InputFormats] = [:]
        var code = ""
        let joined = InputFormatTable.text.replacingBytes("|\n ", with: "|")
        for line in joined.splitBytes(UInt8(ascii: "\n")) {
            guard let key = line.utf8.first else { continue }
            let value = String(decoding: line.utf8.dropFirst(), as: UTF8.self)
            if key == UInt8(ascii: "@") {
                code = value
                let main = String(code.prefix { $0 != "-" })
                languages[code] = languages[main] ?? InputFormats()
                continue
            }
            let formats = value.splitBytes(UInt8(ascii: "|")).map { DateInputFormat($0) }
            switch key {
            case UInt8(ascii: "d"): languages[code]?.dates = completed(formats, isoDates)
            case UInt8(ascii: "t"): languages[code]?.times = completed(formats, isoTimes)
            default: languages[code]?.dateTimes = completed(formats, isoDateTimes)
            }
        }
        return languages
    }()

    private static func completed(
        _ formats: [DateInputFormat],
        _ iso: [DateInputFormat]
    ) -> [DateInputFormat] {
        formats + iso.filter { own in !formats.contains { $0.source.equalsBytes(own.source) } }
    }
}
