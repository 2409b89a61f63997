package import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Library {
    /// Filters on numbers.
    mutating func addNumberFilters() {
        plainFilter("add", argument: .required) { value, other, context in
            let other = other ?? .none
            try Addition.checkSize(value, other, context.page)
            return try Addition.sum(value, other)
        }
        plainFilter("divisibleby", argument: .required) { value, divisor, _ in
            try Division.isMultiple(value, divisor)
        }
        plainFilter("get_digit", argument: .required) { value, position, _ in
            guard let position = position?.exactWholeNumber, let number = value.exactWholeNumber
            else { return value }
            return try Division.digit(of: number, at: position)
        }
        plainFilter("floatformat", argument: .optional, isSafe: true) { value, argument, context in
            FloatFormat(context.localization).text(value, argument ?? .int(-1))
        }
        plainFilter("filesizeformat", isSafe: true) { value, _, context in
            .string(FileSize(context.localization).text(value))
        }
    }
}

/// Django's `divisibleby` and `get_digit`.
enum Division {
    static func isMultiple(
        _ value: ContextValue,
        _ divisor: ContextValue?
    ) throws -> ContextValue {
        if let number = value.wholeNumber, let divisor = divisor?.wholeNumber, divisor != 0 {
            return .bool(divisor == -1 || number % divisor == 0)
        }
        let (number, divisor) = (try whole(value), try whole(divisor))
        guard !divisor.isZero else {
            throw TemplateError.rendering("'divisibleby' cannot divide by zero.")
        }
        guard let isMultiple = number.isMultiple(of: divisor) else {
            throw TemplateError.limitExceeded("'divisibleby' takes numbers of up to 1000 digits.")
        }
        return .bool(isMultiple)
    }

    private static func whole(_ value: ContextValue?) throws -> ExactDecimal {
        guard let number = value?.exactWholeNumber else {
            throw TemplateError.rendering(
                "'divisibleby' needs whole numbers, not \(value?.representation() ?? "nothing")."
            )
        }
        return number
    }

    /// The digit at a place from the right; 0 where the number is shorter.
    static func digit(
        of number: ExactDecimal,
        at position: ExactDecimal
    ) throws -> ContextValue {
        guard !position.isNegative, !position.isZero else { return .whole(number) }
        let text = Array(number.plainText.utf8)
        guard let place = position.intValue, place <= text.count else { return .int(0) }
        let byte = text[text.count - place]
        guard byte.isASCIIDigit else {
            throw TemplateError.rendering(
                "'get_digit' found the sign of \(number) instead of a digit."
            )
        }
        return .int(Int(byte - 0x30))
    }
}

extension ContextValue {
    fileprivate var isInfinity: Bool {
        switch self {
        case .double(let number): number.isInfinite
        case .exact(let number): number.kind == .infinite
        default: false
        }
    }

    /// A whole number of any size.
    static func whole(_ number: ExactDecimal) -> ContextValue {
        number.intValue.map { .int($0) } ?? .exact(number)
    }
}

/// Django's `add`: numbers if both can be read as whole ones, else what Python's `+` does.
enum Addition {
    /// Refuses a sum that no page has room for.
    static func checkSize(
        _ value: ContextValue,
        _ other: ContextValue,
        _ page: PageContext
    ) throws {
        if let left = value.text, let right = other.text {
            try page.checkSize(left.utf8.count + right.utf8.count, madeBy: "add")
        } else if case .array(let left) = value, case .array(let right) = other {
            let size = MemoryLayout<ContextValue>.stride
            try page.checkSize((left.count + right.count) * size, madeBy: "add")
        }
    }

    static func sum(_ value: ContextValue, _ other: ContextValue) throws -> ContextValue {
        if value.isInfinity || (value.exactWholeNumber != nil && other.isInfinity) {
            throw TemplateError.rendering("'add' cannot add an infinite number.")
        }
        if let left = value.wholeNumber, let right = other.wholeNumber {
            let (sum, overflow) = left.addingReportingOverflow(right)
            if !overflow { return .int(sum) }
        }
        if let left = value.exactWholeNumber, let right = other.exactWholeNumber {
            return .whole(left.adding(right))
        }
        switch (value, other) {
        case (.safe(let left), .safe(let right)):
            return .safe(.init(unsafe: left.html + right.html))
        case (.array(let left), .array(let right)): return .array(left + right)
        case (.date(let date), .duration(let duration)), (.duration(let duration), .date(let date)):
            let days = floorDivide(duration.microseconds, 86_400_000_000)
            return CalendarDate(daysSince1970: date.daysSince1970 + days)
                .map(ContextValue.date) ?? .string("")
        case (.dateTime(let moment), .duration(let duration)),
            (.duration(let duration), .dateTime(let moment)):
            return .dateTime(
                moment.addingTimeInterval(Double(duration.microseconds) / 1_000_000)
            )
        case (.localDateTime(let local), .duration(let duration)),
            (.duration(let duration), .localDateTime(let local)):
            return moved(local, by: duration)
        case (.duration(let left), .duration(let right)): return sum(left, right)
        default: break
        }
        if let left = value.text, let right = other.text { return .string(left + right) }
        if case .double(let left) = value, let right = other.floatingNumber {
            return .double(left + right)
        }
        return .string("")
    }

    /// The longest time that Python's `timedelta` holds.
    private static let longest = Duration.seconds(999_999_999 * 86_400)

    private static func sum(_ left: Duration, _ right: Duration) -> ContextValue {
        let bounds = (.zero - longest)...longest
        guard bounds.contains(left), bounds.contains(right), bounds.contains(left + right) else {
            return .string("")
        }
        return .duration(left + right)
    }

    /// Python adds on the clock's face, whatever the zone.
    private static func moved(_ local: LocalDateTime, by duration: Duration) -> ContextValue {
        var plain = local
        plain.zone = nil
        let (sum, overflow) = plain.microsecondsSince1970.addingReportingOverflow(
            duration.microseconds
        )
        guard !overflow,
            var moved = LocalDateTime(
                microsecondsSince1970: sum,
                in: .fixed(seconds: 0, name: nil)
            )
        else { return .string("") }
        moved.zone = local.zone
        return .localDateTime(moved)
    }
}

/// Django's `floatformat`.
package struct FloatFormat {
    private let localization: Localization
    /// Beyond this many digits a number is shown as it is.
    private static let digitLimit = 200

    package init(_ localization: Localization) { self.localization = localization }

    /// The number with as many decimals as `argument` says.
    package func text(_ value: ContextValue, _ argument: ContextValue) -> ContextValue {
        let (places, groups, isLocalized) = Self.options(argument)
        if case .double(let number) = value, let places,
            let digits = DecimalDigits.rounded(number, places: places)
        {
            let formatter = formatter(groups: groups, isLocalized: isLocalized)
            return .safe(.init(unsafe: formatter.text(ofDigits: digits)))
        }
        let input = value.plainText
        guard
            let number = ExactDecimal(input)
                ?? value.floatingNumber.flatMap({
                    ExactDecimal(PythonText.repr($0))
                })
        else { return .string("") }
        guard let places, (-1000...1000).contains(places), number.isFinite,
            number.digits.count + Int(number.exponent.magnitude) <= Self.digitLimit
        else { return .string(input) }
        var formatter = formatter(groups: groups, isLocalized: isLocalized)
        let whole = number.rounded(places: 0, .down)
        if places <= 0, whole == number {
            formatter.places = 0
            let digits = whole.isZero ? "0" : whole.plainText
            return .safe(.init(unsafe: formatter.text(ofDigits: digits)))
        }
        var rounded = number.rounded(places: abs(places), .halfUp)
        if rounded.isZero { rounded.isNegative = false }
        formatter.places = abs(places)
        return .safe(.init(unsafe: formatter.text(ofDigits: rounded.plainText)))
    }

    private func formatter(groups: Bool, isLocalized: Bool) -> NumberFormat {
        guard !isLocalized else { return NumberFormat(localization, groups: groups) }
        var plain = localization
        plain.formats = localization.unlocalizedFormats
        plain.usesThousandSeparator = false
        return NumberFormat(plain, groups: groups)
    }

    /// Decimals, nil where the argument names none; grouping; the page's language.
    private static func options(
        _ argument: ContextValue
    ) -> (places: Int?, groups: Bool, isLocalized: Bool) {
        guard var text = argument.text else { return (argument.wholeNumber, false, true) }
        var (groups, isLocalized) = (false, true)
        if text.hasSuffix("gu") || text.hasSuffix("ug") {
            (groups, isLocalized) = (true, false)
            text.removeLast(2)
        } else if text.hasSuffix("g") {
            groups = true
            text.removeLast()
        } else if text.hasSuffix("u") {
            isLocalized = false
            text.removeLast()
        } else {
            return (PythonText.int(text), false, true)
        }
        return (text.isEmpty ? -1 : PythonText.int(text), groups, isLocalized)
    }
}

/// A floating-point number as people read it, rounded half up on its shortest decimal digits.
enum DecimalDigits {
    /// The digits with as many decimals as asked for.
    ///
    /// With fewer than none asked for, a whole number has none. Nil where the number or the decimals are out of the ordinary.
    static func rounded(_ number: Double, places: Int) -> String? {
        guard (-15...15).contains(places), abs(number) < 1e15 else { return nil }
        var text = number.description
        return text.withUTF8 { rounded($0, places: places) }
    }

    private static func rounded(_ text: UnsafeBufferPointer<UInt8>, places: Int) -> String? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = UnsafeBufferPointer(rebasing: text[(isNegative ? 1 : 0)...])
        // Anything else than digits around a point is an exponent, or no number.
        guard let point = digits.firstIndex(of: UInt8(ascii: ".")),
            digits.indices.allSatisfy({ $0 == point || digits[$0].isASCIIDigit })
        else { return nil }
        let isWhole = digits[(point + 1)...].allSatisfy { $0 == UInt8(ascii: "0") }
        let decimals = places <= 0 && isWhole ? 0 : abs(places)
        // One place more in front, for what is carried.
        var output = [UInt8(ascii: "0")]
        output.reserveCapacity(point + decimals + 3)
        output.append(contentsOf: digits[..<point])
        for index in 0..<decimals {
            let place = point + 1 + index
            output.append(place < digits.count ? digits[place] : UInt8(ascii: "0"))
        }
        let next = point + 1 + decimals
        if next < digits.count, digits[next] >= UInt8(ascii: "5") { carry(&output) }
        let isZero = output.allSatisfy { $0 == UInt8(ascii: "0") }
        if decimals > 0 { output.insert(UInt8(ascii: "."), at: point + 1) }
        if output[0] == UInt8(ascii: "0") { output.removeFirst() }
        if isNegative, !isZero { output.insert(UInt8(ascii: "-"), at: 0) }
        return String(decoding: output, as: UTF8.self)
    }

    /// Adds one to the last place.
    private static func carry(_ digits: inout [UInt8]) {
        for index in digits.indices.reversed() {
            guard digits[index] == UInt8(ascii: "9") else {
                digits[index] += 1
                return
            }
            digits[index] = UInt8(ascii: "0")
        }
    }
}

/// Django's `filesizeformat`.
struct FileSize {
    private let localization: Localization
    private static let units: [(name: String, shift: Int)] = [
        ("KB", 10), ("MB", 20), ("GB", 30), ("TB", 40), ("PB", 50),
    ]

    init(_ localization: Localization) { self.localization = localization }

    func text(_ value: ContextValue) -> String {
        let bytes = value.exactWholeNumber ?? .zero
        // What does not fit has far more than a petabyte.
        let small = bytes.intValue?.magnitude
        var text: String
        if let small, small < 1024 {
            text = localization.translated(
                "%(size)d byte",
                plural: "%(size)d bytes",
                Int(small)
            ).replacingBytes("%(size)d", with: "\(small)")
        } else {
            let unit =
                Self.units.last { unit in small.map { $0 >> UInt(unit.shift) > 0 } ?? true }
                ?? Self.units[0]
            text = localization.translated("%s \(unit.name)")
                .replacingBytes("%s", with: number(abs(bytes.doubleValue), shift: unit.shift))
        }
        if bytes.isNegative, !bytes.isZero { text = "-\(text)" }
        return text.replacingBytes(" ", with: "\u{A0}")
    }

    private func number(_ magnitude: Double, shift: Int) -> String {
        let quotient = magnitude / Double(UInt64(1) << UInt64(shift))
        guard quotient.isFinite else { return PythonText.repr(quotient) }
        // So large a number has no digit behind the point; Python shows its shortest digits.
        if quotient >= 1e16, let shortest = ExactDecimal(PythonText.repr(quotient)) {
            return NumberFormat(localization, places: 1).text(of: shortest)
        }
        let rounded = BinaryExpansion.exact(quotient).rounded(places: 1, .halfEven)
        return NumberFormat(localization, places: 1).text(ofDigits: rounded.plainText)
    }
}
