public import NuagesCore

/// The one row of another model that belongs to a row: the way back of a one-to-one relation, or
/// the row that a reference over several columns leads to.
///
///     @Reverse(\Bar.place) var bar: RelatedOne<Bar>
///
///     try await place.bar.find()       // the bar or nil
///     try await place.bar.get()        // the bar, or an error where there is none
///
/// Django: `place.bar`, which raises `DoesNotExist`.
public struct RelatedOne<Source: Model>: Sendable {
    /// The rows that belong to the row, one at most.
    public let objects: QuerySet<Source>
    /// The row, if it was prefetched; an empty list where there is none.
    public let loaded: [Source]?

    /// The row; no query where it was prefetched.
    ///
    /// - Returns: the row, or nil.
    /// - Throws: ``ModelError/unsaved(model:)`` for the relation of an unsaved value.
    public func find() async throws -> Source? {
        if let loaded { return loaded.first }
        do {
            return try await objects.get()
        } catch ModelError.doesNotExist {
            return nil
        }
    }

    /// The row; no query where it was prefetched.
    ///
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none.
    public func get() async throws -> Source {
        if let loaded {
            guard let row = loaded.first else {
                throw ModelError.doesNotExist(model: Source.schema.name)
            }
            return row
        }
        return try await objects.get()
    }
}

extension RelatedOne: ContextConvertible {
    /// The row, queried when a template needs it; none where there is none.
    public var contextValue: ContextValue {
        if let loaded { return loaded.first.map { .object($0) } ?? .none }
        return .deferred { try await self.find().map { .object($0) } ?? .none }
    }

    /// The members of the row.
    public static var contextShape: ContextShape { Source.contextShape }
}

extension RelatedOne {
    /// The row whose one-to-one relation leads to `owner`.
    ///
    /// - Parameters:
    ///   - owner: the row that it refers to.
    ///   - foreignKey: the relation.
    ///   - loaded: the row, if it was prefetched.
    public init<Key: RelationKey>(
        of owner: Key.Target,
        by foreignKey: any KeyPath<Source, Key> & Sendable,
        loaded: PrefetchedRows<Source>?
    ) {
        objects = Source.baseManager.referring(to: owner, by: foreignKey)
        self.loaded = loaded?.rows
    }

    /// The row that a reference over several columns leads to.
    ///
    /// - Parameters:
    ///   - owner: the row that has the columns.
    ///   - name: the name of the reference.
    ///   - loaded: the row, if it was prefetched.
    public init<Owner: Model>(
        of owner: Owner,
        along name: String,
        loaded: PrefetchedRows<Source>?
    ) {
        objects = Source.baseManager.matching(owner, along: name)
        self.loaded = loaded?.rows
    }

    /// The row that has `owner` as its parent.
    ///
    /// - Parameters:
    ///   - owner: the row of the parent model.
    ///   - parent: the property under `@Parent`.
    ///   - loaded: the row, if it was prefetched.
    public init<Owner: Model>(
        of owner: Owner,
        by parent: any KeyPath<Source, Owner> & Sendable,
        loaded: PrefetchedRows<Source>?
    ) {
        objects = Source.baseManager.filtered(
            .lookup(.exact, .field(RelationPath(), "pk"), owner.id.operand),
            isNegated: false
        )
        self.loaded = loaded?.rows
    }
}
