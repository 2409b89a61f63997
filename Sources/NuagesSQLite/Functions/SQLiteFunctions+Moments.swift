import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A day, or a day and a time, as SQLite stores them.
struct StoredMoment {
    var day: CalendarDate
    /// Nil for a day alone.
    var time: TimeOfDay?

    /// Reads `2024-02-29` or `2024-02-29 13:05:00[.123456]`; the distance to UTC that may stand
    /// behind it is passed over, as Django does.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")) else {
            guard let day = StoredText.date(bytes) else { return nil }
            self.day = day
            return
        }
        let clock = bytes[(space + 1)...]
        let end = clock.firstIndex { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        guard let day = StoredText.date(UnsafeBufferPointer(rebasing: bytes[..<space])),
            let time = StoredText.time(
                UnsafeBufferPointer(rebasing: clock[..<(end ?? clock.endIndex)])
            )
        else { return nil }
        self.day = day
        self.time = time
    }

    init?(microseconds: Int) {
        let (days, rest) = floorDivision(microseconds, by: 86_400_000_000)
        guard let day = CalendarDate(daysSince1970: days) else { return nil }
        self.day = day
        time = Self.clock(rest)
    }

    /// Microseconds since 1970 on the same clock; of a day, those of its midnight.
    var microseconds: Int {
        day.daysSince1970 * 86_400_000_000 + (time?.microsecondsSinceMidnight ?? 0)
    }

    static func clock(_ microseconds: Int) -> TimeOfDay? {
        let seconds = microseconds / 1_000_000
        return TimeOfDay(
            hour: seconds / 3600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
            microsecond: microseconds % 1_000_000
        )
    }

    /// What the clocks of a zone show, where this is the time on those of the connection.
    ///
    /// A zone is the name of one, or a name with a distance: `UTC+05:37`, `+03:00`.
    func inZone(
        _ zone: SQLiteArgument,
        connection: SQLiteArgument
    ) throws(SQLiteFunctionError) -> StoredMoment? {
        guard case .text(let name) = zone else { return self }
        let own: String? =
            if case .text(let bytes) = connection {
                String(decoding: bytes, as: UTF8.self)
            } else {
                nil
            }
        let wanted = String(decoding: name, as: UTF8.self)
        let from = try Self.rules(own ?? "UTC")
        if let own, own.utf8.elementsEqual(wanted.utf8) { return self }
        let (to, shift) = try Self.zone(wanted, connection: from)
        let midnight = Self.clock(0)
        guard let time = time ?? midnight else { return nil }
        let local = LocalDateTime(date: day, time: time, zone: .rules(from))
        let moment = local.microsecondsSince1970 + shift * 1_000_000
        guard let shown = LocalDateTime(microsecondsSince1970: moment, in: .rules(to)) else {
            throw SQLiteFunctionError("A moment is outside the years 1 to 9999.")
        }
        var copy = self
        copy.day = shown.date
        copy.time = shown.time
        return copy
    }

    private static func rules(_ name: String) throws(SQLiteFunctionError) -> TimeZoneRules {
        do throws(TimeZoneError) {
            return try TimeZoneRules.named(name)
        } catch {
            throw SQLiteFunctionError("There is no time zone of this name.")
        }
    }

    /// A zone and the seconds to add before its clocks are asked.
    private static func zone(
        _ text: String,
        connection: TimeZoneRules
    ) throws(SQLiteFunctionError) -> (TimeZoneRules, Int) {
        if let rules = try? TimeZoneRules.named(text) { return (rules, 0) }
        let bytes = Array(text.utf8)
        guard
            let sign = bytes.lastIndex(where: {
                $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
            })
        else { return (try rules(text), 0) }
        let offset = Array(bytes[(sign + 1)...])
        let padded = offset.contains(UInt8(ascii: ":")) ? offset : offset + Array(":00".utf8)
        guard let time = padded.withUnsafeBufferPointer({ StoredText.time($0) }) else {
            throw SQLiteFunctionError("There is no time zone of this name.")
        }
        let name = String(decoding: bytes[..<sign], as: UTF8.self)
        let seconds = (time.hour * 60 + time.minute) * 60
        let rules = name.isEmpty ? connection : try rules(name)
        return (rules, bytes[sign] == UInt8(ascii: "+") ? seconds : -seconds)
    }
}

extension SQLiteFunctions {
    static var moments: [SQLiteFunction] {
        [
            function("django_date_extract", 2) { call throws(SQLiteFunctionError) in
                try extract(call, nil)
            },
            function("django_datetime_extract", 4) { call throws(SQLiteFunctionError) in
                try extract(call, 2)
            },
            function("django_time_extract", 2) { call throws(SQLiteFunctionError) in
                guard case .text(let bytes) = call[1], let time = StoredText.time(bytes) else {
                    return .null
                }
                return .int(try clockPart(try call.text(0), time))
            },
            function("django_date_trunc", 4) { call throws(SQLiteFunctionError) in
                guard let moment = try moment(call, 1, zone: 2) else { return .null }
                return .text("\(try first(moment.day, try call.text(0), allowsClock: false))")
            },
            function("django_datetime_trunc", 4) { call throws(SQLiteFunctionError) in
                guard let moment = try moment(call, 1, zone: 2) else { return .null }
                let period = try call.text(0)
                let day = try first(moment.day, period, allowsClock: true)
                return .text("\(day) \(try first(moment.time, period))")
            },
            function("django_time_trunc", 4) { call throws(SQLiteFunctionError) in
                guard case .text(let bytes) = call[1] else { return .null }
                let period = try call.text(0)
                if StoredMoment(bytes) == nil {
                    guard let time = StoredText.time(bytes) else { return .null }
                    return .text("\(try clock(time, period))")
                }
                guard let moment = try moment(call, 1, zone: 2) else { return .null }
                guard let time = moment.time else {
                    throw SQLiteFunctionError("A day has no time to truncate.")
                }
                return .text("\(try clock(time, period))")
            },
            function("django_datetime_cast_date", 3) { call throws(SQLiteFunctionError) in
                guard let moment = try moment(call, 0, zone: 1) else { return .null }
                return .text(moment.day.description)
            },
            function("django_datetime_cast_time", 3) { call throws(SQLiteFunctionError) in
                guard let moment = try moment(call, 0, zone: 1) else { return .null }
                return .text((moment.time ?? StoredMoment.clock(0))?.description ?? "")
            },
        ]
    }

    private static func function(
        _ name: String,
        _ count: Int,
        _ answer: @escaping @Sendable (SQLiteArguments) throws(SQLiteFunctionError) -> SQLiteAnswer
    ) -> SQLiteFunction {
        SQLiteFunction(
            name: name,
            argumentCount: count,
            isNullWithNull: false,
            answer: answer
        )
    }

    /// The moment of an argument on the clocks of the zone that stands at `zone`; nil for NULL and
    /// for what is no moment.
    private static func moment(
        _ call: SQLiteArguments,
        _ index: Int,
        zone: Int?
    ) throws(SQLiteFunctionError) -> StoredMoment? {
        guard case .text(let bytes) = call[index], let moment = StoredMoment(bytes) else {
            return nil
        }
        guard let zone else { return moment }
        return try moment.inZone(call[zone], connection: call[zone + 1])
    }

    private static func extract(
        _ call: SQLiteArguments,
        _ zone: Int?
    ) throws(SQLiteFunctionError) -> SQLiteAnswer {
        guard let moment = try moment(call, 1, zone: zone) else { return .null }
        let part = try call.text(0)
        if let number = dayPart(part, moment.day) { return .int(number) }
        guard let time = moment.time else {
            throw SQLiteFunctionError("A day has no '\(shown(part))'.")
        }
        return .int(try clockPart(part, time))
    }

    private static func dayPart(_ part: String, _ day: CalendarDate) -> Int? {
        switch part {
        case "year": day.year
        case "month": day.month
        case "day": day.day
        case "quarter": (day.month + 2) / 3
        case "week_day": (day.weekday + 1) % 7 + 1
        case "iso_week_day": day.weekday + 1
        case "week": isoWeek(day).week
        case "iso_year": isoWeek(day).year
        default: nil
        }
    }

    private static func clockPart(
        _ part: String,
        _ time: TimeOfDay
    ) throws(SQLiteFunctionError) -> Int {
        switch part {
        case "hour": time.hour
        case "minute": time.minute
        case "second": time.second
        case "microsecond": time.microsecond
        default: throw SQLiteFunctionError("There is no part '\(shown(part))' of a moment.")
        }
    }

    /// The week of ISO 8601, and the year that it belongs to: that of its Thursday.
    private static func isoWeek(_ day: CalendarDate) -> (year: Int, week: Int) {
        let thursday = day.daysSince1970 - day.weekday + 3
        // The last days of the year 9999 belong to a week whose Thursday is not in the calendar.
        guard let date = CalendarDate(daysSince1970: thursday),
            let newYear = CalendarDate(year: date.year, month: 1, day: 1)
        else { return (day.year + 1, 1) }
        return (date.year, (thursday - newYear.daysSince1970) / 7 + 1)
    }

    private static func first(
        _ day: CalendarDate,
        _ period: String,
        allowsClock: Bool
    ) throws(SQLiteFunctionError) -> CalendarDate {
        let first: CalendarDate? =
            switch period {
            case "year": CalendarDate(year: day.year, month: 1, day: 1)
            case "quarter":
                CalendarDate(year: day.year, month: day.month - (day.month - 1) % 3, day: 1)
            case "month": CalendarDate(year: day.year, month: day.month, day: 1)
            case "week": CalendarDate(daysSince1970: day.daysSince1970 - day.weekday)
            case "day": day
            case "hour", "minute", "second": allowsClock ? day : nil
            default: nil
            }
        guard let first else {
            throw SQLiteFunctionError("There is no period '\(shown(period))' of a day.")
        }
        return first
    }

    private static func first(
        _ time: TimeOfDay?,
        _ period: String
    ) throws(SQLiteFunctionError) -> TimeOfDay {
        switch period {
        case "hour", "minute", "second":
            guard let time else { throw SQLiteFunctionError("A day has no time to truncate.") }
            return try clock(time, period)
        default:
            guard let midnight = StoredMoment.clock(0) else {
                throw SQLiteFunctionError("There is no midnight.")
            }
            return midnight
        }
    }

    private static func clock(
        _ time: TimeOfDay,
        _ period: String
    ) throws(SQLiteFunctionError) -> TimeOfDay {
        let result: TimeOfDay? =
            switch period {
            case "hour": TimeOfDay(hour: time.hour, minute: 0)
            case "minute": TimeOfDay(hour: time.hour, minute: time.minute)
            case "second": TimeOfDay(hour: time.hour, minute: time.minute, second: time.second)
            default: nil
            }
        guard let result else {
            throw SQLiteFunctionError("There is no period '\(shown(period))' of a time.")
        }
        return result
    }

    /// The beginning of a text, for messages.
    static func shown(_ text: String) -> String { String(text.unicodeScalars.prefix(40)) }
}
