import NuagesCore
import NuagesORM

/// Errors by the names of Django's classes.
enum ORMErrors {
    static func json(_ error: any Error) -> JSONValue {
        .object([
            JSONValue.Member("error", .string(name(error))),
            JSONValue.Member("message", .string("\(error)")),
        ])
    }

    static func name(_ error: any Error) -> String {
        switch error {
        case let error as FieldError:
            switch error {
            case .invalidValue, .unsavedValue, .invalidName: "ValueError"
            default: "FieldError"
            }
        case is UsageError: "ValueError"
        case let error as ModelError:
            switch error {
            case .doesNotExist: "DoesNotExist"
            case .multipleObjectsReturned: "MultipleObjectsReturned"
            case .unsaved: "ValueError"
            case .protected: "ProtectedError"
            case .restricted: "RestrictedError"
            case .notUpdated: "DatabaseError"
            }
        case let error as DatabaseError:
            switch error {
            case .integrity: "IntegrityError"
            case .transactionAborted: "TransactionManagementError"
            case .transactionMisused: "RuntimeError"
            case .notSupported: "NotSupportedError"
            default: "DatabaseError"
            }
        case let error as NamedError: error.name
        case is UnsupportedCase: "Unsupported"
        default: "\(type(of: error))"
        }
    }
}

/// An error that a case raises by its name.
struct NamedError: Error, CustomStringConvertible {
    var name: String
    var description: String { name }
}
