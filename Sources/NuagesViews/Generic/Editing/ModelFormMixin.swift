import NuagesCore
public import NuagesForms
public import NuagesHTTP
public import NuagesModelForms
import NuagesORM

/// A view that makes or changes an object by a form of its model.
///
/// It lists the fields of the form, or names a ``ModelForm`` that does; without either it does not
/// compile.
///
/// Django: `ModelFormMixin`.
public protocol ModelFormMixin: ModelViewMixin, TemplateResponseMixin, GetHandler, PostHandler,
    PutHandler
{
    /// The form; ``PlainModelForm`` where the view lists the fields itself.
    associatedtype FormClass: RowForm = PlainModelForm<Object> where FormClass.Object == Object

    /// The fields of the model that the form has.
    var fields: ModelFormFields<Object> { get }
    /// Where to once the object is saved, such as `/articles/{slug}/` with the fields of the object;
    /// nil for the page of the object.
    var successURL: String? { get }
    /// What precedes the names of the controls.
    var prefix: String? { get }

    /// The form of a request by names, with its choices and initial values.
    ///
    /// - Parameter request: the request.
    /// - Returns: `fields` as a form unless the view says otherwise.
    /// - Throws: any error; it becomes the response.
    func form(_ request: Request) async throws -> ModelFormDefinition

    /// Where to once the object is saved.
    ///
    /// - Parameters:
    ///   - object: the saved object.
    ///   - request: the request.
    /// - Returns: a path.
    /// - Throws: ``ViewError/noSuccessURL(view:)``.
    func successURL(_ object: Object, _ request: Request) async throws -> String

    /// Saves a valid form and answers it.
    ///
    /// - Parameters:
    ///   - form: the form; its `instance` may be changed before it is saved.
    ///   - request: the request.
    /// - Returns: a redirect unless the view says otherwise.
    /// - Throws: `ModelFormConflict`, which shows the form again, and any error, which becomes the
    ///   response.
    func formValid(
        _ form: inout ValidModelForm<FormClass>,
        _ request: Request
    ) async throws -> Response

    /// Answers a form with errors.
    ///
    /// - Parameters:
    ///   - form: the form, which shows its errors.
    ///   - object: the object that is changed; nil for a new one.
    ///   - request: the request.
    /// - Returns: the page with the form unless the view says otherwise.
    /// - Throws: any error; it becomes the response.
    func formInvalid(
        _ form: BoundForm,
        _ object: Object?,
        _ request: Request
    ) async throws -> Response
}

extension ModelFormMixin where FormClass: ModelForm {
    /// The fields that the form lists.
    public var fields: ModelFormFields<Object> { FormClass.fields }
}

extension ModelFormMixin {
    /// The page of the object.
    public var successURL: String? { nil }
    /// None.
    public var prefix: String? { nil }
    /// `_form`.
    public var templateNameSuffix: String { "_form" }

    /// ``fields`` as a form.
    ///
    /// - Parameter request: the request.
    /// - Returns: the form.
    /// - Throws: `ModelFormError` for fields that forms cannot show.
    public func form(_ request: Request) async throws -> ModelFormDefinition {
        try FormClass.definition(fields)
    }

    /// ``successURL`` with the fields of the object, else the page of the object.
    ///
    /// - Parameters:
    ///   - object: the saved object.
    ///   - request: the request.
    /// - Returns: the path.
    /// - Throws: ``ViewError/noSuccessURL(view:)`` where there is neither.
    public func successURL(_ object: Object, _ request: Request) async throws -> String {
        if let successURL { return try SuccessURL.filled(successURL, with: object, of: self) }
        if let page = object as? any AbsoluteURLConvertible { return try page.getAbsoluteURL() }
        throw ViewError.noSuccessURL(view: "\(Self.self)")
    }

    /// Saves the object and sends the browser to ``successURL(_:_:)``; what a `formValid` of one's
    /// own ends with.
    ///
    /// - Parameters:
    ///   - form: the form.
    ///   - request: the request.
    /// - Returns: a redirect.
    /// - Throws: `ModelFormConflict`, `DatabaseError`, ``ViewError/noSuccessURL(view:)``.
    public func saved(
        _ form: inout ValidModelForm<FormClass>,
        _ request: Request
    ) async throws -> Response {
        if let successURL { try SuccessURL.check(successURL, with: form.instance, of: self) }
        let object = try await form.save()
        return try redirect(to: try await successURL(object, request))
    }

    /// Saves the object and sends the browser to ``successURL(_:_:)``.
    ///
    /// - Parameters:
    ///   - form: the form.
    ///   - request: the request.
    /// - Returns: a redirect.
    /// - Throws: `ModelFormConflict`, `DatabaseError`, ``ViewError/noSuccessURL(view:)``.
    public func formValid(
        _ form: inout ValidModelForm<FormClass>,
        _ request: Request
    ) async throws -> Response {
        try await saved(&form, request)
    }

    /// Shows the form with its errors.
    ///
    /// - Parameters:
    ///   - form: the form.
    ///   - object: the object that is changed; nil for a new one.
    ///   - request: the request.
    /// - Returns: the page.
    /// - Throws: `TemplateError`.
    public func formInvalid(
        _ form: BoundForm,
        _ object: Object?,
        _ request: Request
    ) async throws -> Response {
        try await show(form, object, request)
    }

    /// Does the same as POST.
    ///
    /// - Parameter request: the request.
    /// - Returns: the response.
    /// - Throws: as POST.
    public func put(_ request: Request) async throws -> Response { try await post(request) }

    // MARK: Steps

    private func prefixedForm(_ request: Request) async throws -> ModelFormDefinition {
        var form = try await form(request)
        if let prefix { form.form.prefix = prefix }
        return form
    }

    /// Shows the form of an object, or of a new one.
    func showForm(_ object: Object?, _ request: Request) async throws -> Response {
        let form = try await prefixedForm(request)
        return try await show(try await form.unbound(instance: object), object, request)
    }

    /// Reads the form, saves it where it is valid, and shows it again where it is not or the
    /// database refuses it.
    func process(
        _ object: Object?,
        _ draft: ModelDraft<Object>?,
        _ request: Request
    ) async throws -> Response {
        let definition = try await prefixedForm(request)
        return try await request.withFormInput { input in
            let result = try await FormClass.bind(
                input,
                to: definition,
                instance: object,
                draft: draft
            )
            switch result {
            case .invalid(let form): return try await formInvalid(form, object, request)
            case .valid(var form):
                do {
                    return try await formValid(&form, request)
                } catch let conflict as ModelFormConflict {
                    return try await formInvalid(conflict.form, object, request)
                }
            }
        }
    }

    private func show(
        _ form: BoundForm,
        _ object: Object?,
        _ request: Request
    ) async throws -> Response {
        var context = object.map { objectContext($0) } ?? ContextDictionary()
        context["form"] = .object(form)
        return try await renderToResponse(
            request,
            templateNames(for: object),
            try await completed(context, for: request)
        )
    }

    private func templateNames(for object: Object?) -> [String] {
        if let templateName { return [templateName] }
        let own = (self as? any SingleObjectMixin)?.templateNameField
        if let own, let object, case .string(let name)? = object.contextMember(own), !name.isEmpty {
            return [name, modelTemplateName]
        }
        return [modelTemplateName]
    }
}

extension FormView where FormClass: RowForm {
    /// Nothing: a form of a model belongs to a view that knows its row.
    ///
    /// - Parameter request: the request.
    /// - Returns: the form.
    /// - Throws: nothing.
    @available(*, unavailable, message: "a ModelForm needs a CreateView or an UpdateView")
    public func form(_ request: Request) async throws -> FormDefinition<FormClass> {
        FormClass.form
    }
}
