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
        guard case .text(let bytes) = column, let value = StoredText.dateTime(bytes) else {
            throw DecodingFailure()
        }
        self = value
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
        guard case .text(let bytes) = column, let value = StoredText.date(bytes) else {
            throw DecodingFailure()
        }
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
        guard case .text(let bytes) = column, let value = StoredText.time(bytes) else {
            throw DecodingFailure()
        }
        self = value
    }
}

extension Duration: FieldValue {
    /// `DurationField`.
    public static var fieldType: FieldType { .durationField }
    /// The length of time.
    public var sqlValue: SQLValue { .duration(self) }

    /// Reads a number of microseconds.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        self = .microseconds(try Int64(column: column))
    }
}
