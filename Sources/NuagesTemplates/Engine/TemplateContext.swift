public import NuagesCore

/// The values of one template, as a type: what `@TemplateContext` with a template's name makes of a
/// struct.
///
///     @TemplateContext("polls/detail.html")
///     struct DetailPage {
///         let question: Question
///         var error: String?
///     }
///
///     try await render(request, DetailPage(question: question))
///
/// `check` knows the members of the type and reports each variable of the template that is none.
public protocol TemplateContext: ContextObject {
    /// The name of the template.
    static var templateName: String { get }

    /// The variables by name.
    var contextVariables: ContextDictionary { get }
}
