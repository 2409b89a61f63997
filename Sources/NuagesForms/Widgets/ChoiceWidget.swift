import NuagesCore

/// A widget that offers choices.
public protocol ChoiceWidget: Widget {
    /// The choices; a field with choices sets its own.
    var choices: FormChoices { get set }
}

/// The values that are chosen, for quick look-up.
struct SelectedValues {
    private let values: [String]
    private let keys: Set<ByteKey>?

    /// The text of one value or of each value of a list; none counts as the empty choice.
    init(_ value: FormValue, allowsMultiple: Bool) {
        if case .none = value, allowsMultiple {
            values = []
        } else {
            values = (value.elements ?? [value]).map {
                if case .none = $0 { "" } else { $0.text }
            }
        }
        // Comparing each choice with each of many submitted values would be quadratic.
        keys = values.count > 8 ? Set(values.map { ByteKey($0) }) : nil
    }

    func contains(_ value: String) -> Bool {
        keys?.contains(ByteKey(value)) ?? values.contains { $0.equalsBytes(value) }
    }

    /// The text of each.
    var texts: [String] { values }
}
