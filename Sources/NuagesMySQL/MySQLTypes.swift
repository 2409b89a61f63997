import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The types of columns that need nothing but the kind of field.
enum MySQLTypes {
    static let plain: [FieldType: String] = [
        .autoField: "integer", .bigAutoField: "bigint", .smallAutoField: "smallint",
        .binaryField: "longblob", .booleanField: "bool", .dateField: "date",
        .dateTimeField: "datetime(6)", .durationField: "bigint",
        .floatField: "double precision", .integerField: "integer", .bigIntegerField: "bigint",
        .smallIntegerField: "smallint", .genericIPAddressField: "char(39)", .jsonField: "json",
        .positiveBigIntegerField: "bigint UNSIGNED", .positiveIntegerField: "integer UNSIGNED",
        .positiveSmallIntegerField: "smallint UNSIGNED", .textField: "longtext",
        .timeField: "time(6)", .uuidField: "uuid", .orderWrt: "integer",
    ]

    /// What `CAST` knows the kinds by.
    static let casts: [FieldType: String] = [
        .autoField: "signed", .bigAutoField: "signed", .smallAutoField: "signed",
        .integerField: "signed", .bigIntegerField: "signed", .smallIntegerField: "signed",
        .positiveBigIntegerField: "unsigned", .positiveIntegerField: "unsigned",
        .positiveSmallIntegerField: "unsigned", .booleanField: "signed",
        .durationField: "signed", .orderWrt: "signed", .textField: "char",
        .floatField: "double", .dateField: "date", .dateTimeField: "datetime(6)",
        .timeField: "time(6)", .uuidField: "uuid", .binaryField: "binary",
        .genericIPAddressField: "char(39)",
    ]

    /// The most values of text that are bound one by one: a column of a list has a collation of its
    /// own, and what is equal may depend on it.
    private static let maxBoundTexts = 60_000
    /// The longest text that a column of a list has room for.
    private static let maxLength = 16_383

    /// The type of a column that holds one of these values as JSON has it, and what it is compared
    /// as; nil unless all are of one kind that has such a type.
    static func listColumn(of values: [SQLValue]) -> (type: String, value: String)? {
        func all(_ isKind: (SQLValue) -> Bool, _ type: String) -> (String, String)? {
            values.allSatisfy(isKind) ? (type, "value") : nil
        }
        switch values.first {
        case .int?: return all({ if case .int = $0 { true } else { false } }, "bigint")
        case .bool?: return all({ if case .bool = $0 { true } else { false } }, "bigint")
        case .double?: return all({ if case .double = $0 { true } else { false } }, "double")
        case .duration?: return all({ if case .duration = $0 { true } else { false } }, "bigint")
        case .date?: return all({ if case .date = $0 { true } else { false } }, "date")
        case .time?: return all({ if case .time = $0 { true } else { false } }, "time(6)")
        case .dateTime?:
            return all({ if case .dateTime = $0 { true } else { false } }, "datetime(6)")
        case .decimal?: return all(isListedDecimal, "decimal(65, 30)")
        case .uuid?:
            let isOne = values.allSatisfy { if case .uuid = $0 { true } else { false } }
            return isOne ? ("char(36)", "CAST(value AS uuid)") : nil
        case .text?: return textColumn(of: values)
        case .null?, .blob?, .json?, .array?, .range?, nil: return nil
        }
    }

    private static func isListedDecimal(_ value: SQLValue) -> Bool {
        guard case .decimal(let number) = value else { return false }
        return abs(number) < Decimal(sign: .plus, exponent: 35, significand: 1)
    }

    private static func textColumn(of values: [SQLValue]) -> (String, String)? {
        guard values.count > maxBoundTexts else { return nil }
        var length = 1
        for value in values {
            guard case .text(let text) = value else { return nil }
            length = max(length, text.unicodeScalars.count)
        }
        return length > maxLength ? nil : ("varchar(\(length))", "value")
    }
}
