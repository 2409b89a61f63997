public import NuagesCore

/// A form whose fields are decided at run time; `@Form` makes one from a struct.
///
///     var form = DynamicForm()
///     form.add("subject", CharField(maxLength: 100))
///     form.add("topic", ChoiceField<String>(choices: topics).widget(.radioSelect))
///     let bound = form.bind(data)
///     if bound.isValid { bound.cleaned("subject") … }
public struct DynamicForm: Sendable {
    /// A field with its name and its widget.
    public struct Entry: Sendable {
        /// The name of the field.
        public let name: String
        /// The field.
        public internal(set) var field: any FormField
        /// The widget that shows it.
        public internal(set) var widget: any Widget
        // Read from the field each time, all of its options would be copied.
        let isDisabled: Bool
        let initial: @Sendable () -> FormValue
        let supportsMicroseconds: Bool
        let fieldNamesTemplate: Bool
        let widgetNamesTemplate: Bool

        init(_ name: String, _ field: any FormField) {
            self.name = name
            self.field = field
            self.field.options.rules = field.ownValidators + field.options.validators
            widget = Self.widget(of: field)
            isDisabled = field.options.isDisabled
            initial = field.options.initial
            supportsMicroseconds = widget.supportsMicroseconds
            fieldNamesTemplate = field.options.templateName != nil
            widgetNamesTemplate = widget.namesTemplate
        }

        private static func widget(of field: any FormField) -> any Widget {
            let widget = field.resolvedWidget()
            guard let choosing = field as? any ChoosingField else { return widget }
            return choosing.withChoices(widget)
        }
    }

    /// The fields in order.
    public private(set) var entries: [Entry] = []
    /// What precedes the names of the controls, with a hyphen; nil for none.
    public var prefix: String?
    /// How ids are made: `%s` stands for the control's name; nil makes none.
    public var autoID: String? = "id_%s"
    /// What follows each label.
    public var labelSuffix = ":"
    /// Whether browsers are told which fields are required.
    public var usesRequiredAttribute = true
    /// Whether a form in which nothing was changed is valid whatever its fields demand.
    public var permitsEmpty = false
    /// Whether browsers are told of rules that Django keeps to itself: patterns, the limits of
    /// validators, and the types of files.
    public var mirrorsRules = false
    /// A class for fields with errors; nil for none.
    public var errorCSSClass: String?
    /// A class for required fields; nil for none.
    public var requiredCSSClass: String?
    /// Style sheets and scripts besides those of the widgets.
    public var media = Media()
    /// Whether a field must be cleaned and shown by queries.
    public private(set) var isQuerying = false
    /// The template of `{{ form }}`; nil for the layout in `<div>` elements.
    public var templateName: String?
    /// Initial values over those of the fields.
    public private(set) var initial: [ByteName: FormValue] = [:]

    /// A form without fields.
    public init() {}

    /// Adds a field; one of the same name gives way to it.
    ///
    /// - Parameters:
    ///   - name: the name of the field, in Django's `snake_case`.
    ///   - field: the field.
    public mutating func add(_ name: String, _ field: any FormField) {
        if field is any QueryingField { isQuerying = true }
        let entry = Entry(name, field)
        if let index = index(of: name) { entries[index] = entry } else { entries.append(entry) }
    }

    /// Removes a field.
    ///
    /// - Parameter name: the name of the field.
    public mutating func remove(_ name: String) {
        if let index = index(of: name) { entries.remove(at: index) }
    }

    /// Moves fields to the front, in this order; names of no field are ignored.
    ///
    /// - Parameter names: the names of fields.
    public mutating func orderFields(_ names: [String]) {
        var ordered: [Entry] = []
        for name in names {
            guard let index = index(of: name) else { continue }
            ordered.append(entries.remove(at: index))
        }
        entries = ordered + entries
    }

    /// Sets the value that a field starts with.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - name: the name of the field.
    public mutating func setInitial(_ value: some FormConvertible, for name: String) {
        initial[ByteName(name)] = value.formValue
    }

    /// Whether a field was given an initial value over its own.
    package func hasInitial(_ name: String) -> Bool { initial[ByteName(name)] != nil }

    /// The options of the form and its initial values, without its fields.
    package var withoutFields: DynamicForm {
        var form = self
        form.entries = []
        return form
    }

    /// Changes what every field has of one field.
    package mutating func setOptions(
        of name: String,
        _ change: (inout FieldOptions) -> Void
    ) {
        guard let index = index(of: name) else { return }
        var field = entries[index].field
        change(&field.options)
        entries[index] = Entry(entries[index].name, field)
    }

    /// Sets the choices of a field that offers some.
    ///
    /// - Parameters:
    ///   - choices: the choices.
    ///   - name: the name of the field; other fields keep what they have.
    public mutating func setChoices(_ choices: FormChoices, for name: String) {
        guard let index = index(of: name), var field = entries[index].field as? any ChoosingField
        else { return }
        field.choices = choices
        entries[index] = Entry(entries[index].name, field)
    }

    package func index(of name: String) -> Int? { entries.firstIndex { $0.name.equalsBytes(name) } }

    /// The value that a field starts with.
    package func initialValue(_ entry: Entry) -> FormValue {
        shown(
            initial[ByteName(entry.name)] ?? entry.initial(),
            entry.supportsMicroseconds
        )
    }

    /// The initial value of the field at a place.
    func initialValue(at index: Int) -> FormValue {
        let value =
            initial.isEmpty
            ? entries[index].initial()
            : initial[ByteName(entries[index].name)] ?? entries[index].initial()
        return shown(value, entries[index].supportsMicroseconds)
    }

    private func shown(_ value: FormValue, _ supportsMicroseconds: Bool) -> FormValue {
        if supportsMicroseconds { return value }
        switch value {
        case .dateTime(var dateTime):
            dateTime.time = dateTime.time.withoutMicroseconds
            return .dateTime(dateTime)
        case .time(let time): return .time(time.withoutMicroseconds)
        default: return value
        }
    }

    /// The name of a field's control.
    package func controlName(_ name: String) -> String {
        guard let prefix, !prefix.isEmpty else { return name }
        return "\(prefix)-\(name)"
    }

    /// The id of a control; nil for none.
    func id(ofControl name: String) -> String? {
        guard let autoID, !autoID.isEmpty else { return nil }
        return autoID.utf8.contains(UInt8(ascii: "%"))
            ? autoID.replacingBytes("%s", with: name) : name
    }

    /// The form without anything submitted, as an empty page shows it.
    ///
    /// - Returns: the form.
    public func unbound() -> BoundForm { BoundForm(self, input: nil) }

    /// The form with what was submitted, cleaned.
    ///
    /// - Parameters:
    ///   - data: the submitted fields; others than the form's are ignored.
    ///   - files: the submitted files.
    /// - Returns: the form, valid or with its errors.
    public func bind(_ data: QueryDict, files: FormFiles = [:]) -> BoundForm {
        bind(FormInput(data, files: files))
    }

    /// The form with what was submitted, cleaned.
    ///
    /// - Parameter input: what was submitted.
    /// - Returns: the form, valid or with its errors.
    public func bind(_ input: FormInput) -> BoundForm {
        var bound = BoundForm(self, input: input)
        bound.cleanFields()
        return bound
    }
}

/// A field's name as a key that compares by its bytes.
public struct ByteName: Hashable, Sendable {
    private let key: ByteKey

    /// A key.
    ///
    /// - Parameter name: the name of a field.
    public init(_ name: String) { key = ByteKey(name) }
}

extension TimeOfDay {
    var withoutMicroseconds: TimeOfDay {
        TimeOfDay(hour: hour, minute: minute, second: second) ?? self
    }
}
