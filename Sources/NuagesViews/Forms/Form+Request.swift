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
        let isRead = request.method == .get || request.method == .head
        let data = isRead ? FormData(fields: request.query) : try await request.form()
        // Dates are read in the time zone and the formats of the site.
        let environment = try SiteContext.current.formEnvironment(for: request)
        return try await FormEnvironment.$current.withValue(environment) {
            try await bind(data.fields, files: FormFiles(data.files.entries))
        }
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
