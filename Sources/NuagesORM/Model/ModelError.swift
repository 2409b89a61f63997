/// An error about rows of a model.
public enum ModelError: Error, Sendable, Hashable {
    /// No row matches (`DoesNotExist`).
    case doesNotExist(model: String)
    /// More rows than one match (`MultipleObjectsReturned`).
    case multipleObjectsReturned(model: String, count: Int)
    /// A value that was not saved is used where a row is needed.
    case unsaved(model: String)
    /// Rows refer to a row that was to be deleted (`ProtectedError`).
    case protected(model: String, by: [String])
    /// Rows that stay refer to a row that was to be deleted (`RestrictedError`).
    case restricted(model: String, by: [String])
    /// A save that had to change a row found none.
    case notUpdated(model: String)
    /// A field has neither a value nor a default.
    case missingValue(model: String, field: String)
    /// A row or field that was not loaded is asked for, of a query that lets none be fetched.
    case fetchBlocked(model: String)
}

extension ModelError: CustomStringConvertible {
    /// What went wrong, then what to do.
    public var description: String {
        switch self {
        case .doesNotExist(let model): "No \(model) matches the query."
        case .multipleObjectsReturned(let model, let count):
            "get() found \(count > 20 ? "more than 20" : "\(count)") rows of \(model) in place of one."
        case .unsaved(let model):
            "This \(model) has no primary key yet; save it before it is used in a query or relation."
        case .protected(let model, let fields):
            """
            Rows of \(model) cannot be deleted, because others refer to them \
            through a protected foreign key: \(fields.joined(separator: ", ")).
            """
        case .restricted(let model, let fields):
            """
            Rows of \(model) cannot be deleted, because others refer to them \
            through a restricting foreign key: \(fields.joined(separator: ", ")).
            """
        case .missingValue(let model, let field):
            "The field '\(field)' of this \(model) has no value and no default; give it one."
        case .fetchBlocked(let model):
            """
            \(model) is not fetched here: the query has the fetch mode 'raises'. Load it with \
            selectRelated, prefetch or only.
            """
        case .notUpdated(let model): "No row of \(model) with this primary key was updated."
        }
    }
}
