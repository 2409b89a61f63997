import NuagesCore

/// A mistake in a query, found before it is sent.
///
/// Django: `FieldError`, and the `ValueError`s of lookups.
public enum FieldError: Error, Sendable, Hashable {
    /// A model has no field or relation of this name.
    case unknownField(name: String, model: String, choices: [String])
    /// A field has no lookup or transform of this name.
    case unknownLookup(name: String, field: String, choices: [String])
    /// A name leads through a field that is no relation.
    case notARelation(name: String, model: String)
    /// A value does not fit the field it is compared with or stored in.
    case invalidValue(field: String, expected: String)
    /// A lookup cannot be made of what it compares with.
    case invalidLookup(lookup: String, reason: String)
    /// Text with the form of a date, time or moment that does not exist: the 30th of February.
    case impossibleMoment(field: String, expected: String)
    /// A name stands alone where a condition is expected.
    case notACondition(String)
    /// A value that was not saved is used in a query.
    case unsavedValue(model: String)
    /// A name cannot be an alias or an ordering.
    case invalidName(String)
    /// A lookup, transform or join that the kind of value does not have.
    case unsupportedLookup(names: String, kind: String, choices: [String])
    /// A name behind a field that is no relation.
    case notJoinable(name: String, field: String)
    /// A path along relations where only the model's own columns may stand.
    case joinsNotAllowed
    /// An aggregate of what is an aggregate already.
    case aggregateOfAggregate(function: String, name: String)
    /// An expression whose type is not known and has to be.
    case unknownType(String)
    /// Results of one expression with types that do not agree.
    case mixedTypes(String, String)
    /// A field that was left out of a row, and not fetched since.
    case notLoaded(field: String, model: String)
    /// An operation that a query set of this shape does not have.
    case invalidQuery(String)
    /// A validator of a field that is not known by its name, or whose arguments do not fit.
    case unusableValidator(name: String, field: String, reason: String)
}

extension FieldError: CustomStringConvertible {
    /// What went wrong, then what to do.
    public var description: String {
        switch self {
        case .unknownField(let name, let model, let choices):
            """
            \(model) has no field '\(Self.shown(name))'.\(NearestName.hint(name, in: choices)) \
            Choices are: \(choices.sorted().joined(separator: ", ")).
            """
        case .unknownLookup(let name, let field, let choices):
            """
            The field '\(field)' has no lookup '\(Self.shown(name))'.\
            \(NearestName.hint(name, in: choices)) \
            Choices are: \(choices.sorted().joined(separator: ", ")).
            """
        case .notARelation(let name, let model):
            "'\(name)' of \(model) is no relation, so nothing can follow it but a lookup."
        case .invalidValue(let field, let expected):
            "The value for '\(field)' does not fit its kind, \(expected)."
        case .impossibleMoment(let field, let expected):
            """
            The value for '\(field)' has the form of a \(expected), but there is no such date or \
            time.
            """
        case .notACondition(let name):
            "'\(Self.shown(name))' is no condition; compare it with a value."
        case .invalidLookup(let lookup, let reason): "The lookup '\(lookup)' \(reason)."
        case .unsavedValue(let model):
            "A \(model) without a primary key is used in a query; save it first."
        case .invalidName(let name):
            """
            '\(Self.shown(name))' cannot be a name in a query: names have letters, digits and \
            underscores, and no blanks, quotes or comments.
            """
        case .unsupportedLookup(let names, let kind, let choices):
            """
            '\(Self.shown(names))' is no lookup of a \(kind), and nothing can be joined there.\
            \(NearestName.hint(names, in: choices)) \
            Choices are: \(choices.sorted().joined(separator: ", ")).
            """
        case .notJoinable(let name, let field):
            "'\(Self.shown(name))' cannot follow '\(Self.shown(field))', which is no relation."
        case .joinsNotAllowed:
            "Only columns of the model's own table can stand here, none behind a relation."
        case .aggregateOfAggregate(let function, let name):
            "\(function) cannot be made of '\(Self.shown(name))', which is an aggregate itself."
        case .unknownType(let place): "The type of \(place) is not known; say which one it is."
        case .mixedTypes(let first, let second):
            "The expression mixes \(first) and \(second); say which type it has."
        case .notLoaded(let field, let model):
            "The field '\(field)' of this \(model) was not loaded; fetch it with get()."
        case .invalidQuery(let message): message
        case .unusableValidator(let name, let field, let reason):
            "The validator '\(Self.shown(name))' of '\(field)' cannot be used: \(reason)"
        }
    }

    /// A name from outside, short and printable.
    static func shown(_ name: String) -> String {
        String(name.unicodeScalars.prefix(80).map { $0.value < 0x20 ? "?" : Character($0) })
    }
}
