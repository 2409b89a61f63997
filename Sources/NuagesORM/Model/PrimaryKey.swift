public import NuagesCore

/// The primary key of a row of one model; keys of two models do not mix.
///
///     let id: Question.ID = 5
///     try await Question.objects.get(id)
@frozen
public struct PrimaryKey<M: Model>: Sendable, Hashable {
    /// What the column holds; nil for a value that was not saved yet.
    public let value: M.KeyValue?

    /// The key of a row.
    ///
    /// - Parameter value: what the column holds.
    @inlinable
    public init(_ value: M.KeyValue) { self.value = value }

    @usableFromInline
    init() { value = nil }

    /// The key of a row whose parent's key is `parent`; unsaved where that is.
    ///
    /// - Parameter parent: the key of the row of the parent model.
    @inlinable
    public init<Parent: Model>(of parent: PrimaryKey<Parent>) where Parent.KeyValue == M.KeyValue {
        value = parent.value
    }

    /// The key of a value that was not saved yet.
    @inlinable
    public static var unsaved: Self { Self() }

    /// Whether there is a key.
    @inlinable
    public var isSaved: Bool { value != nil }

    /// What the column holds.
    ///
    /// - Returns: the key.
    /// - Throws: ``ModelError/unsaved(model:)`` where there is none yet.
    public func saved() throws(ModelError) -> M.KeyValue {
        guard let value else { throw .unsaved(model: M.label) }
        return value
    }
}

extension PrimaryKey: ExpressibleByIntegerLiteral where M.KeyValue == Int {
    /// The key of a row.
    ///
    /// - Parameter value: the number.
    public init(integerLiteral value: Int) { self.init(value) }
}

extension PrimaryKey: CustomStringConvertible {
    /// The key, or `unsaved`.
    public var description: String { value?.description ?? "unsaved" }
}

extension PrimaryKey: ContextConvertible {
    /// The key, or none.
    @inlinable
    public var contextValue: ContextValue { value?.contextValue ?? .none }
}

extension PrimaryKey: FieldValue {
    /// `BigAutoField` for numbers, else the kind of the key's type.
    public static var fieldType: FieldType {
        M.KeyValue.isCountedUp ? .bigAutoField : M.KeyValue.fieldType
    }

    /// Reads a key.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` where it holds something else.
    @inlinable
    public init(column: ColumnValue) throws(DecodingFailure) {
        self.init(try M.KeyValue(column: column))
    }

    /// The key, or `NULL`.
    @inlinable
    public var sqlValue: SQLValue { value?.sqlValue ?? .null }

    /// The key; a query with an unsaved one fails.
    public var operand: ExpressionNode {
        value.map { .value($0.sqlValue) } ?? .invalid(.unsavedValue(model: M.label))
    }
}
