public import NuagesCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Date: FieldValue {
    /// `DateTimeField`.
    public static var fieldType: FieldType { .dateTimeField }
    /// The moment.
    public var sqlValue: SQLValue { .dateTime(self) }

    /// Reads `YYYY-MM-DD HH:MM:SS[.ffffff]`, in UTC.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        switch column {
        case .dateTime(let microseconds): self.init(microsecondsSince1970: microseconds)
        case .text(let bytes):
            guard let value = StoredText.dateTime(bytes) else { throw DecodingFailure() }
            self = value
        default: throw DecodingFailure()
        }
    }
}

extension CalendarDate: FieldValue {
    /// `DateField`.
    public static var fieldType: FieldType { .dateField }
    /// The day.
    public var sqlValue: SQLValue { .date(self) }

    /// Reads `YYYY-MM-DD`.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        let value: CalendarDate? =
            switch column {
            case .date(let days): CalendarDate(daysSince1970: days)
            // The beginning of a period, which the database computes as a moment.
            case .dateTime(let microseconds):
                CalendarDate(
                    daysSince1970: Int((Double(microseconds) / 86_400_000_000).rounded(.down))
                )
            case .text(let bytes): StoredText.date(bytes)
            default: nil
            }
        guard let value else { throw DecodingFailure() }
        self = value
    }
}

extension TimeOfDay: FieldValue {
    /// `TimeField`.
    public static var fieldType: FieldType { .timeField }
    /// The time.
    public var sqlValue: SQLValue { .time(self) }

    /// Reads `HH:MM:SS[.ffffff]`.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        let value: TimeOfDay? =
            switch column {
            case .time(let clock): TimeOfDay(microseconds: clock)
            case .text(let bytes): StoredText.time(bytes)
            default: nil
            }
        guard let value else { throw DecodingFailure() }
        self = value
    }
}

extension Duration: FieldValue {
    /// `DurationField`.
    public static var fieldType: FieldType { .durationField }
    /// The length of time.
    public var sqlValue: SQLValue { .duration(self) }

    /// Reads a number of microseconds, rounded to a whole one: a mean has parts of them.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        switch column {
        case .duration(let microseconds): self = .microseconds(microseconds)
        case .double, .decimal:
            guard
                let whole = Int64(exactly: try Double(column: column).rounded(.toNearestOrEven))
            else { throw DecodingFailure() }
            self = .microseconds(whole)
        default: self = .microseconds(try Int64(column: column))
        }
    }
}

extension TimeOfDay {
    /// The time so many microseconds after midnight; nil beyond the day.
    package init?(microseconds: Int) {
        let seconds = microseconds / 1_000_000
        self.init(
            hour: seconds / 3600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
            microsecond: microseconds % 1_000_000
        )
    }
}

extension Date {
    /// The moment so many microseconds after the beginning of 1970.
    package init(microsecondsSince1970 microseconds: Int) {
        self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    }
}
