public import NuagesCore

/// Makes the properties of a struct reachable from templates.
///
///     @TemplateContext
///     struct Row {
///         let title: String
///         let wordCount: Int
///         private let notes: String
///     }
///
///     // {{ row.title }}, {{ row.word_count }} or {{ row.wordCount }}
///
/// Private and static properties and functions are not reachable. Computed properties with a type
/// are; they are computed when a template asks. Nothing is looked up by reflection: the macro
/// writes a `switch`.
///
/// - Parameter template: the name of the template whose context the struct is; without it the
///   struct is a value in other contexts.
@attached(
    extension,
    conformances: ContextObject,
    TemplateContext,
    names: named(templateName),
    named(contextVariables),
    named(contextMember),
    named(contextShape),
    named(contextDescription)
)
public macro TemplateContext(_ template: String? = nil) =
    #externalMacro(module: "NuagesMacros", type: "TemplateContextMacro")
