public import NuagesCore
public import NuagesForms
public import NuagesORM

/// A form that makes or changes a row of a model.
///
///     @Form
///     struct ArticleForm: ModelForm {
///         static let fields: ModelFormFields<Article> = [\.title, \.slug, \.author, \.tags]
///         var notifySubscribers = false           // a field besides those of the model
///     }
///
///     switch try await ArticleForm.bind(request, instance: article) {
///     case .valid(var form):
///         let article = try await form.save()
///     case .invalid(let form): …                  // shows itself with its errors
///     }
///
/// The fields of ``RowForm/fields`` are made of the model: a property of the form with the name of one takes
/// its place. The form never reads or sets another attribute of the model.
///
/// Django: `ModelForm`.
public protocol ModelForm: RowForm {}

/// What a ``ModelForm`` and a ``PlainModelForm`` have in common.
public protocol RowForm: Form {
    /// The model.
    associatedtype Object: Model

    /// The fields of the model that the form has.
    static var fields: ModelFormFields<Object> { get }

    /// Checks the row once all fields are valid and before the model does, and may change it.
    ///
    ///     func clean(_ article: inout Article) throws {
    ///         if article.end < article.start {
    ///             throw ValidationError("Ends before it starts.", field: "end")
    ///         }
    ///     }
    ///
    /// - Parameter instance: the row with the values of the form.
    /// - Throws: `ValidationError` with the errors of the form or of its fields.
    mutating func clean(_ instance: inout Object) async throws
}

/// What came of reading a model form.
public enum ModelFormResult<Value: RowForm>: Sendable {
    /// Everything is as it should be; the row is not saved yet.
    case valid(ValidModelForm<Value>)
    /// Something is wrong; the form shows itself with its errors.
    case invalid(BoundForm)

    /// The form as it was submitted, to show it again beside another one that has errors.
    public var form: BoundForm {
        switch self {
        case .valid(let form): form.bound.form
        case .invalid(let form): form
        }
    }
}

/// What came of reading and saving a model form.
public enum SavedModelForm<Object: Model>: Sendable {
    /// The row was saved.
    case saved(Object)
    /// Something is wrong, or the database refused the row; the form shows itself with its errors.
    case invalid(BoundForm)
}

/// A model form that is valid: its row, its further fields, and what saves them.
///
/// The properties of the form are reached through it: `form.notifySubscribers`.
@dynamicMemberLookup
public struct ValidModelForm<Value: RowForm>: Sendable {
    /// The fields that the form declares itself.
    public let values: Value
    /// The row with the values of the form. It may be changed before it is saved:
    ///
    ///     form.instance.author = request.user.asReference
    ///
    /// Django: what `save(commit=False)` returns.
    public var instance: Value.Object
    let bound: BoundModelForm

    /// A property of the form.
    ///
    /// - Parameter path: the property.
    public subscript<Property>(dynamicMember path: KeyPath<Value, Property>) -> Property {
        values[keyPath: path]
    }

    /// The names of the fields that differ from their initial values.
    public var changedFields: [String] { bound.form.changedFields }

    /// The files that were sent, by the names of their fields.
    public var files: [(name: String, file: UploadedFile)] { bound.files }

    /// The cleaned value of a field.
    ///
    /// - Parameter name: the name of the field.
    /// - Returns: the value; nil where there is no such field.
    public func cleaned(_ name: String) -> FormValue? { bound.cleaned(name) }

    /// Saves the row and the rows that are related by many-to-many fields, all or nothing.
    ///
    /// - Returns: the row as it was saved.
    /// - Throws: ``ModelFormConflict`` where the database refuses it for a reason that the form can
    ///   show; ``DatabaseError``.
    @discardableResult
    public mutating func save() async throws -> Value.Object {
        let start = self
        instance = try await start.bound.saving {
            var instance = start.instance
            try await instance.save(withFilesOf: start.bound.row, isNew: start.bound.mustInsert)
            try await start.saveRelations(of: instance)
            return instance
        }
        return instance
    }

    /// Saves the rows that are related by many-to-many fields, where the program saved the row
    /// itself.
    ///
    /// Django: `save_m2m`.
    ///
    /// - Throws: `DatabaseError`, `ModelError` for a row that is not saved.
    public func saveRelations() async throws { try await saveRelations(of: instance) }

    private func saveRelations(of instance: Value.Object) async throws {
        for (name, keys) in bound.sets { try await instance.setRelation(name, to: keys) }
    }
}

extension RowForm {
    /// Accepts every row.
    public mutating func clean(_ instance: inout Object) async throws {}

    /// The form by names with these fields of the model.
    ///
    /// - Parameter fields: the fields of the model.
    /// - Returns: the form.
    /// - Throws: ``ModelFormError`` for properties that are no fields forms can show.
    public static func definition(
        _ fields: ModelFormFields<Object>
    ) throws(ModelFormError) -> ModelFormDefinition {
        let (selection, changes) = try fields.resolved()
        var definition = try ModelFormDefinition(
            ModelOutline(Object.self),
            selection,
            changes,
            declared: form.dynamic
        )
        definition.messages = fields.messages
        return definition
    }
}

extension ModelForm {
    /// The form by names, to be changed for one page: choices, initial values, a prefix.
    ///
    /// - Returns: the form.
    /// - Throws: ``ModelFormError`` for properties that are no fields forms can show.
    public static func definition() throws(ModelFormError) -> ModelFormDefinition {
        try definition(fields)
    }

    /// The fields that the form declares itself, without those of the model.
    ///
    /// - Returns: the form.
    @available(*, unavailable, message: "write 'try await unbound(instance: nil)'")
    public static func unbound() -> BoundForm { form.unbound() }

    /// The form as a page shows it that was not submitted yet.
    ///
    /// - Parameter instance: the row that is edited; nil for a new one.
    /// - Returns: the form, with its choices.
    /// - Throws: ``ModelFormError``, `DatabaseError`.
    public static func unbound(instance: Object? = nil) async throws -> BoundForm {
        try await definition().unbound(row: instance?.formRow)
    }

    /// Reads what was submitted, and checks it as the form and the model say.
    ///
    /// - Parameters:
    ///   - data: the submitted fields; others than the form's are ignored.
    ///   - files: the submitted files.
    ///   - instance: the row that is edited; nil for a new one.
    /// - Returns: the row, or the form with its errors.
    /// - Throws: as ``bind(_:instance:draft:)``.
    public static func bind(
        _ data: QueryDict,
        files: FormFiles = [:],
        instance: Object?
    ) async throws -> ModelFormResult<Self> {
        try await bind(FormInput(data, files: files), instance: instance)
    }

    /// Reads what was submitted for a new row.
    ///
    /// - Parameters:
    ///   - data: the submitted fields; others than the form's are ignored.
    ///   - files: the submitted files.
    /// - Returns: the row, or the form with its errors.
    /// - Throws: as ``bind(_:instance:draft:)``.
    public static func bind(
        _ data: QueryDict,
        files: FormFiles = [:]
    ) async throws -> ModelFormResult<Self> {
        try await bind(FormInput(data, files: files))
    }

    /// Reads what was submitted, and checks it as the form and the model say.
    ///
    /// - Parameters:
    ///   - input: what was submitted.
    ///   - instance: the row that is edited; nil for a new one.
    ///   - draft: what a new row has besides the fields of the form, such as its author.
    /// - Returns: the row, or the form with its errors.
    /// - Throws: as ``RowForm/bind(_:to:instance:draft:)``, and ``ModelFormError`` for fields that
    ///   forms cannot show.
    public static func bind(
        _ input: FormInput,
        instance: Object? = nil,
        draft: ModelDraft<Object>? = nil
    ) async throws -> ModelFormResult<Self> {
        try await bind(input, to: definition(), instance: instance, draft: draft)
    }

    /// Reads what was submitted, checks it and saves the row; what the database refuses because
    /// another request was faster is an error of the form.
    ///
    ///     switch try await ArticleForm.submit(input, instance: article) {
    ///     case .saved(let article): …
    ///     case .invalid(let form): …
    ///     }
    ///
    /// - Parameters:
    ///   - input: what was submitted.
    ///   - instance: the row that is edited; nil for a new one.
    ///   - draft: what a new row has besides the fields of the form.
    /// - Returns: the saved row, or the form with its errors.
    /// - Throws: as ``bind(_:instance:draft:)``.
    public static func submit(
        _ input: FormInput,
        instance: Object? = nil,
        draft: ModelDraft<Object>? = nil
    ) async throws -> SavedModelForm<Object> {
        switch try await bind(input, instance: instance, draft: draft) {
        case .invalid(let form): return .invalid(form)
        case .valid(var form):
            do {
                return .saved(try await form.save())
            } catch let conflict as ModelFormConflict {
                return .invalid(conflict.form)
            }
        }
    }
}

extension RowForm {
    /// Reads what was submitted, and checks it as the form and the model say.
    ///
    /// - Parameters:
    ///   - input: what was submitted.
    ///   - definition: the form by names, perhaps changed for this page.
    ///   - instance: the row that is edited; nil for a new one.
    ///   - draft: what a new row has besides the fields of the form, such as its author.
    /// - Returns: the row, or the form with its errors.
    /// - Throws: `ModelError.missingValue(model:field:)` where a new row lacks a field that is neither the
    ///   form's nor given by `draft`, `DatabaseError`, and what the checks throw besides
    ///   `ValidationError`.
    public static func bind(
        _ input: FormInput,
        to definition: ModelFormDefinition,
        instance: Object? = nil,
        draft: ModelDraft<Object>? = nil
    ) async throws -> ModelFormResult<Self> {
        let row = try instance?.formRow ?? draft?.newRow
        var bound = try await definition.cleaned(input, row: row)
        var values = try await cleanedValues(&bound.form)
        bound.construct()
        if bound.form.errors.isEmpty, values != nil {
            try await bound.check(instance, &values)
        }
        try await bound.validate()
        guard let object = try bound.checkedObject(instance), let values else {
            try await bound.settle()
            return .invalid(bound.form)
        }
        return .valid(ValidModelForm(values: values, instance: object, bound: bound))
    }

    /// The form's own properties after its checks of fields and its `clean()`; nil, with errors,
    /// where something is wrong.
    static func cleanedValues(_ bound: inout BoundForm) async throws -> Self? {
        guard bound.isCleaned,
            let values = try await checked(&bound, names: form.names)
        else { return nil }
        for member in form.members(of: values) where !bound.keepsFile(member) {
            bound.setCleaned(member.value, of: member.name)
        }
        return values
    }
}

extension BoundForm {
    /// Whether a property without a file means that the stored one is removed or stays, which it
    /// cannot say itself.
    fileprivate func keepsFile(_ member: FormValue.Member) -> Bool {
        guard case .none = member.value else { return false }
        switch cleaned(member.name) {
        case .bool(false)?, .storedFile?: return true
        default: return false
        }
    }
}

extension BoundModelForm {
    /// The row as a value of its model.
    func object<Object: Model>(_ instance: Object?) throws -> Object {
        guard var object = instance else { return try Object(form: completed) }
        try object.takeForm(row)
        return object
    }

    /// The row as a value of its model; nil where something is wrong, also where a property cannot
    /// hold what its column does, such as a range without an end where it is one of Swift.
    mutating func checkedObject<Object: Model>(_ instance: Object?) throws -> Object? {
        guard form.errors.isEmpty else { return nil }
        do {
            return try object(instance)
        } catch FieldError.invalidValue(let name, let expected) {
            guard let index = form.form.index(of: name) else {
                throw FieldError.invalidValue(field: name, expected: expected)
            }
            add(form.form.entries[index].field.error("invalid"), to: name)
            return nil
        }
    }

    /// The row with the key of no row in place of that of a parent that is not saved yet: a type
    /// needs one.
    private var completed: DynamicRow {
        var completed = row
        for name in definition.unchecked {
            guard let schema = definition.outline.field(name), !schema.isNullable,
                row[schema.attributeName] ?? .null == .null,
                let target = definition.outline.target(of: name)
            else { continue }
            let key = definition.outline.targetField(of: name).flatMap { target.field($0) }
            completed.set(schema.attributeName, to: key?.type.keyOfNone ?? .int(0))
        }
        return completed
    }

    /// Lets the form check the typed row, and takes over what it changes.
    mutating func check<Value: RowForm>(
        _ instance: Value.Object?,
        _ values: inout Value?
    ) async throws {
        var object: Value.Object
        do {
            object = try self.object(instance)
        } catch FieldError.invalidValue {
            // The model's own check says what is wrong with the value.
            return
        }
        do {
            try await values?.clean(&object)
        } catch let error as ValidationError {
            form.addErrors(error)
            return
        }
        let changed = try object.formRow
        let given = Set(definition.unchecked.compactMap { attributeName($0) })
        for name in changed.names where !given.contains(name) {
            if changed.waitingFile(name) != nil {
                row.takeWaitingFile(name, of: changed)
            } else if let value = changed[name],
                row[name] != value
                    || row.waitingFile(name) != nil
                        && definition.outline.holdsFiles(name)
            {
                row.set(name, to: value)
            }
        }
    }

    /// The name of a field's value in rows.
    private func attributeName(_ name: String) -> String? {
        definition.outline.field(name)?.attributeName
    }
}

extension FieldType {
    /// A key that no row has.
    fileprivate var keyOfNone: SQLValue {
        if self == .uuidField { return .text("00000000000000000000000000000000") }
        return holdsText ? .text("") : .int(0)
    }
}
