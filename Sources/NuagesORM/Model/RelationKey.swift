/// The type of a foreign key's property: a reference, optional or not.
public protocol RelationKey: FieldValue {
    /// The model it leads to.
    associatedtype Target: Model
    /// The key it holds; nil where it leads nowhere.
    var key: PrimaryKey<Target>? { get }
    /// The row, if it was loaded.
    var loadedRow: Target? { get }
    /// Keeps the row that it leads to.
    ///
    /// - Parameter row: the row.
    mutating func keep(_ row: Target)
    /// Lets the row be fetched with those of other references.
    ///
    /// - Parameter group: the other references.
    mutating func join(_ group: FetchGroup<Target>)
    /// Says which field of the target it holds the value of, where that is not the key.
    ///
    /// - Parameter field: the field's name.
    mutating func point(at field: String)
    /// What its column holds.
    ///
    /// - Returns: the value.
    /// - Throws: ``ModelError/unsaved(model:)`` where it leads to a value that was not saved.
    func storedValue() throws(ModelError) -> SQLValue
}

extension RelationKey {
    /// Nothing: it holds the primary key.
    ///
    /// - Parameter field: the field's name.
    public mutating func point(at field: String) {}
}

extension ModelReference: RelationKey {
    /// The key.
    public var key: PrimaryKey<Target>? { id }
    /// The row, if it was loaded.
    @inlinable public var loadedRow: Target? { loaded }
    /// Becomes a reference to `row`.
    ///
    /// - Parameter row: the row.
    @inlinable
    public mutating func keep(_ row: Target) { self = ModelReference(row) }
    /// The key.
    ///
    /// - Returns: the value.
    /// - Throws: ``ModelError/unsaved(model:)`` where there is none.
    public func storedValue() throws(ModelError) -> SQLValue { try id.saved().sqlValue }
}

extension Optional: RelationKey where Wrapped: RelationKey {
    /// The model it leads to.
    public typealias Target = Wrapped.Target
    /// The key, or nil.
    public var key: PrimaryKey<Wrapped.Target>? { self?.key }
    /// The row, if it was loaded.
    public var loadedRow: Wrapped.Target? { self?.loadedRow }
    /// Keeps the row, where it leads to one.
    ///
    /// - Parameter row: the row.
    @inlinable
    public mutating func keep(_ row: Wrapped.Target) { self?.keep(row) }
    /// Lets the row be fetched with those of other references, where it leads to one.
    ///
    /// - Parameter group: the other references.
    public mutating func join(_ group: FetchGroup<Wrapped.Target>) { self?.join(group) }
    /// Says which field of the target it holds the value of.
    ///
    /// - Parameter field: the field's name.
    public mutating func point(at field: String) { self?.point(at: field) }
    /// What the column holds; `NULL` where it leads nowhere.
    ///
    /// - Returns: the value.
    /// - Throws: ``ModelError/unsaved(model:)`` where it leads to a value that was not saved.
    public func storedValue() throws(ModelError) -> SQLValue { try self?.storedValue() ?? .null }
}

extension Row {
    /// Reads a reference that holds another field than the target's key.
    ///
    /// - Parameter field: the field's name.
    /// - Returns: the reference.
    /// - Throws: ``DatabaseError/decoding(column:expected:found:)``.
    public mutating func read<Key: RelationKey>(
        pointingAt field: String
    ) throws(DatabaseError) -> Key {
        var key: Key = try read()
        key.point(at: field)
        return key
    }
}
