import NuagesORM

/// Which fields of a model a form has: it never reads or sets another.
///
///     ["title", "slug"]               // these, in this order
///     .all                            // every field that can be edited
///     .all(except: ["is_staff"])      // every field but some
public enum ModelFieldSelection: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// These, in this order.
    case names([String])
    /// Every field that can be edited, but some.
    case allExcept([String])

    /// Every field that can be edited, also one that the model gets later.
    public static let all = Self.allExcept([])

    /// Every field that can be edited but some.
    ///
    /// - Parameter names: the fields that the form does not have.
    /// - Returns: the selection.
    public static func all(except names: [String]) -> Self { .allExcept(names) }

    /// Some fields.
    ///
    /// - Parameter elements: their names, in order.
    public init(arrayLiteral elements: String...) { self = .names(elements) }
}

/// A mistake in what a model form says of its model; the page that meets it is a 500.
@nonexhaustive
public enum ModelFormError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The model has no such field that forms can show.
    case unknownField(name: String, model: String, choices: [String])
    /// The field cannot be edited.
    case notEditable(name: String, model: String)
    /// The property is no field of the model.
    case notAField(path: String, model: String)
    /// The way from the model of an inline formset to its parent is not clear.
    case foreignKey(String)

    /// What is wrong, then what to do.
    public var description: String {
        switch self {
        case .unknownField(let name, let model, let choices):
            "A form of \(model) cannot have the field '\(name)'. Choices are: "
                + "\(choices.joined(separator: ", "))."
        case .notEditable(let name, let model):
            "'\(name)' cannot be specified for a form of \(model), as it cannot be edited. Take it "
                + "from the form's fields, or make the field editable."
        case .notAField(let path, let model):
            "\(path) is no field of \(model). A form's fields are the stored properties and "
                + "many-to-many relations of its model."
        case .foreignKey(let reason): reason
        }
    }
}
