public import NuagesCore

/// An app with tags and filters, or with typed contexts.
///
///     struct PollsApp: TemplateApp {
///         let label = "polls"
///         var libraries: [String: Library] { ["polls": pollsLibrary] }
///         var contexts: [any TemplateContext.Type] { [DetailPage.self] }
///     }
///
/// Templates get the libraries by `{% load polls %}`.
///
/// Django: an app's folder `templatetags`.
public protocol TemplateApp: App {
    /// The libraries by the names that `{% load %}` knows them by.
    var libraries: [String: Library] { get }
    /// The types of contexts; `check` compares each with its template.
    var contexts: [any TemplateContext.Type] { get }
    /// Templates that are part of the program, by name; files of the same name win.
    var templates: [String: String] { get }
}

extension TemplateApp {
    /// No libraries.
    public var libraries: [String: Library] { [:] }
    /// No typed contexts.
    public var contexts: [any TemplateContext.Type] { [] }
    /// No templates but files.
    public var templates: [String: String] { [:] }
}
