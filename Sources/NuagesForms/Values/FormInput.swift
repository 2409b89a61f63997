public import NuagesCore

/// What was submitted: the fields of a posted form or of a JSON object, and the files.
public struct FormInput: Sendable {
    private enum Source: Sendable {
        case query(QueryDict)
        case values(members: [FormValue.Member], index: [ByteKey: Int])
    }

    private let source: Source
    /// Whether the values have types of their own, which fields check.
    let isJSON: Bool
    /// The files.
    public let files: FormFiles

    /// A posted form or a query string.
    ///
    /// - Parameters:
    ///   - data: the fields.
    ///   - files: the files.
    public init(_ data: QueryDict, files: FormFiles = [:]) {
        source = .query(data)
        self.files = files
        isJSON = false
    }

    /// The members of a JSON object, or values made by hand; a name given twice keeps its last
    /// value.
    ///
    /// - Parameters:
    ///   - members: the names and values.
    ///   - files: the files.
    public init(values members: [FormValue.Member], files: FormFiles = [:]) {
        var index: [ByteKey: Int] = [:]
        for (position, member) in members.enumerated() { index[ByteKey(member.name)] = position }
        source = .values(members: members, index: index)
        self.files = files
        isJSON = false
    }

    /// A JSON object; of a name given twice the last value counts, and what is no object has no
    /// names.
    ///
    /// The rules are those of a posted form, but a value keeps its type. A field of text, a number
    /// or a date takes a string, and a number where its digits are meant, so that `"3"` and `3` are
    /// the same; `true` is no text and no number. A field of several values takes an array and
    /// nothing else, `null` is an empty field, and only ``JSONField`` takes an object.
    ///
    /// - Parameter json: the object.
    public init(json: JSONValue) {
        var members: [FormValue.Member] = []
        if case .object(let unique) = json.formValue { members = unique }
        self.init(typed: members)
    }

    /// Values of JSON by the names that a posted form has for them.
    init(typed members: [FormValue.Member]) {
        var index: [ByteKey: Int] = [:]
        for (position, member) in members.enumerated() { index[ByteKey(member.name)] = position }
        source = .values(members: members, index: index)
        files = [:]
        isJSON = true
    }

    /// What a JSON object has in place of one value for each part of a control.
    func wholeValue(_ name: String) -> FormValue? {
        // As a conditional expression, `nil` would be a `FormValue` that is there.
        guard isJSON, contains(name) else { return nil }
        return value(name)
    }

    /// The last value of `name`; none where there is none.
    func value(_ name: String) -> FormValue {
        switch source {
        case .query(let data): data[name].map(FormValue.string) ?? .none
        case .values(let members, let index):
            index[ByteKey(name)].map { members[$0].value } ?? .none
        }
    }

    /// The last value of `name`, as a widget finds it; none where there is none.
    package func submitted(_ name: String) -> FormValue { value(name) }

    /// All values of `name` of a posted form; the value of a JSON object as it is.
    func values(_ name: String) -> FormValue {
        switch source {
        case .query(let data): .list(data.list(name).map(FormValue.string))
        case .values: value(name)
        }
    }

    /// Whether `name` was submitted.
    func contains(_ name: String) -> Bool {
        switch source {
        case .query(let data): data.contains(name)
        case .values(_, let index): index[ByteKey(name)] != nil
        }
    }
}

/// Uploaded files by the name of their field; a field may have several.
public struct FormFiles: Sendable, ExpressibleByDictionaryLiteral {
    /// The fields with their files.
    public var entries: [(name: String, files: [UploadedFile])]

    /// Files by field.
    ///
    /// - Parameter entries: the fields with their files.
    public init(_ entries: [(name: String, files: [UploadedFile])]) { self.entries = entries }

    /// Files by field.
    ///
    /// - Parameter elements: the fields with one file each.
    public init(dictionaryLiteral elements: (String, UploadedFile)...) {
        entries = elements.map { (name: $0.0, files: [$0.1]) }
    }

    /// All files of the field `name`.
    ///
    /// - Parameter name: compared by its bytes.
    /// - Returns: the files in order.
    public func list(_ name: String) -> [UploadedFile] {
        entries.first { $0.name.equalsBytes(name) }?.files ?? []
    }
}
