public import NuagesCore

/// A truth value; a required one must be true.
public struct BooleanField: FormField {
    /// The type of the cleaned value.
    public typealias Value = Bool

    /// What every field has.
    public var options = FieldOptions()

    /// A truth value.
    public init() {}

    /// A truth value.
    public var jsonShape: JSONShape { .flag }

    /// A check box.
    public var defaultWidget: any Widget { CheckboxInput() }

    /// False for `False`, `0` and nothing; true for anything else.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        .bool(Self.truth(raw))
    }

    private static func truth(_ raw: FormValue) -> Bool {
        if case .string(let text) = raw, text == "0" || text.equalsIgnoringASCIICase("false") {
            return false
        }
        return raw.isTrue
    }

    /// Refuses false where true is required.
    public func check(_ value: FormValue) throws(ValidationError) {
        if options.isRequired, !value.isTrue { throw error("required") }
    }

    /// Compares truth values.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        !options.isDisabled && Self.truth(initial) != Self.truth(data)
    }
}

/// True, false or unknown.
public struct NullBooleanField: FormField {
    /// The type of the cleaned value.
    public typealias Value = Bool?

    /// What every field has.
    public var options = FieldOptions()

    /// True, false or unknown.
    public init() {}

    /// A truth value.
    public var jsonShape: JSONShape { .flag }

    /// A list of unknown, yes and no.
    public var defaultWidget: any Widget { NullBooleanSelect() }

    /// True, false, or none for any other value.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue { Self.truth(raw) }

    private static func truth(_ raw: FormValue) -> FormValue {
        if let number = raw.number {
            return number.double == 1 ? true : number.double == 0 ? false : .none
        }
        guard case .string(let text) = raw else { return .none }
        switch text {
        case "True", "true", "1": return true
        case "False", "false", "0": return false
        default: return .none
        }
    }

    /// Accepts everything.
    public func check(_ value: FormValue) throws(ValidationError) {}

    /// Compares truth values.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        !options.isDisabled && !Self.truth(initial).equals(Self.truth(data))
    }
}
