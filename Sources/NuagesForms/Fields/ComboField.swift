public import NuagesCore

/// A value that several fields accept, one after another.
public struct ComboField: FormField {
    /// The type of the cleaned value.
    public typealias Value = FormValue

    /// What every field has.
    public var options = FieldOptions()
    /// The fields in order; none of them is required by itself.
    public let fields: [any FormField]

    /// A value that several fields accept.
    ///
    /// - Parameter fields: the fields in order.
    public init(_ fields: [any FormField]) {
        self.fields = fields.map { field in
            var field = field
            field.options.isRequired = false
            return field
        }
    }

    /// Any value.
    public var jsonShape: JSONShape { .any }

    /// What the last field cleans the value to.
    public func clean(
        _ raw: FormValue,
        initial: FormValue
    ) throws(ValidationError) -> FormValue {
        var value = raw
        try check(value)
        try runValidators(value)
        for field in fields { value = try field.clean(value, initial: initial) }
        return value
    }
}
