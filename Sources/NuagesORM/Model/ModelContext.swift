public import NuagesCore

extension ContextValue {
    /// What a template sees of a field.
    ///
    /// - Parameter field: the field's value.
    @inlinable
    public init(field: some ContextConvertible) { self = field.contextValue }

    /// What a template sees of a field of a type that is only known to the database.
    ///
    /// - Parameter field: the field's value.
    @_disfavoredOverload
    public init(field: some FieldValue) { self.init(field.sqlValue) }

    /// What a template sees of a value of the database.
    ///
    /// - Parameter value: the value.
    public init(_ value: SQLValue) {
        switch value {
        case .null: self = .none
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .decimal(let number): self = .decimal(number)
        case .text(let text): self = .string(text)
        case .blob(let bytes): self = .string("<\(bytes.count) bytes>")
        case .date(let day): self = .date(day)
        case .time(let time): self = .time(time)
        case .dateTime(let moment): self = .dateTime(moment)
        case .duration(let duration): self = .duration(duration)
        case .uuid(let uuid): self = .uuid(uuid)
        case .json(let document): self = ContextValue(document)
        case .array(let elements): self = .array(elements.map { ContextValue($0) })
        case .range(let range): self = .string(range.description)
        }
    }

    /// What a template sees of a JSON document.
    ///
    /// - Parameter document: the document.
    public init(_ document: JSONValue) {
        switch document {
        case .null: self = .none
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .array(elements.map { ContextValue($0) })
        case .object(let members):
            var dictionary = ContextDictionary()
            for member in members { dictionary[member.name] = ContextValue(member.value) }
            self = .dictionary(dictionary)
        }
    }
}

extension ModelMeta {
    /// The members that Django adds to a model: `choice_set`, and `get_status_display`.
    ///
    /// - Parameters:
    ///   - name: the name that a template asks for.
    ///   - model: the row.
    /// - Returns: the related rows, or the label of a choice; nil for another name.
    public func contextMember(_ name: String, of model: M) -> ContextValue? {
        for reverse in reverses + relations where reverse.accessor.utf8.elementsEqual(name.utf8) {
            return reverse.contextValue(model)
        }
        guard name.utf8.starts(with: "get_".utf8), name.hasSuffix("_display") else { return nil }
        let field = allFields.first {
            "get_\($0.schema.name)_display".utf8.elementsEqual(name.utf8)
        }
        guard let field, !field.schema.choices.isEmpty else { return nil }
        let value = field.value(of: model)
        let choice = field.schema.choices.first { $0.value == value }
        return choice.map { .string($0.label) } ?? ContextValue(value)
    }
}

extension Model {
    /// The fields, the labels of their choices, and the relations.
    public static var contextShape: ContextShape { meta.contextShape }
}

extension ModelMeta {
    /// What a template can reach of a row, in Django's names and Swift's.
    var contextShape: ContextShape {
        var members: [(name: String, shape: ContextShape.Thunk)] = [
            ("id", { .plain }), ("pk", { .plain }),
        ]
        for field in allFields {
            let target = field.target
            members.append((field.schema.name, { target?.contextShape ?? .anything }))
            if target != nil { members.append(("\(field.schema.name)_id", { .plain })) }
            if !field.schema.choices.isEmpty {
                members.append(("get_\(field.schema.name)_display", { .plain }))
            }
        }
        for reverse in reverses + relations {
            for name in [reverse.name, reverse.accessor] {
                members.append((name, { reverse.contextShape }))
            }
        }
        for name in generics { members.append((name, { .anything })) }
        return .members(members)
    }
}

extension ReverseField {
    /// What a template can reach of the related rows.
    fileprivate var contextShape: ContextShape {
        let source = source
        if isSingle { return source.contextShape }
        return .members([
            "all": { .list(source.contextShape) }, "count": { .plain }, "exists": { .plain },
        ])
    }
}

extension ModelReference {
    /// The members of the row that it leads to.
    public static var contextShape: ContextShape { Target.contextShape }
}

extension QuerySet: ContextConvertible {
    /// The rows, queried when a template first needs them, and once for each variable of a page.
    ///
    ///     try await render(request, "polls/index.html", ["questions": Question.objects.limit(5)])
    ///     // {% for question in questions %}…{% endfor %}
    public var contextValue: ContextValue {
        .deferred { .array(M.contextValues(try await self.all())) }
    }

    /// A list of rows.
    public static var contextShape: ContextShape { .list(M.contextShape) }
}
