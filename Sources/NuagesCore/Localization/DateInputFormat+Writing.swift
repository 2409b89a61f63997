extension DateInputFormat {
    /// The text of a date and time.
    ///
    /// Django: Python's `strftime`.
    package func text(of value: LocalDateTime) -> String {
        var output: [UInt8] = []
        // The source, not the pieces: reading folds blanks, writing keeps them.
        var isDirective = false
        for scalar in source.unicodeScalars {
            if isDirective {
                Self.append(scalar, of: value, to: &output)
                isDirective = false
            } else if scalar == "%" {
                isDirective = true
            } else {
                output.append(contentsOf: String(Character(scalar)).utf8)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(
        _ directive: Unicode.Scalar,
        of value: LocalDateTime,
        to output: inout [UInt8]
    ) {
        let (date, time) = (value.date, value.time)
        let twelve = time.hour % 12 == 0 ? 12 : time.hour % 12
        switch directive {
        case "Y": output.appendDigits(date.year, width: 4)
        case "y": output.appendDigits(date.year % 100, width: 2)
        case "m": output.appendDigits(date.month, width: 2)
        case "d": output.appendDigits(date.day, width: 2)
        case "H": output.appendDigits(time.hour, width: 2)
        case "I": output.appendDigits(twelve, width: 2)
        case "M": output.appendDigits(time.minute, width: 2)
        case "S": output.appendDigits(time.second, width: 2)
        case "f": output.appendDigits(time.microsecond, width: 6)
        case "j":
            let first = CalendarDate(year: date.year, month: 1, day: 1) ?? date
            output.appendDigits(date.daysSince1970 - first.daysSince1970 + 1, width: 3)
        case "w": output.appendDigits((date.weekday + 1) % 7)
        case "p": output.append(contentsOf: (time.hour < 12 ? "AM" : "PM").utf8)
        case "b": output.append(contentsOf: months[date.month - 1].utf8.prefix(3))
        case "B": output.append(contentsOf: months[date.month - 1].utf8)
        case "a": output.append(contentsOf: weekdays[date.weekday].utf8.prefix(3))
        case "A": output.append(contentsOf: weekdays[date.weekday].utf8)
        case "%": output.append(UInt8(ascii: "%"))
        default: output.append(contentsOf: "%\(Character(directive))".utf8)
        }
    }
}
