public import NuagesCore

/// A whole number: the property is an `Int`.
///
/// The arguments are those of ``IntegerField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro IntegerField(
    maxValue: NumericValue? = nil,
    minValue: NumericValue? = nil,
    stepSize: NumericValue? = nil,
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

/// A floating-point number: the property is a `Double`.
///
/// The arguments are those of ``FloatField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro FloatField(
    maxValue: NumericValue? = nil,
    minValue: NumericValue? = nil,
    stepSize: NumericValue? = nil,
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

/// An exact decimal number: the property is a `Decimal` or an `ExactDecimal`.
///
/// The arguments are those of ``DecimalField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro DecimalField(
    maxValue: NumericValue? = nil,
    minValue: NumericValue? = nil,
    stepSize: NumericValue? = nil,
    maxDigits: Int? = nil,
    decimalPlaces: Int? = nil,
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
