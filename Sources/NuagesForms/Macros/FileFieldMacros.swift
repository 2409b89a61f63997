public import NuagesCore

/// An uploaded file: the property is an `UploadedFile`, or a `FileChange`.
///
///     @FileField(accept: [.pdf]) var letter: UploadedFile
///
/// The arguments are those of ``FileField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro FileField(
    accept: [FileType]? = nil,
    maxLength: Int? = nil,
    allowEmptyFile: Bool = false,
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
    templateName: String? = nil
) = #externalMacro(module: "NuagesMacros", type: "FormFieldMacro")

/// An uploaded image: the property is an `UploadedFile`, or a `FileChange`.
///
/// The arguments are those of ``ImageField`` and of the modifiers of ``FormField``.
@attached(peer)
public macro ImageField(
    formats: [ImageFormat] = ImageFormat.web,
    limits: ImageLimits = ImageLimits(),
    maxLength: Int? = nil,
    allowEmptyFile: Bool = false,
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
    templateName: String? = nil
) = #externalMacro(module: "NuagesMacros", type: "FormFieldMacro")
