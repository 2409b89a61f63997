public import NuagesCore
public import NuagesForms
public import NuagesORM

/// One row of a model, chosen from those of a query.
///
///     ModelChoiceField(Author.objects.filter { $0.isActive })
///         .labels { (author: Author) in author.name }
///
/// It is cleaned to the key of the row, or to the value of another field of it. The query is
/// evaluated for each request.
///
/// Django: `ModelChoiceField`.
public struct ModelChoiceField: QueryingField {
    /// The type of the cleaned value.
    public typealias Value = FormValue

    /// What every field has.
    public var options = FieldOptions()
    /// The choices, once they are looked up.
    public var choices: FormChoices = [:]
    /// The label of the choice of nothing; nil for no such choice.
    public var emptyLabel: String? = "- Select an option -"
    /// The most choices that a page shows, that of nothing included, beyond which the key is typed;
    /// nil for any number.
    public var maxChoices: Int?
    /// A condition on the rows that may be chosen.
    public var limitChoicesTo: Q? {
        get { source.limit }
        set { source.limit = newValue }
    }
    /// Whether the field may be left empty by the rules of the model, whatever the form says.
    var allowsBlank = false
    var source: ModelChoices

    /// One row of a query.
    ///
    /// - Parameters:
    ///   - rows: the rows, evaluated for each request.
    ///   - toFieldName: the field whose value is submitted; nil for the primary key.
    ///   - emptyLabel: the label of the choice of nothing; nil for no such choice.
    ///   - limitChoicesTo: a condition on the rows, besides what the query says.
    ///   - labels: the label of a row; nil takes its description.
    public init<M: Model>(
        _ rows: @autoclosure @escaping @Sendable () -> QuerySet<M>,
        toFieldName: String? = nil,
        emptyLabel: String? = "- Select an option -",
        limitChoicesTo: Q? = nil,
        labels: (@Sendable (M) -> String)? = nil
    ) {
        source = ModelChoices(rows, toFieldName: toFieldName)
        source.limit = limitChoicesTo
        if let labels { source.setLabel(labels) }
        self.emptyLabel = emptyLabel
    }

    /// One row of a query by names.
    ///
    /// - Parameters:
    ///   - rows: the rows.
    ///   - toFieldName: the field whose value is submitted; nil for the primary key.
    /// - Throws: ``UsageError`` where the model is not registered.
    public init(dynamic rows: DynamicQuery, toFieldName: String? = nil) throws(UsageError) {
        self.init(
            of: try ModelOutline(labeled: rows.modelLabel),
            rows: rows,
            toFieldName: toFieldName
        )
    }

    init(
        of outline: ModelOutline,
        rows: @escaping @autoclosure @Sendable () -> DynamicQuery,
        toFieldName: String?
    ) {
        source = ModelChoices(of: outline, rows: rows, fieldName: toFieldName)
    }

    /// Sets the labels of the choices.
    ///
    /// Django: `label_from_instance`.
    ///
    /// - Parameter label: the label of a row.
    /// - Returns: the field.
    public func labels<M: Model>(_ label: @escaping @Sendable (M) -> String) -> Self {
        var field = self
        field.source.setLabel(label)
        return field
    }

    /// Limits the rows that may be chosen, besides what the query does.
    ///
    /// - Parameter condition: a condition on the rows.
    /// - Returns: the field.
    public func limitChoicesTo(_ condition: Q) -> Self {
        var field = self
        field.limitChoicesTo = condition
        return field
    }

    /// Shows no more choices than a page can hold: where there are more, no list is made and the key
    /// is typed.
    ///
    ///     form.add("author", ModelChoiceField(Author.objects).maxChoices(1000))
    ///
    /// Django: `raw_id_fields` of the admin, for all numbers of rows.
    ///
    /// - Parameter count: the most choices, that of nothing included.
    /// - Returns: the field.
    public func maxChoices(_ count: Int) -> Self {
        var field = self
        field.maxChoices = count
        return field
    }

    /// A list.
    public var defaultWidget: any Widget { Select() }

    /// The messages of choices.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        code == "invalid_choice"
            ? "Select a valid choice. That choice is not one of the available choices."
            : choiceMessage(code)
    }

    /// The text of the choice.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if raw.isEmpty { return .none }
        return raw
    }

    /// Refuses what was not looked up; a form that is bound by queries asks the database instead.
    public func check(_ value: FormValue) throws(ValidationError) {
        if options.isRequired, value.isEmpty { throw error("required") }
        if !value.isEmpty, !choices.contains(value.text) { throw invalid(value.text) }
    }

    /// The key of the chosen row.
    public func cleanQuerying(
        _ raw: FormValue,
        initial: FormValue
    ) async throws -> FormValue {
        guard !raw.isEmpty else {
            if options.isRequired { throw error("required") }
            return .none
        }
        // A list is shown as nothing that a page of this form can have sent.
        guard raw.elements == nil else { throw invalid("?") }
        try NullCharacterValidator().validate(raw.text)
        guard let row = try await source.row(raw.text) else { throw invalid(raw.text) }
        let value = source.cleanedValue(of: row)
        try runValidators(value)
        return value
    }

    /// The rows with their labels.
    public func queryChoices() async throws -> FormChoices {
        try await source.choices(
            emptyLabel: shownEmptyLabel,
            upTo: maxChoices
        )
    }

    /// The label of the choice of nothing, where the list has one.
    private var shownEmptyLabel: String? {
        guard options.isRequired else { return emptyLabel }
        let isRadio = (options.widget?.base as? ChoiceInputs)?.allowsMultiple == false
        let startsChosen = !options.initial().isEmpty
        return startsChosen || isRadio && !allowsBlank ? nil : emptyLabel
    }

    private func invalid(_ text: String) -> ValidationError {
        error("invalid_choice", [ErrorParameter("value", text)])
    }

    /// Compares the texts of the choices.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        if options.isDisabled { return false }
        let old = initial.isEmpty ? "" : initial.text
        return !old.equalsBytes(data.isEmpty ? "" : data.text)
    }
}

extension ModelChoices {
    mutating func setLabel<M: Model>(_ text: @escaping @Sendable (M) -> String) {
        let outline = outline
        label = { row in (try? M(form: row)).map(text) ?? outline.text(of: row) }
    }
}

/// A field whose choices are the rows of a model.
protocol RowChoosingField: QueryingField {
    var source: ModelChoices { get set }
}

extension ModelChoiceField: RowChoosingField {}
extension ModelMultipleChoiceField: RowChoosingField {}
