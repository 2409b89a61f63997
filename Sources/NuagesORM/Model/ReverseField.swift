import NuagesCore

/// The rows that a prefetch loaded for a row.
public struct PrefetchedRows<Source: Model>: Sendable {
    // A class, so that models can refer to each other.
    @usableFromInline
    final class Box: Sendable {
        @usableFromInline let rows: [Source]

        @inlinable
        init(_ rows: [Source]) { self.rows = rows }
    }

    @usableFromInline let box: Box

    @inlinable
    init(_ rows: [Source]) { box = Box(rows) }

    @inlinable var rows: [Source] { box.rows }
}

/// Where a model keeps the rows that a prefetch loaded.
struct RelatedStorage<M: Model>: Sendable {
    /// The rows, if they were loaded.
    let loaded: @Sendable (M) -> [any Model]?
    /// Keeps rows; those of another model are left out.
    let fill: @Sendable (inout M, [any Model]) -> Void
    /// Keeps a list of rows; one of another model's rows changes nothing.
    let keep: @Sendable (inout M, any Sendable) -> Void
    /// Makes what reads the row behind the model's own columns.
    let makePart: @Sendable (RelatedRows, ReadPass) -> RelatedReader<M>.Part

    init<Source: Model>(_ storage: any WritableKeyPath<M, PrefetchedRows<Source>?> & Sendable) {
        loaded = { $0[keyPath: storage]?.rows }
        fill = { model, rows in
            model[keyPath: storage] = PrefetchedRows(rows.compactMap { $0 as? Source })
        }
        keep = { model, rows in
            if let rows = rows as? [Source] { model[keyPath: storage] = PrefetchedRows(rows) }
        }
        makePart = { related, pass in
            let reader = RelatedReader<Source>(related, pass)
            return { model, row in
                let found = try reader.read(from: &row)
                model[keyPath: storage] = PrefetchedRows(found.map { [$0] } ?? [])
            }
        }
    }
}

/// A relation whose rows are in another table: the way back of a relation, as `@Reverse` declares
/// it, or a relation of the model itself that has no column of its own.
public struct ReverseField<M: Model>: Sendable {
    /// The property's name in Django's spelling.
    public let name: String
    /// The property.
    let keyPath: any PartialKeyPath<M> & Sendable
    /// The model of the rows.
    let source: any Model.Type
    /// What a template sees of the property.
    let contextValue: @Sendable (M) -> ContextValue
    let findAccessor: @Sendable () -> String
    /// The name of the relation in the model that declares it.
    let findName: @Sendable () -> String?
    /// Where the rows are kept.
    let rows: RelatedStorage<M>
    /// Whether there is one row at most.
    var isSingle = false
    /// The name that Django gives it: `choice_set`, or the `relatedName` of the foreign key.
    var accessor: String { findAccessor() }

    /// The way back of a foreign key.
    ///
    /// - Parameters:
    ///   - name: the property's name in Django's spelling.
    ///   - keyPath: the property.
    ///   - storage: the property that holds prefetched rows.
    ///   - foreignKey: the foreign key of the other model.
    /// - Returns: the relation.
    public static func of<Source: Model, Key: RelationKey>(
        _ name: String,
        _ keyPath: any KeyPath<M, RelatedSet<Source>> & Sendable,
        storage: any WritableKeyPath<M, PrefetchedRows<Source>?> & Sendable,
        _ foreignKey: any KeyPath<Source, Key> & Sendable
    ) -> Self where Key.Target == M {
        Self(
            name: name,
            keyPath: keyPath,
            source: Source.self,
            contextValue: { $0[keyPath: keyPath].contextValue },
            findAccessor: { Source.accessor(back: foreignKey) ?? name },
            findName: { Source.meta.relationName(foreignKey) },
            rows: RelatedStorage(storage)
        )
    }

    /// The way back of a one-to-one relation.
    ///
    /// - Parameters:
    ///   - name: the property's name in Django's spelling.
    ///   - keyPath: the property.
    ///   - storage: the property that holds a prefetched row.
    ///   - foreignKey: the relation of the other model.
    /// - Returns: the relation.
    public static func of<Source: Model, Key: RelationKey>(
        _ name: String,
        _ keyPath: any KeyPath<M, RelatedOne<Source>> & Sendable,
        storage: any WritableKeyPath<M, PrefetchedRows<Source>?> & Sendable,
        _ foreignKey: any KeyPath<Source, Key> & Sendable
    ) -> Self where Key.Target == M {
        Self(
            name: name,
            keyPath: keyPath,
            source: Source.self,
            contextValue: { $0[keyPath: keyPath].contextValue },
            findAccessor: { Source.accessor(back: foreignKey) ?? name },
            findName: { Source.meta.relationName(foreignKey) },
            rows: RelatedStorage(storage),
            isSingle: true
        )
    }

    /// The way from a parent's row to that of the model that has it.
    ///
    /// - Parameters:
    ///   - name: the property's name in Django's spelling.
    ///   - keyPath: the property.
    ///   - storage: the property that holds a prefetched row.
    ///   - parent: the property under `@Parent` of the other model.
    /// - Returns: the relation.
    public static func of<Source: Model>(
        _ name: String,
        _ keyPath: any KeyPath<M, RelatedOne<Source>> & Sendable,
        storage: any WritableKeyPath<M, PrefetchedRows<Source>?> & Sendable,
        _ parent: any KeyPath<Source, M> & Sendable
    ) -> Self {
        Self(
            name: name,
            keyPath: keyPath,
            source: Source.self,
            contextValue: { $0[keyPath: keyPath].contextValue },
            findAccessor: { Source.accessor(back: parent) ?? name },
            findName: { Source.meta.relationName(parent) },
            rows: RelatedStorage(storage),
            isSingle: true
        )
    }

    /// The way back of many-to-many relations.
    ///
    /// - Parameters:
    ///   - name: the property's name in Django's spelling.
    ///   - keyPath: the property.
    ///   - storage: the property that holds prefetched rows.
    ///   - relation: the relation of the other model.
    /// - Returns: the relation.
    public static func of<Source: Model>(
        _ name: String,
        _ keyPath: any KeyPath<M, RelatedSet<Source>> & Sendable,
        storage: any WritableKeyPath<M, PrefetchedRows<Source>?> & Sendable,
        _ relation: any KeyPath<Source, RelatedSet<M>> & Sendable
    ) -> Self {
        Self(
            name: name,
            keyPath: keyPath,
            source: Source.self,
            contextValue: { $0[keyPath: keyPath].contextValue },
            findAccessor: { Source.accessor(back: relation) ?? name },
            findName: { Source.meta.relationName(relation) },
            rows: RelatedStorage(storage)
        )
    }

    /// The way back of a reference over several columns.
    ///
    /// - Parameters:
    ///   - name: the property's name in Django's spelling.
    ///   - keyPath: the property.
    ///   - storage: the property that holds prefetched rows.
    ///   - relation: the relation of the other model.
    /// - Returns: the relation.
    public static func of<Source: Model>(
        _ name: String,
        _ keyPath: any KeyPath<M, RelatedSet<Source>> & Sendable,
        storage: any WritableKeyPath<M, PrefetchedRows<Source>?> & Sendable,
        _ relation: any KeyPath<Source, RelatedOne<M>> & Sendable
    ) -> Self {
        Self(
            name: name,
            keyPath: keyPath,
            source: Source.self,
            contextValue: { $0[keyPath: keyPath].contextValue },
            findAccessor: { Source.accessor(back: relation) ?? name },
            findName: { Source.meta.relationName(relation) },
            rows: RelatedStorage(storage)
        )
    }

    /// Whether the property is the way back of a relation.
    func leads(along relation: RelationInfo) -> Bool {
        guard let name = findName(), name.equalsBytes(relation.name) else { return false }
        return source.info.members.inherits(from: relation.source)
    }
}

extension Model {
    /// The name that Django gives the way back of a relation of this model.
    fileprivate static func accessor(back relation: PartialKeyPath<Self>) -> String? {
        // Asked when it is needed: models may refer to each other.
        guard let name = meta.relationName(relation),
            let field = schema.fields.first(where: { $0.name == name })
        else { return nil }
        return ModelRegistry.accessor(of: field, in: schema)
    }
}
