import NuagesCore
import NuagesTemplates

/// Numbers as people say them.
struct HumanNumber {
    private let localization: Localization

    init(_ localization: Localization) { self.localization = localization }

    /// 1 to 9 as words, other numbers without their decimals, anything else as it is.
    func spelled(_ value: ContextValue) -> ContextValue {
        guard let number = value.exactWholeNumber else { return value }
        guard let digit = number.intValue, (1...9).contains(digit) else {
            return Self.value(number)
        }
        let words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        return .string(localization.translated(words[digit - 1]))
    }

    /// The number with its ending: `3rd`; anything but a whole number as it is.
    func ordinal(_ value: ContextValue) -> ContextValue {
        guard let number = value.exactWholeNumber else { return value }
        let digits = number.plainText
        guard !number.isNegative else { return .string(digits) }
        let (context, message) = Self.ordinalMessage(number)
        let text = localization.translated(message, context: context)
            .replacingBytes("{}", with: digits)
        return .safe(SafeString(unsafe: text))
    }

    private static func ordinalMessage(_ number: ExactDecimal) -> (String, String) {
        let last = number.digits.last ?? 0
        let tens = number.digits.dropLast().last ?? 0
        if number.digits == [1] { return ("ordinal is 1", "{}st") }
        if tens == 1, (1...3).contains(last) { return ("ordinal 11, 12, 13", "{}th") }
        let ending =
            switch last {
            case 1: "st"
            case 2: "nd"
            case 3: "rd"
            default: "th"
            }
        return ("ordinal \(last)", "{}\(ending)")
    }

    /// The number in groups of three digits, or as the language groups them.
    func grouped(_ value: ContextValue, isLocalized: Bool) -> String {
        if isLocalized {
            let format = NumberFormat(localization, groups: true)
            switch value {
            case .double(let number): return format.text(of: number)
            case .int, .bool, .decimal, .exact:
                if let number = value.exactNumber { return format.text(of: number) }
            case .string, .safe:
                if let number = ExactDecimal(value.plainText) { return format.text(of: number) }
            default: break
            }
        }
        return Self.commas(value.plainText)
    }

    /// Commas in the digits that a text begins with.
    private static func commas(_ text: String) -> String {
        var rest = text.unicodeScalars[...]
        var output = String.UnicodeScalarView()
        if rest.first == "-" { output.append(rest.removeFirst()) }
        let digits = rest.prefix { UnicodeText.digit($0) != nil }
        guard !digits.isEmpty else { return text }
        let count = digits.count
        for (index, digit) in digits.enumerated() {
            if index > 0, (count - index) % 3 == 0 { output.append(",") }
            output.append(digit)
        }
        output.append(contentsOf: rest.dropFirst(count))
        return String(output)
    }

    /// A million and more in words: `1.2 million`; anything else as it is.
    func words(_ value: ContextValue) -> ContextValue {
        guard let number = value.exactWholeNumber else { return value }
        guard number.digits.count > 6,
            let (power, name) = Self.scale.first(where: { number.digits.count <= $0.power + 3 })
        else { return Self.value(number) }
        var shifted = number
        shifted.exponent -= power
        let amount = shifted.doubleValue
        let message = "%(value)s \(name)"
        let count = Int(abs(Self.roundedAwayFromOne(amount)))
        let shown = FloatFormat(localization).text(.double(amount), .int(1)).plainText
        return .string(
            localization.translated(message, plural: message, count)
                .replacingBytes("%(value)s", with: shown)
        )
    }

    private static let scale: [(power: Int, name: String)] = [
        (6, "million"), (9, "billion"), (12, "trillion"), (15, "quadrillion"),
        (18, "quintillion"), (21, "sextillion"), (24, "septillion"), (27, "octillion"),
        (30, "nonillion"), (33, "decillion"), (100, "googol"),
    ]

    /// The whole number that decides between one and several: 1.2 million are several.
    private static func roundedAwayFromOne(_ amount: Double) -> Double {
        let distance = amount - 1
        return distance.rounded(.awayFromZero) + 1
    }

    private static func value(_ number: ExactDecimal) -> ContextValue {
        number.intValue.map { .int($0) } ?? .exact(number)
    }
}

extension NumberFormat {
    /// A floating-point number by its shortest digits.
    fileprivate func text(of number: Double) -> String {
        let digits = PythonText.repr(number)
        guard number.isFinite else { return digits }
        if digits.utf8.contains(UInt8(ascii: "e")), let exact = ExactDecimal(digits) {
            return text(of: exact)
        }
        return text(ofDigits: digits)
    }
}
