public import NuagesCore
public import NuagesRegex

/// Makes the properties of a struct the fields of a form.
///
///     @Form
///     struct ContactForm {
///         @CharField(maxLength: 100) var subject: String
///         @CharField(widget: .textarea) var message: String
///         var sender: EmailAddress            // a field by the property's type
///         var nickname: String?               // optional: may stay empty
///         var ccMyself = false                // its default is the initial value
///     }
///
/// The fields have Django's names: `ccMyself` is `cc_myself`. It writes a conformance to ``Form``:
/// the list of fields and an initializer from their cleaned values.
///
/// A function called after a property checks its field, and may change it; see ``FieldCleaner``:
///
///     static func cleanSubject(_ subject: inout String) async throws { … }
@attached(extension, conformances: Form, names: named(form), named(init), named(cleanFields))
public macro Form() = #externalMacro(module: "NuagesMacros", type: "FormMacro")

/// Text: the property is a `String`.
///
/// The arguments are those of ``CharField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro CharField(
    maxLength: Int? = nil,
    minLength: Int? = nil,
    strip: Bool = true,
    emptyValue: FormValue = "",
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

/// An email address: the property is an `EmailAddress` or a `String`.
///
/// The arguments are those of ``EmailField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro EmailField(
    maxLength: Int? = 320,
    minLength: Int? = nil,
    emptyValue: FormValue = "",
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

/// An absolute URL: the property is a `String`.
///
/// The arguments are those of ``URLField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro URLField(
    assumeScheme: String = "https",
    maxLength: Int? = nil,
    minLength: Int? = nil,
    emptyValue: FormValue = "",
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

/// A slug: the property is a `String`.
///
/// The arguments are those of ``SlugField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro SlugField(
    allowUnicode: Bool = false,
    maxLength: Int? = nil,
    minLength: Int? = nil,
    emptyValue: FormValue = "",
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

/// Text with a pattern: the property is a `String`.
///
///     @RegexField("^[A-Z]{2}[0-9]+$", errorMessages: ["invalid": "Enter a plate such as XY123."])
///     var plate: String
///
/// The pattern is read at compile time where it is a literal. The arguments are those of
/// ``RegexField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro RegexField(
    _ pattern: String,
    options: LinearRegex.Options = [],
    maxLength: Int? = nil,
    minLength: Int? = nil,
    strip: Bool = false,
    emptyValue: FormValue = "",
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

/// An IP address: the property is a `String`.
///
/// The arguments are those of ``GenericIPAddressField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro GenericIPAddressField(
    _ version: IPAddressValidator.Version = .both,
    unpackIPv4: Bool = false,
    maxLength: Int? = IPAddressValidator.maxLength,
    minLength: Int? = nil,
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

/// A UUID: the property is a `UUID`.
///
/// The arguments are those of ``UUIDField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro UUIDField(
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

/// Any JSON document: the property is a `JSONValue`.
///
/// The arguments are those of ``JSONField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro JSONField(
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
