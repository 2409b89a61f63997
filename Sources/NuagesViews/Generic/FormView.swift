import NuagesCore
public import NuagesForms
public import NuagesHTTP

/// A view that shows a form, and does something with it once it is valid.
///
///     struct Contact: FormView {
///         let templateName: String? = "contact.html"
///         let successURL: String? = "/thanks/"
///         func formValid(_ form: ContactForm, _ request: Request) async throws -> Response {
///             try await send(form)
///             return try await succeeded(form, request)
///         }
///     }
///
///     #path("contact/", Contact())        // {{ form }}
///
/// A form with errors is shown again, and nothing is done.
///
/// Django: `django.views.generic.FormView`.
public protocol FormView: TemplateResponseMixin, GetHandler, PostHandler {
    /// The form.
    associatedtype FormClass: Form

    /// Where to once the form is valid: a path, or nil for a ``successURL(_:_:)`` of one's own.
    var successURL: String? { get }
    /// What precedes the names of the controls.
    var prefix: String? { get }

    /// The form of a request, with its choices and initial values.
    ///
    /// - Parameter request: the request.
    /// - Returns: `FormClass.form` unless the view says otherwise.
    /// - Throws: any error; it becomes the response.
    func form(_ request: Request) async throws -> FormDefinition<FormClass>

    /// Where to once the form is valid.
    ///
    /// - Parameters:
    ///   - form: the cleaned values.
    ///   - request: the request.
    /// - Returns: a path.
    /// - Throws: ``ViewError/noSuccessURL(view:)`` without ``successURL``.
    func successURL(_ form: FormClass, _ request: Request) async throws -> String

    /// Answers a valid form.
    ///
    /// - Parameters:
    ///   - form: the cleaned values.
    ///   - request: the request.
    /// - Returns: a redirect unless the view says otherwise.
    /// - Throws: any error; it becomes the response.
    func formValid(_ form: FormClass, _ request: Request) async throws -> Response

    /// Answers a form with errors.
    ///
    /// - Parameters:
    ///   - form: the form, which shows its errors.
    ///   - request: the request.
    /// - Returns: the page with the form unless the view says otherwise.
    /// - Throws: any error; it becomes the response.
    func formInvalid(_ form: BoundForm, _ request: Request) async throws -> Response
}

extension FormView {
    /// None.
    public var successURL: String? { nil }
    /// None.
    public var prefix: String? { nil }

    /// `FormClass.form`.
    ///
    /// - Parameter request: the request.
    /// - Returns: the form.
    /// - Throws: nothing.
    public func form(_ request: Request) async throws -> FormDefinition<FormClass> {
        FormClass.form
    }

    /// ``successURL``.
    ///
    /// - Parameters:
    ///   - form: the cleaned values.
    ///   - request: the request.
    /// - Returns: the path.
    /// - Throws: ``ViewError/noSuccessURL(view:)`` where there is none.
    public func successURL(_ form: FormClass, _ request: Request) async throws -> String {
        guard let successURL else { throw ViewError.noSuccessURL(view: "\(Self.self)") }
        return successURL
    }

    /// Sends the browser to ``successURL(_:_:)``; what a `formValid` of one's own ends with.
    ///
    /// - Parameters:
    ///   - form: the cleaned values.
    ///   - request: the request.
    /// - Returns: a redirect.
    /// - Throws: ``ViewError/noSuccessURL(view:)``.
    public func succeeded(_ form: FormClass, _ request: Request) async throws -> Response {
        try redirect(to: try await successURL(form, request))
    }

    /// Sends the browser to ``successURL(_:_:)``.
    ///
    /// - Parameters:
    ///   - form: the cleaned values.
    ///   - request: the request.
    /// - Returns: a redirect.
    /// - Throws: ``ViewError/noSuccessURL(view:)``.
    public func formValid(_ form: FormClass, _ request: Request) async throws -> Response {
        try await succeeded(form, request)
    }

    /// Shows the form with its errors.
    ///
    /// - Parameters:
    ///   - form: the form.
    ///   - request: the request.
    /// - Returns: the page.
    /// - Throws: `TemplateError`.
    public func formInvalid(_ form: BoundForm, _ request: Request) async throws -> Response {
        try await show(form, request)
    }

    /// Shows the empty form.
    ///
    /// - Parameter request: the request.
    /// - Returns: the page.
    /// - Throws: `TemplateError`.
    public func get(_ request: Request) async throws -> Response {
        try await show(try await prefixedForm(request).unboundQuerying(), request)
    }

    /// Reads the form, and calls ``formValid(_:_:)`` or ``formInvalid(_:_:)``.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: `HTTPError` for a body that is malformed or too large.
    public func post(_ request: Request) async throws -> Response {
        switch try await prefixedForm(request).bind(request) {
        case .valid(let form): try await formValid(form, request)
        case .invalid(let form): try await formInvalid(form, request)
        }
    }

    private func prefixedForm(_ request: Request) async throws -> FormDefinition<FormClass> {
        let form = try await form(request)
        return prefix.map { form.prefix($0) } ?? form
    }

    private func show(_ form: BoundForm, _ request: Request) async throws -> Response {
        try await renderToResponse(
            request,
            [try requiredTemplateName()],
            try await completed(["form": form], for: request)
        )
    }
}
