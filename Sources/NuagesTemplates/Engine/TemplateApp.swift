public import NuagesCore

/// An app with tags and filters.
///
///     struct HumanizeApp: TemplateApp {
///         let label = "humanize"
///         var libraries: [String: Library] { ["humanize": .humanize] }
///     }
///
/// Templates get them by `{% load humanize %}`.
///
/// Django: an app's folder `templatetags`.
public protocol TemplateApp: App {
    /// The libraries by the names that `{% load %}` knows them by.
    var libraries: [String: Library] { get }
}
