public import NuagesCore
public import NuagesForms
public import NuagesORM

/// Some rows of a model, chosen from those of a query.
///
///     ModelMultipleChoiceField(Tag.objects.order { $0.name.ascending })
///
/// It is cleaned to the list of their keys, or of the values of another field. The query is
/// evaluated for each request.
///
/// Django: `ModelMultipleChoiceField`.
public struct ModelMultipleChoiceField: QueryingField {
    /// The type of the cleaned value.
    public typealias Value = FormValue

    /// What every field has.
    public var options = FieldOptions()
    /// The choices, once they are looked up.
    public var choices: FormChoices = [:]
    /// A condition on the rows that may be chosen.
    public var limitChoicesTo: Q? {
        get { source.limit }
        set { source.limit = newValue }
    }
    var source: ModelChoices

    /// Some rows of a query.
    ///
    /// - Parameters:
    ///   - rows: the rows, evaluated for each request.
    ///   - toFieldName: the field whose values are submitted; nil for the primary key.
    ///   - limitChoicesTo: a condition on the rows, besides what the query says.
    ///   - labels: the label of a row; nil takes its description.
    public init<M: Model>(
        _ rows: @autoclosure @escaping @Sendable () -> QuerySet<M>,
        toFieldName: String? = nil,
        limitChoicesTo: Q? = nil,
        labels: (@Sendable (M) -> String)? = nil
    ) {
        source = ModelChoices(rows, toFieldName: toFieldName)
        source.limit = limitChoicesTo
        if let labels { source.setLabel(labels) }
    }

    /// Some rows of a query by names.
    ///
    /// - Parameters:
    ///   - rows: the rows.
    ///   - toFieldName: the field whose values are submitted; nil for the primary key.
    /// - Throws: ``UsageError`` where the model is not registered.
    public init(dynamic rows: DynamicQuery, toFieldName: String? = nil) throws(UsageError) {
        source = ModelChoices(
            of: try ModelOutline(labeled: rows.modelLabel),
            rows: { rows },
            fieldName: toFieldName
        )
    }

    init(of outline: ModelOutline, rows: @escaping @autoclosure @Sendable () -> DynamicQuery) {
        source = ModelChoices(of: outline, rows: rows)
    }

    /// Sets the labels of the choices.
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

    /// A list from which several can be chosen.
    public var defaultWidget: any Widget { Select(allowsMultiple: true) }

    /// An array.
    public var jsonShape: JSONShape { .list }

    /// A hidden input for each.
    public var hiddenWidget: any Widget { MultipleHiddenInput() }

    /// The messages of choices.
    public func defaultMessage(_ code: String) -> ErrorMessage? { choiceMessage(code) }

    /// The values, of which there may be none.
    public func convert(_ raw: FormValue) throws(ValidationError) -> FormValue {
        if !raw.isTrue { return [] }
        guard raw.elements != nil else { throw error("invalid_list") }
        return raw
    }

    /// Refuses what was not looked up; a form that is bound by queries asks the database instead.
    public func check(_ value: FormValue) throws(ValidationError) {
        let values = value.elements ?? []
        if options.isRequired, values.isEmpty { throw error("required") }
        let offered = Set(choices.all.map { ByteName($0.value) })
        for value in values where !offered.contains(ByteName(value.text)) {
            throw error("invalid_choice", [ErrorParameter("value", value.text)])
        }
    }

    /// The keys of the chosen rows, each once.
    public func cleanQuerying(
        _ raw: FormValue,
        initial: FormValue
    ) async throws -> FormValue {
        guard raw.isTrue else {
            if options.isRequired { throw error("required") }
            return []
        }
        guard let values = raw.elements else { throw error("invalid_list") }
        var texts: [String] = []
        var seen: Set<ByteName> = []
        for value in values {
            // A list within the list is nothing that a list of choices can submit.
            guard value.elements == nil else { throw error("invalid_list") }
            let text = value.text
            try NullCharacterValidator().validate(text)
            guard source.condition(text) != nil else {
                throw error("invalid_pk_value", [ErrorParameter("pk", text)])
            }
            if seen.insert(ByteName(text)).inserted { texts.append(text) }
        }
        let rows = try await source.rows(texts)
        let found = Set(rows.map { ByteName(source.value(of: $0).text) })
        for text in texts where !found.contains(ByteName(text)) {
            throw error("invalid_choice", [ErrorParameter("value", text)])
        }
        let value = FormValue.list(rows.map(source.cleanedValue(of:)))
        try runValidators(value)
        return value
    }

    /// The rows with their labels.
    public func queryChoices() async throws -> FormChoices {
        try await source.choices(emptyLabel: nil)
    }

    /// Compares the chosen values in any order.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        if options.isDisabled { return false }
        let old = (initial.elements ?? []).map { ByteName($0.text) }
        let new = (data.elements ?? []).map { ByteName($0.text) }
        return old.count != new.count || Set(old) != Set(new)
    }
}
