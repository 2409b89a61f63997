import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension FieldType {
    /// The value as a column of this kind holds it; nil where it cannot be one.
    func converted(_ value: SQLValue) -> SQLValue? {
        switch self {
        case .autoField, .bigAutoField, .smallAutoField, .integerField, .smallIntegerField,
            .bigIntegerField, .positiveIntegerField, .positiveSmallIntegerField,
            .positiveBigIntegerField:
            integer(value)
        case .booleanField: boolean(value)
        case .floatField, .decimalField: number(value)
        case .charField, .textField, .emailField, .urlField, .slugField: text(value)
        case .dateField, .dateTimeField, .timeField, .uuidField: fromText(value)
        case .durationField: duration(value)
        case .genericIPAddressField: address(value)
        case .jsonField: value == .null ? value : (try? value.document()).map { .json($0) }
        default: value
        }
    }

    private func integer(_ value: SQLValue) -> SQLValue? {
        switch value {
        case .int: value
        case .bool(let flag): .int(flag ? 1 : 0)
        case .double(let number): number.isFinite ? whole(number) : nil
        case .decimal(let number): whole(number)
        case .text(let text): Self.digits(text).map { .int($0) }
        default: nil
        }
    }

    /// The number without what is behind its point; one that no column holds becomes a decimal
    /// that none holds either.
    private func whole(_ number: Double) -> SQLValue {
        if let whole = Int(exactly: number.rounded(.towardZero)) { return .int(whole) }
        return .decimal(Decimal(number < 0 ? Int.min : Int.max) * 10)
    }

    /// The number without what is behind its point; one that no column holds stays a decimal.
    private func whole(_ number: Decimal) -> SQLValue? {
        let exact = ExactDecimal(number).rounded(places: 0, .down)
        if let whole = Int(exact.digits.count > 19 ? "" : "\(exact)") { return .int(whole) }
        return .decimal(number)
    }

    /// A whole number in ASCII digits; `Int` itself takes more than that.
    private static func digits(_ text: String) -> Int? {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let digits = text.utf8.dropFirst(isNegative ? 1 : 0)
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    /// An IPv6 address in its shortest form; other text stays as it is.
    private func address(_ value: SQLValue) -> SQLValue {
        guard case .text(let text) = value, text.utf8.contains(UInt8(ascii: ":")),
            let address = IPv6Address(text)
        else { return value }
        return .text(address.description)
    }

    private func boolean(_ value: SQLValue) -> SQLValue? {
        switch value {
        case .bool: return value
        case .int(0), .int(1): return .bool(value == .int(1))
        case .text(let text):
            if ["1", "t", "true", "True"].contains(text) { return .bool(true) }
            if ["0", "f", "false", "False"].contains(text) { return .bool(false) }
            return nil
        default: return nil
        }
    }

    private func number(_ value: SQLValue) -> SQLValue? {
        switch value {
        case .int: return value
        case .decimal(let number): return number.isFinite ? value : nil
        case .bool(let flag): return .int(flag ? 1 : 0)
        case .double(let number): return number.isFinite ? value : nil
        case .text(let text): return DecimalText.number(text.utf8).map { .decimal($0) }
        default: return nil
        }
    }

    /// Text, and what has a form as text; a truth value is a mistake where text is expected.
    private func text(_ value: SQLValue) -> SQLValue? {
        if case .bool = value { return nil }
        return value.asText.map { .text($0) }
    }

    private func duration(_ value: SQLValue) -> SQLValue? {
        guard case .text(let text) = value else { return value }
        if case .duration(let duration) = DurationText.parse(text) { return .duration(duration) }
        return nil
    }

    /// What the clocks of the site's zone show at a moment.
    private static func local(_ moment: Date) -> LocalDateTime? {
        LocalDateTime(moment, in: .ofSite)
    }

    /// The moment that a text names; without an offset it is one of the site's zone.
    private static func moment(_ text: String) -> Date? {
        switch ISODateTime.parse(text) {
        case .value(let clock): return clock.moment(assuming: .ofSite)
        case .impossible: return nil
        case .malformed: break
        }
        if case .value(let day) = ISODateTime.parseDate(text) { return day.startOnSiteClock }
        return nil
    }

    /// Dates, times and UUIDs, given as such or as their text.
    private func fromText(_ value: SQLValue) -> SQLValue? {
        switch (self, value) {
        case (.dateField, .date), (.dateTimeField, .dateTime), (.timeField, .time),
            (.uuidField, .uuid):
            return value
        case (.dateField, .dateTime(let moment)):
            return Self.local(moment).map { .date($0.date) }
        case (.timeField, .dateTime(let moment)):
            return Self.local(moment).map { .time($0.time) }
        case (.dateTimeField, .date(let day)):
            return day.startOnSiteClock.map { .dateTime($0) }
        case (.dateTimeField, .text(let text)): return Self.moment(text).map { .dateTime($0) }
        case (_, .text(let text)):
            return Array(text.utf8).withUnsafeBufferPointer { bytes in
                switch self {
                case .dateField: StoredText.date(bytes).map { .date($0) }
                case .timeField: StoredText.time(bytes).map { .time($0) }
                default: StoredText.uuid(bytes).map { .uuid($0) }
                }
            }
        default: return nil
        }
    }
}
