public import NuagesCore

/// Any JSON document, entered as text.
///
/// Django: `JSONField`. `NaN` and `Infinity`, which are no JSON, are refused here.
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

    private static func parse(_ text: String) -> FormValue? {
        do throws(JSONError) {
            return try JSONValue(parsing: text).formValue
        } catch {
            return notFinite(PythonText.stripped(text))
        }
    }

    /// Any value.
    public var jsonShape: JSONShape { .any }

    /// What Python's `json` reads besides JSON, where it is the whole document.
    private static func notFinite(_ text: String) -> FormValue? {
        switch text {
        case "NaN": return .double(.nan)
        case "Infinity": return .double(.infinity)
        case "-Infinity": return .double(-.infinity)
        default:
            let isNumber = text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte)
            }
            guard isNumber, text.utf8.count < 5000, let number = Double(text), number.isInfinite
            else { return nil }
            return .double(number)
        }
    }

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

    private static func text(of value: JSONValue) -> String {
        if case .double(let number) = value, !number.isFinite {
            return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
        }
        let style = JSONWriter.Style(isSpaced: true, escapesMarkup: false)
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
