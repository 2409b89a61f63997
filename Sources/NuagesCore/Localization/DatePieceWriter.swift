/// Writes single format characters of one date and time.
struct DatePieceWriter {
    let value: LocalDateTime
    let localization: Localization
    var isDate = false
    var isTime = false

    private var date: CalendarDate { value.date }
    private var time: TimeOfDay { value.time }
    private var hour12: Int { time.hour % 12 == 0 ? 12 : time.hour % 12 }

    /// The zone's setting, or nil where Django writes nothing: no zone applies, or the clock shows
    /// the time twice or never.
    private var setting: TimeZoneRules.Setting? {
        if isDate || isTime { return nil }
        let zone = value.zone ?? localization.defaultTimeZone
        let local = value.localSeconds
        guard !zone.isAmbiguousOrImaginary(atLocal: local) else { return nil }
        return zone.setting(atLocal: local, isSecondOfTwo: value.isSecondOfTwo)
    }

    func append(_ specifier: UInt8, to output: inout [UInt8]) {
        switch specifier {
        case UInt8(ascii: "Y"): append(date.year, width: 4, to: &output)
        case UInt8(ascii: "m"): append(date.month, width: 2, to: &output)
        case UInt8(ascii: "d"): append(date.day, width: 2, to: &output)
        case UInt8(ascii: "H"): append(time.hour, width: 2, to: &output)
        case UInt8(ascii: "i"): append(time.minute, width: 2, to: &output)
        case UInt8(ascii: "s"): append(time.second, width: 2, to: &output)
        case UInt8(ascii: "u"): append(time.microsecond, width: 6, to: &output)
        case UInt8(ascii: "h"): append(hour12, width: 2, to: &output)
        case UInt8(ascii: "g"): append(hour12, width: 1, to: &output)
        case UInt8(ascii: "G"): append(time.hour, width: 1, to: &output)
        case UInt8(ascii: "j"): append(date.day, width: 1, to: &output)
        case UInt8(ascii: "n"): append(date.month, width: 1, to: &output)
        case UInt8(ascii: "y"): append(date.year % 100, width: 2, to: &output)
        default: output.append(contentsOf: text(specifier).utf8)
        }
    }

    private func append(_ number: Int, width: Int, to output: inout [UInt8]) {
        output.appendDigits(number, width: width)
    }

    private func text(_ specifier: UInt8) -> String {
        switch specifier {
        case UInt8(ascii: "a"): localization.translated(time.hour > 11 ? "p.m." : "a.m.")
        case UInt8(ascii: "A"): localization.translated(time.hour > 11 ? "PM" : "AM")
        case UInt8(ascii: "f"): shortTime
        case UInt8(ascii: "P"): pressTime
        case UInt8(ascii: "b"): month(CalendarNames.shortMonths)
        case UInt8(ascii: "M"): PythonCase.title(month(CalendarNames.shortMonths))
        case UInt8(ascii: "F"): month(CalendarNames.months)
        case UInt8(ascii: "E"): month(CalendarNames.months, context: "alt. month")
        case UInt8(ascii: "N"): month(CalendarNames.pressMonths, context: "abbrev. month")
        case UInt8(ascii: "D"):
            localization.translated(CalendarNames.shortWeekdays[date.weekday])
        case UInt8(ascii: "l"): localization.translated(CalendarNames.weekdays[date.weekday])
        case UInt8(ascii: "S"): ordinalSuffix
        case UInt8(ascii: "L"): CalendarDate.isLeap(date.year) ? "True" : "False"
        case UInt8(ascii: "t"):
            "\(CalendarDate.dayCount(ofMonth: date.month, year: date.year))"
        case UInt8(ascii: "w"): "\((date.weekday + 1) % 7)"
        case UInt8(ascii: "W"): "\(isoWeek.week)"
        case UInt8(ascii: "o"): "\(isoWeek.year)"
        case UInt8(ascii: "z"): "\(dayOfYear)"
        default: zoneText(specifier)
        }
    }

    private func zoneText(_ specifier: UInt8) -> String {
        switch specifier {
        case UInt8(ascii: "e"): value.zone == nil ? "" : setting?.abbreviation ?? ""
        case UInt8(ascii: "T"): setting?.abbreviation ?? ""
        case UInt8(ascii: "O"): setting.map { offsetText($0.offset) } ?? ""
        case UInt8(ascii: "Z"): setting.map { "\($0.offset)" } ?? ""
        case UInt8(ascii: "I"): setting.map { $0.isDaylight ? "1" : "0" } ?? ""
        case UInt8(ascii: "U"): "\(epochSecond)"
        case UInt8(ascii: "c"):
            isDate
                ? date.description
                : (isTime ? time.description : value.isoText(separator: "T"))
        case UInt8(ascii: "r"): internetDate
        default: ""
        }
    }

    private func month(_ names: [String], context: String? = nil) -> String {
        localization.translated(names[date.month - 1], context: context)
    }

    private var shortTime: String {
        time.minute == 0 ? "\(hour12)" : "\(hour12):\(padded(time.minute, 2))"
    }

    private var pressTime: String {
        switch (time.hour, time.minute) {
        case (0, 0): localization.translated("midnight")
        case (12, 0): localization.translated("noon")
        default: "\(shortTime) \(text(UInt8(ascii: "a")))"
        }
    }

    private var ordinalSuffix: String {
        switch (date.day, date.day % 10) {
        case (11...13, _): "th"
        case (_, 1): "st"
        case (_, 2): "nd"
        case (_, 3): "rd"
        default: "th"
        }
    }

    private var dayOfYear: Int {
        let newYear = CalendarDate(year: date.year, month: 1, day: 1) ?? date
        return date.daysSince1970 - newYear.daysSince1970 + 1
    }

    /// The week of ISO 8601 and the year to which it belongs: the year of its Thursday.
    private var isoWeek: (year: Int, week: Int) {
        let thursday = date.daysSince1970 - date.weekday + 3
        // The first and last days that a CalendarDate can hold belong to weeks that it cannot.
        guard let day = CalendarDate(daysSince1970: thursday) else { return (date.year + 1, 1) }
        let newYear = CalendarDate(year: day.year, month: 1, day: 1) ?? day
        return (day.year, (thursday - newYear.daysSince1970) / 7 + 1)
    }

    private var epochSecond: Int {
        var aware = value
        aware.zone = value.zone ?? localization.defaultTimeZone
        let microseconds = aware.microsecondsSince1970
        return microseconds / 1_000_000
    }

    private func offsetText(_ offset: Int) -> String {
        let magnitude = abs(offset)
        return (offset < 0 ? "-" : "+") + padded(magnitude / 3600, 2)
            + padded(magnitude / 60 % 60, 2)
    }

    /// The seconds of an offset from before there were time zones.
    private func offsetSeconds(_ offset: Int) -> String {
        offset % 60 == 0 ? "" : padded(abs(offset) % 60, 2)
    }

    /// RFC 5322, always in English.
    private var internetDate: String {
        let name = CalendarNames.months[date.month - 1].prefix(3)
        let offset =
            (value.zone ?? localization.defaultTimeZone)
            .offset(atLocal: value.localSeconds, isSecondOfTwo: value.isSecondOfTwo)
        return "\(CalendarNames.shortWeekdays[date.weekday]), \(padded(date.day, 2)) \(name) "
            + "\(padded(date.year, 4)) \(padded(time.hour, 2)):\(padded(time.minute, 2)):"
            + "\(padded(time.second, 2)) \(offsetText(offset))\(offsetSeconds(offset))"
    }
}

extension [UInt8] {
    /// Appends a number that is not negative, with leading zeros up to `width` digits.
    package mutating func appendDigits(_ number: Int, width: Int = 1) {
        guard number >= 0 else {
            append(contentsOf: String(number).utf8)
            return
        }
        var divisor = 1
        var count = 1
        while number / divisor >= 10 {
            divisor *= 10
            count += 1
        }
        for _ in 0..<Swift.max(0, width - count) { append(UInt8(ascii: "0")) }
        var rest = number
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }
}
