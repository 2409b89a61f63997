public import NuagesCore

/// A value that is put together from several fields, shown one after another.
///
///     MultiValueField(
///         [CharField(maxLength: 4).label("Country"), CharField().label("Number")],
///         compress: { parts in Phone(country: parts[0].text, number: parts[1].text) },
///         decompress: { [.string($0.country), .string($0.number)] }
///     )
///
/// With `requireAllFields` each part has to be filled in where the field is required; without it
/// the parts say themselves which of them may stay empty, and one that may not gives the error
/// `incomplete`.
public struct MultiValueField<Value: FormConvertible>: FormField {
    /// Puts the cleaned values of the parts together; an empty list stands for no value.
    public typealias Compress = @Sendable ([FormValue]) throws(ValidationError) -> Value?
    /// Takes a value apart.
    public typealias Decompress = @Sendable (Value) -> [FormValue]

    /// What every field has.
    public var options = FieldOptions()
    /// The fields of the parts.
    public let fields: [any FormField]
    /// Whether each part has to be filled in.
    public let requiresAllFields: Bool
    private let compress: Compress
    private let decompress: Decompress

    /// A value that is put together from several fields.
    ///
    /// - Parameters:
    ///   - fields: the fields of the parts.
    ///   - requireAllFields: whether each part has to be filled in; false leaves it to the parts.
    ///   - compress: puts the cleaned values together; an empty list stands for no value.
    ///   - decompress: takes a value apart.
    public init(
        _ fields: [any FormField],
        requireAllFields: Bool = true,
        compress: @escaping Compress,
        decompress: @escaping Decompress
    ) {
        requiresAllFields = requireAllFields
        self.fields = fields.map { field in
            guard requireAllFields else { return field }
            var field = field
            field.options.isRequired = false
            return field
        }
        self.compress = compress
        self.decompress = decompress
    }

    /// The widgets of the parts.
    public var defaultWidget: any Widget { widget(fields.map { $0.resolvedWidget() }) }

    /// An array with a value for each part.
    public var jsonShape: JSONShape { .list }

    /// Hidden inputs.
    public var hiddenWidget: any Widget { widget(fields.map(\.hiddenWidget)) }

    private func widget(_ widgets: [any Widget]) -> MultiWidget {
        let parts = widgets.enumerated().map { MultiWidget.Part("_\($0)", $1) }
        return MultiWidget(parts) { [decompress] in Self.values(of: $0, decompress, parts.count) }
    }

    private static func values(
        of value: FormValue,
        _ decompress: Decompress,
        _ count: Int
    ) -> [FormValue] {
        if let values = value.elements { return values }
        guard !value.isEmpty, let typed = Value(formValue: value) else {
            return Array(repeating: .none, count: count)
        }
        return decompress(typed)
    }

    /// The messages of several values.
    public func defaultMessage(_ code: String) -> ErrorMessage? {
        switch code {
        case "required": "This field is required."
        case "invalid": "Enter a list of values."
        case "incomplete": "Enter a complete value."
        default: nil
        }
    }

    /// Which parts a browser demands, where they differ.
    public var requiredParts: [Bool]? {
        requiresAllFields ? nil : fields.map(\.options.isRequired)
    }

    /// Cleans each part, then puts the values together.
    public func clean(
        _ raw: FormValue,
        initial: FormValue
    ) throws(ValidationError) -> FormValue {
        var raw = raw
        if options.isDisabled {
            raw = .list(Self.values(of: raw, decompress, fields.count))
        }
        if raw.isTrue, raw.elements == nil { throw error("invalid") }
        let values = raw.elements ?? []
        if values.allSatisfy(\.isEmpty) {
            if options.isRequired { throw error("required") }
            return try compress([])?.formValue ?? .none
        }
        let value: FormValue = try compress(cleaned(values))?.formValue ?? .none
        try runValidators(value)
        return value
    }

    private func cleaned(_ values: [FormValue]) throws(ValidationError) -> [FormValue] {
        var cleaned: [FormValue] = []
        var items: [ValidationError.Item] = []
        for (index, field) in fields.enumerated() {
            let value = index < values.count ? values[index] : .none
            if value.isEmpty, requiresAllFields, options.isRequired { throw error("required") }
            do throws(ValidationError) {
                if value.isEmpty, !requiresAllFields, field.options.isRequired {
                    throw incomplete(field)
                }
                cleaned.append(try field.clean(value, initial: .none))
            } catch {
                items += error.items.filter { !items.contains($0) }
            }
        }
        if !items.isEmpty { throw ValidationError(items) }
        return cleaned
    }

    private func incomplete(_ field: any FormField) -> ValidationError {
        guard let message = field.options.errorMessages["incomplete"] else {
            return error("incomplete")
        }
        return ValidationError(message, code: "incomplete")
    }

    /// Compares the parts.
    public func hasChanged(initial: FormValue, data: FormValue) -> Bool {
        if options.isDisabled { return false }
        let old = Self.values(of: initial, decompress, fields.count)
        for ((field, old), new) in zip(zip(fields, old), data.elements ?? []) {
            guard let converted = field.converted(old) else { return true }
            if field.hasChanged(initial: converted, data: new) { return true }
        }
        return false
    }
}
