public import NuagesForms
public import NuagesHTTP
public import NuagesModelForms
public import NuagesORM

extension FormInput {
    /// What a request submits: its query for GET and HEAD, its body for other methods.
    ///
    /// - Parameter request: the request.
    /// - Throws: `HTTPError` where the body is malformed or too large.
    public init(_ request: Request) async throws {
        let isRead = request.method == .get || request.method == .head
        let data = isRead ? FormData(fields: request.query) : try await request.form()
        self.init(data.fields, files: FormFiles(data.files.entries))
    }
}

extension FormEnvironment {
    /// Runs `body` with dates and numbers as the site and the language of a request have them.
    static func with<Result>(
        _ request: Request,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let environment = try SiteContext.current.formEnvironment(for: request)
        return try await FormEnvironment.$current.withValue(environment) { try await body() }
    }
}

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
        let input = try await FormInput(request)
        return try await FormEnvironment.with(request) {
            try await bind(input, instance: instance, draft: draft)
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
        let input = try await FormInput(request)
        return try await FormEnvironment.with(request) {
            try await submit(input, instance: instance, draft: draft)
        }
    }
}
