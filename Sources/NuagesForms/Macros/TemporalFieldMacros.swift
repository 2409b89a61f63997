public import NuagesCore

/// A day: the property is a `CalendarDate`.
///
/// The arguments are those of ``DateField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro DateField(
    inputFormats: [DateInputFormat]? = nil,
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

/// A time on the clock: the property is a `TimeOfDay`.
///
/// The arguments are those of ``TimeField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro TimeField(
    inputFormats: [DateInputFormat]? = nil,
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

/// A moment: the property is a `Date` or a `LocalDateTime`.
///
/// The arguments are those of ``DateTimeField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro DateTimeField(
    inputFormats: [DateInputFormat]? = nil,
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

/// A moment, its date and its time apart: the property is a `Date`.
///
/// The arguments are those of ``SplitDateTimeField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro SplitDateTimeField(
    inputDateFormats: [DateInputFormat]? = nil,
    inputTimeFormats: [DateInputFormat]? = nil,
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

/// A length of time: the property is a `Duration`.
///
/// The arguments are those of ``DurationField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro DurationField(
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
