/// Writes dates as the `Date` field wants them (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Writes a moment: `Sun, 06 Nov 1994 08:49:37 GMT` for 784111777.
    ///
    /// - Parameter seconds: seconds since 1970, not negative.
    /// - Returns: 29 bytes of text.
    static func text(_ seconds: Int) -> String {
        let day = seconds / 86_400
        let time = seconds % 86_400
        let date = civil(day)
        return "\(days[day % 7]), \(pad(date.day)) \(months[date.month - 1]) \(date.year) "
            + "\(pad(time / 3_600)):\(pad(time / 60 % 60)):\(pad(time % 60)) GMT"
    }

    private static func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The date of a day counted from 1970-01-01, by eras of 400 years that start in March.
    private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}
