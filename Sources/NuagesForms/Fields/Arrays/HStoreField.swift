public import NuagesCore

/// A map of texts to texts, entered as a JSON object.
///
///     {"lang": "fr", "draft": null}
///
/// Numbers and other values become text, `null` stays.
///
/// Django: `django.contrib.postgres.forms.HStoreField`. Nothing of it needs PostgreSQL.
public struct HStoreField: FormField {
    /// The type of the cleaned value.
    public typealias Value = [String: String?]

    /// What every field has.
    public var options = FieldOptions()

    /// A map of texts to texts.
    public init() {}

    /// Several lines of text.
    public var defaultWidget: any Widget { Textarea() }

    /// The messages of maps.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid_json": "Could not load JSON data."
        case "invalid_format": "Input must be a JSON dictionary."
        default: nil
        }
    }

    /// An object, or text that is one.
    public var jsonShape: JSONShape { .any }

    /// The map with all values as text.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        guard raw.isTrue else { return .object([]) }
        var value = raw
        if case .string(let text) = raw {
            guard let document = JSONField.parse(text) else { throw error("invalid_json") }
            value = document
        }
        guard case .object(let members) = value else { throw error("invalid_format") }
        return .object(
            members.map { member in
                if case .none = member.value { return member }
                return .init(member.name, .string(member.value.text))
            }
        )
    }

    /// No NUL, which no database keeps.
    public var ownValidators: [FieldValidator] {
        [
            FieldValidator { (value: FormValue) throws(ValidationError) in
                guard case .object(let members) = value else { return }
                let rule = NullCharacterValidator()
                for member in members {
                    try rule.validate(member.name)
                    if case .string(let text) = member.value { try rule.validate(text) }
                }
            }
        ]
    }

    /// The map as JSON.
    public func prepare(_ value: FormValue) -> FormValue {
        guard case .object = value else { return value }
        return .string(JSONField.text(of: JSONValue(value)))
    }

    /// Compares maps; an empty one and none are the same.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        if options.isDisabled { return false }
        guard let new = converted(data), let old = converted(initial) else { return true }
        return !old.equals(new)
    }
}

extension Dictionary: FormConvertible where Key == String, Value == String? {
    /// A map; nil for any other kind of value.
    public init?(formValue: FormValue) {
        guard case .object(let members) = formValue else { return nil }
        self = [:]
        for member in members {
            switch member.value {
            case .none: updateValue(nil, forKey: member.name)
            case .string(let text): updateValue(text, forKey: member.name)
            default: return nil
            }
        }
    }

    /// The map, in the order of its keys.
    public var formValue: FormValue {
        .object(
            sorted { $0.key < $1.key }.map { key, value in
                FormValue.Member(key, value.map(FormValue.string) ?? .none)
            }
        )
    }
}
