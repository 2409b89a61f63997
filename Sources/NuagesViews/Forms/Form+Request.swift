import NuagesCore
public import NuagesForms
public import NuagesHTTP
import NuagesTemplates

extension FormDefinition {
    /// Reads what a request submits: its query for GET and HEAD, its body for other methods.
    ///
    ///     switch try await ContactForm.form.bind(request) {
    ///     case .valid(let contact): …
    ///     case .invalid(let form): …
    ///     }
    ///
    /// - Parameter request: the request.
    /// - Returns: the cleaned values, or the form with its errors.
    /// - Throws: `HTTPError` where the body is malformed or too large, and what the form's
    ///   `clean()` throws besides `ValidationError`.
    public func bind(_ request: Request) async throws -> FormResult<Value> {
        try await request.withFormInput { try await bind($0) }
    }
}

extension FormSet {
    /// Reads what a request submits: its query for GET and HEAD, its body for other methods.
    ///
    ///     switch try await LinkForm.formSet().bind(request) {
    ///     case .valid(let values): …
    ///     case .invalid(let formSet): …
    ///     }
    ///
    /// - Parameter request: the request.
    /// - Returns: the cleaned values, or the forms with their errors.
    /// - Throws: `HTTPError` where the body is malformed or too large, and what a `clean()`
    ///   throws besides `ValidationError`.
    public func bind(_ request: Request) async throws -> FormSetResult<Value> {
        try await request.withFormInput { try await bind($0) }
    }
}

extension DynamicForm {
    /// Reads what a request submits: its query for GET and HEAD, its body for other methods.
    ///
    /// - Parameter request: the request.
    /// - Returns: the form, valid or with its errors.
    /// - Throws: `HTTPError` where the body is malformed or too large, and errors of the queries of
    ///   its fields.
    public func bind(_ request: Request) async throws -> BoundForm {
        try await request.withFormInput { try await bindQuerying($0) }
    }
}

extension DynamicFormSet {
    /// Reads what a request submits: its query for GET and HEAD, its body for other methods.
    ///
    /// - Parameter request: the request.
    /// - Returns: the forms, valid or with their errors.
    /// - Throws: `HTTPError` where the body is malformed or too large, and errors of the queries of
    ///   its fields.
    public func bind(_ request: Request) async throws -> BoundFormSet {
        try await request.withFormInput { try await bindQuerying($0) }
    }
}

extension Request {
    /// Runs `body` with what was submitted, in the time zone and the formats of the site.
    func withFormInput<Result>(
        _ body: (FormInput) async throws -> Result
    ) async throws -> Result {
        let isRead = method == .get || method == .head
        let data = isRead ? FormData(fields: query) : try await form()
        let input = FormInput(data.fields, files: FormFiles(data.files.entries))
        let environment = try SiteContext.current.formEnvironment(for: self)
        return try await FormEnvironment.$current.withValue(environment) { try await body(input) }
    }
}

extension Form {
    /// Reads what a request submits: its query for GET and HEAD, its body for other methods.
    ///
    /// - Parameter request: the request.
    /// - Returns: the cleaned values, or the form with its errors.
    /// - Throws: `HTTPError` where the body is malformed or too large, and what ``clean()``
    ///   throws besides `ValidationError`.
    public static func bind(_ request: Request) async throws -> FormResult<Self> {
        try await form.bind(request)
    }
}
