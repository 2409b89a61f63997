/// Reads dates and times in ISO 8601 and in Django's laxer form of it.
///
///     ISODateTime.parse("2012-4-9 4:8:16-0320")     // 2012-04-09 04:08:16, 3:20 behind UTC
///
/// Django: `django.utils.dateparse`.
package struct ISODateTime {
    /// What came of reading a text.
    package enum Outcome<Value> {
        /// The value; a date and time has a zone where the text names one.
        case value(Value)
        /// The text has the right form, but there is no such date or time.
        case impossible
        /// Text of another form.
        case malformed
    }

    /// No date or time is longer; the bound keeps the work for hostile input small.
    private static let maxLength = 400

    private let scalars: [Unicode.Scalar]
    private var index = 0
    /// Whether a time ended in a fraction of fewer than six digits.
    private var hasShortFraction = false

    private init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    /// A date with a time.
    ///
    /// Django: `parse_datetime`.
    package static func parse(_ text: String) -> Outcome<LocalDateTime> {
        guard text.utf8.count <= maxLength else { return .malformed }
        var strict = ISODateTime(Array(text.unicodeScalars))
        if let value = strict.parseStrict() { return .value(value) }
        var lax = ISODateTime(laxScalars(text))
        return lax.parseLax()
    }

    /// A date alone.
    ///
    /// Django: `parse_date`.
    package static func parseDate(_ text: String) -> Outcome<CalendarDate> {
        guard text.utf8.count <= maxLength else { return .malformed }
        var strict = ISODateTime(Array(text.unicodeScalars))
        if strict.scalars.count == strict.separatorIndex(),
            let date = strict.strictDate(strict.scalars.count)
        {
            return .value(date)
        }
        var lax = ISODateTime(laxScalars(text))
        guard let numbers = lax.laxDate(), lax.isAtEnd else { return .malformed }
        return CalendarDate(year: numbers[0], month: numbers[1], day: numbers[2])
            .map { .value($0) } ?? .impossible
    }

    /// A time alone; a zone behind it is passed over.
    ///
    /// Django: `parse_time`.
    package static func parseTime(_ text: String) -> Outcome<TimeOfDay> {
        guard text.utf8.count <= maxLength else { return .malformed }
        var strict = ISODateTime(Array(text.unicodeScalars))
        _ = strict.take("T")
        if let time = strict.strictTime(), strict.strictZone() != nil, strict.isAtEnd {
            return .value(time)
        }
        var lax = ISODateTime(laxScalars(text))
        guard let numbers = lax.laxTime(), lax.isAtEnd else { return .malformed }
        return Self.time(numbers).map { .value($0) } ?? .impossible
    }

    /// `$` of a Python pattern also matches before a line feed at the end.
    private static func laxScalars(_ text: String) -> [Unicode.Scalar] {
        let scalars = Array(text.unicodeScalars)
        return scalars.last == "\n" ? scalars.dropLast() : scalars
    }

    private var isAtEnd: Bool { index == scalars.count }

    // MARK: - Python's datetime.fromisoformat

    private mutating func parseStrict() -> LocalDateTime? {
        guard let separator = separatorIndex(), let date = strictDate(separator) else { return nil }
        guard index < scalars.count else {
            return TimeOfDay(hour: 0, minute: 0).map { LocalDateTime(date: date, time: $0) }
        }
        index += 1
        guard let time = strictTime(), let zone = strictZone(), index == scalars.count else {
            return nil
        }
        return LocalDateTime(date: date, time: time, zone: zone)
    }

    /// Where the date ends.
    private func separatorIndex() -> Int? {
        let count = scalars.count
        guard count >= 7 else { return nil }
        if scalars[4] == "-" {
            guard scalars[5] == "W" else { return min(10, count) }
            guard count >= 8 else { return nil }
            guard count > 8, scalars[8] == "-" else { return 8 }
            if count == 9 { return nil }
            return count > 10 && asciiDigit(10) != nil ? 8 : 10
        }
        guard scalars[4] == "W" else { return min(8, count) }
        var end = 7
        while end < count, asciiDigit(end) != nil { end += 1 }
        if end < 9 { return end }
        return end % 2 == 0 ? 7 : 8
    }

    private mutating func strictDate(_ end: Int) -> CalendarDate? {
        guard let year = number(4) else { return nil }
        let hasHyphens = take("-")
        if take("W") {
            guard let week = number(2) else { return nil }
            var day = 1
            if index < end {
                if hasHyphens { guard take("-") else { return nil } }
                guard let number = number(1) else { return nil }
                day = number
            }
            guard index == end else { return nil }
            return Self.date(year: year, week: week, day: day)
        }
        guard let month = number(2), !hasHyphens || take("-"), let day = number(2), index == end
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    /// The day of an ISO week: week 1 holds the year's first Thursday.
    private static func date(year: Int, week: Int, day: Int) -> CalendarDate? {
        guard (1...7).contains(day), (1...53).contains(week),
            let fourth = CalendarDate(year: year, month: 1, day: 4)
        else { return nil }
        let monday = fourth.daysSince1970 - fourth.weekday
        if week == 53, let next = CalendarDate(year: year + 1, month: 1, day: 4),
            monday + 52 * 7 >= next.daysSince1970 - next.weekday
        {
            return nil
        }
        return CalendarDate(daysSince1970: monday + (week - 1) * 7 + day - 1)
    }

    private mutating func strictTime() -> TimeOfDay? {
        guard let hour = number(2) else { return nil }
        var parts = [0, 0]
        var microsecond = 0
        let hasColons = index < scalars.count && scalars[index] == ":"
        for part in 0..<2 {
            if hasColons {
                guard take(":") else { break }
            } else if asciiDigit(index) == nil {
                break
            }
            guard let number = number(2) else { return nil }
            parts[part] = number
            if part == 1, take(".") || take(",") {
                guard let fraction = fraction() else { return nil }
                microsecond = fraction
            }
        }
        return TimeOfDay(hour: hour, minute: parts[0], second: parts[1], microsecond: microsecond)
    }

    /// The digits of a fraction, cut off behind the sixth.
    private mutating func fraction() -> Int? {
        var digits: [Int] = []
        while let digit = asciiDigit(index) {
            digits.append(digit)
            index += 1
        }
        if digits.isEmpty { return nil }
        hasShortFraction = digits.count < 6
        return (0..<6).reduce(0) { $0 * 10 + ($1 < digits.count ? digits[$1] : 0) }
    }

    private static func beginsZone(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "+" || scalar == "-" || scalar == "Z"
    }

    /// The zone; `.some(nil)` where the text names none, nil where it is malformed.
    private mutating func strictZone() -> LocalDateTime.Zone?? {
        if index == scalars.count { return .some(nil) }
        // Python passes over one character before a zone, unless it breaks off a fraction.
        if !hasShortFraction, scalars[index].isASCII, !Self.beginsZone(scalars[index]),
            index + 1 < scalars.count, Self.beginsZone(scalars[index + 1])
        {
            index += 1
        }
        if take("Z") { return .fixed(seconds: 0, name: "UTC") }
        let isNegative = scalars[index] == "-"
        guard take("+") || take("-"), let offset = strictTime() else { return nil }
        let seconds = offset.microsecondsSinceMidnight / 1_000_000
        if seconds == 0 { return .fixed(seconds: 0, name: "UTC") }
        return .fixed(seconds: isNegative ? -seconds : seconds, name: nil)
    }

    // MARK: - Django's pattern

    private mutating func parseLax() -> Outcome<LocalDateTime> {
        guard let date = laxDate(), take("T") || take(" "), let time = laxTime() else {
            return .malformed
        }
        while index < scalars.count, PythonText.isSpace(scalars[index]) { index += 1 }
        guard let zone = laxZone(), isAtEnd else { return .malformed }
        guard let date = CalendarDate(year: date[0], month: date[1], day: date[2]),
            let time = Self.time(time), zone.map({ abs($0.seconds) < 86_400 }) ?? true
        else { return .impossible }
        return .value(
            LocalDateTime(
                date: date,
                time: time,
                zone: zone.map { .fixed(seconds: $0.seconds, name: $0.name) }
            )
        )
    }

    /// Year, month and day, whether or not there is such a day.
    private mutating func laxDate() -> [Int]? {
        guard let year = digits(4...4), take("-"), let month = digits(1...2), take("-"),
            let day = digits(1...2)
        else { return nil }
        return [year, month, day]
    }

    /// Hour, minute, second and microsecond, whether or not there is such a time.
    private mutating func laxTime() -> [Int]? {
        guard let hour = digits(1...2), take(":"), let minute = digits(1...2) else { return nil }
        var numbers = [hour, minute, 0, 0]
        if take(":") {
            guard let second = digits(1...2) else { return nil }
            numbers[2] = second
            if take(".") || take(",") {
                guard let microsecond = laxFraction() else { return nil }
                numbers[3] = microsecond
            }
        }
        return numbers
    }

    private static func time(_ numbers: [Int]) -> TimeOfDay? {
        TimeOfDay(
            hour: numbers[0],
            minute: numbers[1],
            second: numbers[2],
            microsecond: numbers[3]
        )
    }

    private mutating func laxFraction() -> Int? {
        var digits: [Int] = []
        while index < scalars.count, let digit = UnicodeText.digit(scalars[index]) {
            digits.append(Int(digit))
            index += 1
        }
        guard (1...12).contains(digits.count) else { return nil }
        return (0..<6).reduce(0) { $0 * 10 + ($1 < digits.count ? digits[$1] : 0) }
    }

    /// The distance from UTC and its name; `.some(nil)` where the text names none.
    private mutating func laxZone() -> (seconds: Int, name: String)?? {
        if isAtEnd { return .some(nil) }
        if take("Z") { return (0, "UTC") }
        let isNegative = scalars[index] == "-"
        guard take("+") || take("-"), let hours = digits(2...2) else { return nil }
        var minutes = 0
        if index < scalars.count {
            _ = take(":")
            guard let value = digits(2...2) else { return nil }
            minutes = value
        }
        let total = hours * 60 + minutes
        let name = "\(isNegative ? "-" : "+")\(padded(total / 60, 2))\(padded(total % 60, 2))"
        return (isNegative ? -total * 60 : total * 60, name)
    }

    // MARK: - Scalars

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard index < scalars.count, scalars[index] == scalar else { return false }
        index += 1
        return true
    }

    private func asciiDigit(_ index: Int) -> Int? {
        guard index < scalars.count, ("0"..."9").contains(scalars[index]) else { return nil }
        return Int(scalars[index].value - 0x30)
    }

    /// Exactly `count` ASCII digits.
    private mutating func number(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let digit = asciiDigit(index) else { return nil }
            value = value * 10 + digit
            index += 1
        }
        return value
    }

    /// As many digits of any script as the range allows.
    private mutating func digits(_ range: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while count < range.upperBound, index < scalars.count,
            let digit = UnicodeText.digit(scalars[index])
        {
            value = value * 10 + Int(digit)
            index += 1
            count += 1
        }
        return count >= range.lowerBound ? value : nil
    }
}
