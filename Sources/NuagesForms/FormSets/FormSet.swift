public import NuagesCore

/// Several forms of one `@Form` on one page.
///
///     let links = LinkForm.formSet(extra: 2, canDelete: true)
///         .initial(article.links.map { LinkForm(label: $0.label, url: $0.url) })
///     switch try await links.bind(data) {
///     case .valid(let values):
///         for row in values.rows { … row.value … }     // typed, in the order that was submitted
///         for index in values.deletions { … }
///     case .invalid(let formSet): …                    // shows itself with its errors
///     }
///
/// Django: `formset_factory`.
public struct FormSet<Value: Form>: Sendable {
    /// Checks the forms against each other.
    public typealias Check = @Sendable ([FormSetRow<Value>]) async throws -> Void

    private var definition: FormDefinition<Value>
    private var check: Check?
    /// The set without its types; it has the options, and hooks for further fields.
    public var dynamic: DynamicFormSet

    /// A set of forms.
    ///
    /// - Parameter form: the form, with its choices and initial values.
    public init(of form: FormDefinition<Value>) {
        definition = form
        dynamic = DynamicFormSet(of: form.dynamic)
    }

    private func with(_ change: (inout DynamicFormSet) -> Void) -> Self {
        var set = self
        change(&set.dynamic)
        return set
    }

    /// Sets the values that the first forms start with, a form for each.
    ///
    /// - Parameter values: the values.
    /// - Returns: the set.
    public func initial(_ values: some Sequence<Value>) -> Self {
        with { $0.initial = values.map(definition.members) }
    }

    /// Sets what precedes the names of the controls, so that a page can hold several sets.
    ///
    /// - Parameter prefix: the prefix; a hyphen and the form's number follow it.
    /// - Returns: the set.
    public func prefix(_ prefix: String) -> Self { with { $0.options.prefix = prefix } }

    /// Sets messages in place of the set's own.
    ///
    /// - Parameter messages: by their code: `too_many_forms`, `too_few_forms`,
    ///   `missing_management_form`, and for JSON `invalid_list` and `invalid_object`.
    /// - Returns: the set.
    public func errorMessages(_ messages: [String: ErrorMessage]) -> Self {
        with { $0.options.errorMessages.merge(messages) { _, new in new } }
    }

    /// Checks the forms against each other once each of them is valid.
    ///
    ///     .clean { rows in
    ///         if Set(rows.map(\.value.url)).count < rows.count {
    ///             throw ValidationError("Each link can be given once.", code: "duplicate")
    ///         }
    ///     }
    ///
    /// - Parameter check: throws `ValidationError` where something is wrong.
    /// - Returns: the set.
    public func clean(_ check: @escaping Check) -> Self {
        var set = self
        set.check = check
        return set
    }

    /// The forms without anything submitted, as an empty page shows them.
    ///
    /// - Returns: the forms.
    public func unbound() -> BoundFormSet { dynamic.unbound() }

    /// The forms without anything submitted, with choices that are looked up once for all of them.
    ///
    /// - Returns: the forms.
    /// - Throws: errors of the queries.
    public func unboundQuerying() async throws -> BoundFormSet {
        try await dynamic.unboundQuerying()
    }

    /// Reads what was submitted.
    ///
    /// - Parameters:
    ///   - data: the submitted fields.
    ///   - files: the submitted files.
    /// - Returns: the cleaned values, or the forms with their errors.
    /// - Throws: what a `clean()` throws besides `ValidationError`.
    public func bind(
        _ data: QueryDict,
        files: FormFiles = [:]
    ) async throws -> FormSetResult<Value> {
        try await bind(FormInput(data, files: files))
    }

    /// Reads what was submitted.
    ///
    /// - Parameter input: what was submitted.
    /// - Returns: the cleaned values, or the forms with their errors.
    /// - Throws: what a `clean()` throws besides `ValidationError`.
    public func bind(_ input: FormInput) async throws -> FormSetResult<Value> {
        try await bind(input, nil)
    }

    func bind(_ input: FormInput, _ list: JSONForms?) async throws -> FormSetResult<Value> {
        var bound = try await dynamic.bindFormsQuerying(input)
        list?.check(&bound)
        var values: [Int: Value] = [:]
        for index in bound.forms.indices {
            let form = bound.forms[index]
            guard !form.wasLeftEmpty, !bound.isMarkedForDeletion(index) else { continue }
            switch try await definition.finish(form, loadsChoices: false) {
            case .valid(let value): values[index] = value
            case .invalid(let form): bound.replaceForm(at: index, with: form)
            }
        }
        bound.checkCounts()
        guard bound.isValid else {
            try await bound.loadChoices()
            return .invalid(bound)
        }
        let rows = bound.orderedIndices.compactMap { index in
            values[index].map { FormSetRow($0, at: index, in: bound) }
        }
        do {
            try await check?(rows)
            return .valid(FormSetValues(rows: rows, bound: bound))
        } catch let error as ValidationError {
            bound.addErrors(error)
            try await bound.loadChoices()
            return .invalid(bound)
        }
    }
}

extension Form {
    /// Several of these forms on one page.
    ///
    ///     ContactForm.formSet(extra: 2, canOrder: true)
    ///
    /// - Parameters:
    ///   - extra: the number of empty forms behind those with initial values.
    ///   - minCount: the fewest forms (`min_num`): so many are shown and must be filled in.
    ///   - maxCount: the most forms (`max_num`): no more empty ones are shown.
    ///   - absoluteMax: the most forms that are ever made; nil for 1,000 more than `maxCount`.
    ///   - canOrder: whether each form has a field `ORDER`.
    ///   - canDelete: whether each form has a field `DELETE`.
    ///   - canDeleteExtra: whether forms without initial values have it, too.
    ///   - validateMin: whether fewer than `minCount` forms are an error.
    ///   - validateMax: whether more than `maxCount` forms are an error.
    /// - Returns: the set.
    public static func formSet(
        extra: Int = 1,
        minCount: Int = 0,
        maxCount: Int = 1000,
        absoluteMax: Int? = nil,
        canOrder: Bool = false,
        canDelete: Bool = false,
        canDeleteExtra: Bool = true,
        validateMin: Bool = false,
        validateMax: Bool = false
    ) -> FormSet<Self> {
        var set = FormSet(of: form)
        set.dynamic.options.extra = extra
        set.dynamic.options.minCount = minCount
        set.dynamic.options.maxCount = maxCount
        set.dynamic.options.absoluteMax = absoluteMax
        set.dynamic.options.canOrder = canOrder
        set.dynamic.options.canDelete = canDelete
        set.dynamic.options.canDeleteExtra = canDeleteExtra
        set.dynamic.options.validatesMin = validateMin
        set.dynamic.options.validatesMax = validateMax
        return set
    }
}
