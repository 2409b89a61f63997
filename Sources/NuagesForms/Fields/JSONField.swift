public import NuagesCore

/// Any JSON document, entered as text.
///
/// As in Django, `NaN` and `Infinity` are read too, though they are no JSON: as numbers. What stores
/// the document refuses them.
public struct JSONField: FormField {
    /// The type of the cleaned value.
    public typealias Value = JSONValue

    /// What every field has.
    public var options = FieldOptions()

    /// Any JSON document.
    public init() {}

    /// Several lines of text.
    public var defaultWidget: any Widget { Textarea() }

    /// The message of text that is no JSON.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a valid JSON."
        default: nil
        }
    }

    /// The document; values that are no text are taken as they are.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if options.isDisabled { return raw }
        if raw.isEmpty { return .none }
        guard case .string(let text) = raw else { return raw }
        guard let value = Self.parse(text) else {
            throw error("invalid", [ErrorParameter("value", text)])
        }
        return value
    }

    static func parse(_ text: String) -> FormValue? {
        do throws(JSONError) {
            return try JSONValue(parsingWithNonFinite: text).formValue
        } catch {
            return nil
        }
    }

    /// Any value.
    public var jsonShape: JSONShape { .any }

    /// The document; text that is none is shown again as it was entered.
    public func boundValue(_ data: FormValue, initial: FormValue) -> FormValue {
        if options.isDisabled { return initial }
        guard case .string(let text) = data else { return data }
        return Self.parse(text) ?? .unreadable(text)
    }

    /// The document as text.
    public func prepare(_ value: FormValue) -> FormValue {
        if case .unreadable = value { return value }
        return .string(Self.text(of: JSONValue(value)))
    }

    static func text(of value: JSONValue) -> String {
        var style = JSONWriter.Style(isSpaced: true, escapesMarkup: false)
        style.keepsNonFinite = true
        return String(decoding: value.jsonBytes(style: style), as: UTF8.self)
    }

    /// Compares documents: the order of names does not matter, `true` is not 1.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        if hasChangedByConversion(initial: initial, data: data) { return true }
        guard let converted = converted(data) else { return true }
        let old = Self.text(of: JSONValue(initial).sortingNames())
        return !old.equalsBytes(Self.text(of: JSONValue(converted).sortingNames()))
    }
}

extension JSONValue: FormConvertible {
    /// The document that a value of a form makes.
    ///
    /// - Parameter value: the value; what JSON does not know becomes text.
    public init(_ value: FormValue) {
        self =
            switch value {
            case .none: .null
            case .bool(let flag): .bool(flag)
            case .int(let number): .int(number)
            case .double(let number): .double(number)
            case .list(let values): .array(values.map { JSONValue($0) })
            case .object(let members):
                .object(members.map { Member($0.name, JSONValue($0.value)) })
            default: .string(value.text)
            }
    }

    /// The document.
    public init?(formValue: FormValue) { self.init(formValue) }

    /// The document as a value of a form; of a name given twice the last value counts.
    public var formValue: FormValue {
        switch self {
        case .null: return .none
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(number)
        case .double(let number): return .double(number)
        case .string(let text): return .string(text)
        case .array(let elements): return .list(elements.map(\.formValue))
        case .object(let members):
            var places: [ByteKey: Int] = [:]
            var unique: [FormValue.Member] = []
            for member in members {
                if let place = places[ByteKey(member.name)] {
                    unique[place].value = member.value.formValue
                } else {
                    places[ByteKey(member.name)] = unique.count
                    unique.append(.init(member.name, member.value.formValue))
                }
            }
            return .object(unique)
        }
    }

    /// The same document with the members of each object in the order of their names' bytes.
    func sortingNames() -> JSONValue {
        switch self {
        case .array(let elements): .array(elements.map { $0.sortingNames() })
        case .object(let members):
            .object(
                members.map { Member($0.name, $0.value.sortingNames()) }
                    .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            )
        default: self
        }
    }
}

extension JSONValue: FormFieldProviding {
    /// Any JSON document.
    public static var formField: JSONField { JSONField() }
}
