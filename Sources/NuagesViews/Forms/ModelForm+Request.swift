import NuagesForms
public import NuagesHTTP
public import NuagesModelForms
public import NuagesORM

extension ModelForm {
    /// Reads what a request submits for a new row.
    ///
    /// - Parameter request: the request.
    /// - Returns: the row, or the form with its errors.
    /// - Throws: as ``bind(_:instance:draft:)``.
    public static func bind(_ request: Request) async throws -> ModelFormResult<Self> {
        try await bind(request, instance: nil)
    }

    /// Reads what a request submits, and checks it as the form and the model say.
    ///
    ///     switch try await ArticleForm.bind(request, instance: article) {
    ///     case .valid(var form): try await form.save()
    ///     case .invalid(let form): …
    ///     }
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - instance: the row that is edited; nil for a new one.
    ///   - draft: what a new row has besides the fields of the form, such as its author.
    /// - Returns: the row, or the form with its errors.
    /// - Throws: `HTTPError` where the body is malformed or too large, `ModelFormError`,
    ///   `ModelError.missingValue(model:field:)`, `DatabaseError`, and what the checks throw besides
    ///   `ValidationError`.
    public static func bind(
        _ request: Request,
        instance: Object?,
        draft: ModelDraft<Object>? = nil
    ) async throws -> ModelFormResult<Self> {
        try await request.withFormInput {
            try await bind($0, instance: instance, draft: draft)
        }
    }

    /// Reads what a request submits, checks it and saves the row; what the database refuses because
    /// another request was faster is an error of the form.
    ///
    ///     switch try await ArticleForm.submit(request, instance: article) {
    ///     case .saved(let article): return try redirect(to: "article", article.id)
    ///     case .invalid(let form): return try await render(request, "edit.html", ["form": form])
    ///     }
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - instance: the row that is edited; nil for a new one.
    ///   - draft: what a new row has besides the fields of the form, such as its author.
    /// - Returns: the saved row, or the form with its errors.
    /// - Throws: as ``bind(_:instance:draft:)``.
    public static func submit(
        _ request: Request,
        instance: Object? = nil,
        draft: ModelDraft<Object>? = nil
    ) async throws -> SavedModelForm<Object> {
        try await request.withFormInput {
            try await submit($0, instance: instance, draft: draft)
        }
    }
}

extension ModelFormSet {
    /// Reads what a request submits.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - rows: the rows; nil for all. A row that is none of these cannot be changed.
    ///   - draft: what a new row has besides the fields of the form, by the number of the form.
    /// - Returns: the rows, or the forms with their errors.
    /// - Throws: `HTTPError` where the body is malformed or too large, and as
    ///   ``/NuagesModelForms/ModelFormSet/bind(_:rows:draft:)``.
    public func bind(
        _ request: Request,
        rows: QuerySet<Value.Object>? = nil,
        draft: (Int) throws -> ModelDraft<Value.Object>? = { _ in nil }
    ) async throws -> ModelFormSetResult<Value> {
        try await request.withFormInput { try await bind($0, rows: rows, draft: draft) }
    }
}

extension InlineFormSet {
    /// Reads what a request submits.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - parent: the parent; nil for a new one, which is given when the forms are saved.
    ///   - rows: the rows among which those of the parent are; nil for all.
    ///   - draft: what a new row has besides the fields of the form and its parent, by the number
    ///     of the form.
    /// - Returns: the rows, or the forms with their errors.
    /// - Throws: `HTTPError` where the body is malformed or too large, and as
    ///   ``/NuagesModelForms/ModelFormSet/bind(_:rows:draft:)``.
    public func bind(
        _ request: Request,
        of parent: Parent?,
        rows: QuerySet<Value.Object>? = nil,
        draft: (Int) throws -> ModelDraft<Value.Object>? = { _ in nil }
    ) async throws -> ModelFormSetResult<Value> {
        try await request.withFormInput {
            try await bind($0, of: parent, rows: rows, draft: draft)
        }
    }
}
