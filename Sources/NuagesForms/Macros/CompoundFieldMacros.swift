public import NuagesCore

/// A value that several fields accept, one after another: the property is of the last field's type.
///
///     @ComboField([CharField(maxLength: 20), EmailField()]) var email: String
///
/// The arguments are those of ``ComboField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro ComboField(
    _ fields: [any FormField],
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

/// The path of one of the files of a folder: the property is a `String`.
///
///     @FilePathField(path: "/srv/reports", match: "\\.pdf$") var report: String
///
/// The arguments are those of ``FilePathField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro FilePathField(
    path: String,
    match: String? = nil,
    recursive: Bool = false,
    allowFiles: Bool = true,
    allowFolders: Bool = false,
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

/// A field of any type, your own among them: the property is of the field's type.
///
///     @CustomField(Phone.field, label: "Telephone") var phone: Phone
///
/// This is also how a ``MultiValueField`` stands in a form. The arguments behind the field are
/// those of the modifiers of ``FormField``.
@attached(peer)
public macro CustomField<F: FormField>(
    _ field: F,
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
