extension HTTPDate {
    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// The moment of a date in one of the three forms of RFC 9110, section 5.6.7.
    ///
    ///     HTTPDate.parse("Sun, 06 Nov 1994 08:49:37 GMT")   // 784111777
    ///
    /// Django: `parse_http_date`.
    ///
    /// - Parameters:
    ///   - text: the date.
    ///   - currentYear: the year by which the two digits of an RFC 850 date are understood: the
    ///     nearest year that is not more than 50 years ahead.
    /// - Returns: seconds since 1970; nil where the text is no such date.
    public static func parse(_ text: String, currentYear: Int) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count <= 40, bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        let words = bytes.split(separator: 0x20, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        switch words.count {
        case 6: return internetDate(words, currentYear)
        case 4: return rfc850Date(words, currentYear)
        case 5:
            return asctimeDate(
                words[1],
                day: words[2],
                words[3],
                words[4],
                words[0],
                currentYear
            )
        default: return nil
        }
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`; also `Sun Nov  6 …`, whose two blanks make six words.
    private static func internetDate(_ words: [String], _ currentYear: Int) -> Int? {
        if words[2].isEmpty, words[3].utf8.count == 1 {
            return asctimeDate(
                words[1],
                day: words[3],
                words[4],
                words[5],
                words[0],
                currentYear
            )
        }
        guard isWord(words[0].utf8.dropLast(), 3...3), words[0].utf8.last == 0x2C,
            words[5] == "GMT", let day = number(words[1], digits: 2),
            let month = month(words[2]), let year = number(words[3], digits: 4)
        else { return nil }
        return moment(nearest(year, currentYear), month, day, words[4])
    }

    /// `Sunday, 06-Nov-94 08:49:37 GMT`.
    private static func rfc850Date(_ words: [String], _ currentYear: Int) -> Int? {
        let date = words[1].split(onByte: 0x2D)
        guard isWord(words[0].utf8.dropLast(), 6...9), words[0].utf8.last == 0x2C, date.count == 3,
            words[3] == "GMT", let day = number(date[0], digits: 2),
            let month = month(date[1]), let short = number(date[2], digits: 2)
        else { return nil }
        return moment(nearest(short, currentYear), month, day, words[2])
    }

    /// The year of two digits that is not more than 50 years ahead.
    private static func nearest(_ year: Int, _ currentYear: Int) -> Int {
        guard year < 100 else { return year }
        let full = currentYear - currentYear % 100 + year
        return full - currentYear > 50 ? full - 100 : full
    }

    /// `Sun Nov  6 08:49:37 1994`.
    private static func asctimeDate(
        _ monthName: String,
        day: String,
        _ time: String,
        _ yearText: String,
        _ weekday: String,
        _ currentYear: Int
    ) -> Int? {
        guard isWord(weekday.utf8[...], 3...3), let day = day.decimalDigitsValue,
            let month = month(monthName), let year = number(yearText, digits: 4)
        else { return nil }
        return moment(nearest(year, currentYear), month, day, time)
    }

    private static func isWord(_ bytes: Substring.UTF8View, _ count: ClosedRange<Int>) -> Bool {
        count.contains(bytes.count) && bytes.allSatisfy { $0.isASCIIAlphanumeric || $0 == 0x5F }
    }

    private static func month(_ name: String) -> Int? {
        monthNames.firstIndex { $0.equalsIgnoringASCIICase(name) }.map { $0 + 1 }
    }

    private static func number(_ text: String, digits: Int) -> Int? {
        text.utf8.count == digits ? text.decimalDigitsValue : nil
    }

    private static func moment(_ year: Int, _ month: Int, _ day: Int, _ time: String) -> Int? {
        let clock = time.split(onByte: 0x3A)
        guard clock.count == 3, let hour = number(clock[0], digits: 2), hour < 24,
            let minute = number(clock[1], digits: 2), minute < 60,
            let second = number(clock[2], digits: 2), second < 60,
            let date = CalendarDate(year: year, month: month, day: day)
        else { return nil }
        return date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second
    }
}
