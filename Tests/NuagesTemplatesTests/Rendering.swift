import NuagesCore
import NuagesTemplates
import Testing

/// Renders a template made from a string.
func render(
    _ source: String,
    _ context: ContextDictionary = [:],
    templates: [String: String] = [:],
    environment: TemplateEnvironment = .init(),
    stringIfInvalid: String = "",
    libraries: [String: Library] = [:],
    limits: TemplateLimits = .init()
) async throws -> String {
    var options = TemplateOptions()
    options.stringIfInvalid = stringIfInvalid
    options.limits = limits
    let engine = TemplateEngine(
        directories: [],
        templates: templates,
        isDebug: false,
        libraries: libraries,
        options: options
    )
    let template = try engine.template(source: source)
    let bytes = try await engine.render(template, context, environment: environment)
    return String(decoding: bytes, as: UTF8.self)
}

/// The text of the error that a template gives; empty where it gives none.
func failure(
    _ source: String,
    _ context: ContextDictionary = [:],
    templates: [String: String] = [:],
    limits: TemplateLimits = .init()
) async -> String {
    do {
        _ = try await render(source, context, templates: templates, limits: limits)
        return ""
    } catch {
        return "\(error)"
    }
}

/// The value behind a filter.
func filtered(
    _ name: String,
    _ value: ContextValue,
    _ argument: ContextValue? = nil,
    environment: TemplateEnvironment = .init()
) throws -> String {
    let filter = try #require(Library.builtins.filter(named: name))
    let context = FilterContext(environment: environment)
    return try filter.apply(to: value, argument: argument, context).plainText
}
