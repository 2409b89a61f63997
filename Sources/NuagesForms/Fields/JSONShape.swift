import NuagesCore

/// What a JSON object may have for a field.
public enum JSONShape: Sendable, Hashable {
    /// A string or a number.
    case text
    /// A truth value, a string or a number.
    case flag
    /// An array.
    case list
    /// Anything.
    case any
}

extension FormField {
    /// Refuses a value of another type than the field takes; an empty one is left to the field.
    func checkJSON(_ raw: FormValue) throws(ValidationError) {
        let isAccepted =
            switch (raw, jsonShape) {
            case (.none, _), (_, .any), (.list, .list), (.bool, .flag): true
            case (.bool, _), (.list, _), (.object, _), (_, .list): false
            default: true
            }
        guard !isAccepted else { return }
        let takesList = jsonShape == .list && defaultMessage("invalid_list") != nil
        throw error(takesList ? "invalid_list" : "invalid")
    }
}
