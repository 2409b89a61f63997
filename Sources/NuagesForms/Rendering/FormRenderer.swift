public import NuagesCore
public import NuagesTemplates

/// Renders forms by templates, where a site has some of its own or a form names one.
///
/// All other forms are written by compiled code, which gives the same HTML.
///
/// Django: `BaseRenderer`, the setting `FORM_RENDERER`.
public protocol FormRenderer: Sendable {
    /// Whether there is any template in place of what is compiled in.
    ///
    /// Where there is none, no other name is asked for.
    var hasOverrides: Bool { get }

    /// Whether the site has a template in place of what is compiled in.
    ///
    /// - Parameter name: Django's name, such as `django/forms/div.html`.
    /// - Returns: true where the template, or one that it includes, is the site's own.
    func overrides(_ name: String) -> Bool

    /// Renders a template: one of the site, or any of Django's names.
    ///
    /// A form of which only a part has a template of the site is rendered by templates as a whole,
    /// so that names are asked for that ``overrides(_:)`` denies.
    ///
    /// - Parameters:
    ///   - name: the name of the template.
    ///   - context: what it sees: `form`, `fields`, `hidden_fields` and `errors`; or `formset`; or
    ///     `field`; or `widget`; or what labels and lists of errors have.
    /// - Returns: the HTML.
    /// - Throws: any error; the page then fails.
    func render(_ name: String, _ context: ContextDictionary) async throws -> SafeString
}

extension FormRenderer {
    /// There may be some.
    public var hasOverrides: Bool { true }
}

/// Renders forms by the templates of a site.
///
/// A template that the site has not is taken from those that are built in, which give what the
/// compiled code gives: one that includes others can be replaced alone.
///
/// Django: `django.forms.renderers.TemplatesSetting`.
public struct TemplateFormRenderer: FormRenderer {
    private let engine: TemplateEngine
    private let environment: TemplateEnvironment
    private let names: Set<String>

    @TaskLocal private static var depth = 0
    private static let depthLimit = 16

    /// A renderer with the templates of a site; it looks once which of Django's names it has.
    ///
    /// - Parameters:
    ///   - engine: the templates.
    ///   - environment: what tags need.
    public init(_ engine: TemplateEngine, environment: TemplateEnvironment) {
        self.engine = engine.falling(backTo: DefaultFormTemplates.sources)
        self.environment = environment
        let own = Set(
            DefaultFormTemplates.sources.keys.filter { name in
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
        names = DefaultFormTemplates.names(changedBy: own)
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

    /// Whether the site has any template of a form.
    public var hasOverrides: Bool { !names.isEmpty }

    /// Whether the site has a template of that name, or one that it includes.
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

    var formTemplate: String {
        switch self {
        case .div: "django/forms/div.html"
        case .p: "django/forms/p.html"
        case .ul: "django/forms/ul.html"
        case .table: "django/forms/table.html"
        }
    }

    var formSetTemplate: String { "django/forms/formsets/\(rawValue).html" }
    static let fieldTemplate = "django/forms/field.html"
    static let labelTemplate = "django/forms/label.html"
    static let errorsTemplate = "django/forms/errors/list/default.html"
    static let errorListTemplate = "django/forms/errors/list/ul.html"
    static let formErrorsTemplate = "django/forms/errors/dict/default.html"
    static let formErrorListTemplate = "django/forms/errors/dict/ul.html"
}
