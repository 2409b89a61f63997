public import NuagesCore

/// How many forms a form set shows and accepts, and what can be done with them.
///
/// Django: the arguments of `formset_factory`.
public struct FormSetOptions: Sendable {
    /// The number of empty forms behind those with initial values.
    public var extra = 1
    /// The fewest forms (`min_num`): so many are shown, and those are not permitted to be empty.
    public var minCount = 0
    /// The most forms (`max_num`): no more empty ones are shown.
    public var maxCount = 1000
    /// The most forms that are ever made, whatever was submitted (`absolute_max`); nil for 1,000
    /// more than ``maxCount``.
    public var absoluteMax: Int?
    /// Whether each form has a field `ORDER`.
    public var canOrder = false
    /// Whether each form has a field `DELETE`.
    public var canDelete = false
    /// Whether forms without initial values have the field `DELETE`, too.
    public var canDeleteExtra = true
    /// Whether fewer than ``minCount`` forms are an error.
    public var validatesMin = false
    /// Whether more than ``maxCount`` forms are an error.
    public var validatesMax = false
    /// What precedes the names of the controls, with a hyphen and the form's number.
    public var prefix = "form"
    /// How ids are made: `%s` stands for the control's name; nil makes none.
    public var autoID: String? = "id_%s"
    /// Messages in place of the set's own, by their code, such as `too_many_forms`.
    public var errorMessages: [String: ErrorMessage] = [:]
    /// The widget of the fields `ORDER`.
    public var orderingWidget = AnyWidget.number
    /// The widget of the fields `DELETE`.
    public var deletionWidget = AnyWidget.checkbox

    /// Django's defaults.
    public init() {}

    /// The most forms that are ever made.
    var formLimit: Int {
        let (usual, overflows) = maxCount.addingReportingOverflow(1000)
        return max(0, absoluteMax ?? (overflows ? maxCount : usual), maxCount)
    }

    /// The error with one of the set's messages.
    func error(_ code: String, _ parameters: [ErrorParameter]) -> ValidationError {
        let message = errorMessages[code] ?? Self.messages[code] ?? "Enter a valid value."
        return ValidationError(message, code: code, parameters: parameters)
    }

    private static let messages: [String: ErrorMessage] = [
        "missing_management_form":
            """
        ManagementForm data is missing or has been tampered with. Missing fields: \
        %(field_names)s. You may need to file a bug report if the issue persists.
        """,
        "too_many_forms": ErrorMessage(
            "Please submit at most %(num)d form.",
            plural: "Please submit at most %(num)d forms.",
            by: "num"
        ),
        "too_few_forms": ErrorMessage(
            "Please submit at least %(num)d form.",
            plural: "Please submit at least %(num)d forms.",
            by: "num"
        ),
        "invalid_list": "Enter a list of values.",
        "invalid_object": "Enter an object with the names of the fields.",
    ]
}

/// The names of fields that a form set adds.
enum FormSetField {
    static let total = "TOTAL_FORMS"
    static let initial = "INITIAL_FORMS"
    static let minimum = "MIN_NUM_FORMS"
    static let maximum = "MAX_NUM_FORMS"
    static let order = "ORDER"
    static let delete = "DELETE"
    /// What stands for the number of a form in ``BoundFormSet/emptyForm``.
    static let placeholder = "__prefix__"
}
