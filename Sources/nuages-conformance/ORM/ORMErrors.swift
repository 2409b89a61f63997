import NuagesCore
import NuagesORM

/// Errors by the names of Django's classes.
enum ORMErrors {
    /// The kinds of fields whose values Django refuses as a form does.
    private static let checkedKinds: Set<String> = [
        "BooleanField", "DecimalField", "DateField", "DateTimeField", "TimeField", "UUIDField",
        "DurationField",
    ]

    static func json(_ error: any Error) -> JSONValue {
        var members = [
            JSONValue.Member("error", .string(name(error))),
            JSONValue.Member("message", .string("\(error)")),
        ]
        if let error = error as? FieldError, let code = code(error) {
            let problem = JSONValue.object([JSONValue.Member("code", .string(code))])
            members.append(JSONValue.Member("errors", .array([problem])))
        }
        if let error = error as? ValidationError {
            var fields: [String: [JSONValue]] = [:]
            for item in error.items {
                fields[item.field ?? ValidationError.nonFieldErrors, default: []].append(
                    .object([
                        JSONValue.Member("code", item.code.isEmpty ? .null : .string(item.code)),
                        JSONValue.Member("message", .string(item.text)),
                    ])
                )
            }
            members.append(
                JSONValue.Member(
                    "fields",
                    .object(
                        fields.sorted { $0.key < $1.key }
                            .map { JSONValue.Member($0.key, .array($0.value)) }
                    )
                )
            )
        }
        return .object(members)
    }

    /// The code of a value that a field refuses.
    private static func code(_ error: FieldError) -> String? {
        switch error {
        case .invalidValue(_, let expected): checkedKinds.contains(expected) ? "invalid" : nil
        case .impossibleMoment(_, "DateField"): "invalid_date"
        case .impossibleMoment(_, "TimeField"): "invalid_time"
        case .impossibleMoment: "invalid_datetime"
        default: nil
        }
    }

    static func name(_ error: any Error) -> String {
        switch error {
        case let error as FieldError:
            switch error {
            case .invalidValue(_, let expected):
                checkedKinds.contains(expected) ? "ValidationError" : "ValueError"
            case .impossibleMoment: "ValidationError"
            case .unknownType: "OutputFieldIsNoneError"
            case .unsavedValue, .invalidLookup, .notACondition: "ValueError"
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
            case .missingValue: "IntegrityError"
            case .fetchBlocked: "FieldFetchBlocked"
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
        case is ValidationError: "ValidationError"
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
