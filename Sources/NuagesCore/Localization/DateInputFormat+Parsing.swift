extension DateInputFormat {
    /// The date and time that a text shows, or nil where the text has another form or there is no
    /// such day.
    ///
    /// What the format leaves out is 1900-01-01 00:00:00.
    ///
    /// Django: Python's `strptime`.
    package func parse(_ text: String) -> LocalDateTime? {
        // No date is longer; the bound keeps the work for hostile input small.
        guard text.utf8.count <= 400 else { return nil }
        if isISODate, let date = text.withUTF8Bytes(Self.isoDate) { return date }
        var matcher = Matcher(pieces: pieces, scalars: Array(text.unicodeScalars))
        guard matcher.match(piece: 0, at: 0) else { return nil }
        return matcher.parts.dateTime
    }

    /// The day in four, two and two digits with `-` between; nil for anything else.
    private static func isoDate(_ bytes: UnsafeBufferPointer<UInt8>) -> LocalDateTime? {
        guard bytes.count == 10 else { return nil }
        var numbers = (0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 7 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard byte.isASCIIDigit else { return nil }
            let digit = Int(byte &- 0x30)
            switch index {
            case ..<4: numbers.0 = numbers.0 * 10 + digit
            case ..<7: numbers.1 = numbers.1 * 10 + digit
            default: numbers.2 = numbers.2 * 10 + digit
            }
        }
        guard let date = CalendarDate(year: numbers.0, month: numbers.1, day: numbers.2),
            let midnight = TimeOfDay(hour: 0, minute: 0)
        else { return nil }
        return LocalDateTime(date: date, time: midnight)
    }

    /// What has been read so far.
    private struct Parts {
        var year = 1900
        var month = 1
        var day = 1
        var hour = 0
        var isTwelveHour = false
        var isAfternoon: Bool?
        var minute = 0
        var second = 0
        var microsecond = 0
        var dayOfYear: Int?
        /// 0 is Monday.
        var weekday: Int?
        var sundayWeek: Int?
        var mondayWeek: Int?
        var isoYear: Int?
        var isoWeek: Int?

        var dateTime: LocalDateTime? {
            var hour = hour
            if isTwelveHour {
                hour %= 12
                if isAfternoon == true { hour += 12 }
            }
            var date = CalendarDate(year: year, month: month, day: day)
            if isoYear != nil || isoWeek != nil {
                guard let day = isoDay else { return nil }
                date = day
            } else if let week = sundayWeek ?? mondayWeek, let weekday, dayOfYear == nil {
                date = day(ofWeek: week, weekday: weekday, startsOnSunday: sundayWeek != nil)
            } else if let dayOfYear, let first = CalendarDate(year: year, month: 1, day: 1) {
                date = CalendarDate(daysSince1970: first.daysSince1970 + dayOfYear - 1)
            }
            guard let date,
                let time = TimeOfDay(
                    hour: hour,
                    minute: minute,
                    second: second,
                    microsecond: microsecond
                )
            else { return nil }
            return LocalDateTime(date: date, time: time)
        }

        /// The day of a week of ISO 8601, which needs its own year and a day of the week.
        private var isoDay: CalendarDate? {
            guard let isoYear, let isoWeek, let weekday, isoWeek >= 1,
                let fourth = CalendarDate(year: isoYear, month: 1, day: 4)
            else { return nil }
            // The fourth of January is always in the first week.
            let monday = fourth.daysSince1970 - fourth.weekday + (isoWeek - 1) * 7
            if isoWeek == 53 {
                guard let thursday = CalendarDate(daysSince1970: monday + 3),
                    thursday.year == isoYear
                else { return nil }
            }
            return CalendarDate(daysSince1970: monday + weekday)
        }

        /// The day of a week that is counted from the first Sunday or Monday of the year; week 0
        /// is what comes before it.
        private func day(
            ofWeek week: Int,
            weekday: Int,
            startsOnSunday: Bool
        ) -> CalendarDate? {
            guard let first = CalendarDate(year: year, month: 1, day: 1) else { return nil }
            let shift = startsOnSunday ? 1 : 0
            let firstDay = (first.weekday + shift) % 7
            let day = (weekday + shift) % 7
            let offset =
                week == 0 ? day - firstDay : (7 - firstDay) % 7 + (week - 1) * 7 + day
            return CalendarDate(daysSince1970: first.daysSince1970 + offset)
        }
    }

    /// Matches piece after piece.
    ///
    /// Every directive has at most a handful of lengths, so trying them
    /// all is bounded by the format, not by the input.
    private struct Matcher {
        let pieces: [Piece]
        let scalars: [Unicode.Scalar]
        var parts = Parts()

        mutating func match(piece: Int, at index: Int) -> Bool {
            guard piece < pieces.count else { return index == scalars.count }
            switch pieces[piece] {
            case .text(let scalar):
                guard index < scalars.count, Self.same(scalars[index], scalar) else { return false }
                return match(piece: piece + 1, at: index + 1)
            case .blanks:
                var end = index
                while end < scalars.count, PythonText.isSpace(scalars[end]) { end += 1 }
                guard end > index else { return false }
                if match(piece: piece + 1, at: end) { return true }
                // A day may begin with a blank of its own.
                return end - index > 1 && match(piece: piece + 1, at: end - 1)
            case .directive(let directive):
                for length in lengths(directive, at: index) {
                    let saved = parts
                    if read(directive, index..<(index + length)),
                        match(piece: piece + 1, at: index + length)
                    {
                        return true
                    }
                    parts = saved
                }
                return false
            }
        }

        private static func same(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
            left == right
                || (left.properties.isAlphabetic
                    && left.properties.lowercaseMapping.equalsBytes(
                        right.properties.lowercaseMapping
                    ))
        }

        /// The lengths that a directive could have at `index`, the preferred one first.
        private func lengths(_ directive: Unicode.Scalar, at index: Int) -> [Int] {
            let available = scalars.count - index
            let candidates: [Int] =
                switch directive {
                case "Y": [4]
                case "y": [2]
                case "G": [4]
                case "m", "d", "H", "I", "M", "S", "p", "U", "W", "V": [2, 1]
                case "f": [6, 5, 4, 3, 2, 1]
                case "j": [3, 2, 1]
                case "w", "u": [1]
                case "b", "a": [3]
                case "B": Self.nameLengths(DateInputFormat.months)
                case "A": Self.nameLengths(DateInputFormat.weekdays)
                default: []
                }
            return candidates.filter { $0 <= available }
        }

        private static func nameLengths(_ names: [String]) -> [Int] {
            Set(names.map(\.utf8.count)).sorted(by: >)
        }

        private mutating func read(_ directive: Unicode.Scalar, _ range: Range<Int>) -> Bool {
            switch directive {
            case "Y": return set(\.year, number(range, anyScript: true), 1...9999)
            case "y":
                guard let year = number(range, anyScript: true) else { return false }
                parts.year = year <= 68 ? 2000 + year : 1900 + year
                return true
            case "m": return set(\.month, number(range), 1...12)
            case "d": return set(\.day, day(range), 1...31)
            case "H": return set(\.hour, number(range, anyBehind: 0...1), 0...23)
            case "I":
                parts.isTwelveHour = true
                return set(\.hour, number(range), 1...12)
            case "M": return set(\.minute, number(range, anyBehind: 0...5), 0...59)
            case "S": return set(\.second, number(range, anyBehind: 0...5), 0...61)
            case "f":
                guard let value = number(range) else { return false }
                parts.microsecond = (range.count..<6).reduce(value) { number, _ in number * 10 }
                return true
            case "j":
                guard let value = number(range), (1...366).contains(value) else { return false }
                parts.dayOfYear = value
                return true
            case "w", "u", "U", "W", "V", "G": return readWeek(directive, range)
            default: return readName(directive, range)
            }
        }

        private mutating func readWeek(_ directive: Unicode.Scalar, _ range: Range<Int>) -> Bool {
            guard let value = number(range, anyScript: directive == "G") else { return false }
            switch directive {
            case "w":
                parts.weekday = (value + 6) % 7
                return value <= 6
            case "u":
                parts.weekday = value - 1
                return (1...7).contains(value)
            case "U": parts.sundayWeek = value
            case "W": parts.mondayWeek = value
            case "V": parts.isoWeek = value
            default:
                parts.isoYear = value
                return (1...9999).contains(value)
            }
            return value <= 53
        }

        private mutating func readName(_ directive: Unicode.Scalar, _ range: Range<Int>) -> Bool {
            // Most tries end here; making text of each part is what takes long.
            guard let first = scalars[range].first, (0x61...0x7A).contains(first.value | 0x20)
            else {
                return false
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[range])
            let name = String(view).asciiLowercased
            func position(_ names: [String], short: Bool) -> Int? {
                names.firstIndex {
                    (short ? String($0.prefix(3)) : $0).asciiLowercased.equalsBytes(name)
                }
            }
            switch directive {
            case "b", "B":
                guard let month = position(DateInputFormat.months, short: directive == "b") else {
                    return false
                }
                parts.month = month + 1
                return true
            case "a", "A":
                let weekday = position(DateInputFormat.weekdays, short: directive == "a")
                parts.weekday = weekday
                return weekday != nil
            case "p":
                guard name == "am" || name == "pm" else { return false }
                parts.isAfternoon = name == "pm"
                return true
            default: return false
            }
        }

        private mutating func set(
            _ path: WritableKeyPath<Parts, Int>,
            _ value: Int?,
            _ range: ClosedRange<Int>
        ) -> Bool {
            guard let value, range.contains(value) else { return false }
            parts[keyPath: path] = value
            return true
        }

        /// A day may be written with a blank in place of a zero.
        private func day(_ range: Range<Int>) -> Int? {
            if range.count == 2, scalars[range.lowerBound] == " " {
                return number((range.lowerBound + 1)..<range.upperBound)
            }
            return range.count == 2 ? number(range, anyBehind: 1...2) : number(range)
        }

        /// The value of one or two digits: as in the patterns of Python's `strptime` the last may be
        /// of any script where it is alone or behind some digits of ASCII.
        private func number(_ range: Range<Int>, anyBehind first: ClosedRange<Int>) -> Int? {
            guard range.count == 2 else { return number(range, anyScript: true) }
            let ten = range.prefix(1)
            guard let tens = number(ten), first.contains(tens) else { return number(range) }
            return number(range.dropFirst(), anyScript: true).map { tens * 10 + $0 }
        }

        /// The value of the digits, of ASCII or of any script.
        private func number(_ range: Range<Int>, anyScript: Bool = false) -> Int? {
            var value = 0
            for index in range {
                guard let digit = UnicodeText.digit(scalars[index]),
                    anyScript || scalars[index].isASCII
                else { return nil }
                value = value * 10 + Int(digit)
            }
            return value
        }
    }
}
