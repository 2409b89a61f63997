/// The values of a row in the order of the model's fields, on their way to the database.
public struct FieldValues {
    /// The values so far.
    public private(set) var values: [SQLValue] = []

    init(capacity: Int) { values.reserveCapacity(capacity) }

    /// Adds the value of the next field.
    ///
    /// - Parameter value: the value.
    public mutating func append(_ value: some FieldValue) { values.append(value.sqlValue) }

    /// Adds the key of the row that the next field refers to.
    ///
    /// - Parameter reference: the reference.
    /// - Throws: ``ModelError/unsaved(model:)`` where the row was not saved.
    public mutating func append<Target>(
        _ reference: ModelReference<Target>
    ) throws(ModelError) {
        values.append(try reference.id.saved().sqlValue)
    }

    /// Adds the key of the row that the next field refers to, or `NULL`.
    ///
    /// - Parameter reference: the reference.
    /// - Throws: ``ModelError/unsaved(model:)`` where the row was not saved.
    public mutating func append<Target>(
        _ reference: ModelReference<Target>?
    ) throws(ModelError) {
        guard let reference else { return values.append(.null) }
        try append(reference)
    }
}
