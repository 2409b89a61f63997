public import NuagesCore

/// A reference to a row by a unique field that is not its primary key.
///
///     @ForeignKey(onDelete: .setNull, to: "num") var creator: FieldReference<Creator, Int>?
///
///     report.creator = FieldReference(1001, \.num)
///     try await report.creator?.get()             // Creator with num = 1001
///
/// Django: `ForeignKey(to_field=…)`.
public struct FieldReference<Target: Model, Value: FieldValue & Hashable>: Sendable {
    // A class, so that a model can refer to itself.
    private final class Box: Sendable {
        let value: Target
        init(_ value: Target) { self.value = value }
    }

    /// The value of the row's field.
    public let value: Value
    private var field: String
    private var box: Box?
    private var group: FetchGroup<Target>?

    /// A reference to the row whose field has a value.
    ///
    /// - Parameters:
    ///   - value: the value.
    ///   - field: the unique field.
    public init(_ value: Value, _ field: any KeyPath<Target, Value> & Sendable) {
        self.value = value
        self.field = Target.meta.field(field)?.schema.name ?? ""
    }

    /// A reference to a row, which is kept.
    ///
    /// - Parameters:
    ///   - row: the row.
    ///   - field: the unique field.
    public init(_ row: Target, _ field: any KeyPath<Target, Value> & Sendable) {
        self.init(row[keyPath: field], field)
        box = Box(row)
    }

    /// The row, if it was loaded.
    public var loaded: Target? { box?.value ?? group?.loaded(value.sqlValue) }

    /// The row.
    ///
    /// - Returns: the loaded row, or that which one query finds.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none any more.
    public func get() async throws -> Target {
        if let box { return box.value }
        if let group { return try await group.get(value.sqlValue) }
        let set = Target.baseManager.filtered(
            .condition([field, "exact"], value.operand),
            isNegated: false
        )
        return try await set.get()
    }
}

extension FieldReference: Hashable {
    /// Whether both lead to the same row.
    public static func == (left: Self, right: Self) -> Bool { left.value == right.value }
    /// Hashes the value.
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

extension FieldReference: RelationKey {
    /// `ForeignKey`.
    public static var fieldType: FieldType { .foreignKey }

    /// Reads the value; ``point(at:)`` says of which field.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` where it holds something else.
    public init(column: ColumnValue) throws(DecodingFailure) {
        value = try Value(column: column)
        field = ""
    }

    /// The value.
    public var sqlValue: SQLValue { value.sqlValue }
    /// The primary key of the row, if it was loaded.
    public var key: PrimaryKey<Target>? { loaded?.id }
    /// The row, if it was loaded.
    public var loadedRow: Target? { loaded }
    /// Keeps the row that has the value.
    ///
    /// - Parameter row: the row.
    public mutating func keep(_ row: Target) { box = Box(row) }
    /// Lets the row be fetched with those of other references.
    ///
    /// - Parameter group: the other references.
    public mutating func join(_ group: FetchGroup<Target>) { self.group = group }
    /// Says which field of the target has the value.
    ///
    /// - Parameter field: the field's name.
    public mutating func point(at field: String) { self.field = field }
    /// The value.
    ///
    /// - Returns: the value.
    public func storedValue() throws(ModelError) -> SQLValue { value.sqlValue }
}

extension FieldReference: ContextConvertible {
    /// The row: at once if it was loaded, else queried when a template needs it.
    public var contextValue: ContextValue {
        if let loaded { return .object(loaded) }
        return .deferred { .object(try await self.get()) }
    }

    /// The members of the row that it leads to.
    public static var contextShape: ContextShape { Target.contextShape }
}
