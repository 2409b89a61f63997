public import NuagesCore
public import NuagesTemplates

/// Renders forms by templates, where a site has some of its own or a form names one.
///
/// All other forms are written by compiled code, which gives the same HTML.
///
/// Django: `BaseRenderer`, the setting `FORM_RENDERER`.
public protocol FormRenderer: Sendable {
    /// Whether the site has a template in place of the form that is compiled in.
    ///
    /// - Parameter name: Django's name, such as `django/forms/div.html`.
    /// - Returns: true where ``render(_:_:)`` is to be called.
    func overrides(_ name: String) -> Bool

    /// Renders a template.
    ///
    /// - Parameters:
    ///   - name: the name of the template.
    ///   - context: what it sees: `form`, `fields`, `hidden_fields` and `errors`; or `formset`; or
    ///     `field`.
    /// - Returns: the HTML.
    /// - Throws: any error; the page then fails.
    func render(_ name: String, _ context: ContextDictionary) async throws -> SafeString
}

/// Renders forms by the templates of a site.
///
/// Django: `django.forms.renderers.TemplatesSetting`.
public struct TemplateFormRenderer: FormRenderer {
    private let engine: TemplateEngine
    private let environment: TemplateEnvironment
    private let names: Set<String>

    @TaskLocal private static var depth = 0
    private static let depthLimit = 16

    /// The templates that a site can have in place of what is compiled in.
    private static let known = [
        "div.html", "p.html", "ul.html", "table.html", "field.html", "formsets/div.html",
        "formsets/p.html", "formsets/ul.html", "formsets/table.html",
    ].map { "django/forms/\($0)" }

    /// A renderer with the templates of a site; it looks once which of Django's names it has.
    ///
    /// - Parameters:
    ///   - engine: the templates.
    ///   - environment: what tags need.
    public init(_ engine: TemplateEngine, environment: TemplateEnvironment) {
        self.engine = engine
        self.environment = environment
        names = Set(
            Self.known.filter { name in
                do throws(TemplateError) {
                    _ = try engine.template(named: name)
                    return true
                } catch {
                    // A template that is there and wrong has to fail the page, not to be passed over.
                    guard case .doesNotExist = error else { return true }
                    return false
                }
            }
        )
    }

    private init(_ other: Self, environment: TemplateEnvironment) {
        engine = other.engine
        names = other.names
        self.environment = environment
    }

    /// The renderer for another request.
    ///
    /// - Parameter environment: what tags need.
    /// - Returns: the renderer.
    public func with(_ environment: TemplateEnvironment) -> Self {
        Self(self, environment: environment)
    }

    /// Whether the site has a template of that name.
    public func overrides(_ name: String) -> Bool { names.contains(name) }

    /// Renders a template, without white space at both ends.
    public func render(_ name: String, _ context: ContextDictionary) async throws -> SafeString {
        let depth = Self.depth + 1
        guard depth <= Self.depthLimit else { throw FormRenderingError.tooDeep(name) }
        let page = try await Self.$depth.withValue(depth) {
            try await engine.render(name, context, environment: environment)
        }
        return SafeString(unsafe: PythonText.stripped(String(decoding: page, as: UTF8.self)))
    }
}

/// The four layouts of a form, with the names of their templates.
enum FormLayout: String {
    case div
    case p
    case ul
    case table

    var formTemplate: String { "django/forms/\(rawValue).html" }
    var formSetTemplate: String { "django/forms/formsets/\(rawValue).html" }
    static let fieldTemplate = "django/forms/field.html"
}
