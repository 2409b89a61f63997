/// Writes how long ago, or how far ahead, a moment is.
///
///     TimeDistance(localization).text(from: posted, to: now)    // 1 hour, 30 minutes
///
/// Django: `django.utils.timesince`.
package struct TimeDistance {
    /// Messages for one and for several, from years to minutes.
    package static let englishUnits = ["year", "month", "week", "day", "hour", "minute"].map {
        (singular: "%(num)d \($0)", plural: "%(num)d \($0)s")
    }

    package let localization: Localization
    /// The messages of the units.
    package var units = Self.englishUnits
    /// The context of the messages of the units.
    package var context: String?
    /// How many adjacent units to name.
    package var depth = 2

    package init(_ localization: Localization) { self.localization = localization }

    /// The distance between two times; `0 minutes` where `end` is not later.
    ///
    /// It is that on the clock of the zone of `start`: a day in which clocks are set is a day.
    package func text(from start: LocalDateTime, to end: LocalDateTime) -> String {
        var (start, end) = (start, end)
        if let zone = start.zone, end.zone != nil { end = end.converted(to: zone) ?? end }
        (start.zone, end.zone) = (nil, nil)
        let seconds = floorDivide(
            end.microsecondsSince1970 - start.microsecondsSince1970,
            1_000_000
        )
        guard seconds > 0 else { return unitText(5, 0) }
        let counts = counts(from: start, to: end)
        guard let first = counts.firstIndex(where: { $0 != 0 }) else { return unitText(5, 0) }
        let shown = counts.indices.dropFirst(first).prefix(depth).prefix { counts[$0] != 0 }
        return shown.map { unitText($0, counts[$0]) }.joined(
            separator: localization.translated(", ")
        )
    }

    private func unitText(_ unit: Int, _ count: Int) -> String {
        let message = localization.translated(
            units[unit].singular,
            plural: units[unit].plural,
            count,
            context: context
        )
        return message.replacingBytes("%(num)d", with: "\(count)")
            .replacingBytes(" ", with: "\u{A0}")
    }

    private func counts(from start: LocalDateTime, to end: LocalDateTime) -> [Int] {
        var months = (end.date.year - start.date.year) * 12 + end.date.month - start.date.month
        if start.date.day > end.date.day
            || (start.date.day == end.date.day && start.time > end.time)
        {
            months -= 1
        }
        let (years, rest) = (floorDivide(months, 12), months - floorDivide(months, 12) * 12)
        let pivot = months == 0 ? start : pivot(from: start, years: years, months: rest)
        var remaining = floorDivide(
            end.microsecondsSince1970 - pivot.microsecondsSince1970,
            1_000_000
        )
        var counts = [years, rest]
        for unit in [604_800, 86_400, 3600, 60] {
            let count = floorDivide(remaining, unit)
            counts.append(count)
            remaining -= count * unit
        }
        return counts
    }

    /// `start` moved by years and months, on the last day of a shorter month; a leap day counts as
    /// the 28th, as in Django.
    private func pivot(from start: LocalDateTime, years: Int, months: Int) -> LocalDateTime {
        var (year, month) = (start.date.year + years, start.date.month + months)
        if month > 12 {
            month -= 12
            year += 1
        }
        let last = month == 2 ? 28 : CalendarDate.dayCount(ofMonth: month, year: year)
        var pivot = start
        pivot.isSecondOfTwo = false
        pivot.date =
            CalendarDate(year: year, month: month, day: min(last, start.date.day)) ?? start.date
        pivot.time =
            TimeOfDay(
                hour: start.time.hour,
                minute: start.time.minute,
                second: start.time.second
            )
            ?? start.time
        return pivot
    }
}
