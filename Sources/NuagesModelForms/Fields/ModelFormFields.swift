public import NuagesCore
public import NuagesForms
public import NuagesORM

/// The fields of a model that a form has, and what it says of them besides what the model does.
///
///     static let fields: ModelFormFields<Article> = [\.title, \.slug, \.author, \.tags]
///
///     static let fields = ModelFormFields<Article>([\.title, \.body])
///         .widget(\.body, .textarea(rows: 20))
///         .label(\.title, "Headline")
///
/// There is no default: what a form may change is written down. Django: `Meta.fields` and the
/// options beside it.
public struct ModelFormFields<M: Model>: Sendable, ExpressibleByArrayLiteral {
    /// A stored property or a many-to-many relation.
    public typealias Path = any PartialKeyPath<M> & Sendable

    enum Selection: Sendable {
        case paths([Path])
        case all(except: [Path])
    }

    /// What is said of one field.
    struct Change: Sendable {
        let path: Path
        /// The name of the function that says it.
        let function: String
        let apply: @Sendable (inout ModelFieldChanges, String) -> Void
    }

    let selection: Selection
    private(set) var changes: [Change]
    /// Messages of the whole form by their code.
    private(set) var messages: [String: ErrorMessage] = [:]

    private init(_ selection: Selection) {
        self.selection = selection
        changes = []
    }

    /// Some fields.
    ///
    /// - Parameter paths: the fields, in order.
    public init(_ paths: [Path]) { self.init(.paths(paths)) }

    /// Some fields.
    ///
    /// - Parameter elements: the fields, in order.
    public init(arrayLiteral elements: Path...) { self.init(.paths(elements)) }

    /// Every field that can be edited, also one that the model gets later.
    public static var all: Self { Self(.all(except: [])) }

    /// Every field that can be edited but some.
    ///
    /// - Parameter paths: the fields that the form does not have.
    /// - Returns: the fields.
    public static func all(except paths: [Path]) -> Self { Self(.all(except: paths)) }

    /// The fields by their names, and what is said of them.
    ///
    /// - Throws: ``ModelFormError/notAField(path:model:)``.
    func resolved() throws(ModelFormError) -> (ModelFieldSelection, ModelFieldChanges) {
        var result = ModelFieldChanges()
        for change in changes { change.apply(&result, try Self.name(of: change.path)) }
        switch selection {
        case .paths(let paths): return (.names(try Self.names(of: paths)), result)
        case .all(let paths): return (.allExcept(try Self.names(of: paths)), result)
        }
    }

    private static func names(of paths: [Path]) throws(ModelFormError) -> [String] {
        var names: [String] = []
        for path in paths { names.append(try name(of: path)) }
        return names
    }

    private static func name(of path: Path) throws(ModelFormError) -> String {
        guard let name = M.fieldName(path) else {
            throw .notAField(path: "\(path)", model: M.schema.name)
        }
        return name
    }

    // MARK: What the form says of a field

    private func adding(
        _ path: Path,
        by function: String,
        _ change: @escaping @Sendable (inout ModelFieldChanges, String) -> Void
    ) -> Self {
        var copy = self
        copy.changes.append(Change(path: path, function: function, apply: change))
        return copy
    }

    private func options(
        _ path: Path,
        by function: String,
        _ change: @escaping @Sendable (inout FieldOptions) -> Void
    ) -> Self {
        adding(path, by: function) { $0.options.append(($1, change)) }
    }

    /// Sets the widget of a field.
    ///
    /// - Parameters:
    ///   - path: the field.
    ///   - widget: such as `.textarea`.
    /// - Returns: the fields.
    public func widget(_ path: Path, _ widget: AnyWidget) -> Self {
        options(path, by: "widget") { $0.widget = widget }
    }

    /// Sets the label of a field.
    ///
    /// - Parameters:
    ///   - path: the field.
    ///   - label: the label.
    /// - Returns: the fields.
    public func label(_ path: Path, _ label: String) -> Self {
        options(path, by: "label") { $0.label = label }
    }

    /// Sets the help beside a field.
    ///
    /// - Parameters:
    ///   - path: the field.
    ///   - helpText: a literal is HTML.
    /// - Returns: the fields.
    public func helpText(_ path: Path, _ helpText: HelpText) -> Self {
        options(path, by: "helpText") { $0.helpText = helpText }
    }

    /// Sets messages of a field in place of its own and of the model's.
    ///
    /// - Parameters:
    ///   - path: the field.
    ///   - messages: by their code, such as `unique`.
    /// - Returns: the fields.
    public func errorMessages(_ path: Path, _ messages: [String: ErrorMessage]) -> Self {
        options(path, by: "errorMessages") { $0.errorMessages.merge(messages) { _, new in new } }
    }

    /// Sets messages of the whole form in place of the model's.
    ///
    /// - Parameter messages: by their code, such as `unique_together`.
    /// - Returns: the fields.
    public func errorMessages(_ messages: [String: ErrorMessage]) -> Self {
        var copy = self
        copy.messages.merge(messages) { _, new in new }
        return copy
    }

    /// Lets numbers of a field be read and shown in the language of the page.
    ///
    /// - Parameter paths: the fields.
    /// - Returns: the fields.
    public func localized(_ paths: Path...) -> Self {
        paths.reduce(self) { fields, path in
            fields.options(path, by: "localized") { $0.isLocalized = true }
        }
    }

    /// Shows fields that cannot be changed; what is submitted for them is ignored.
    ///
    /// - Parameter paths: the fields.
    /// - Returns: the fields.
    public func disabled(_ paths: Path...) -> Self {
        paths.reduce(self) { fields, path in
            fields.options(path, by: "disabled") { $0.isDisabled = true }
        }
    }

    /// Sets whether a field must be filled in, whatever the model says.
    ///
    /// - Parameters:
    ///   - path: the field.
    ///   - isRequired: false lets it stay empty.
    /// - Returns: the fields.
    public func required(_ path: Path, _ isRequired: Bool) -> Self {
        options(path, by: "required") { $0.isRequired = isRequired }
    }

    /// Adds rules for the cleaned value of a field.
    ///
    /// - Parameters:
    ///   - path: the field.
    ///   - validators: the rules.
    /// - Returns: the fields.
    public func validators(_ path: Path, _ validators: [FieldValidator]) -> Self {
        options(path, by: "validators") { $0.validators += validators }
    }

    /// Takes a field in place of the one that the model makes; it keeps the model's label and help
    /// unless it has its own.
    ///
    /// Django: `field_classes`.
    ///
    /// - Parameters:
    ///   - path: the field of the model.
    ///   - field: the field of the form.
    /// - Returns: the fields.
    public func field(_ path: Path, _ field: any FormField) -> Self {
        adding(path, by: "field") { $0.replaced[ByteName($1)] = field }
    }

    /// Sets the rows that a relation offers.
    ///
    ///     .choices(\.author, Author.objects.filter { $0.isActive })
    ///
    /// - Parameters:
    ///   - path: a foreign key or a many-to-many relation.
    ///   - rows: the rows, evaluated for each request.
    /// - Returns: the fields.
    public func choices<Target: Model>(
        _ path: Path,
        _ rows: @autoclosure @escaping @Sendable () -> QuerySet<Target>
    ) -> Self {
        adding(path, by: "choices") { changes, name in
            changes.choices.append(
                (name, { $0.offering(rows: { DynamicQuery(rows()) }) })
            )
        }
    }

    /// Sets the labels of the rows that a relation offers.
    ///
    /// - Parameters:
    ///   - path: a foreign key or a many-to-many relation.
    ///   - label: the label of a row.
    /// - Returns: the fields.
    public func labels<Target: Model>(
        _ path: Path,
        _ label: @escaping @Sendable (Target) -> String
    ) -> Self {
        adding(path, by: "labels") { changes, name in
            changes.choices.append((name, { $0.labelling(label) }))
        }
    }

    /// Sets the label of the choice of nothing of a foreign key; nil for no such choice.
    ///
    /// - Parameters:
    ///   - path: a foreign key.
    ///   - label: the label.
    /// - Returns: the fields.
    public func emptyLabel(_ path: Path, _ label: String?) -> Self {
        adding(path, by: "emptyLabel") { changes, name in
            changes.choices.append(
                (
                    name,
                    { field in
                        guard var choice = field as? ModelChoiceField else { return field }
                        choice.emptyLabel = label
                        return choice
                    }
                )
            )
        }
    }
}

extension FormField {
    /// The field with other rows to choose from; another kind of field stays as it is.
    func offering(rows: @escaping @Sendable () -> DynamicQuery) -> any FormField {
        if var field = self as? ModelChoiceField {
            field.source = field.source.offering(rows)
            return field
        }
        if var field = self as? ModelMultipleChoiceField {
            field.source = field.source.offering(rows)
            return field
        }
        return self
    }

    /// The field with a further condition on its rows; another kind of field stays as it is.
    func limitingChoices(to condition: Q) -> any FormField {
        if var field = self as? ModelChoiceField {
            field.limitChoicesTo = field.limitChoicesTo.map { $0 && condition } ?? condition
            return field
        }
        if var field = self as? ModelMultipleChoiceField {
            field.limitChoicesTo = field.limitChoicesTo.map { $0 && condition } ?? condition
            return field
        }
        return self
    }

    /// The field with other labels; another kind of field stays as it is.
    func labelling<M: Model>(_ label: @escaping @Sendable (M) -> String) -> any FormField {
        if let field = self as? ModelChoiceField { return field.labels(label) }
        if let field = self as? ModelMultipleChoiceField { return field.labels(label) }
        return self
    }
}
