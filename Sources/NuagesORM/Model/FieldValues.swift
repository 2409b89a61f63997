/// The values of a row in the order of the model's fields, on their way to the database.
public struct FieldValues {
    /// The values so far.
    public private(set) var values: [SQLValue] = []
    /// The positions whose values the database makes.
    public private(set) var unset: Set<Int> = []

    init(capacity: Int) { values.reserveCapacity(capacity) }

    /// Adds the value of the next field.
    ///
    /// - Parameter value: the value.
    public mutating func append(_ value: some FieldValue) { values.append(value.sqlValue) }

    /// Adds the value of the next field, or leaves it to the database.
    ///
    /// - Parameter value: the value.
    public mutating func append<Value>(_ value: DatabaseValue<Value>) {
        if value.isUnset { unset.insert(values.count) }
        values.append(value.sqlValue)
    }

    /// Adds what the column of the reference that follows holds.
    ///
    /// - Parameter reference: the reference, or nil for `NULL`.
    /// - Throws: ``ModelError/unsaved(model:)`` where the row was not saved.
    public mutating func append(reference: some RelationKey) throws(ModelError) {
        values.append(try reference.storedValue())
    }
}
