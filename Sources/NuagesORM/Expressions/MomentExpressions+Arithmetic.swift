public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension QueryExpression where Value.Base == Date {
    /// The moment earlier by a length of time that the row has.
    @_disfavoredOverload
    public static func - <Other: QueryExpression>(
        left: Self,
        right: Other
    ) -> ComputedExpression<Value> where Other.Value.Base == Duration {
        ComputedExpression(.combined(.subtract, left.node, right.node))
    }
}

extension QueryExpression where Value.Base == CalendarDate {
    /// The moment a length of time after the day begins; on SQLite only whole days count.
    ///
    ///     .filter { $0.published + .seconds(7 * 86_400) > Functions.now }
    public static func + (left: Self, right: Duration) -> ComputedExpression<Date?> {
        ComputedExpression(.combined(.add, left.node, right.operand))
    }

    /// The moment a length of time before the day begins.
    public static func - (left: Self, right: Duration) -> ComputedExpression<Date?> {
        ComputedExpression(.combined(.subtract, left.node, right.operand))
    }

    /// The moment after the day begins, by a length of time that the row has.
    @_disfavoredOverload
    public static func + <Other: QueryExpression>(
        left: Self,
        right: Other
    ) -> ComputedExpression<Date?> where Other.Value.Base == Duration {
        ComputedExpression(.combined(.add, left.node, right.node))
    }

    /// The moment before the day begins, by a length of time that the row has.
    @_disfavoredOverload
    public static func - <Other: QueryExpression>(
        left: Self,
        right: Other
    ) -> ComputedExpression<Date?> where Other.Value.Base == Duration {
        ComputedExpression(.combined(.subtract, left.node, right.node))
    }

    /// The time between two days.
    ///
    /// - Parameter other: the earlier day.
    /// - Returns: a length of time.
    public func since<Other: QueryExpression>(_ other: Other) -> ComputedExpression<Duration?>
    where Other.Value.Base == CalendarDate {
        ComputedExpression(.combined(.subtract, node, other.node))
    }
}

extension QueryExpression where Value.Base == TimeOfDay {
    /// The time between two times of a day.
    ///
    /// - Parameter other: the earlier time.
    /// - Returns: a length of time.
    public func since<Other: QueryExpression>(_ other: Other) -> ComputedExpression<Duration?>
    where Other.Value.Base == TimeOfDay {
        ComputedExpression(.combined(.subtract, node, other.node))
    }

    /// The beginning of the hour, minute or second that the time is in.
    ///
    ///     .values { $0.opens.truncated(to: .hour) }
    ///
    /// Django: `TruncHour` and the others of a `TimeField`.
    ///
    /// - Parameter period: how long the period is, an hour at most.
    /// - Returns: a time.
    public func truncated(to period: TruncationPeriod) -> ComputedExpression<Value> {
        calling(.truncate, options: ["period": .text(period.rawValue)])
    }
}

extension QueryExpression where Value.Base == Duration {
    /// The length of time and another one together.
    public static func + (left: Self, right: Duration) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.add, left.node, right.operand))
    }

    /// The length of time without another one.
    public static func - (left: Self, right: Duration) -> ComputedExpression<Value> {
        ComputedExpression(.combined(.subtract, left.node, right.operand))
    }

    /// Two lengths of time of the row together.
    @_disfavoredOverload
    public static func + <Other: QueryExpression>(
        left: Self,
        right: Other
    ) -> ComputedExpression<Value> where Other.Value.Base == Duration {
        ComputedExpression(.combined(.add, left.node, right.node))
    }

    /// The length of time without another one of the row.
    @_disfavoredOverload
    public static func - <Other: QueryExpression>(
        left: Self,
        right: Other
    ) -> ComputedExpression<Value> where Other.Value.Base == Duration {
        ComputedExpression(.combined(.subtract, left.node, right.node))
    }

    /// The length of time so many times.
    ///
    ///     .annotate { $0.length * 2 }
    public static func * (left: Self, right: Int) -> ComputedExpression<Value> {
        ComputedExpression(.typed(.combined(.multiply, left.node, right.operand), .duration))
    }

    /// A part of the length of time.
    public static func / (left: Self, right: Int) -> ComputedExpression<Value> {
        ComputedExpression(.typed(.combined(.divide, left.node, right.operand), .duration))
    }
}
