import NuagesCore

extension Library {
    /// Filters that turn text into text.
    mutating func addTextFilters() {
        filter("addslashes", isSafe: true) {
            $0.replacingBytes("\\", with: "\\\\").replacingBytes("\"", with: "\\\"")
                .replacingBytes("'", with: "\\'")
        }
        filter("capfirst", isSafe: true) { PythonCase.capitalizingFirst($0) }
        filter("lower", isSafe: true) { PythonCase.lowercase($0) }
        filter("upper") { PythonCase.uppercase($0) }
        filter("title", isSafe: true) { TitleCase.text($0) }
        filter("slugify", isSafe: true) { Slug.make($0) }
        filter("iriencode", isSafe: true) {
            PercentCoding.encode($0, safe: .init("/#%[]=:;$&()+,!?*@'~"))
        }
        filter("phone2numeric", isSafe: true) { value, _, _ in
            .string(PhoneLetters.digits(value.plainText))
        }
        textFilter("wordcount") { value, _, _ in .int(value.plainText.splitWords().count) }
        textFilter("make_list") { value, _, _ in
            .array(value.plainText.unicodeScalars.map { .string(String(Character($0))) })
        }
        textFilter("urlencode", argument: .optional) { value, safe, _ in
            let kept = PercentCoding.Safe(safe.map(\.plainText) ?? "/")
            return .string(PercentCoding.encode(value.plainText, safe: kept))
        }
        // Ours: Django has nothing for addresses that visitors give.
        textFilter("safe_url", isSafe: true) { value, _, _ in
            let text = value.plainText
            // Both readings: the text may be escaped already, or written where nothing is escaped.
            let isHarmless =
                URLSafety.isHarmless(text) && URLSafety.isHarmless(HTMLUnescaper.unescape(text))
            return .string(isHarmless ? text : "about:invalid")
        }
        filter("stringformat", argument: .required, isSafe: true) { value, format, _ in
            let format = format?.plainText ?? ""
            // Python gives the very text back, safe or not.
            if case .safe = value, format == "s" { return value }
            return .string(PercentFormat.text(format, value.described) ?? "")
        }
        textFilter("cut", argument: .required) { value, cut, _ in
            let target = cut?.text ?? ""
            let text = value.plainText.replacingBytes(target, with: "")
            return value.isSafe && target != ";" ? .safe(.init(unsafe: text)) : .string(text)
        }
        addTruncatingFilters()
        addAligningFilters()
    }

    private mutating func addTruncatingFilters() {
        let filters: [(String, @Sendable (String, Int) -> String)] = [
            ("truncatechars", { Truncator($0).characters($1) }),
            ("truncatechars_html", { Truncator($0).htmlCharacters($1) }),
            (
                "truncatewords",
                {
                    var truncator = Truncator($0)
                    truncator.ending = " …"
                    return truncator.words($1)
                }
            ),
            (
                "truncatewords_html",
                {
                    var truncator = Truncator($0)
                    truncator.ending = " …"
                    return truncator.htmlWords($1)
                }
            ),
        ]
        for (name, cut) in filters {
            textFilter(name, argument: .required, isSafe: true) { value, length, _ in
                let text = value.plainText
                guard let length = length?.wholeNumber else { return .string(text) }
                return .string(cut(text, length))
            }
        }
    }

    private mutating func addAligningFilters() {
        let filters: [(String, @Sendable (Int) -> (left: Int, right: Int))] = [
            ("ljust", { (0, $0) }), ("rjust", { ($0, 0) }),
            ("center", { ($0 / 2, $0 - $0 / 2) }),
        ]
        for (name, split) in filters {
            textFilter(name, argument: .required, isSafe: true) { value, width, _ in
                let text = value.plainText
                let width = try FilterArguments.wholeNumber(width, of: name)
                let missing = width - text.unicodeScalars.count
                guard missing > 0 else { return .string(text) }
                let (left, right) = split(missing)
                return .string(
                    String(repeating: " ", count: left) + text
                        + String(repeating: " ", count: right)
                )
            }
        }
        textFilter("wordwrap", argument: .required, isSafe: true) { value, width, _ in
            let width = try FilterArguments.wholeNumber(width, of: "wordwrap")
            return .string(try TextWrapper.wrap(value.plainText, width: width))
        }
    }
}

/// Arguments that filters need.
enum FilterArguments {
    /// Beyond this a width only costs memory.
    private static let limit = 10_000_000

    static func wholeNumber(_ value: ContextValue?, of filter: String) throws -> Int {
        guard let number = value?.wholeNumber, (-limit...limit).contains(number) else {
            throw TemplateError.rendering(
                "The argument of '\(filter)' must be a whole number up to \(limit), not "
                    + "\(value?.representation() ?? "nothing")."
            )
        }
        return number
    }
}

extension ContextValue {
    /// An object's description instead of the object.
    var described: ContextValue {
        if case .object(let object) = self { object.contextDescription } else { self }
    }
}

/// Django's `title`: Python's, but with apostrophes and digits inside words.
enum TitleCase {
    static func text(_ text: String) -> String {
        if let title = asciiText(text) { return title }
        var scalars = Array(PythonCase.title(text).unicodeScalars)
        for index in scalars.indices.dropFirst()
        where ("A"..."Z").contains(scalars[index]) {
            let previous = scalars[index - 1]
            let isInWord =
                previous == "'" && index >= 2 && ("a"..."z").contains(scalars[index - 2])
            if isInWord || previous.properties.generalCategory == .decimalNumber {
                scalars[index] = Unicode.Scalar(scalars[index].value + 32) ?? scalars[index]
            }
        }
        return Truncator.text(scalars)
    }
}

extension TitleCase {
    /// The same for text without any but ASCII characters, most of what there is; nil for other.
    private static func asciiText(_ text: String) -> String? {
        var bytes = Array(text.utf8)
        var followsLetter = false
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte < 0x80 else { return nil }
            guard (0x61...0x7A).contains(byte | 0x20) else {
                followsLetter = false
                continue
            }
            let isKeptSmall = followsLetter || (index > 0 && standsInWord(bytes, index))
            bytes[index] = isKeptSmall ? byte | 0x20 : byte & ~0x20
            followsLetter = true
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a letter stands behind a digit, or behind an apostrophe that a small letter precedes.
    private static func standsInWord(_ bytes: [UInt8], _ index: Int) -> Bool {
        bytes[index - 1].isASCIIDigit
            || (bytes[index - 1] == UInt8(ascii: "'") && index >= 2
                && (0x61...0x7A).contains(bytes[index - 2]))
    }
}

/// The digits on the keys of a telephone.
package enum PhoneLetters {
    private static let keys = Array("22233344455566677778889999".unicodeScalars)

    /// Letters become the digits of their keys.
    package static func digits(_ text: String) -> String {
        var output = String.UnicodeScalarView()
        for scalar in PythonCase.lowercase(text).unicodeScalars {
            if ("a"..."z").contains(scalar) {
                output.append(keys[Int(scalar.value - 97)])
            } else {
                output.append(scalar)
            }
        }
        return String(output)
    }
}
