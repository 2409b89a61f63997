public import NuagesCore
public import NuagesHTTP

/// A view that shows a template with values of its own.
///
/// Django: `ContextMixin`.
public protocol ContextMixin: View {
    /// Values for the template besides those that the view gives; they win over those.
    ///
    /// - Parameter request: the request.
    /// - Returns: values by name.
    /// - Throws: any error; it becomes the response.
    func extraContext(_ request: Request) async throws -> ContextDictionary
}

extension ContextMixin {
    /// Nothing.
    ///
    /// - Parameter request: the request.
    /// - Returns: no values.
    /// - Throws: nothing.
    public func extraContext(_ request: Request) async throws -> ContextDictionary { [:] }

    /// `values` with ``extraContext(_:)``, and `view` where the view can be looked into.
    func completed(
        _ values: ContextDictionary,
        for request: Request
    ) async throws -> ContextDictionary {
        var context = ContextDictionary()
        if let view = self as? any ContextObject { context["view"] = .object(view) }
        return context.merging(values).merging(try await extraContext(request))
    }
}

/// A view that answers with a template.
///
/// Django: `TemplateResponseMixin`.
public protocol TemplateResponseMixin: ContextMixin {
    /// The name of the template; nil where the view makes one of its model.
    var templateName: String? { get }
    /// The type of the page; nil is HTML in UTF-8.
    var contentType: String? { get }

    /// Answers with the template.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - templates: the names of templates, the first of which that exists is rendered.
    ///   - context: what the template sees.
    /// - Returns: the page.
    /// - Throws: `TemplateError`.
    func renderToResponse(
        _ request: Request,
        _ templates: [String],
        _ context: ContextDictionary
    ) async throws -> Response
}

extension TemplateResponseMixin {
    /// None.
    public var templateName: String? { nil }
    /// HTML in UTF-8.
    public var contentType: String? { nil }

    /// The first template that exists, rendered once the layers of the route have seen the answer.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - templates: the names of templates.
    ///   - context: what the template sees.
    /// - Returns: the page, not yet rendered.
    /// - Throws: nothing.
    public func renderToResponse(
        _ request: Request,
        _ templates: [String],
        _ context: ContextDictionary
    ) async throws -> Response {
        .template(firstOf: templates, context, contentType: contentType)
    }

    /// ``templateName``, which a view without a model must have.
    func requiredTemplateName() throws(ViewError) -> String {
        guard let templateName else { throw .noTemplateName(view: "\(Self.self)") }
        return templateName
    }
}

/// A mistake in a generic view; the page that meets it is a 500.
@nonexhaustive
public enum ViewError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The view has no template and no model to make a name of.
    case noTemplateName(view: String)
    /// The pattern of the route gives neither a key nor a slug.
    case noObjectArgument(view: String, key: String, slug: String)
    /// The model has no date or moment of this name.
    case noDateField(view: String, name: String, choices: [String])
    /// The format of weeks is none, or does not go with the format of years.
    case weekFormat(view: String, week: String, year: String)
    /// The view has nowhere to go once a form is valid.
    case noSuccessURL(view: String)
    /// The path to go to names a field that the object does not have.
    case unknownSuccessField(view: String, name: String)
    /// The path to go to has the value of a field that is no part of a path.
    case successValue(view: String, name: String)

    /// What is wrong, then what to do.
    public var description: String {
        switch self {
        case .noTemplateName(let view):
            "\(view) has no template. Give it a 'templateName'."
        case .noObjectArgument(let view, let key, let slug):
            "\(view) does not know which object to show. Its pattern must have '<…:\(key)>' or "
                + "'<slug:\(slug)>', or the view an 'object(_:)' of its own."
        case .noDateField(let view, let name, let choices):
            "\(view) has the dateField '\(name)', which is no date of its model. Choices are: "
                + "\(choices.joined(separator: ", "))."
        case .weekFormat(let view, let week, let year):
            "\(view) cannot read weeks by '\(week)' with years by '\(year)'. Choices are: %U, %W, "
                + "and %V with the year %G."
        case .noSuccessURL(let view):
            "\(view) has nowhere to go when the form is valid. Give it a 'successURL'."
        case .unknownSuccessField(let view, let name):
            "The 'successURL' of \(view) names '{\(name)}', which its object does not have."
        case .successValue(let view, let name):
            "The 'successURL' of \(view) has '{\(name)}', whose value is no part of a path. Name a "
                + "field that has a text or a number."
        }
    }
}
