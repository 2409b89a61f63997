import NuagesCore

/// A period of an archive's page.
enum ArchivePeriod: Sendable {
    case year
    case month
    case mondayWeek
    case sundayWeek
    case day

    /// The first day of the period that `day` is in; nil outside the years 1 to 9999.
    func start(_ day: CalendarDate) -> CalendarDate? {
        switch self {
        case .year: CalendarDate(year: day.year, month: 1, day: 1)
        case .month: CalendarDate(year: day.year, month: day.month, day: 1)
        case .mondayWeek: day.advanced(days: -day.weekday)
        case .sundayWeek: day.advanced(days: -((day.weekday + 1) % 7))
        case .day: day
        }
    }

    /// The first day of the period behind that of `day`; nil outside the years 1 to 9999.
    func next(_ day: CalendarDate) -> CalendarDate? {
        switch self {
        case .year: CalendarDate(year: day.year + 1, month: 1, day: 1)
        case .month:
            day.month == 12
                ? CalendarDate(year: day.year + 1, month: 1, day: 1)
                : CalendarDate(year: day.year, month: day.month + 1, day: 1)
        case .mondayWeek, .sundayWeek: start(day)?.advanced(days: 7)
        case .day: day.advanced(days: 1)
        }
    }
}
