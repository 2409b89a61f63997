public import NuagesCore

/// A set of forms ready to be shown: with what was submitted and its errors, or empty.
///
/// `{{ formset }}` in a template writes the forms and the management form; `{% for form in formset %}`
/// walks over the forms, and the page then has to write `{{ formset.management_form }}`.
public struct BoundFormSet: Sendable {
    /// The fields and options.
    public private(set) var formSet: DynamicFormSet
    /// What was submitted; nil for an empty page.
    public let input: FormInput?
    /// The hidden fields that count the forms.
    public let managementForm: BoundForm
    /// The forms in the order in which they are shown.
    public private(set) var forms: [BoundForm]
    /// The errors of the whole set.
    public private(set) var nonFormErrors = ErrorList(extraClass: "nonform")
    private let counts: DynamicFormSet.Counts
    /// The places of the forms in the list of JSON that they are from; nil for a posted form.
    var places: [Int]?

    init(
        _ formSet: DynamicFormSet,
        input: FormInput?,
        management: BoundForm,
        counts: DynamicFormSet.Counts,
        forms: [BoundForm]
    ) {
        self.formSet = formSet
        self.input = input
        managementForm = management
        self.counts = counts
        self.forms = forms
    }

    /// Whether something was submitted.
    public var isBound: Bool { input != nil }
    /// The number of forms (`total_form_count`).
    public var totalFormCount: Int { counts.total }
    /// The number of forms that were there already (`initial_form_count`).
    public var initialFormCount: Int { counts.initial }
    /// What precedes the names of the controls.
    public var prefix: String { formSet.options.prefix }
    /// The forms that were there already.
    public var initialForms: ArraySlice<BoundForm> { forms.prefix(counts.initial) }
    /// The forms behind those.
    public var extraForms: ArraySlice<BoundForm> { forms.dropFirst(counts.initial) }
    /// An empty form whose controls are called `form-__prefix__-…`, for scripts that add forms.
    public var emptyForm: BoundForm { formSet.emptyForm() }

    /// Whether something was submitted and nothing is wrong with it; forms that are to be deleted
    /// may have errors.
    public var isValid: Bool {
        isBound && nonFormErrors.isEmpty
            && forms.indices.allSatisfy { forms[$0].isValid || isMarkedForDeletion($0) }
    }

    /// Whether a form is to be deleted.
    ///
    /// - Parameter index: the number of the form.
    /// - Returns: true where its field `DELETE` was submitted.
    public func isMarkedForDeletion(_ index: Int) -> Bool {
        guard formSet.options.canDelete, forms.indices.contains(index),
            case .bool(true)? = forms[index].cleaned(FormSetField.delete)
        else { return false }
        return true
    }

    /// The numbers of the forms that are to be deleted; none where the set has errors.
    public var deletedIndices: [Int] {
        guard isValid else { return [] }
        return forms.indices.filter { isMarkedForDeletion($0) && isFilled($0) }
    }

    /// The forms that are to be deleted; none where the set has errors.
    public var deletedForms: [BoundForm] { deletedIndices.map { forms[$0] } }

    /// The numbers of the forms that are to be kept, in the order that was submitted.
    ///
    /// Forms without a place come last. Empty where the set has errors.
    public var orderedIndices: [Int] {
        guard isValid else { return [] }
        let kept = forms.indices.filter { !isMarkedForDeletion($0) && isFilled($0) }
        guard formSet.options.canOrder else { return kept }
        let places = kept.map { (index: $0, place: order(of: $0)) }
        return places.sorted { left, right in
            switch (left.place, right.place) {
            case (let first?, let second?) where first != second: first < second
            case (_?, nil): true
            case (nil, _?): false
            default: left.index < right.index
            }
        }.map(\.index)
    }

    /// The forms that are to be kept, in the order that was submitted.
    public var orderedForms: [BoundForm] { orderedIndices.map { forms[$0] } }

    /// The place that was submitted for a form; nil where none was.
    ///
    /// - Parameter index: the number of the form.
    /// - Returns: the value of its field `ORDER`.
    public func order(of index: Int) -> Int? {
        guard forms.indices.contains(index) else { return nil }
        switch forms[index].cleaned(FormSetField.order) {
        case .int(let place)?: return place
        case .decimal(let number)?: return number.isNegative ? .min : .max
        default: return nil
        }
    }

    /// Whether a form was there already, or something was entered in it.
    func isFilled(_ index: Int) -> Bool { index < counts.initial || forms[index].hasChanged }

    /// The errors of each form that is not to be deleted.
    public var errors: [FormErrors] {
        forms.indices.filter { !isMarkedForDeletion($0) }.map { forms[$0].errors }
    }

    /// The number of errors: those of the set, and one for each field that has some.
    public var totalErrorCount: Int {
        isBound ? nonFormErrors.items.count + errors.reduce(0) { $0 + $1.entries.count } : 0
    }

    /// Whether a form differs from its initial values.
    public var hasChanged: Bool { forms.contains(where: \.hasChanged) }

    /// Whether the forms must be sent as `multipart/form-data`.
    public var isMultipart: Bool { (forms.first ?? emptyForm).isMultipart }

    /// The style sheets and scripts of the forms.
    public var media: Media { formSet.media + (forms.first ?? emptyForm).media }

    /// A form by its number.
    ///
    /// - Parameter index: the number.
    /// - Returns: nil where there is none.
    public func form(at index: Int) -> BoundForm? {
        forms.indices.contains(index) ? forms[index] : nil
    }

    /// Adds errors about the whole set.
    ///
    /// - Parameter error: the errors.
    public mutating func addErrors(_ error: ValidationError) { nonFormErrors.items += error.items }

    /// Adds errors to one form.
    ///
    /// - Parameters:
    ///   - error: errors without a field are about the whole form.
    ///   - index: the number of the form; no form of that number ignores them.
    public mutating func addErrors(_ error: ValidationError, toForm index: Int) {
        guard forms.indices.contains(index) else { return }
        forms[index].addErrors(error)
    }

    /// Looks up the choices once for all forms, to show them again; none for JSON, which no page
    /// shows.
    ///
    /// - Throws: errors of the queries.
    public mutating func loadChoices() async throws {
        var form = formSet.form
        guard form.isQuerying, input?.isJSON != true else { return }
        try await form.loadChoices()
        formSet.form = form
        for index in forms.indices { forms[index] = forms[index].showingChoices(of: form) }
    }

    /// The place of a form in the list of JSON that it is from; its number in a posted form.
    func place(of index: Int) -> Int {
        places.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? index
    }

    /// Puts another state of a form in its place.
    package mutating func replaceForm(at index: Int, with form: BoundForm) { forms[index] = form }

    /// Checks how many forms there are against the options; a set without its management form has
    /// no number to check.
    public mutating func checkCounts() {
        guard isBound, managementForm.isValid else { return }
        let options = formSet.options
        let deleted = deletedIndices.count
        if options.validatesMax && counts.total - deleted > options.maxCount
            || counts.submitted > options.formLimit
        {
            addErrors(
                options.error("too_many_forms", [ErrorParameter("num", options.maxCount)])
            )
        } else if options.validatesMin {
            let empty = forms.indices.count { !isFilled($0) }
            if counts.total - deleted - empty < options.minCount {
                addErrors(
                    options.error("too_few_forms", [ErrorParameter("num", options.minCount)])
                )
            }
        }
    }
}
