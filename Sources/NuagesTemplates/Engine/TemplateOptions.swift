/// How an engine treats all of its templates.
///
///     var options = TemplateOptions()
///     options.stringIfInvalid = "[%s?]"
///     // {{ no.such }} writes [no.such?]
///
/// Django: `OPTIONS` of `TEMPLATES`.
public struct TemplateOptions: Sendable {
    /// What a variable that is not there writes; `%s` becomes its name.
    public var stringIfInvalid = ""
    /// Whether values are escaped where no `{% autoescape %}` says otherwise; false only for an
    /// engine whose templates are all something else than HTML, such as mails.
    public var isEscaping = true
    /// Libraries whose tags and filters need no `{% load %}`, besides Django's own.
    public var builtins: [Library] = []
    /// Bounds on one rendering.
    public var limits = TemplateLimits()
    /// Where `{% cache %}` keeps parts of pages, by name: `template_fragments` if there is one,
    /// else `default`, which is in memory.
    public var fragmentCaches: [String: any FragmentCache] = ["default": MemoryFragmentCache()]

    /// Django's defaults.
    public init() {}
}
