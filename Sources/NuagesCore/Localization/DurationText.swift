/// Reads and writes lengths of time as Django does.
package enum DurationText {
    /// What came of reading a text.
    package enum Outcome {
        /// A length of time.
        case duration(Duration)
        /// More days than Python's `timedelta` holds.
        case overflow
        /// Text of another form.
        case malformed
    }

    package static let maxDays = 999_999_999

    /// Reads `1 02:03:04.5`, ISO 8601 (`P1DT2H`) and PostgreSQL's intervals (`1 days 02:03:04`).
    ///
    /// Django: `django.utils.dateparse.parse_duration`.
    package static func parse(_ text: String) -> Outcome {
        var scalars = Array(text.unicodeScalars)
        // `$` of a Python pattern also matches before a line feed at the end.
        if scalars.last == "\n" { scalars.removeLast() }
        return standard(scalars) ?? iso8601(scalars) ?? postgres(scalars) ?? .malformed
    }

    private static func standard(_ scalars: [Unicode.Scalar]) -> Outcome? {
        var scanner = DurationScanner(scalars)
        var sum = DurationSum()
        let start = scanner.index
        let daysAreNegative = scanner.take("-")
        if let days = scanner.number(), scanner.take(" ") {
            sum.add(days, seconds: 86_400, isNegative: daysAreNegative)
            let mark = scanner.index
            if !(scanner.take(word: "days, ") || scanner.take(word: "day, ")) {
                scanner.index = mark
            }
        } else {
            scanner.index = start
        }
        let isNegative = scanner.take("-")
        guard var parts = scanner.number().map({ [$0] }) else { return nil }
        while parts.count < 3, scanner.take(":") {
            guard let part = scanner.number() else { return nil }
            parts.append(part)
        }
        for (part, unit) in zip(parts.reversed(), [1, 60, 3600]) {
            sum.add(part, seconds: unit, isNegative: isNegative)
        }
        if let fraction = scanner.fraction(maxCount: 12) {
            sum.add(microseconds: fraction, isNegative: isNegative)
        }
        return scanner.isAtEnd ? sum.outcome : nil
    }

    private static func iso8601(_ scalars: [Unicode.Scalar]) -> Outcome? {
        var scanner = DurationScanner(scalars)
        var sum = DurationSum()
        let isNegative = scanner.take("-")
        if !isNegative { _ = scanner.take("+") }
        guard scanner.take("P") else { return nil }
        for (letter, unit) in [("W", 604_800), ("D", 86_400)] as [(Unicode.Scalar, Int)] {
            guard let number = scanner.decimal(before: letter) else { continue }
            sum.add(number, seconds: unit, isNegative: isNegative)
        }
        if scanner.take("T") {
            for (letter, unit) in [("H", 3600), ("M", 60), ("S", 1)] as [(Unicode.Scalar, Int)] {
                guard let number = scanner.decimal(before: letter) else { continue }
                sum.add(number, seconds: unit, isNegative: isNegative)
            }
        }
        return scanner.isAtEnd ? sum.outcome : nil
    }

    private static func postgres(_ scalars: [Unicode.Scalar]) -> Outcome? {
        var scanner = DurationScanner(scalars)
        var sum = DurationSum()
        let start = scanner.index
        let daysAreNegative = scanner.take("-")
        if let days = scanner.number(), scanner.take(word: " day") {
            _ = scanner.take("s")
            _ = scanner.take(" ")
            sum.add(days, seconds: 86_400, isNegative: daysAreNegative)
        } else {
            scanner.index = start
        }
        if scanner.isAtEnd { return sum.outcome }
        let isNegative = scanner.take("-")
        if !isNegative { _ = scanner.take("+") }
        guard let hours = scanner.number(), scanner.take(":"),
            let minutes = scanner.number(count: 2), scanner.take(":"),
            let seconds = scanner.number(count: 2)
        else { return nil }
        for (part, unit) in [(hours, 3600), (minutes, 60), (seconds, 1)] {
            sum.add(part, seconds: unit, isNegative: isNegative)
        }
        if let fraction = scanner.fraction(maxCount: 6) {
            sum.add(microseconds: fraction, isNegative: isNegative)
        }
        return scanner.isAtEnd ? sum.outcome : nil
    }

    /// `1 02:03:04.000005`, as a field shows it.
    ///
    /// Django: `django.utils.duration.duration_string`.
    package static func django(_ duration: Duration) -> String {
        let (days, seconds, microseconds) = parts(duration)
        let clock =
            "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        return (days == 0 ? "" : "\(days) ") + clock
            + (microseconds == 0 ? "" : ".\(padded(microseconds, 6))")
    }

    /// `1 day, 2:03:04.000005`: Python's `str(timedelta)`.
    package static func python(_ duration: Duration) -> String {
        let (days, seconds, microseconds) = parts(duration)
        let clock =
            "\(seconds / 3600):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        let word = days == 1 || days == -1 ? "day" : "days"
        return (days == 0 ? "" : "\(days) \(word), ") + clock
            + (microseconds == 0 ? "" : ".\(padded(microseconds, 6))")
    }

    /// `P1DT02H03M04.000005S`: ISO 8601, with a sign before a length that is negative.
    ///
    /// Django: `django.utils.duration.duration_iso_string`.
    package static func iso8601(_ duration: Duration) -> String {
        let isNegative = duration < .zero
        // The shortest length of time has no counterpart above zero.
        let magnitude = isNegative ? .zero - max(duration, .seconds(-Int64.max)) : duration
        let (days, seconds, microseconds) = parts(magnitude)
        let clock =
            "\(padded(seconds / 3600, 2))H\(padded(seconds / 60 % 60, 2))M\(padded(seconds % 60, 2))"
        let fraction = microseconds == 0 ? "" : ".\(padded(microseconds, 6))"
        return "\(isNegative ? "-" : "")P\(days)DT\(clock)\(fraction)S"
    }

    /// The whole of a length of time in microseconds, which may be more than `Int` holds.
    ///
    /// Django: `django.utils.duration.duration_microseconds`.
    package static func microseconds(_ duration: Duration) -> ExactDecimal {
        let (seconds, attoseconds) = duration.components
        let whole = ExactDecimal(Int(seconds))
        let shifted = ExactDecimal(
            isNegative: whole.isNegative,
            digits: whole.digits + [0, 0, 0, 0, 0, 0],
            exponent: 0
        )
        return shifted.adding(ExactDecimal(Int(attoseconds / 1_000_000_000_000)))
    }

    /// Days of any sign, then seconds and microseconds that are not negative.
    package static func parts(_ duration: Duration) -> (days: Int, seconds: Int, microseconds: Int)
    {
        let (whole, attoseconds) = duration.components
        var seconds = Int(whole)
        var microseconds = Int(attoseconds / 1_000_000_000_000)
        if microseconds < 0 {
            microseconds += 1_000_000
            seconds = max(seconds, .min + 1) - 1
        }
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        return rest < 0 ? (days - 1, rest + 86_400, microseconds) : (days, rest, microseconds)
    }
}

/// Adds the parts of a length of time as Python's `timedelta` does: whole seconds exactly,
/// fractions rounded to microseconds.
private struct DurationSum {
    private var duration = Duration.zero
    private var isTooLong = false

    var outcome: DurationText.Outcome {
        let days = DurationText.parts(duration).days
        if isTooLong || abs(days) > DurationText.maxDays { return .overflow }
        return .duration(duration)
    }

    mutating func add(_ number: Double, seconds unit: Int, isNegative: Bool) {
        let total = number * Double(unit)
        guard total.isFinite, total < 1e15 else {
            isTooLong = true
            return
        }
        let whole = total.rounded(.down)
        let microseconds = ((total - whole) * 1_000_000).rounded(.toNearestOrEven)
        let part = Duration.seconds(Int64(whole)) + .microseconds(Int64(microseconds))
        duration += isNegative ? .zero - part : part
    }

    mutating func add(microseconds: Int, isNegative: Bool) {
        duration += .microseconds(isNegative ? -microseconds : microseconds)
    }
}

/// Reads the parts of a length of time from scalars.
private struct DurationScanner {
    let scalars: [Unicode.Scalar]
    var index = 0

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    var isAtEnd: Bool { index == scalars.count }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard index < scalars.count, scalars[index] == scalar else { return false }
        index += 1
        return true
    }

    mutating func take(word: String) -> Bool {
        guard scalars[index...].starts(with: word.unicodeScalars) else { return false }
        index += word.unicodeScalars.count
        return true
    }

    private mutating func digits() -> [UInt8] {
        var digits: [UInt8] = []
        while index < scalars.count, let digit = UnicodeText.digit(scalars[index]) {
            digits.append(digit)
            index += 1
        }
        return digits
    }

    /// Digits as a number; infinite where there are too many.
    mutating func number(count: Int? = nil) -> Double? {
        let digits = digits()
        guard !digits.isEmpty, count == nil || digits.count == count else { return nil }
        return digits.reduce(0.0) { $0 * 10 + Double($1) }
    }

    /// A point or comma with digits, the first six of which are microseconds.
    mutating func fraction(maxCount: Int) -> Int? {
        let start = index
        guard take(".") || (maxCount > 6 && take(",")) else { return nil }
        let digits = digits()
        guard (1...maxCount).contains(digits.count) else {
            index = start
            return nil
        }
        return (0..<6).reduce(0) { $0 * 10 + ($1 < digits.count ? Int(digits[$1]) : 0) }
    }

    /// A number with an optional fraction before a letter.
    mutating func decimal(before letter: Unicode.Scalar) -> Double? {
        let start = index
        let whole = digits()
        var all = whole
        var places = 0
        if !whole.isEmpty, take(".") || take(",") {
            let fraction = digits()
            if fraction.isEmpty {
                index = start
                return nil
            }
            all += fraction
            places = fraction.count
        }
        guard !all.isEmpty, take(letter) else {
            index = start
            return nil
        }
        return ExactDecimal(isNegative: false, digits: all, exponent: -places).doubleValue
    }
}
