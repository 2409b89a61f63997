public import NuagesCore
public import NuagesForms
public import NuagesORM

extension ModelFormSetDefinition {
    /// Reads a JSON list of objects, one for each row, by the same rules and limits as a posted form.
    ///
    ///     [{"id": 7, "url": "https://swift.org/"}, {"id": 8, "DELETE": true}, {"url": "…"}]
    ///
    /// An object with the key of a row changes or deletes it, one without a key makes a row; a key that
    /// is not one of the query's rows is refused. Where people enter keys, one that no row of the
    /// query has makes a row. Rows that the list does not have stay as they are.
    ///
    /// - Parameters:
    ///   - json: the list; nil and `null` are an empty one.
    ///   - rows: the rows; nil for all, or for those of the parent.
    ///   - parent: the row that inline forms refer to; nil for a new one.
    ///   - newRow: what a new row begins with, by the number of its form; nil for the defaults.
    /// - Returns: the forms with their rows, valid or with their errors.
    /// - Throws: `DatabaseError`, and what the model's `clean` throws besides `ValidationError`.
    public func bind(
        json: JSONValue?,
        rows: DynamicQuery? = nil,
        parent: DynamicRow? = nil,
        newRow: (Int) throws -> DynamicRow? = { _ in nil }
    ) async throws -> BoundModelFormSet {
        let name = form.outline.primaryKey.name
        var list = JSONForms(json, options)
        if form.names.contains(name), !form.isHiddenKey {
            let texts = list.values(name).filter { !$0.isEmpty && $0.elements == nil }
                .map(\.text)
            let choices = ModelChoices(
                of: form.outline,
                rows: { [query = try ordered(rows, parent)] in query }
            )
            let found = try await choices.rows(texts)
            let known = Set(found.map { ByteName(choices.value(of: $0).text) })
            list = list.initial(where: name) { known.contains(ByteName($0.text)) }
        } else {
            list = list.initial(where: name) { !$0.isEmpty }
        }
        return try await bind(
            list.input,
            rows: rows,
            parent: parent,
            savesAsNew: false,
            newRow: newRow,
            list: list
        )
    }
}

extension ModelFormSet {
    /// Reads a JSON list of objects, one for each row, by the same rules and limits as a posted form.
    ///
    ///     let authors = try AuthorForm.modelFormSet(canDelete: true)
    ///     switch try await authors.bind(json: request.json(maxDepth: 4)["authors"]) { … }
    ///     // {"authors": [{"id": 7, "name": "Ann"}, {"id": 8, "DELETE": true}, {"name": "Bob"}]}
    ///
    /// See ``ModelFormSetDefinition/bind(json:rows:parent:newRow:)`` for the objects.
    ///
    /// - Parameters:
    ///   - json: the list; nil and `null` are an empty one.
    ///   - rows: the rows; nil for all. A row that is none of these cannot be changed.
    ///   - draft: what a new row has besides the fields of the form, by the number of the form.
    /// - Returns: the rows, or the forms with their errors.
    /// - Throws: as ``bind(_:rows:draft:)``.
    public func bind(
        json: JSONValue?,
        rows: QuerySet<Value.Object>? = nil,
        draft: (Int) throws -> ModelDraft<Value.Object>? = { _ in nil }
    ) async throws -> ModelFormSetResult<Value> {
        try await definition.bind(
            json: json,
            rows: rows.map { DynamicQuery($0) },
            newRow: { try draft($0)?.newRow }
        ).result(check)
    }
}

extension InlineFormSet {
    /// Reads a JSON list of objects, one for each row of a parent, by the same rules and limits as a
    /// posted form.
    ///
    ///     let document = try await request.json(maxDepth: 4)
    ///     // {"title": "Swift", "links": [{"url": "https://swift.org/"}, {"url": "…"}]}
    ///     let form = try await ArticleForm.bind(FormInput(json: document))
    ///     let links = try await LinkForm.inlineFormSet(\.article).bind(json: document["links"], of: nil)
    ///
    /// See ``ModelFormSetDefinition/bind(json:rows:parent:newRow:)`` for the objects.
    ///
    /// - Parameters:
    ///   - json: the list; nil and `null` are an empty one.
    ///   - parent: the parent; nil for a new one, which is given when the forms are saved.
    ///   - rows: the rows among which those of the parent are; nil for all.
    ///   - draft: what a new row has besides the fields of the form and its parent, by the number
    ///     of the form.
    /// - Returns: the rows, or the forms with their errors.
    /// - Throws: as ``ModelFormSet/bind(_:rows:draft:)``.
    public func bind(
        json: JSONValue?,
        of parent: Parent?,
        rows: QuerySet<Value.Object>? = nil,
        draft: (Int) throws -> ModelDraft<Value.Object>? = { _ in nil }
    ) async throws -> ModelFormSetResult<Value> {
        try await definition.bind(
            json: json,
            rows: rows.map { DynamicQuery($0) },
            parent: parent?.formRow,
            newRow: { try draft($0)?.newRow }
        ).result(check)
    }
}

extension JSONFormErrors {
    /// Adds the errors of a model form that was read.
    ///
    /// - Parameters:
    ///   - result: what came of reading it.
    ///   - path: where its object is in the document; none for the document itself.
    public mutating func add<Value>(_ result: ModelFormResult<Value>, at path: String...) {
        add(result.form.errors, path)
    }

    /// Adds the errors of a set of model forms that was read.
    ///
    /// - Parameters:
    ///   - result: what came of reading it.
    ///   - path: where its list is in the document.
    public mutating func add<Value>(_ result: ModelFormSetResult<Value>, at path: String...) {
        add(result.formSet, path)
    }
}
