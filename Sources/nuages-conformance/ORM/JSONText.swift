import NuagesCore

/// JSON as text, for reports.
enum JSONText {
    static func text(_ json: JSONValue) -> String {
        switch json {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): text.debugDescription
        case .array(let elements): "[\(elements.map(text).joined(separator: ", "))]"
        case .object(let members):
            "{\(members.map { "\($0.name.debugDescription): \(text($0.value))" }.joined(separator: ", "))}"
        }
    }

    /// The text by which keys are sorted.
    static func sortKey(_ json: JSONValue) -> String {
        if case .string(let text) = json { text } else { text(json) }
    }
}
