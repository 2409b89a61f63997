import NuagesCore
import NuagesForms
import NuagesHTTP
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A view of objects that have a date.
///
/// Django: `DateMixin`.
public protocol DateMixin: ModelViewMixin {
    /// The field whose day counts.
    var dateField: ArchiveDate<Object> { get }
    /// Whether objects of the future are shown.
    var allowFuture: Bool { get }
}

extension DateMixin {
    /// False.
    public var allowFuture: Bool { false }

    /// The time zone that days are counted in: that of the site.
    var zone: LocalDateTime.Zone { (try? SiteContext.current.settings.zone) ?? .utc }

    /// A day as the field is compared with it.
    func operand(_ day: CalendarDate) -> LookupOperand {
        dateField.isMoment
            ? LookupOperand(day.beginning(in: zone)) : LookupOperand(day)
    }

    /// The condition that the field is not in the future.
    var notInFuture: Q {
        if dateField.isMoment { return Q("\(dateField.name)__lte", LookupOperand(Date.now)) }
        return Q("\(dateField.name)__lte", LookupOperand(CalendarDate.today(in: zone)))
    }

    /// The condition that the field is within some days.
    func within(_ start: CalendarDate, upTo end: CalendarDate) -> Q {
        Q("\(dateField.name)__gte", operand(start)) && Q("\(dateField.name)__lt", operand(end))
    }

    /// The condition that the field is on a day.
    func on(_ day: CalendarDate) throws -> Q {
        guard dateField.isMoment else { return Q(dateField.name, LookupOperand(day)) }
        return within(day, upTo: try Self.inRange(day.advanced(days: 1)))
    }

    /// The day, or 404 outside the years 1 to 9999.
    static func inRange(_ day: CalendarDate?) throws(HTTPError) -> CalendarDate {
        guard let day else { throw .notFound("The date is out of range.") }
        return day
    }
}

/// A part of a date in a URL: the text, and the format in which it is read.
struct DatePart {
    var text: String
    var format: String

    /// The part from the values of the URL, else from the query.
    init(_ name: String, format: String, of request: Request) throws(HTTPError) {
        self.format = format
        if let argument = request.resolverMatch?.argument(name) {
            text = argument.description
        } else if let value = request.query[name] {
            text = value
        } else {
            throw .notFound("No \(name) is given.")
        }
    }

    /// A part that the view gives itself.
    init(text: String, format: String) {
        self.text = text
        self.format = format
    }

    /// The day that several parts name; what they leave out is the first.
    static func day(_ parts: DatePart...) throws(HTTPError) -> CalendarDate {
        // A delimiter, so that "1" and "11" are not read as "11" and "1".
        let text = parts.map(\.text).joined(separator: "__")
        let format = parts.map(\.format).joined(separator: "__")
        guard let moment = DateInputFormat(format).parse(text) else {
            let shown = LogText.escape(text, limit: 80)
            throw .notFound("'\(shown)' is no date of the form '\(format)'.")
        }
        return moment.date
    }
}

/// A view whose URL has a year.
///
/// Django: `YearMixin`.
public protocol YearMixin: DateMixin {
    /// How the year is written, in the letters of `strptime`.
    var yearFormat: String { get }
}

extension YearMixin {
    /// `%Y`.
    public var yearFormat: String { "%Y" }

    func yearPart(_ request: Request) throws(HTTPError) -> DatePart {
        try DatePart("year", format: yearFormat, of: request)
    }
}

/// A view whose URL has a month.
///
/// Django: `MonthMixin`.
public protocol MonthMixin: DateMixin {
    /// How the month is written, in the letters of `strptime`.
    var monthFormat: String { get }
}

extension MonthMixin {
    /// The short names, `%b`.
    public var monthFormat: String { "%b" }

    func monthPart(_ request: Request) throws(HTTPError) -> DatePart {
        try DatePart("month", format: monthFormat, of: request)
    }
}

/// A view whose URL has a day of the month.
///
/// Django: `DayMixin`.
public protocol DayMixin: DateMixin {
    /// How the day is written, in the letters of `strptime`.
    var dayFormat: String { get }
}

extension DayMixin {
    /// `%d`.
    public var dayFormat: String { "%d" }

    func dayPart(_ request: Request) throws(HTTPError) -> DatePart {
        try DatePart("day", format: dayFormat, of: request)
    }
}

extension YearMixin where Self: MonthMixin, Self: DayMixin {
    /// The day in the URL, or 404.
    func day(in request: Request) throws(HTTPError) -> CalendarDate {
        try DatePart.day(try yearPart(request), try monthPart(request), try dayPart(request))
    }
}

/// A view whose URL has a week of the year.
///
/// Django: `WeekMixin`.
public protocol WeekMixin: DateMixin {
    /// How the week is written: `%U` with weeks from Sunday, `%W` with weeks from Monday, or `%V`,
    /// the week of ISO 8601, together with the year `%G`.
    var weekFormat: String { get }
}

extension WeekMixin {
    /// `%U`.
    public var weekFormat: String { "%U" }

    /// The period that the format counts in.
    var weekPeriod: ArchivePeriod { weekFormat == "%U" ? .sundayWeek : .mondayWeek }
}
