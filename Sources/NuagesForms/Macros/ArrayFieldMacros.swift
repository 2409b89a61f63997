public import NuagesCore

/// Several values in one line of text: the property is an array.
///
///     @SimpleArrayField(IntegerField(), maxLength: 3) var marks: [Int]      // "1,2,3"
///
/// The arguments are those of ``SimpleArrayField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro SimpleArrayField<Base: FormField>(
    _ base: Base,
    delimiter: String = ",",
    maxLength: Int? = nil,
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

/// Several values, each in a control of its own: the property is an array, of optional values where
/// they may stay empty.
///
///     @SplitArrayField(IntegerField().required(false), size: 3) var marks: [Int?]
///
/// The arguments are those of ``SplitArrayField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro SplitArrayField<Base: FormField>(
    _ base: Base,
    size: Int,
    removeTrailingNulls: Bool = false,
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

/// A map, entered as a JSON object: the property is a `[String: String?]`.
///
/// The arguments are those of the modifiers of ``FormField``.
@attached(peer)
public macro HStoreField(
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

/// A range of whole numbers by its two ends: the property is a `FormRange<Int>?`.
///
/// It may be left empty unless it is `required: true`. The arguments are those of
/// ``BaseRangeField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro IntegerRangeField(
    _ base: IntegerField = IntegerField(),
    defaultBounds: FormRangeBounds = .lowerOnly,
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

/// A range of exact numbers by its two ends: the property is a `FormRange<Decimal>?`.
///
/// It may be left empty unless it is `required: true`. The arguments are those of
/// ``BaseRangeField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro DecimalRangeField(
    _ base: DecimalField = DecimalField(),
    defaultBounds: FormRangeBounds = .lowerOnly,
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

/// A range of days by its two ends: the property is a `FormRange<CalendarDate>?`.
///
/// It may be left empty unless it is `required: true`. The arguments are those of
/// ``BaseRangeField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro DateRangeField(
    _ base: DateField = DateField(),
    defaultBounds: FormRangeBounds = .lowerOnly,
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

/// A range of moments by its two ends: the property is a `FormRange<Date>?`.
///
/// It may be left empty unless it is `required: true`. The arguments are those of
/// ``BaseRangeField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro DateTimeRangeField(
    _ base: DateTimeField = DateTimeField(),
    defaultBounds: FormRangeBounds = .lowerOnly,
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
