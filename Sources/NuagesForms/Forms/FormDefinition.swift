public import NuagesCore

/// The fields of a `@Form` with the properties that they fill, ready to be bound.
///
/// It is a value: `choices`, `initial` and `prefix` change a copy for one page.
///
///     let form = VoteForm.form.choices(\.choice, question.choices.map { ($0.id, $0.text) })
///     switch try await form.bind(data) { … }
public struct FormDefinition<Value: Form>: Sendable {
    /// A field of a form and its property.
    public struct Field: Sendable {
        let name: String
        let field: any FormField
        let path: any PartialKeyPath<Value> & Sendable
        let read: @Sendable (Value) -> FormValue

        package init<Property: FormConvertible>(
            _ name: String,
            _ field: any FormField,
            _ path: any KeyPath<Value, Property> & Sendable
        ) {
            self.name = name
            self.field = field
            self.path = path
            read = { $0[keyPath: path].formValue }
        }

        /// A field for a property of its own type.
        ///
        /// - Parameters:
        ///   - name: the name of the field in Django's spelling.
        ///   - field: the field.
        ///   - path: the property.
        /// - Returns: the field with its property.
        public static func field<F: FormField>(
            _ name: String,
            _ field: F,
            _ path: any KeyPath<Value, F.Value> & Sendable
        ) -> Self {
            Self(name, field, path)
        }

        /// A field for an optional property; it may stay empty.
        ///
        /// - Parameters:
        ///   - name: the name of the field in Django's spelling.
        ///   - field: the field.
        ///   - path: the property.
        /// - Returns: the field with its property.
        public static func field<F: FormField>(
            _ name: String,
            _ field: F,
            _ path: any KeyPath<Value, F.Value?> & Sendable
        ) -> Self {
            Self(name, field, path)
        }

        /// An email address for a property of text.
        ///
        /// - Parameters:
        ///   - name: the name of the field in Django's spelling.
        ///   - field: the field.
        ///   - path: the property.
        /// - Returns: the field with its property.
        public static func field(
            _ name: String,
            _ field: EmailField,
            _ path: any KeyPath<Value, String> & Sendable
        ) -> Self {
            Self(name, field, path)
        }

        /// An exact number for a property of any length.
        ///
        /// - Parameters:
        ///   - name: the name of the field in Django's spelling.
        ///   - field: the field.
        ///   - path: the property.
        /// - Returns: the field with its property.
        public static func field(
            _ name: String,
            _ field: DecimalField,
            _ path: any KeyPath<Value, ExactDecimal> & Sendable
        ) -> Self {
            Self(name, field, path)
        }

        /// A value that several fields accept, for a property of the last field's type.
        ///
        /// - Parameters:
        ///   - name: the name of the field in Django's spelling.
        ///   - field: the field.
        ///   - path: the property.
        /// - Returns: the field with its property.
        public static func field<Property: FormConvertible>(
            _ name: String,
            _ field: ComboField,
            _ path: any KeyPath<Value, Property> & Sendable
        ) -> Self {
            Self(name, field, path)
        }

        /// A file for a property that tells what becomes of the stored one.
        ///
        /// - Parameters:
        ///   - name: the name of the field in Django's spelling.
        ///   - field: the field.
        ///   - path: the property.
        /// - Returns: the field with its property.
        public static func field(
            _ name: String,
            _ field: FileField,
            _ path: any KeyPath<Value, FileChange> & Sendable
        ) -> Self {
            Self(name, field, path)
        }

        /// An image for a property that tells what becomes of the stored one.
        ///
        /// - Parameters:
        ///   - name: the name of the field in Django's spelling.
        ///   - field: the field.
        ///   - path: the property.
        /// - Returns: the field with its property.
        public static func field(
            _ name: String,
            _ field: ImageField,
            _ path: any KeyPath<Value, FileChange> & Sendable
        ) -> Self {
            Self(name, field, path)
        }

        /// A moment for a property that keeps its zone.
        ///
        /// - Parameters:
        ///   - name: the name of the field in Django's spelling.
        ///   - field: the field.
        ///   - path: the property.
        /// - Returns: the field with its property.
        public static func field(
            _ name: String,
            _ field: DateTimeField,
            _ path: any KeyPath<Value, LocalDateTime> & Sendable
        ) -> Self {
            Self(name, field, path)
        }
    }

    private let fields: [Field]
    private var shared: CopyOnWrite<DynamicForm>
    /// The form without its types; further fields added here are validated and ignored.
    public var dynamic: DynamicForm {
        _read { yield shared.value }
        _modify { yield &shared.value }
    }

    /// A form of these fields.
    ///
    /// - Parameter fields: the fields in the order of the properties.
    public init(_ fields: [Field]) {
        self.fields = fields
        var dynamic = DynamicForm()
        for field in fields { dynamic.add(field.name, field.field) }
        dynamic.media = Value.media
        shared = CopyOnWrite(dynamic)
    }

    /// The name of a property's field.
    ///
    /// - Parameter path: the property.
    /// - Returns: the name; nil where the property is none of the form's.
    public func name(of path: any PartialKeyPath<Value> & Sendable) -> String? {
        fields.first { $0.path == path }?.name
    }

    /// The names of the properties' fields, in order.
    package var names: [String] { fields.map(\.name) }

    private func with(_ change: (inout DynamicForm) -> Void) -> Self {
        var definition = self
        change(&definition.dynamic)
        return definition
    }

    /// Sets the choices of a field.
    ///
    /// - Parameters:
    ///   - path: the property.
    ///   - choices: the choices.
    /// - Returns: the form.
    public func choices<Property>(
        _ path: any KeyPath<Value, Property> & Sendable,
        _ choices: FormChoices
    ) -> Self {
        guard let name = name(of: path) else { return self }
        return with { $0.setChoices(choices, for: name) }
    }

    /// Sets the choices of a field.
    ///
    /// - Parameters:
    ///   - path: the property.
    ///   - choices: values with their labels.
    /// - Returns: the form.
    public func choices<Property, Choice: ChoiceValue>(
        _ path: any KeyPath<Value, Property> & Sendable,
        _ choices: some Sequence<(Choice, String)>
    ) -> Self {
        self.choices(path, FormChoices(choices))
    }

    /// Sets the value that a field starts with.
    ///
    /// - Parameters:
    ///   - path: the property.
    ///   - value: the value.
    /// - Returns: the form.
    public func initial<Property: FormConvertible>(
        _ path: any KeyPath<Value, Property> & Sendable,
        _ value: Property
    ) -> Self {
        guard let name = name(of: path) else { return self }
        return with { $0.setInitial(value, for: name) }
    }

    /// Sets the values that all fields start with.
    ///
    /// - Parameter value: the values.
    /// - Returns: the form.
    public func initial(_ value: Value) -> Self {
        with { form in
            for field in fields { form.setInitial(field.read(value), for: field.name) }
        }
    }

    /// The values of all fields by their names.
    package func members(of value: Value) -> [FormValue.Member] {
        fields.map { .init($0.name, $0.read(value)) }
    }

    /// Sets what precedes the names of the controls, so that a page can hold the form twice.
    ///
    /// - Parameter prefix: the prefix; a hyphen follows it.
    /// - Returns: the form.
    public func prefix(_ prefix: String) -> Self { with { $0.prefix = prefix } }

    /// The form without anything submitted, as an empty page shows it.
    ///
    /// - Returns: the form.
    public func unbound() -> BoundForm { dynamic.unbound() }

    /// The form without anything submitted, with choices that are looked up.
    ///
    /// - Returns: the form.
    /// - Throws: errors of the queries.
    public func unboundQuerying() async throws -> BoundForm { try await dynamic.unboundQuerying() }

    /// Reads what was submitted.
    ///
    /// - Parameters:
    ///   - data: the submitted fields; others than the form's are ignored.
    ///   - files: the submitted files.
    /// - Returns: the cleaned values, or the form with its errors.
    /// - Throws: what ``Form/clean()`` throws besides `ValidationError`.
    public func bind(_ data: QueryDict, files: FormFiles = [:]) async throws -> FormResult<Value> {
        try await bind(FormInput(data, files: files))
    }

    /// Reads what was submitted.
    ///
    /// - Parameter input: what was submitted.
    /// - Returns: the cleaned values, or the form with its errors.
    /// - Throws: what ``Form/clean()`` throws besides `ValidationError`.
    public func bind(_ input: FormInput) async throws -> FormResult<Value> {
        var bound = BoundForm(shared, input: input)
        if bound.form.isQuerying {
            try await bound.cleanFieldsQuerying()
        } else {
            bound.cleanFields()
        }
        return try await finish(bound)
    }

    /// Reads a JSON object by the same rules; see ``FormInput/init(json:)``.
    ///
    /// - Parameter json: the object.
    /// - Returns: the cleaned values, or the form with its errors.
    /// - Throws: what ``Form/clean()`` throws besides `ValidationError`.
    public func bind(json: JSONValue) async throws -> FormResult<Value> {
        try await bind(FormInput(json: json))
    }

    /// The cleaned values of a form whose fields are cleaned, checked against each other.
    func finish(
        _ bound: BoundForm,
        loadsChoices: Bool = true
    ) async throws -> FormResult<Value> {
        var bound = bound
        if let value = try await Value.checked(&bound) { return .valid(value) }
        if loadsChoices { try await bound.loadChoices() }
        return .invalid(bound)
    }
}

extension Form {
    /// The cleaned values of a form whose fields are cleaned, after the checks that its type has:
    /// those of one field each, then ``clean()``; nil, with errors, where something is wrong.
    ///
    /// - Parameters:
    ///   - bound: the form.
    ///   - names: the names of the type's fields, where the form has others too.
    /// - Returns: the values.
    /// - Throws: what the checks throw besides `ValidationError`.
    package static func checked(
        _ bound: inout BoundForm,
        names: [String]? = nil
    ) async throws -> Self? {
        let places = names.map { names in names.map { bound.form.index(of: $0) ?? -1 } }
        var fields = FieldCleaner(bound, places)
        try await cleanFields(&fields)
        bound = fields.bound
        guard bound.isValid else { return nil }
        do {
            var value = try Self(cleaned: CleanedValues(bound: bound, places))
            var errors = FieldErrors()
            try await value.cleanFields(&errors)
            if !errors.items.isEmpty { throw ValidationError(errors.items) }
            try await value.clean()
            return value
        } catch let error as ValidationError {
            bound.addErrors(error)
            return nil
        }
    }
}
