public import NuagesCore

/// A reference to a row of another model: the key, and the row if it was loaded with it.
///
///     let choice = try await Choice.objects.get(1)
///     choice.question.id                        // no query
///     try await choice.question.get()           // one query
///
///     let loaded = try await Choice.objects.selectRelated(\.question).get(1)
///     try await loaded.question.get()           // no query
public struct ModelReference<Target: Model>: Sendable {
    // A class, so that a model can refer to itself.
    @usableFromInline
    final class Box: Sendable {
        @usableFromInline let value: Target

        @inlinable
        init(_ value: Target) { self.value = value }
    }

    /// What is known of the row.
    @usableFromInline
    enum Content: Sendable {
        case key
        case row(Box)
        /// It is fetched together with the rows of other references, or not at all.
        case group(FetchGroup<Target>)
    }

    /// The key of the row.
    public let id: PrimaryKey<Target>
    @usableFromInline var content: Content

    /// A reference to the row with a key.
    ///
    /// - Parameter id: the key.
    @inlinable
    public init(_ id: PrimaryKey<Target>) {
        self.id = id
        content = .key
    }

    /// A reference to a row, which is kept.
    ///
    /// - Parameter value: the row.
    @inlinable
    public init(_ value: Target) {
        id = value.id
        content = .row(Box(value))
    }

    /// The row, if it was loaded.
    @inlinable public var loaded: Target? {
        switch content {
        case .key: nil
        case .row(let box): box.value
        case .group(let group): group.loaded(id.sqlValue)
        }
    }

    /// The row.
    ///
    /// - Returns: the loaded row, or that which one query finds.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none any more,
    ///   ``ModelError/fetchBlocked(model:)`` for rows of a query with ``FetchMode/raises``.
    public func get() async throws -> Target {
        switch content {
        case .key: try await Target.baseManager.get(id)
        case .row(let box): box.value
        case .group(let group): try await group.get(id.sqlValue)
        }
    }

    /// Lets the row be fetched with those of other references.
    ///
    /// - Parameter group: the other references.
    public mutating func join(_ group: FetchGroup<Target>) { content = .group(group) }
}

extension ModelReference: Hashable {
    /// Whether both lead to the same row.
    public static func == (left: Self, right: Self) -> Bool { left.id == right.id }
    /// Hashes the key.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension ModelReference: FieldValue {
    /// `ForeignKey`.
    public static var fieldType: FieldType { .foreignKey }

    /// Reads the key.
    ///
    /// - Parameter column: the column as the driver holds it.
    /// - Throws: ``DecodingFailure`` where it holds something else.
    @inlinable
    public init(column: ColumnValue) throws(DecodingFailure) {
        self.init(try PrimaryKey<Target>(column: column))
    }

    /// The key.
    @inlinable public var sqlValue: SQLValue { id.sqlValue }
    /// The key; a query with an unsaved one fails.
    public var operand: ExpressionNode { id.operand }
}

extension ModelReference: ContextConvertible {
    /// The row: at once if it was loaded, else queried when a template needs it.
    public var contextValue: ContextValue {
        if let loaded { return .object(loaded) }
        guard id.isSaved else { return .none }
        return .deferred { .object(try await self.get()) }
    }
}

/// What can be given where a model asks for a reference: a row, its key or a reference.
public protocol ModelReferenceConvertible<ReferencedModel>: Sendable {
    /// The model it leads to.
    associatedtype ReferencedModel: Model
    /// The reference.
    var asReference: ModelReference<ReferencedModel> { get }
}

extension ModelReference: ModelReferenceConvertible {
    /// Itself.
    public var asReference: Self { self }
}

extension PrimaryKey: ModelReferenceConvertible {
    /// A reference to the row with this key.
    public var asReference: ModelReference<M> { ModelReference(self) }
}
