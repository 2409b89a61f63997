public import NuagesCore

/// What is wrong with a JSON document that several forms and form sets have read, by where it is.
///
///     var errors = JSONFormErrors()
///     errors.add(article)                     // "/title"
///     errors.add(links, at: "links")          // "/links/1/url", "/links/1", "/links"
///     if !errors.isEmpty { return try .json(errors.json, status: HTTPStatus(422)) }
///     // {"errors": {"/links/1/url": [{"message": "Enter a valid URL.", "code": "invalid"}]}}
///
/// Paths are JSON Pointers (RFC 6901). Errors about a whole form have the path of its object, those
/// about a whole set the path of its list; the path of the document is empty.
public struct JSONFormErrors: Sendable {
    /// The paths with their errors, in the order in which they were found.
    public private(set) var entries: [(path: String, errors: ErrorList)] = []
    /// Where the errors of a path are; a set may have thousands.
    private var positions: [ByteKey: Int] = [:]

    /// No errors.
    public init() {}

    /// Whether nothing is wrong.
    public var isEmpty: Bool { entries.isEmpty }

    /// The errors of a path; nil where it has none.
    ///
    /// - Parameter path: a path such as `/links/1/url`.
    public subscript(_ path: String) -> ErrorList? {
        positions[ByteKey(path)].map { entries[$0].errors }
    }

    /// Adds the errors of a form.
    ///
    /// - Parameters:
    ///   - form: the form.
    ///   - path: where its object is in the document: names of members, and numbers in lists.
    public mutating func add(_ form: BoundForm, at path: String...) { add(form.errors, path) }

    /// Adds the errors of a form that was read.
    ///
    /// - Parameters:
    ///   - result: what came of reading it.
    ///   - path: where its object is in the document.
    public mutating func add<Value>(_ result: FormResult<Value>, at path: String...) {
        if case .invalid(let form) = result { add(form.errors, path) }
    }

    /// Adds the errors of a form set: those of the set, and those of each form that is not to be
    /// deleted.
    ///
    /// - Parameters:
    ///   - formSet: the set.
    ///   - path: where its list is in the document.
    public mutating func add(_ formSet: BoundFormSet, at path: String...) { add(formSet, path) }

    /// Adds the errors of a form set that was read.
    ///
    /// - Parameters:
    ///   - result: what came of reading it.
    ///   - path: where its list is in the document.
    public mutating func add<Value>(_ result: FormSetResult<Value>, at path: String...) {
        if case .invalid(let formSet) = result { add(formSet, path) }
    }

    /// The errors as JSON: paths with lists of `message` and `code`.
    public var json: JSONValue {
        .object([
            .init("errors", .object(entries.map { .init($0.path, $0.errors.jsonValue) }))
        ])
    }

    package mutating func add(_ formSet: BoundFormSet, _ path: [String]) {
        append(formSet.nonFormErrors, path)
        for index in formSet.forms.indices where !formSet.isMarkedForDeletion(index) {
            add(formSet.forms[index].errors, path + ["\(formSet.place(of: index))"])
        }
    }

    package mutating func add(_ errors: FormErrors, _ path: [String]) {
        for (name, list) in errors.entries {
            append(list, name.equalsBytes(ValidationError.nonFieldErrors) ? path : path + [name])
        }
    }

    private mutating func append(_ errors: ErrorList, _ path: [String]) {
        if errors.items.isEmpty { return }
        let path = path.map { "/" + Self.escaped($0) }.joined()
        if let position = positions[ByteKey(path)] {
            entries[position].errors.items += errors.items
        } else {
            positions[ByteKey(path)] = entries.count
            entries.append((path, errors))
        }
    }

    private static func escaped(_ part: String) -> String {
        var output: [UInt8] = []
        for byte in part.utf8 {
            switch byte {
            case UInt8(ascii: "~"): output.append("~0")
            case UInt8(ascii: "/"): output.append("~1")
            default: output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
