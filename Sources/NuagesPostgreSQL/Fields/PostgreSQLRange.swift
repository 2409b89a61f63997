public import NuagesCore
public import NuagesORM

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a range in a column can be of.
public protocol RangeBound: FieldValue, Comparable {
    /// The kind of field that holds a range of the type.
    static var rangeFieldType: FieldType { get }
}

extension Int: RangeBound {
    /// `BigIntegerRangeField`: it holds all that the type does.
    public static var rangeFieldType: FieldType { .bigIntegerRangeField }
}

extension Int64: RangeBound {
    /// `BigIntegerRangeField`.
    public static var rangeFieldType: FieldType { .bigIntegerRangeField }
}

extension Int32: RangeBound {
    /// `IntegerRangeField`.
    public static var rangeFieldType: FieldType { .integerRangeField }
}

extension Decimal: RangeBound {
    /// `DecimalRangeField`.
    public static var rangeFieldType: FieldType { .decimalRangeField }
}

extension Date: RangeBound {
    /// `DateTimeRangeField`.
    public static var rangeFieldType: FieldType { .dateTimeRangeField }
}

extension CalendarDate: RangeBound {
    /// `DateRangeField`.
    public static var rangeFieldType: FieldType { .dateRangeField }
}

/// A range in a column, whose ends may be missing and may belong to it or not.
///
///     @Model struct Booking {
///         var nights: PostgreSQLRange<CalendarDate>
///     }
///     Booking.objects.filter { $0.nights.overlaps(PostgreSQLRange(first, last)) }
///
/// PostgreSQL keeps ranges of whole numbers and days as `[lower,upper)`, however they were given.
/// Swift's own `Range` can stand in its place where both ends are always there.
///
/// Django: the range fields, with psycopg's `Range`.
public struct PostgreSQLRange<Bound: RangeBound>: Sendable {
    /// The lower end; nil where there is none.
    public var lower: Bound?
    /// The upper end; nil where there is none.
    public var upper: Bound?
    /// Whether the ends belong to it.
    public var bounds: RangeBounds
    /// Whether no value is in it.
    public var isEmpty: Bool

    /// A range between two ends.
    ///
    /// - Parameters:
    ///   - lower: the lower end; nil for none.
    ///   - upper: the upper end; nil for none.
    ///   - bounds: whether the ends belong to it.
    public init(_ lower: Bound?, _ upper: Bound?, bounds: RangeBounds = .lowerOnly) {
        self.lower = lower
        self.upper = upper
        self.bounds = bounds
        isEmpty = false
    }

    /// A range of Swift, without its upper end.
    ///
    /// - Parameter range: the range; `3..<3` is empty.
    public init(_ range: Range<Bound>) {
        self.init(range.lowerBound, range.upperBound)
        if range.isEmpty { self = .empty }
    }

    /// A range of Swift, with both ends.
    ///
    /// - Parameter range: the range.
    public init(_ range: ClosedRange<Bound>) {
        self.init(range.lowerBound, range.upperBound, bounds: .both)
    }

    /// A range of Swift without an upper end.
    ///
    /// - Parameter range: the range.
    public init(_ range: PartialRangeFrom<Bound>) { self.init(range.lowerBound, nil) }

    /// A range of Swift without a lower end.
    ///
    /// - Parameter range: the range.
    public init(_ range: PartialRangeUpTo<Bound>) {
        self.init(nil, range.upperBound, bounds: .neither)
    }

    /// The range without any value.
    public static var empty: Self {
        var range = Self(nil, nil)
        range.isEmpty = true
        return range
    }

    /// Whether a value is in the range.
    ///
    ///     PostgreSQLRange(1, 5).contains(5)     // false
    ///
    /// - Parameter value: the value.
    /// - Returns: whether it is.
    public func contains(_ value: Bound) -> Bool {
        if isEmpty { return false }
        if let lower, value < lower || (value == lower && !bounds.includesLower) { return false }
        if let upper, value > upper || (value == upper && !bounds.includesUpper) { return false }
        return true
    }
}

extension PostgreSQLRange: Equatable where Bound: Equatable {}
extension PostgreSQLRange: Hashable where Bound: Hashable {}

extension PostgreSQLRange: FieldValue {
    /// The kind that the type of the ends has.
    public static var fieldType: FieldType { Bound.rangeFieldType }

    /// The range as it is bound to a statement.
    public var sqlValue: SQLValue {
        if isEmpty { return .range(.empty) }
        return .range(
            SQLRange(lower?.sqlValue ?? .null, upper?.sqlValue ?? .null, bounds: bounds)
        )
    }

    /// Reads a range.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        guard case .range(let array, let bounds) = column else { throw DecodingFailure() }
        let ends = array.takeUnretainedValue().elements
        guard ends.count == 2 else {
            self = .empty
            return
        }
        self.init(
            try Bound?(column: ends[0]),
            try Bound?(column: ends[1]),
            bounds: bounds
        )
    }
}

/// A range with both ends, of which the lower one belongs to it.
///
///     var nights: Range<CalendarDate>
///
/// A column that holds a range without an end, without any value or with other bounds, cannot be
/// read as one; use ``PostgreSQLRange`` for such columns.
extension Range: FieldValue, ArrayElement where Bound: RangeBound {
    /// The range itself.
    public typealias Base = Self
    /// The kind that the type of the ends has.
    public static var fieldType: FieldType { Bound.rangeFieldType }
    /// The range as it is bound to a statement.
    public var sqlValue: SQLValue { PostgreSQLRange(self).sqlValue }

    /// Reads a range.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else, and for a range that the type cannot hold.
    public init(column: ColumnValue) throws(DecodingFailure) {
        let range = try PostgreSQLRange<Bound>(column: column)
        guard let lower = range.lower, let upper = range.upper, range.bounds == .lowerOnly,
            lower < upper
        else { throw DecodingFailure() }
        self = lower..<upper
    }
}

/// A type that is a range in a column.
public protocol RangeFieldValue<Bound>: FieldValue {
    /// What it is a range of.
    associatedtype Bound: RangeBound
}

extension PostgreSQLRange: RangeFieldValue {}
extension Range: RangeFieldValue where Bound: RangeBound {}
