public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension QueryExpression where Value.Base: DayValue {
    /// The year.
    public var year: ComputedExpression<Int> { numbered("year") }
    /// The year of the week, by ISO 8601.
    public var isoYear: ComputedExpression<Int> { numbered("iso_year") }
    /// The quarter, 1 to 4.
    public var quarter: ComputedExpression<Int> { numbered("quarter") }
    /// The month, 1 to 12.
    public var month: ComputedExpression<Int> { numbered("month") }
    /// The week of the year by ISO 8601, 1 to 53.
    public var week: ComputedExpression<Int> { numbered("week") }
    /// The day of the month.
    public var day: ComputedExpression<Int> { numbered("day") }
    /// The day of the week: 1 is Sunday, 7 is Saturday.
    public var weekday: ComputedExpression<Int> { numbered("week_day") }
    /// The day of the week by ISO 8601: 1 is Monday, 7 is Sunday.
    public var isoWeekday: ComputedExpression<Int> { numbered("iso_week_day") }

    /// The beginning of the period that the day or moment is in.
    ///
    ///     try await Article.objects.values { ($0.published.truncated(to: .quarter), $0.count()) }
    ///
    /// - Parameters:
    ///   - period: how long the period is; a day knows none shorter than a day.
    ///   - zone: the zone on whose clocks it begins, for moments; nil for the current one.
    /// - Returns: a day or a moment.
    public func truncated(
        to period: TruncationPeriod,
        in zone: String? = nil
    )
        -> ComputedExpression<Value>
    {
        var options: [String: SQLValue] = ["period": .text(period.rawValue)]
        options["zone"] = zone.map { .text($0) }
        return calling(.truncate, options: options)
    }
}

extension QueryExpression where Value.Base: ClockValue {
    /// The hour.
    public var hour: ComputedExpression<Int> { numbered("hour") }
    /// The minute.
    public var minute: ComputedExpression<Int> { numbered("minute") }
    /// The second.
    public var second: ComputedExpression<Int> { numbered("second") }
}

extension QueryExpression where Value.Base == Date {
    /// A part of the moment on the clocks of a zone.
    ///
    ///     .filter { $0.published.part(.hour, in: "Asia/Tokyo") < 12 }
    ///
    /// - Parameters:
    ///   - part: which part.
    ///   - zone: the name of the zone.
    /// - Returns: a number.
    public func part(
        _ part: MomentPart,
        in zone: String
    )
        -> ComputedExpression<Int>
    {
        calling(.extract, options: ["part": .text(part.rawValue), "zone": .text(zone)])
    }
}

extension QueryExpression where Value == Date {
    /// The day on the clocks of a zone.
    ///
    /// - Parameter zone: the name of the zone; nil for the current one.
    /// - Returns: a day.
    public func date(in zone: String? = nil) -> ComputedExpression<CalendarDate> {
        calling(.date, options: MomentOptions.zone(zone))
    }

    /// The time of day on the clocks of a zone.
    ///
    /// - Parameter zone: the name of the zone; nil for the current one.
    /// - Returns: a time.
    public func time(in zone: String? = nil) -> ComputedExpression<TimeOfDay> {
        calling(.time, options: MomentOptions.zone(zone))
    }
}

extension QueryExpression where Value == Date? {
    /// The day on the clocks of a zone.
    ///
    /// - Parameter zone: the name of the zone; nil for the current one.
    /// - Returns: a day.
    public func date(in zone: String? = nil) -> ComputedExpression<CalendarDate?> {
        calling(.date, options: MomentOptions.zone(zone))
    }

    /// The time of day on the clocks of a zone.
    ///
    /// - Parameter zone: the name of the zone; nil for the current one.
    /// - Returns: a time.
    public func time(in zone: String? = nil) -> ComputedExpression<TimeOfDay?> {
        calling(.time, options: MomentOptions.zone(zone))
    }
}

private enum MomentOptions {
    static func zone(_ name: String?) -> [String: SQLValue] {
        name.map { ["zone": .text($0)] } ?? [:]
    }
}

extension QueryExpression {
    /// A part of a day, a time or a moment.
    func numbered<Result: FieldValue>(_ name: String) -> ComputedExpression<Result> {
        ComputedExpression(node.part(name))
    }
}

/// A part of a moment, as a number.
public enum MomentPart: String, Sendable, Hashable, CaseIterable {
    /// The year.
    case year
    /// The year of the week, by ISO 8601.
    case isoYear = "iso_year"
    /// 1 to 4.
    case quarter
    /// 1 to 12.
    case month
    /// 1 to 53, by ISO 8601.
    case week
    /// The day of the month.
    case day
    /// 1 is Sunday.
    case weekday = "week_day"
    /// 1 is Monday.
    case isoWeekday = "iso_week_day"
    /// The hour.
    case hour
    /// The minute.
    case minute
    /// The second.
    case second
}

/// A period that days, times and moments are cut down to.
public enum TruncationPeriod: String, Sendable, Hashable, CaseIterable {
    /// From January on.
    case year
    /// From January, April, July or October on.
    case quarter
    /// From the first on.
    case month
    /// From Monday on.
    case week
    /// A single day.
    case day
    /// A single hour.
    case hour
    /// A single minute.
    case minute
    /// A single second.
    case second
}

/// A type with a year, a month and a day.
public protocol DayValue: FieldValue {}
extension Date: DayValue {}
extension CalendarDate: DayValue {}

/// A type with an hour, a minute and a second.
public protocol ClockValue: FieldValue {}
extension Date: ClockValue {}
extension TimeOfDay: ClockValue {}
