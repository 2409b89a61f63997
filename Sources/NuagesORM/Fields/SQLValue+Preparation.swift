import NuagesCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLValue {
    /// The value as the left-hand side of a lookup holds it.
    ///
    /// Django: `get_prep_lookup`, through the field's `get_prep_value`.
    ///
    /// - Throws: ``UsageError/invalidValue(_:)`` for one that does not fit.
    func prepared(_ lookup: Lookup, _ left: Resolved) throws -> SQLValue {
        if self == .null { return self }
        switch lookup {
        case .hasKey, .hasKeys, .hasAnyKeys: return self
        case .contains where left.type?.family == .json: return self
        case .isnull:
            if case .bool = self { return self }
            throw FieldError.invalidLookup(lookup: "isnull", reason: "takes true or false")
        case .contains, .icontains, .startswith, .istartswith, .endswith, .iendswith, .iexact,
            .regex, .iregex:
            if case .json(let document) = self {
                return document.plainText.map { .text($0) } ?? self
            }
            return asText.map { .text($0) } ?? self
        default: break
        }
        guard let type = left.type else { return self }
        if type.family == .integer, case .double(let number) = self,
            lookup == .gte || lookup == .lt, number.isFinite
        {
            return try SQLValue.double(number.rounded(.up)).prepared(as: type)
        }
        guard case .column(let column) = left else { return try prepared(as: type) }
        guard let converted = type.converted(self) else {
            let (field, expected) = (column.field.name, type.field.rawValue)
            throw isImpossibleMoment(type.field)
                ? FieldError.impossibleMoment(field: field, expected: expected)
                : FieldError.invalidValue(field: field, expected: expected)
        }
        return converted.unpacked(in: column.field.schema)
    }

    /// Whether it is text with the form of a date or time that does not exist.
    private func isImpossibleMoment(_ type: FieldType) -> Bool {
        guard case .text(let text) = self else { return false }
        switch type {
        case .dateField:
            if case .impossible = ISODateTime.parseDate(text) { return true }
        case .timeField:
            if case .impossible = ISODateTime.parseTime(text) { return true }
        case .dateTimeField:
            if case .impossible = ISODateTime.parse(text) { return true }
            if case .impossible = ISODateTime.parseDate(text) { return true }
        default: break
        }
        return false
    }

    /// The value as a field of a type holds it.
    func prepared(as type: ValueType) throws -> SQLValue {
        guard let converted = type.converted(self) else {
            throw UsageError.invalidValue(
                "A value for \(type.field.rawValue) is expected, not \(shown)."
            )
        }
        return converted
    }

    /// The value as Python writes it as text.
    var asText: String? {
        switch self {
        case .text(let text): text
        case .int(let number): String(number)
        case .double(let number): number.description
        case .decimal(let number): StoredText.format(number)
        case .bool(let flag): flag ? "True" : "False"
        case .date(let day): StoredText.format(day)
        case .time(let time): StoredText.format(time)
        case .dateTime(let moment): StoredText.format(moment)
        case .uuid(let uuid): uuid.uuidString.lowercased()
        case .null, .blob, .duration, .json, .array: nil
        case .range(let range): range.description
        }
    }

    /// The value for a message: its beginning.
    private var shown: String {
        guard let text = asText else { return "one of another kind" }
        return "'\(FieldError.shown(text))'"
    }
}

extension JSONValue {
    /// A string or number as text.
    fileprivate var plainText: String? {
        switch self {
        case .string(let text): text
        case .int(let number): String(number)
        case .double(let number): number.description
        case .null, .bool, .array, .object: nil
        }
    }
}
