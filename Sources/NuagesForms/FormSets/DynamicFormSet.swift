public import NuagesCore

/// Several forms of the same fields on one page, the fields decided at run time.
///
///     var links = DynamicFormSet(of: link)
///     links.options.canDelete = true
///     links.initial = [[.init("url", "https://swift.org/")]]
///     let bound = links.bind(data)
///     if bound.isValid { … }
///
/// ``FormSet`` is the same over a `@Form`.
///
/// Django: `formset_factory`, `BaseFormSet`.
public struct DynamicFormSet: Sendable {
    /// Changes the fields of one form; the number is nil for the empty form that a page copies.
    public typealias Change = @Sendable (_ form: inout DynamicForm, _ index: Int?) -> Void

    /// The fields of each form.
    public var form: DynamicForm
    /// How many forms there are, and what can be done with them.
    public var options = FormSetOptions()
    /// The initial values of each form, by the names of the fields.
    public var initial: [[FormValue.Member]] = []
    /// The number of forms that are there already; nil where all of ``initial`` are.
    ///
    /// Initial values behind it belong to empty forms.
    public var initialCount: Int?
    /// Changes the fields of a form before `ORDER` and `DELETE` are added.
    public var prepare: Change?
    /// Changes the fields of a form behind `ORDER` and `DELETE` (`add_fields`).
    public var addFields: Change?
    /// Style sheets and scripts besides those of the form.
    public var media = Media()
    /// The template of `{{ formset }}`; nil for the layout in `<div>` elements.
    public var templateName: String?

    /// A set of forms.
    ///
    /// - Parameter form: the fields of each.
    public init(of form: DynamicForm) { self.form = form }

    /// The forms without anything submitted, as an empty page shows them.
    ///
    /// - Returns: the forms.
    public func unbound() -> BoundFormSet {
        let initialCount = max(0, self.initialCount ?? initial.count)
        let maximum = options.maxCount
        // The clamp is far above what a page can hold, and far below what overflows.
        var total = max(initialCount, options.minCount) + min(max(0, options.extra), 1_000_000)
        if maximum >= 0 {
            total = initialCount > maximum ? initialCount : min(total, maximum)
        }
        let factory = Factory(self, initialCount: initialCount)
        let counts = Counts(total: max(0, total), initial: initialCount)
        return BoundFormSet(
            self,
            input: nil,
            management: management(counts).unbound(),
            counts: counts,
            forms: (0..<counts.total).map { factory.form($0).unbound() }
        )
    }

    /// The forms with what was submitted, cleaned, and counted.
    ///
    /// - Parameters:
    ///   - data: the submitted fields.
    ///   - files: the submitted files.
    /// - Returns: the forms, valid or with their errors.
    public func bind(_ data: QueryDict, files: FormFiles = [:]) -> BoundFormSet {
        bind(FormInput(data, files: files))
    }

    /// The forms with what was submitted, cleaned, and counted.
    ///
    /// - Parameter input: what was submitted.
    /// - Returns: the forms, valid or with their errors.
    public func bind(_ input: FormInput) -> BoundFormSet {
        var bound = bindForms(input)
        bound.checkCounts()
        return bound
    }

    /// The forms without anything submitted, with choices that are looked up once for all of them.
    ///
    /// - Returns: the forms.
    /// - Throws: errors of the queries.
    public func unboundQuerying() async throws -> BoundFormSet {
        var set = self
        if form.isQuerying { try await set.form.loadChoices() }
        return set.unbound()
    }

    /// The forms with what was submitted, cleaned by queries where they need some; their choices
    /// are there where one of them is invalid.
    ///
    /// - Parameter input: what was submitted.
    /// - Returns: the forms, valid or with their errors.
    /// - Throws: errors of the queries.
    public func bindQuerying(_ input: FormInput) async throws -> BoundFormSet {
        var bound = try await bindFormsQuerying(input)
        bound.checkCounts()
        if !bound.isValid { try await bound.loadChoices() }
        return bound
    }

    /// The forms with what was submitted, each cleaned by itself, without their choices.
    func bindFormsQuerying(_ input: FormInput) async throws -> BoundFormSet {
        guard form.isQuerying else { return bindForms(input) }
        return try await bindForms(input) { form, _ in
            var bound = BoundForm(form, input: input)
            try await bound.cleanFieldsQuerying()
            return bound
        }
    }

    /// The forms with what was submitted, each cleaned by itself: for whoever has rules of their
    /// own for each form, before ``BoundFormSet/checkCounts()``.
    ///
    /// - Parameter input: what was submitted.
    /// - Returns: the forms, valid or with their errors.
    public func bindForms(_ input: FormInput) -> BoundFormSet {
        let management = management(nil).bind(input)
        let counts = counts(management)
        let factory = Factory(self, initialCount: counts.initial)
        let forms = (0..<counts.total).map { factory.form($0).bind(input) }
        return bound(input, management, counts, forms)
    }

    /// The forms with what was submitted, each bound by whoever looks up what it needs.
    package func bindForms(
        _ input: FormInput,
        initialCount: Int? = nil,
        binding: (DynamicForm, Int) async throws -> BoundForm
    ) async throws -> BoundFormSet {
        let management = management(nil).bind(input)
        var counts = counts(management)
        if let initialCount { counts.initial = initialCount }
        let factory = Factory(self, initialCount: counts.initial)
        var forms: [BoundForm] = []
        for index in 0..<counts.total {
            forms.append(try await binding(factory.form(index), index))
        }
        return bound(input, management, counts, forms)
    }

    /// How many forms were submitted, no more than are ever made, and how many of them were there.
    package func submittedCounts(_ input: FormInput) -> (made: Int, initial: Int) {
        let counts = counts(management(nil).bind(input))
        return (counts.total, counts.initial)
    }

    private func counts(_ management: BoundForm) -> Counts {
        let total = Self.count(management.cleaned(FormSetField.total))
        return Counts(
            total: min(total, options.formLimit),
            initial: Self.count(management.cleaned(FormSetField.initial)),
            submitted: total
        )
    }

    private func bound(
        _ input: FormInput,
        _ management: BoundForm,
        _ counts: Counts,
        _ forms: [BoundForm]
    ) -> BoundFormSet {
        var bound = BoundFormSet(
            self,
            input: input,
            management: shown(management, counts),
            counts: counts,
            forms: forms
        )
        if !management.isValid {
            let names = management.errors.entries.map { management.form.controlName($0.name) }
            bound.addErrors(
                options.error(
                    "missing_management_form",
                    [ErrorParameter("field_names", names.joined(separator: ", "))]
                )
            )
        }
        return bound
    }

    /// The management form with the number of the forms that are there, where more were submitted
    /// than are ever made: sent again, the page would be refused again.
    private func shown(_ management: BoundForm, _ counts: Counts) -> BoundForm {
        guard management.isValid, counts.submitted > counts.total else { return management }
        let names = [
            FormSetField.total, FormSetField.initial, FormSetField.minimum, FormSetField.maximum,
        ]
        let members = names.map { name in
            FormValue.Member(
                management.form.controlName(name),
                name == FormSetField.total
                    ? .string(String(counts.total)) : management[name]?.data ?? .none
            )
        }
        return self.management(nil).bind(FormInput(values: members))
    }

    /// The form without a number that scripts copy to add one.
    func emptyForm() -> BoundForm {
        Factory(self, initialCount: 0).form(nil).unbound()
    }

    /// How many forms there are.
    struct Counts {
        var total: Int
        var initial: Int
        /// The number that was submitted, which may be more than are ever made.
        var submitted = 0
    }

    private static func count(_ cleaned: FormValue?) -> Int {
        switch cleaned {
        case .int(let count)?: max(0, count)
        case .decimal(let number)?: number.isNegative ? 0 : .max
        default: 0
        }
    }

    private func management(_ counts: Counts?) -> DynamicForm {
        var form = DynamicForm()
        form.prefix = options.prefix
        form.autoID = options.autoID
        let count = IntegerField().widget(.hidden)
        form.add(FormSetField.total, count)
        form.add(FormSetField.initial, count)
        form.add(FormSetField.minimum, count.required(false))
        form.add(FormSetField.maximum, count.required(false))
        guard let counts else { return form }
        form.setInitial(counts.total, for: FormSetField.total)
        form.setInitial(counts.initial, for: FormSetField.initial)
        form.setInitial(options.minCount, for: FormSetField.minimum)
        form.setInitial(options.maxCount, for: FormSetField.maximum)
        return form
    }

    /// Makes the forms: the fields of all are put together once where no closure changes them.
    private struct Factory {
        private let set: DynamicFormSet
        private let initialCount: Int
        private var initialForm: DynamicForm
        private var extraForm: DynamicForm

        init(_ set: DynamicFormSet, initialCount: Int) {
            self.set = set
            self.initialCount = initialCount
            var form = set.form
            form.autoID = set.options.autoID
            // Extra and deleted forms may be empty, which a browser must not refuse.
            form.usesRequiredAttribute = false
            (initialForm, extraForm) = (form, form)
            guard set.prepare == nil else { return }
            addOwnFields(to: &initialForm, isInitial: true)
            addOwnFields(to: &extraForm, isInitial: false)
        }

        func form(_ index: Int?) -> DynamicForm {
            let isInitial = index.map { $0 < initialCount } ?? false
            var form = isInitial ? initialForm : extraForm
            let number = index.map(String.init) ?? FormSetField.placeholder
            form.prefix = "\(set.options.prefix)-\(number)"
            form.permitsEmpty = index.map { !isInitial && $0 >= set.options.minCount } ?? true
            if let index, set.initial.indices.contains(index) {
                for member in set.initial[index] {
                    form.setInitial(member.value, for: member.name)
                }
            }
            if let prepare = set.prepare {
                prepare(&form, index)
                addOwnFields(to: &form, isInitial: isInitial)
            }
            if set.options.canOrder, isInitial, let index {
                form.setInitial(index + 1, for: FormSetField.order)
            }
            set.addFields?(&form, index)
            return form
        }

        private func addOwnFields(to form: inout DynamicForm, isInitial: Bool) {
            let options = set.options
            let localization = FormEnvironment.current.localization
            if options.canOrder {
                form.add(
                    FormSetField.order,
                    IntegerField().label(localization.translated("Order")).required(false)
                        .widget(options.orderingWidget)
                )
            }
            if options.canDelete, isInitial || options.canDeleteExtra {
                form.add(
                    FormSetField.delete,
                    BooleanField().label(localization.translated("Delete")).required(false)
                        .widget(options.deletionWidget)
                )
            }
        }
    }
}
