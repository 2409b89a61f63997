/// A rule such as `CET-1CEST,M3.5.0,M10.5.0/3` for the years after a zone's last listed change.
struct PosixTimeZone: Sendable {
    /// When in a year the clocks are set.
    struct Change: Sendable {
        enum Day: Sendable {
            case weekday(month: Int, week: Int, day: Int)
            case julian(Int, countsLeapDay: Bool)
        }
        var day: Day
        var second: Int

        /// Seconds since 1970 on the clock of that place.
        func localSecond(year: Int) -> Int {
            dayNumber(year: year) * 86_400 + second
        }

        private func dayNumber(year: Int) -> Int {
            let newYear = CalendarDate(year: year, month: 1, day: 1)?.daysSince1970 ?? 0
            switch day {
            case .julian(let number, let countsLeapDay):
                if countsLeapDay { return newYear + number }
                let leap = CalendarDate.isLeap(year) && number >= 60 ? 1 : 0
                return newYear + number - 1 + leap
            case .weekday(let month, let week, let day):
                let first = CalendarDate(year: year, month: month, day: 1)
                let start = first?.daysSince1970 ?? 0
                let weekdayOfFirst = ((first?.weekday ?? 0) + 1) % 7
                var offset = (day - weekdayOfFirst + 7) % 7 + (week - 1) * 7
                if offset >= CalendarDate.dayCount(ofMonth: month, year: year) { offset -= 7 }
                return start + offset
            }
        }
    }

    let standard: TimeZoneRules.Setting
    let daylight: (setting: TimeZoneRules.Setting, start: Change, end: Change)?

    func setting(atSecond second: Int) -> TimeZoneRules.Setting {
        guard let daylight else { return standard }
        let days = floorDivide(second + standard.offset, 86_400)
        guard let year = CalendarDate(daysSince1970: days)?.year else { return standard }
        let start = daylight.start.localSecond(year: year) - standard.offset
        let end = daylight.end.localSecond(year: year) - daylight.setting.offset
        let isDaylight =
            start < end
            ? (start..<end).contains(second) : !(end..<start).contains(second)
        return isDaylight ? daylight.setting : standard
    }

    init?(_ text: String) {
        var parser = Parser(bytes: Array(text.utf8))
        guard let name = parser.name(), let offset = parser.offset() else { return nil }
        standard = .init(offset: -offset, isDaylight: false, abbreviation: name)
        guard let daylightName = parser.name() else {
            daylight = nil
            return
        }
        let daylightOffset = parser.offset().map { -$0 } ?? (3600 - offset)
        guard let start = parser.change(), let end = parser.change() else { return nil }
        let setting = TimeZoneRules.Setting(
            offset: daylightOffset,
            isDaylight: true,
            abbreviation: daylightName
        )
        daylight = (setting, start, end)
    }

    private struct Parser {
        let bytes: [UInt8]
        var index = 0

        mutating func take(_ byte: UInt8) -> Bool {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        mutating func name() -> String? {
            if take(UInt8(ascii: "<")) {
                let name = bytes[index...].prefix { $0 != UInt8(ascii: ">") }
                index = min(index + name.count + 1, bytes.count)
                return String(decoding: name, as: UTF8.self)
            }
            let name = bytes.dropFirst(index).prefix { (0x61...0x7A).contains($0 | 0x20) }
            index += name.count
            return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
        }

        mutating func number() -> Int? {
            let digits = bytes.dropFirst(index).prefix { (0x30...0x39).contains($0) }.prefix(6)
            index += digits.count
            return digits.isEmpty ? nil : digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }

        mutating func offset() -> Int? {
            let isNegative = take(UInt8(ascii: "-"))
            if !isNegative { _ = take(UInt8(ascii: "+")) }
            guard let hours = number() else { return nil }
            var seconds = hours * 3600
            if take(UInt8(ascii: ":")) { seconds += (number() ?? 0) * 60 }
            if take(UInt8(ascii: ":")) { seconds += number() ?? 0 }
            return isNegative ? -seconds : seconds
        }

        mutating func change() -> Change? {
            guard take(UInt8(ascii: ",")), let day = day() else { return nil }
            return Change(day: day, second: take(UInt8(ascii: "/")) ? offset() ?? 7200 : 7200)
        }

        private mutating func day() -> Change.Day? {
            if take(UInt8(ascii: "M")) {
                guard let month = number(), take(UInt8(ascii: ".")), let week = number(),
                    take(UInt8(ascii: ".")), let day = number(), (1...12).contains(month)
                else { return nil }
                return .weekday(month: month, week: week, day: day)
            }
            let countsLeapDay = !take(UInt8(ascii: "J"))
            return number().map { .julian($0, countsLeapDay: countsLeapDay) }
        }
    }
}
