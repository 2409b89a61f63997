public import NuagesCore

/// A form ready to be shown: with what was submitted and its errors, or empty.
///
/// `{{ form }}` in a template writes it as ``html``; `{{ form.subject }}` writes one control.
public struct BoundForm: Sendable {
    private var shared: CopyOnWrite<DynamicForm>
    /// The fields and options.
    public var form: DynamicForm { _read { yield shared.value } }
    /// What was submitted; nil for an empty form.
    public let input: FormInput?
    /// The errors by field.
    public internal(set) var errors = FormErrors()
    /// The cleaned values in the order of the fields; nil for a field with errors.
    private(set) var cleanedValues: [FormValue?] = []

    package init(_ form: DynamicForm, input: FormInput?) {
        self.init(CopyOnWrite(form), input: input)
    }

    init(_ shared: CopyOnWrite<DynamicForm>, input: FormInput?) {
        self.shared = shared
        self.input = input
    }

    /// Whether something was submitted.
    public var isBound: Bool { input != nil }

    /// Whether something was submitted and nothing is wrong with it.
    public var isValid: Bool { isBound && errors.isEmpty }

    /// The errors of the whole form.
    public var nonFieldErrors: ErrorList {
        errors[ValidationError.nonFieldErrors] ?? ErrorList(extraClass: "nonfield")
    }

    /// Whether the form must be sent as `multipart/form-data`.
    public var isMultipart: Bool { form.entries.contains { $0.widget.needsMultipartForm } }

    /// The style sheets and scripts of the form and its widgets.
    public var media: Media { form.entries.reduce(form.media) { $0 + $1.widget.media } }

    /// Whether a field differs from its initial value.
    public var hasChanged: Bool {
        form.entries.indices.contains { BoundField(self, $0).hasChanged }
    }

    /// Whether nothing was entered where nothing had to be.
    var wasLeftEmpty: Bool { isBound && form.permitsEmpty && !hasChanged }

    /// All fields in order.
    public var fields: [BoundField] { form.entries.indices.map { BoundField(self, $0) } }

    /// The fields that can be seen.
    public var visibleFields: [BoundField] { fields.filter { !$0.isHidden } }

    /// The fields that cannot be seen.
    public var hiddenFields: [BoundField] { fields.filter(\.isHidden) }

    /// The names of the fields that differ from their initial values.
    public var changedFields: [String] { fields.filter(\.hasChanged).map(\.name) }

    /// A field by its name; nil where there is none.
    ///
    /// - Parameter name: the name of the field.
    public subscript(_ name: String) -> BoundField? {
        form.index(of: name).map { BoundField(self, $0) }
    }

    /// The cleaned value of a field; nil where it has errors or there is no such field.
    ///
    /// - Parameter name: the name of the field.
    /// - Returns: the value; ``FormValue/none`` for a field that was left empty.
    public func cleaned(_ name: String) -> FormValue? {
        guard let index = form.index(of: name), cleanedValues.indices.contains(index) else {
            return nil
        }
        return cleanedValues[index]
    }

    /// Adds errors that were found after the fields were cleaned, each to its field.
    ///
    /// - Parameter error: errors without a field, or with the name of no field, are about the
    ///   whole form.
    public mutating func addErrors(_ error: ValidationError) {
        for item in error.items {
            let index = item.field.flatMap(form.index)
            if let index {
                add([item], toField: index)
            } else {
                errors.add([item], to: ValidationError.nonFieldErrors, fieldID: nil)
            }
        }
    }

    /// Adds an error that was found after the fields were cleaned (`add_error`).
    ///
    /// - Parameters:
    ///   - message: what is wrong.
    ///   - code: a stable name of the error.
    ///   - field: the name of the field; nil, or the name of none, for the whole form.
    public mutating func addError(
        _ message: ErrorMessage,
        code: String = "",
        to field: String? = nil
    ) {
        addErrors(ValidationError(message, code: code, field: field))
    }

    /// Whether a field has errors (`has_error`).
    ///
    /// - Parameters:
    ///   - field: the name of the field; nil for the whole form.
    ///   - code: the code of the error; nil for any.
    /// - Returns: true where there is one.
    public func hasError(_ field: String?, code: String? = nil) -> Bool {
        guard let list = errors[field ?? ValidationError.nonFieldErrors] else { return false }
        guard let code else { return true }
        return list.items.contains { $0.code.equalsBytes(code) }
    }

    /// The value that a field starts with (`get_initial_for_field`); none where there is no such
    /// field.
    ///
    /// - Parameter name: the name of the field.
    /// - Returns: the form's value, or the field's own.
    public func initialValue(of name: String) -> FormValue {
        form.index(of: name).map { form.initialValue(form.entries[$0]) } ?? .none
    }

    /// The values that the form gives its fields to start with (`initial`).
    public var initialValues: [FormValue.Member] {
        form.entries.compactMap { entry in
            form.initial[ByteName(entry.name)].map { .init(entry.name, $0) }
        }
    }

    /// The errors as the body of an answer: `{"errors": {"email": [{"message": …, "code": …}]}}`.
    public var errorsJSON: JSONValue { .object([.init("errors", errors.jsonValue)]) }

    /// The cleaned values of the fields without errors (`cleaned_data`).
    public var cleanedData: [FormValue.Member] {
        zip(form.entries, cleanedValues).compactMap { entry, value in
            value.map { .init(entry.name, $0) }
        }
    }

    func cleanedValue(at index: Int) -> FormValue? {
        cleanedValues.indices.contains(index) ? cleanedValues[index] : nil
    }

    mutating func setCleaned(_ value: FormValue, at index: Int) {
        if cleanedValues.indices.contains(index) { cleanedValues[index] = value }
    }

    /// Adds errors of a field; those that name another go there.
    mutating func addErrors(_ error: ValidationError, toFieldAt index: Int) {
        for item in error.items {
            if item.field == nil {
                add([item], toField: index)
            } else {
                addErrors(ValidationError([item]))
            }
        }
    }

    private mutating func add(_ items: [ValidationError.Item], toField index: Int) {
        let (name, id) = shared.value.nameAndID(at: index)
        errors.add(items, to: name, fieldID: id)
        if cleanedValues.indices.contains(index) { cleanedValues[index] = nil }
    }

    mutating func cleanFields() {
        guard let input else { return }
        if wasLeftEmpty { return }
        let count = shared.value.entries.count
        cleanedValues.reserveCapacity(count)
        for index in 0..<count { cleanField(at: index, from: input) }
    }

    /// Cleans the next field, which does so by itself.
    mutating func cleanField(at index: Int, from input: FormInput) {
        do throws(ValidationError) {
            cleanedValues.append(try shared.value.cleaned(at: index, from: input))
        } catch {
            appendError(error, at: index)
        }
    }

    mutating func appendCleaned(_ value: FormValue) { cleanedValues.append(value) }

    mutating func appendError(_ error: ValidationError, at index: Int) {
        cleanedValues.append(nil)
        add(error.items, toField: index)
    }

    /// Replaces the cleaned value of a field that has no errors.
    package mutating func setCleaned(_ value: FormValue, of name: String) {
        guard let index = form.index(of: name), cleanedValues.indices.contains(index),
            cleanedValues[index] != nil
        else { return }
        cleanedValues[index] = value
    }

    /// Whether the fields were cleaned; they are not where nothing was changed and nothing had to
    /// be.
    package var isCleaned: Bool { isBound && cleanedValues.count == form.entries.count }

    /// The same state shown by a form with other choices.
    func showing(_ form: DynamicForm) -> BoundForm {
        var copy = self
        copy.shared = CopyOnWrite(form)
        return copy
    }
}
