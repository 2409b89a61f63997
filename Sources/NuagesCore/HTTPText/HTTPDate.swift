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
        return String(unsafeUninitializedCapacity: 29) { buffer in
            var index = 0
            func put(_ text: String) {
                for byte in text.utf8 {
                    buffer[index] = byte
                    index += 1
                }
            }
            func put(_ number: Int, divisor: Int) {
                var divisor = divisor
                while divisor > 0 {
                    buffer[index] = 0x30 &+ UInt8(truncatingIfNeeded: number / divisor % 10)
                    index += 1
                    divisor /= 10
                }
            }
            put(days[date.weekday])
            put(", ")
            put(date.day, divisor: 10)
            put(" ")
            put(months[date.month - 1])
            put(" ")
            put(date.year, divisor: 1000)
            put(" ")
            put(time / 3600, divisor: 10)
            put(":")
            put(time / 60 % 60, divisor: 10)
            put(":")
            put(time % 60, divisor: 10)
            put(" GMT")
            return index
        }
    }
}
