import NuagesCore
public import NuagesForms
public import NuagesORM

/// What came of reading a set of model forms.
public enum ModelFormSetResult<Value: RowForm>: Sendable {
    /// Everything is as it should be; nothing is saved yet.
    case valid(ValidModelFormSet<Value>)
    /// Something is wrong; the forms show themselves with their errors.
    case invalid(BoundFormSet)

    /// The forms as they were submitted, to show them again beside another form that has errors.
    public var formSet: BoundFormSet {
        switch self {
        case .valid(let forms): forms.formSet
        case .invalid(let formSet): formSet
        }
    }
}

/// A set of model forms that is valid, and what saves it.
public struct ValidModelFormSet<Value: RowForm>: Sendable {
    /// The objects that a set of forms has saved.
    public struct Saved: Sendable {
        /// The objects that were made.
        public let new: [Value.Object]
        /// The objects that were changed, with the names of their changed fields.
        public let changed: [(object: Value.Object, fields: [String])]
        /// The objects that were deleted.
        public let deleted: [Value.Object]
    }

    var bound: BoundModelFormSet

    /// The forms themselves.
    public var formSet: BoundFormSet { bound.formSet }

    mutating func save(under parent: DynamicRow?) async throws -> Saved {
        let saved = try await bound.save(parent: parent)
        return Saved(
            new: try saved.new.map { try Value.Object(form: $0) },
            changed: try saved.changed.map { (try Value.Object(form: $0.row), $0.fields) },
            deleted: try saved.deleted.map { try Value.Object(form: $0) }
        )
    }

    /// Deletes, changes and makes the objects, all or nothing.
    ///
    /// - Returns: the objects.
    /// - Throws: ``ModelFormSetConflict`` where the database refuses one for a reason that its form
    ///   can show; `DatabaseError`.
    @discardableResult
    public mutating func save() async throws -> Saved { try await save(under: nil) }

    /// Deletes, changes and makes the objects, which refer to a parent that was saved since.
    ///
    /// - Parameter parent: the parent.
    /// - Returns: the objects.
    /// - Throws: as ``save()``.
    @discardableResult
    public mutating func save<Parent: Model>(under parent: Parent) async throws -> Saved {
        try await save(under: parent.formRow)
    }
}

/// Several forms of a model on one page: one for each row of a query set, and some for new rows.
///
///     let authors = AuthorForm.modelFormSet(canDelete: true)
///     switch try await authors.bind(request, rows: Author.objects.order { $0.name }) {
///     case .valid(var forms): try await forms.save()
///     case .invalid(let formSet): …
///     }
///
/// Django: `modelformset_factory`.
public struct ModelFormSet<Value: RowForm>: Sendable {
    /// Checks the rows of the forms against each other.
    public typealias Check = @Sendable ([Value.Object]) async throws -> Void

    /// The set by names.
    public var definition: ModelFormSetDefinition
    var check: Check?

    /// A set of forms by names.
    ///
    /// - Parameter definition: the set; its forms are checked by the form's own `clean` too.
    public init(_ definition: ModelFormSetDefinition) {
        self.definition = definition
        self.definition.finish = { try await Value.finish(&$0) }
    }

    /// Checks the rows against each other once each form is valid.
    ///
    ///     .clean { links in
    ///         if Set(links.map(\.url)).count < links.count {
    ///             throw ValidationError("Each link can be given once.", code: "duplicate")
    ///         }
    ///     }
    ///
    /// Django: `BaseModelFormSet.clean`.
    ///
    /// - Parameter check: takes the rows as they would be saved, without those that are to be
    ///   deleted; throws `ValidationError` where something is wrong.
    /// - Returns: the set.
    public func clean(_ check: @escaping Check) -> Self {
        var set = self
        set.check = check
        return set
    }

    /// The forms of the rows with some empty ones, as a page shows them that was not submitted yet.
    ///
    /// - Parameter rows: the rows; nil for all.
    /// - Returns: the forms, with their choices.
    /// - Throws: `DatabaseError`.
    public func unbound(rows: QuerySet<Value.Object>? = nil) async throws -> BoundFormSet {
        try await definition.unbound(rows: rows.map { DynamicQuery($0) })
    }

    /// Reads what was submitted.
    ///
    /// - Parameters:
    ///   - input: what was submitted.
    ///   - rows: the rows; nil for all. A row that is none of these cannot be changed.
    ///   - draft: what a new row has besides the fields of the form, such as its author, by the
    ///     number of the form; nil for the defaults.
    /// - Returns: the rows, or the forms with their errors.
    /// - Throws: `ModelError.missingValue(model:field:)` where a new row lacks a field that is
    ///   neither the form's nor given by `draft`, `DatabaseError`, and what the checks throw besides
    ///   `ValidationError`.
    public func bind(
        _ input: FormInput,
        rows: QuerySet<Value.Object>? = nil,
        draft: (Int) throws -> ModelDraft<Value.Object>? = { _ in nil }
    ) async throws -> ModelFormSetResult<Value> {
        try await definition.bind(
            input,
            rows: rows.map { DynamicQuery($0) },
            newRow: { try draft($0)?.newRow }
        ).result(check)
    }
}

/// Several forms of the rows that refer to one row, on the page of that row.
///
///     let links = LinkForm.inlineFormSet(\.article)
///     switch try await links.bind(request, of: article) {
///     case .valid(var forms): try await forms.save(under: article)
///     case .invalid(let formSet): …
///     }
///
/// Django: `inlineformset_factory`.
public struct InlineFormSet<Value: RowForm, Parent: Model>: Sendable {
    /// Checks the rows of the forms against each other.
    public typealias Check = @Sendable ([Value.Object]) async throws -> Void

    /// The set by names.
    public var definition: ModelFormSetDefinition
    var check: Check?

    init(_ definition: ModelFormSetDefinition) {
        self.definition = definition
        self.definition.finish = { try await Value.finish(&$0) }
    }

    /// Checks the rows against each other once each form is valid.
    ///
    ///     .clean { links in
    ///         if Set(links.map(\.url)).count < links.count {
    ///             throw ValidationError("Each link can be given once.", code: "duplicate")
    ///         }
    ///     }
    ///
    /// Django: `BaseModelFormSet.clean`.
    ///
    /// - Parameter check: takes the rows as they would be saved, without those that are to be
    ///   deleted; throws `ValidationError` where something is wrong.
    /// - Returns: the set.
    public func clean(_ check: @escaping Check) -> Self {
        var set = self
        set.check = check
        return set
    }

    /// The forms of the rows of a parent with some empty ones, as a page shows them that was not
    /// submitted yet.
    ///
    /// - Parameters:
    ///   - parent: the parent; nil for a new one.
    ///   - rows: the rows among which those of the parent are; nil for all.
    /// - Returns: the forms, with their choices.
    /// - Throws: `DatabaseError`.
    public func unbound(
        of parent: Parent?,
        rows: QuerySet<Value.Object>? = nil
    ) async throws -> BoundFormSet {
        try await definition.unbound(rows: rows.map { DynamicQuery($0) }, parent: parent?.formRow)
    }

    /// Reads what was submitted.
    ///
    /// - Parameters:
    ///   - input: what was submitted.
    ///   - parent: the parent; nil for a new one, which is given when the forms are saved.
    ///   - rows: the rows among which those of the parent are; nil for all.
    ///   - savesAsNew: whether the rows are made anew, for a copy of the parent.
    ///   - draft: what a new row has besides the fields of the form and its parent, by the number
    ///     of the form; nil for the defaults.
    /// - Returns: the rows, or the forms with their errors.
    /// - Throws: as ``ModelFormSet/bind(_:rows:draft:)``.
    public func bind(
        _ input: FormInput,
        of parent: Parent?,
        rows: QuerySet<Value.Object>? = nil,
        savesAsNew: Bool = false,
        draft: (Int) throws -> ModelDraft<Value.Object>? = { _ in nil }
    ) async throws -> ModelFormSetResult<Value> {
        try await definition.bind(
            input,
            rows: rows.map { DynamicQuery($0) },
            parent: parent?.formRow,
            savesAsNew: savesAsNew,
            newRow: { try draft($0)?.newRow }
        ).result(check)
    }
}

extension ModelForm {
    /// Several of these forms on one page.
    ///
    /// - Parameters:
    ///   - extra: the number of forms for new rows.
    ///   - minCount: the fewest forms (`min_num`).
    ///   - maxCount: the most forms (`max_num`): no more empty ones are shown.
    ///   - absoluteMax: the most forms that are ever made; nil for 1,000 more than `maxCount`.
    ///   - canOrder: whether each form has a field `ORDER`.
    ///   - canDelete: whether each form has a field `DELETE`.
    ///   - validateMin: whether fewer than `minCount` forms are an error.
    ///   - validateMax: whether more than `maxCount` forms are an error.
    ///   - editOnly: whether no rows are made.
    /// - Returns: the set.
    /// - Throws: ``ModelFormError`` for fields that forms cannot show.
    public static func modelFormSet(
        extra: Int = 1,
        minCount: Int = 0,
        maxCount: Int = 1000,
        absoluteMax: Int? = nil,
        canOrder: Bool = false,
        canDelete: Bool = false,
        validateMin: Bool = false,
        validateMax: Bool = false,
        editOnly: Bool = false
    ) throws(ModelFormError) -> ModelFormSet<Self> {
        var set = ModelFormSetDefinition(try definition())
        set.options.extra = extra
        set.options.minCount = minCount
        set.options.maxCount = maxCount
        set.options.absoluteMax = absoluteMax
        set.options.canOrder = canOrder
        set.options.canDelete = canDelete
        set.options.validatesMin = validateMin
        set.options.validatesMax = validateMax
        set.isEditOnly = editOnly
        return ModelFormSet(set)
    }

    /// Several of these forms for the rows that refer to one row.
    ///
    /// - Parameters:
    ///   - foreignKey: the foreign key.
    ///   - extra: the number of forms for new rows.
    ///   - canOrder: whether each form has a field `ORDER`.
    ///   - canDelete: whether each form has a field `DELETE`.
    /// - Returns: the set; its `definition` has the other options.
    /// - Throws: ``ModelFormError``.
    public static func inlineFormSet<Parent: Model>(
        _ foreignKey: any KeyPath<Object, ModelReference<Parent>> & Sendable,
        extra: Int = 3,
        canOrder: Bool = false,
        canDelete: Bool = true
    ) throws(ModelFormError) -> InlineFormSet<Self, Parent> {
        try inlineFormSet(named: Object.fieldName(foreignKey), extra, canOrder, canDelete)
    }

    /// Several of these forms for the rows that refer to one row, or to none.
    ///
    /// - Parameters:
    ///   - foreignKey: the foreign key.
    ///   - extra: the number of forms for new rows.
    ///   - canOrder: whether each form has a field `ORDER`.
    ///   - canDelete: whether each form has a field `DELETE`.
    /// - Returns: the set; its `definition` has the other options.
    /// - Throws: ``ModelFormError``.
    public static func inlineFormSet<Parent: Model>(
        _ foreignKey: any KeyPath<Object, ModelReference<Parent>?> & Sendable,
        extra: Int = 3,
        canOrder: Bool = false,
        canDelete: Bool = true
    ) throws(ModelFormError) -> InlineFormSet<Self, Parent> {
        try inlineFormSet(named: Object.fieldName(foreignKey), extra, canOrder, canDelete)
    }

    private static func inlineFormSet<Parent: Model>(
        named name: String?,
        _ extra: Int,
        _ canOrder: Bool,
        _ canDelete: Bool
    ) throws(ModelFormError) -> InlineFormSet<Self, Parent> {
        var set = try ModelFormSetDefinition(
            try definition(),
            inlineIn: Parent.self,
            foreignKey: name
        )
        set.options.extra = extra
        set.options.canOrder = canOrder
        set.options.canDelete = canDelete
        return InlineFormSet(set)
    }
}

extension BoundModelFormSet {
    /// What came of reading the set, once its valid rows are checked against each other.
    consuming func result<Value: RowForm>(
        _ check: (([Value.Object]) async throws -> Void)?
    ) async throws -> ModelFormSetResult<Value> {
        guard isValid else { return .invalid(formSet) }
        var set = self
        do {
            try await check?(try set.kept.map { try $0.object(Value.Object?.none) })
        } catch let error as ValidationError {
            try await set.refuse(error)
            return .invalid(set.formSet)
        }
        return .valid(ValidModelFormSet(bound: set))
    }
}

extension RowForm {
    /// Checks a form of a set as the form and its model say.
    static func finish(_ bound: inout BoundModelForm) async throws {
        var values = try await cleanedValues(&bound.form)
        bound.construct()
        if bound.form.errors.isEmpty, values != nil {
            try await bound.check(Object?.none, &values)
        }
        try await bound.validate()
        // A property may hold less than its column does.
        let _: Object? = try bound.checkedObject(nil)
    }
}
