public import NuagesCore
public import NuagesForms
public import NuagesORM

/// One row of a query: the property is a reference to it, its key, or the value of `toFieldName`.
///
///     extension Author {
///         static var active: QuerySet<Author> { objects.filter { $0.isActive } }
///     }
///
///     @Form
///     struct AssignForm {
///         @ModelChoiceField(Author.active) var author: Author.Reference
///         @ModelChoiceField(Topic.objects, toFieldName: "slug", labels: { $0.name.uppercased() })
///         var topic: String
///     }
///     // SELECT … FROM "author" WHERE "author"."is_active"
///
/// The query is evaluated for each request, in its task. One with conditions on fields has a name, as
/// above: in the arguments of a macro, Swift does not see what another macro wrote. A form that is
/// meant for one page says more by ``NuagesForms/FormDefinition/rows(_:_:)`` and
/// ``NuagesForms/FormDefinition/limitChoices(_:to:)``. The arguments are those of
/// ``ModelChoiceField`` and of the modifiers of `FormField`.
@attached(peer)
public macro ModelChoiceField<M: Model>(
    _ rows: QuerySet<M>,
    toFieldName: String? = nil,
    emptyLabel: String? = "- Select an option -",
    limitChoicesTo: Q? = nil,
    labels: (@Sendable (M) -> String)? = nil,
    name: String? = nil,
    required: Bool? = nil,
    label: String? = nil,
    labelSuffix: String? = nil,
    helpText: HelpText? = nil,
    errorMessages: [String: ErrorMessage]? = nil,
    validators: [FieldValidator]? = nil,
    disabled: Bool? = nil,
    localize: Bool? = nil,
    showHiddenInitial: Bool? = nil,
    widget: AnyWidget? = nil,
    autocomplete: Autocomplete? = nil,
    templateName: String? = nil
) = #externalMacro(module: "NuagesMacros", type: "FormFieldMacro")

/// Some rows of a query: the property is an array of references to them, of their keys, or of the
/// values of `toFieldName`.
///
///     @ModelMultipleChoiceField(Tag.objects, required: false)
///     var tags: [Tag.Reference]
///
/// The query is evaluated for each request, in its task. The arguments are those of
/// ``ModelMultipleChoiceField`` and of the modifiers of `FormField`.
@attached(peer)
public macro ModelMultipleChoiceField<M: Model>(
    _ rows: QuerySet<M>,
    toFieldName: String? = nil,
    limitChoicesTo: Q? = nil,
    labels: (@Sendable (M) -> String)? = nil,
    name: String? = nil,
    required: Bool? = nil,
    label: String? = nil,
    labelSuffix: String? = nil,
    helpText: HelpText? = nil,
    errorMessages: [String: ErrorMessage]? = nil,
    validators: [FieldValidator]? = nil,
    disabled: Bool? = nil,
    localize: Bool? = nil,
    showHiddenInitial: Bool? = nil,
    widget: AnyWidget? = nil,
    autocomplete: Autocomplete? = nil,
    templateName: String? = nil
) = #externalMacro(module: "NuagesMacros", type: "FormFieldMacro")
