/// Dates in the form that HTTP headers have (RFC 9110, section 5.6.7).
public enum HTTPDate {
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The text of a moment.
    ///
    ///     HTTPDate.text(784_111_777)   // Sun, 06 Nov 1994 08:49:37 GMT
    ///
    /// - Parameter seconds: seconds since 1970; outside the years 1 to 9999 the nearest is used.
    /// - Returns: 29 characters.
    public static func text(_ seconds: Int) -> String {
        let seconds = min(max(seconds, -62_135_596_800), 253_402_300_799)
        let time = (seconds % 86_400 + 86_400) % 86_400
        guard let date = CalendarDate(daysSince1970: (seconds - time) / 86_400) else { return "" }
        return "\(days[date.weekday]), \(padded(date.day, 2)) \(months[date.month - 1]) "
            + "\(padded(date.year, 4)) \(padded(time / 3600, 2)):"
            + "\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2)) GMT"
    }
}
