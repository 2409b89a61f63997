import NuagesCore
import NuagesForms
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension FormValue {
    /// What a form shows of the value of a column.
    init(_ value: SQLValue) {
        switch value {
        case .null: self = .none
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .decimal(let number): self = number.formValue
        case .text(let text): self = .string(text)
        case .blob: self = .none
        case .date(let day): self = .date(day)
        case .time(let time): self = .time(time)
        case .dateTime(let moment): self = moment.formValue
        case .duration(let duration): self = .duration(duration)
        case .uuid(let uuid): self = .uuid(uuid)
        case .json(let document): self = document.formValue
        case .array(let elements): self = .list(elements.map { FormValue($0) })
        case .range(let range): self = .range(FormRange(range))
        }
    }

    /// The cleaned value as a column takes it; nil where none does, as for a file.
    var columnValue: SQLValue? {
        switch self {
        case .none: return .null
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(number)
        case .double(let number): return .double(number)
        // A number beyond what a column can hold stays a text, which no column takes.
        case .decimal(let number):
            return Decimal(formValue: self).map { .decimal($0) } ?? .text(number.description)
        case .string(let text): return .text(text)
        case .date(let day): return .date(day)
        case .time(let time): return .time(time)
        case .dateTime: return Date(formValue: self).map { .dateTime($0) }
        case .duration(let duration): return .duration(duration)
        case .uuid(let uuid): return .uuid(uuid)
        case .list(let values): return .array(values.compactMap(\.columnValue))
        case .object: return .json(JSONValue(self))
        case .range(let range): return SQLRange(range).map { .range($0) }
        case .storedFile(let file): return .text(file.name)
        case .file, .unreadable: return nil
        }
    }

    /// The cleaned value as the column of a field takes it.
    func columnValue(of schema: FieldSchema) -> SQLValue? {
        guard schema.type == .jsonField else {
            // A field that may not be NULL keeps text that was left empty as such.
            if case .none = self, !schema.isNullable, schema.type.holdsText { return .text("") }
            // An address that was left empty is none, for which some databases have no text.
            if case .string("") = self, schema.isNullable, schema.type == .genericIPAddressField {
                return .null
            }
            return columnValue
        }
        if case .none = self { return .null }
        return .json(JSONValue(self))
    }

    /// What a form shows of the value of a field.
    init(_ value: SQLValue, of schema: FieldSchema) {
        switch (schema.type, value) {
        case (.jsonField, .text(let text)):
            self = (try? JSONValue(parsing: text))?.formValue ?? .string(text)
        case (.fileField, .text(let name)), (.imageField, .text(let name)):
            self =
                name.isEmpty
                ? .none
                : .storedFile(
                    StoredFile(name: name, url: ModelOutline.url(ofFile: name, in: schema))
                )
        default: self.init(schema.shown(value))
        }
    }
}

extension FormRange<FormValue> {
    /// What a form shows of a range in a column.
    init(_ range: SQLRange) {
        // As a literal, `nil` would be a `FormValue` that is there.
        self.init(
            range.lower == .null ? FormValue?.none : .some(FormValue(range.lower)),
            range.upper == .null ? FormValue?.none : .some(FormValue(range.upper)),
            bounds: FormRangeBounds(rawValue: range.bounds.rawValue) ?? .lowerOnly
        )
        isEmpty = range.isEmpty
    }
}

extension SQLRange {
    /// A cleaned range as a column takes it; nil where an end is nothing that a column takes.
    init?(_ range: FormRange<FormValue>) {
        if range.isEmpty {
            self = .empty
            return
        }
        guard let lower = (range.lower ?? .none).columnValue,
            let upper = (range.upper ?? .none).columnValue
        else { return nil }
        self.init(
            lower,
            upper,
            bounds: RangeBounds(rawValue: range.bounds.rawValue) ?? .lowerOnly
        )
    }
}

extension FormValue {
    /// Whether all numbers in it are finite, as JSON has no others.
    var isFinite: Bool {
        switch self {
        case .double(let number): number.isFinite
        case .decimal: Double(text).map(\.isFinite) ?? false
        case .list(let values): values.allSatisfy(\.isFinite)
        case .object(let members): members.allSatisfy { $0.value.isFinite }
        case .range(let range): range.lower?.isFinite != false && range.upper?.isFinite != false
        default: true
        }
    }
}

extension FieldType {
    /// Whether the column holds text.
    var holdsText: Bool {
        switch self {
        case .charField, .textField, .emailField, .urlField, .slugField, .fileField, .imageField,
            .filePathField, .genericIPAddressField:
            true
        default: false
        }
    }

    /// Whether the values are files.
    var isUpload: Bool { self == .fileField || self == .imageField }
}
