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
    @inlinable
    public init(column: ColumnValue) throws(DecodingFailure) {
        switch column {
        case .int(let number):
            guard let value = Self(exactly: number) else { throw DecodingFailure() }
            self = value
        case .double(let number):
            guard let value = Self(exactly: number) else { throw DecodingFailure() }
            self = value
        case .decimal(let bytes):
            // Sums of large numbers are exact numbers on PostgreSQL.
            guard let number = DecimalText.whole(bytes), let value = Self(exactly: number) else {
                throw DecodingFailure()
            }
            self = value
        default: throw DecodingFailure()
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
        case .bool(let flag): self = flag
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
        case .decimal(let bytes):
            guard let number = Double(String(decoding: bytes, as: UTF8.self)) else {
                throw DecodingFailure()
            }
            self = number
        default: throw DecodingFailure()
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
        case .text(let bytes), .decimal(let bytes):
            guard let value = DecimalText.number(bytes) else { throw DecodingFailure() }
            self = value
        default: throw DecodingFailure()
        }
    }
}

/// Decimal numbers as text.
@usableFromInline
enum DecimalText {
    /// The shortest text that reads back as `number`; `description` is that in Swift.
    static func shortest(_ number: Double) -> String { number.description }

    /// The number that all of `bytes` are: ASCII digits with an optional sign, point and exponent.
    ///
    ///     DecimalText.number("-1.50e2".utf8)      // -150
    ///     DecimalText.number("12abc".utf8)        // nil
    static func number(_ bytes: some Collection<UInt8>) -> Decimal? {
        let bytes = Array(bytes)
        var index = 0
        skipSign(bytes, &index)
        var digitCount = skipDigits(bytes, &index)
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            digitCount += skipDigits(bytes, &index)
        }
        guard digitCount > 0 else { return nil }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            skipSign(bytes, &index)
            guard (1...6).contains(skipDigits(bytes, &index)) else { return nil }
        }
        guard index == bytes.count else { return nil }
        let number = Decimal(string: String(decoding: bytes, as: UTF8.self))
        return number.flatMap { $0.isFinite ? $0 : nil }
    }

    /// The whole number that all of `bytes` are, with nothing but zeros behind a point.
    @usableFromInline
    static func whole(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        var index = 0
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { index = 1 }
        guard index < bytes.count else { return nil }
        var value: Int64 = 0
        while index < bytes.count, bytes[index] != UInt8(ascii: ".") {
            guard (0x30...0x39).contains(bytes[index]) else { return nil }
            let digit = Int64(bytes[index] - 0x30)
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflows) =
                isNegative
                ? product.subtractingReportingOverflow(digit)
                : product.addingReportingOverflow(digit)
            if overflows || sumOverflows { return nil }
            value = sum
            index += 1
        }
        return bytes[min(index + 1, bytes.count)...].allSatisfy { $0 == 0x30 } ? value : nil
    }

    private static func skipSign(_ bytes: [UInt8], _ index: inout Int) {
        guard index < bytes.count else { return }
        if bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
    }

    private static func skipDigits(_ bytes: [UInt8], _ index: inout Int) -> Int {
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        return index - start
    }
}
