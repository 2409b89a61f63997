import NuagesCore
import NuagesORM

extension SQLiteFunctions {
    static var durations: [SQLiteFunction] {
        [
            SQLiteFunction(name: "django_time_diff", argumentCount: 2) {
                call throws(SQLiteFunctionError) in
                .int(
                    try time(call, 0).microsecondsSinceMidnight
                        - (try time(call, 1).microsecondsSinceMidnight)
                )
            },
            SQLiteFunction(name: "django_timestamp_diff", argumentCount: 2) {
                call throws(SQLiteFunctionError) in
                .int(try moment(call, 0).microseconds - (try moment(call, 1).microseconds))
            },
            SQLiteFunction(name: "django_format_dtdelta", argumentCount: 3) {
                call throws(SQLiteFunctionError) in
                let bytes = try call.bytes(0).filter { $0 != UInt8(ascii: " ") }
                switch bytes {
                case [UInt8(ascii: "+")]: return try sum(call, isNegative: false)
                case [UInt8(ascii: "-")]: return try sum(call, isNegative: true)
                case [UInt8(ascii: "*")]: return try product(call)
                default: return try quotient(call)
                }
            },
        ]
    }

    private static func time(
        _ call: SQLiteArguments,
        _ index: Int
    ) throws(SQLiteFunctionError) -> TimeOfDay {
        guard let time = StoredText.time(try call.bytes(index)) else {
            throw SQLiteFunctionError("Argument \(index + 1) is not a time.")
        }
        return time
    }

    private static func moment(
        _ call: SQLiteArguments,
        _ index: Int
    ) throws(SQLiteFunctionError) -> StoredMoment {
        guard let moment = StoredMoment(try call.bytes(index)) else {
            throw SQLiteFunctionError("Argument \(index + 1) is not a moment.")
        }
        return moment
    }

    /// A side of a sum: a number of microseconds, or a moment.
    private enum Term {
        case duration(Int)
        case moment(StoredMoment)

        init?(_ argument: SQLiteArgument) {
            switch argument {
            case .int(let number): self = .duration(Int(number))
            case .text(let bytes):
                guard let moment = StoredMoment(bytes) else { return nil }
                self = .moment(moment)
            case .null, .double, .blob: return nil
            }
        }
    }

    private static func sum(
        _ call: SQLiteArguments,
        isNegative: Bool
    ) throws(SQLiteFunctionError) -> SQLiteAnswer {
        guard let left = Term(call[1]), let right = Term(call[2]) else { return .null }
        switch (left, right) {
        case (.duration(let first), .duration(let second)):
            return .text(lengthText(try add(first, second, isNegative)))
        case (.moment(let moment), .duration(let length)):
            return .text(try text(moment, shiftedBy: length, isNegative))
        case (.duration(let length), .moment(let moment)) where !isNegative:
            return .text(try text(moment, shiftedBy: length, false))
        case (.moment(let first), .moment(let second))
        where isNegative && (first.time == nil) == (second.time == nil):
            return .text(lengthText(first.microseconds - second.microseconds))
        default:
            throw SQLiteFunctionError("These values cannot be added or subtracted.")
        }
    }

    private static func add(
        _ first: Int,
        _ second: Int,
        _ isNegative: Bool
    ) throws(SQLiteFunctionError) -> Int {
        let (sum, overflows) =
            isNegative
            ? first.subtractingReportingOverflow(second) : first.addingReportingOverflow(second)
        if overflows { throw SQLiteFunctionError("A length of time is too long.") }
        return sum
    }

    /// A moment so much later; a day moves by whole days.
    private static func text(
        _ moment: StoredMoment,
        shiftedBy length: Int,
        _ isNegative: Bool
    ) throws(SQLiteFunctionError) -> String {
        if moment.time == nil {
            // As in Python, the whole days of the length are what is added or taken away.
            let days = floorDivide(length, 86_400_000_000)
            let moved = moment.day.daysSince1970 + (isNegative ? -days : days)
            guard let day = CalendarDate(daysSince1970: moved) else {
                throw SQLiteFunctionError("A day is outside the years 1 to 9999.")
            }
            return day.description
        }
        let shift = try add(moment.microseconds, length, isNegative)
        guard let moved = StoredMoment(microseconds: shift), let time = moved.time else {
            throw SQLiteFunctionError("A moment is outside the years 1 to 9999.")
        }
        return "\(moved.day) \(time)"
    }

    /// A length of time as Python writes it: `1 day, 0:00:05.000001`.
    private static func lengthText(_ microseconds: Int) -> String {
        let (days, rest) = floorDivision(microseconds, by: 86_400_000_000)
        let seconds = rest / 1_000_000
        var text = ""
        if days != 0 { text = "\(days) day\(abs(days) == 1 ? "" : "s"), " }
        text += "\(seconds / 3600):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        if rest % 1_000_000 != 0 { text += ".\(padded(rest % 1_000_000, 6))" }
        return text
    }

    private static func product(_ call: SQLiteArguments) throws(SQLiteFunctionError) -> SQLiteAnswer
    {
        if case .int(let first) = call[1], case .int(let second) = call[2] {
            let (product, overflows) = first.multipliedReportingOverflow(by: second)
            if overflows { throw SQLiteFunctionError("A length of time is too long.") }
            return .int(Int(product))
        }
        return .double(try call.number(1) * (try call.number(2)))
    }

    private static func quotient(
        _ call: SQLiteArguments
    ) throws(SQLiteFunctionError) -> SQLiteAnswer {
        let divisor = try call.number(2)
        guard divisor != 0 else { throw SQLiteFunctionError("A division by zero.") }
        return .double(try call.number(1) / divisor)
    }
}
