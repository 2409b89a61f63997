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
        if let field = self as? any ArrayFormField { return try field.checkJSONItems(raw) }
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

/// A field of several values that are read by one field.
protocol ArrayFormField: FormField {
    associatedtype Base: FormField
    /// The field of each value.
    var base: Base { get }
}

extension ArrayFormField {
    /// Refuses items of other types than the field of each takes, and objects in place of the list.
    fileprivate func checkJSONItems(_ raw: FormValue) throws(ValidationError) {
        switch raw {
        case .none: break
        case .list(let items):
            try ArrayItems.forEach(items, of: self) { item throws(ValidationError) in
                try base.checkJSON(item)
            }
        case .bool, .object: throw error("invalid")
        default: if jsonShape == .list { throw error("invalid") }
        }
    }
}

extension SimpleArrayField: ArrayFormField {}
extension SplitArrayField: ArrayFormField {}
