public import NuagesCore
public import NuagesForms
public import NuagesORM

/// A form that has no fields but those of a model, which a generic view lists.
public struct PlainModelForm<Object: Model>: RowForm {
    /// No fields of its own.
    public static var form: FormDefinition<Self> { FormDefinition([]) }

    /// None: the view lists them.
    public static var fields: ModelFormFields<Object> { [] }

    /// The form, which has no values of its own.
    ///
    /// - Parameter values: the cleaned values.
    /// - Throws: nothing.
    public init(cleaned values: CleanedValues) throws(ValidationError) {}
}
