#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension FixedWidthInteger where Self: FieldValue {
    /// Reads a whole number.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else, and for a number that does not fit.
    public init(column: ColumnValue) throws(DecodingFailure) {
        switch column {
        case .int(let number):
            guard let value = Self(exactly: number) else { throw DecodingFailure() }
            self = value
        case .double(let number):
            guard let value = Self(exactly: number) else { throw DecodingFailure() }
            self = value
        case .null, .text, .blob: throw DecodingFailure()
        }
    }
}

extension Int: FieldValue {
    /// `IntegerField`.
    public static var fieldType: FieldType { .integerField }
    /// The number.
    public var sqlValue: SQLValue { .int(self) }
}

extension Int64: FieldValue {
    /// `BigIntegerField`.
    public static var fieldType: FieldType { .bigIntegerField }
    /// The number.
    public var sqlValue: SQLValue { .int(Int(self)) }
}

extension Int32: FieldValue {
    /// `IntegerField`.
    public static var fieldType: FieldType { .integerField }
    /// The number.
    public var sqlValue: SQLValue { .int(Int(self)) }
}

extension Int16: FieldValue {
    /// `SmallIntegerField`.
    public static var fieldType: FieldType { .smallIntegerField }
    /// The number.
    public var sqlValue: SQLValue { .int(Int(self)) }
}

extension Bool: FieldValue {
    /// `BooleanField`.
    public static var fieldType: FieldType { .booleanField }
    /// The truth value.
    public var sqlValue: SQLValue { .bool(self) }

    /// Reads 0 or 1.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        switch column {
        case .int(0): self = false
        case .int(1): self = true
        default: throw DecodingFailure()
        }
    }
}

extension Double: FieldValue {
    /// `FloatField`.
    public static var fieldType: FieldType { .floatField }
    /// The number.
    public var sqlValue: SQLValue { .double(self) }

    /// Reads a number.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        switch column {
        case .double(let number): self = number
        case .int(let number): self = Double(number)
        case .null, .text, .blob: throw DecodingFailure()
        }
    }
}

extension Decimal: FieldValue {
    /// `DecimalField`.
    public static var fieldType: FieldType { .decimalField }
    /// The number.
    public var sqlValue: SQLValue { .decimal(self) }

    /// Reads a number, or the text of one.
    ///
    /// A database without exact numbers holds a double; its 15 certain digits are taken.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` for anything else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        switch column {
        case .int(let number): self = Decimal(number)
        case .double(let number):
            guard number.isFinite, let value = Decimal(string: DecimalText.shortest(number)) else {
                throw DecodingFailure()
            }
            self = value
        case .text(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            guard DecimalText.isPlain(bytes), let value = Decimal(string: text) else {
                throw DecodingFailure()
            }
            self = value
        case .null, .blob: throw DecodingFailure()
        }
    }
}

/// Decimal numbers as text.
enum DecimalText {
    /// The shortest text that reads back as `number`; `description` is that in Swift.
    static func shortest(_ number: Double) -> String { number.description }

    /// Whether `bytes` are a number in ASCII digits with an optional sign, point and exponent.
    static func isPlain(_ bytes: some Collection<UInt8>) -> Bool {
        var digitCount = 0
        for byte in bytes {
            switch byte {
            case 0x30...0x39: digitCount += 1
            case 0x2B, 0x2D, 0x2E, 0x45, 0x65: continue
            default: return false
            }
        }
        return digitCount > 0
    }
}
