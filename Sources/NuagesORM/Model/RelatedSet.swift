public import NuagesCore

/// The rows of another model that refer to a row: the way back of a foreign key.
///
///     try await question.choices.all()                          // one query
///     try await question.choices.filter { $0.votes > 3 }.count()
///     question.choices.loaded                                   // after prefetch(\.choices)
///
/// Django: `question.choice_set`.
public struct RelatedSet<Source: Model>: Sendable {
    /// The rows that refer to the row.
    public let objects: QuerySet<Source>
    /// The rows, if they were prefetched.
    public let loaded: [Source]?

    /// All of the rows; no query where they were prefetched.
    ///
    /// - Returns: the rows.
    /// - Throws: ``ModelError/unsaved(model:)`` for the set of an unsaved value.
    public func all() async throws -> [Source] {
        if let loaded { return loaded }
        return try await objects.all()
    }

    /// The number of rows; no query where they were prefetched.
    ///
    /// - Returns: the number.
    /// - Throws: ``ModelError/unsaved(model:)`` for the set of an unsaved value.
    public func count() async throws -> Int {
        if let loaded { return loaded.count }
        return try await objects.count()
    }

    /// The rows that satisfy a condition.
    ///
    /// - Parameter condition: the condition on the fields of the rows.
    /// - Returns: a query set.
    public func filter<Condition: QueryExpression>(
        _ condition: (Source.Fields) -> Condition
    ) -> QuerySet<Source> where Condition.Value.Base == Bool {
        objects.filter(condition)
    }

    /// The row with a key, if it refers to the row.
    ///
    /// - Parameter id: the key.
    /// - Returns: the row.
    /// - Throws: ``ModelError/doesNotExist(model:)`` where there is none.
    public func get(_ id: PrimaryKey<Source>) async throws -> Source {
        try await objects.get(id)
    }
}

extension RelatedSet: ContextObject {
    /// `all`, `count` and `exists`, as a template calls them.
    ///
    /// - Parameter name: the name.
    /// - Returns: the member, queried when a template needs it.
    public func contextMember(_ name: String) -> ContextValue? {
        switch name {
        case "all":
            if let loaded { return .array(loaded.map { .object($0) }) }
            return .deferred { .array(try await self.all().map { .object($0) }) }
        case "count": return .deferred { .int(try await self.count()) }
        case "exists": return .deferred { .bool(try await self.objects.exists()) }
        default: return nil
        }
    }

    /// The name of the model of the rows.
    public var contextDescription: ContextValue { .string("\(Source.label) related set") }
}

/// The rows that a prefetch loaded for a row.
public struct PrefetchedRows<Source: Model>: Sendable {
    // A class, so that models can refer to each other.
    private final class Box: Sendable {
        let rows: [Source]
        init(_ rows: [Source]) { self.rows = rows }
    }

    private let box: Box

    init(_ rows: [Source]) { box = Box(rows) }

    var rows: [Source] { box.rows }
}

/// A relation of another model that leads here, as `@Reverse` declares it.
public struct ReverseField<M: Model>: Sendable {
    /// The property's name in Django's spelling.
    public let name: String
    /// The property.
    let keyPath: any PartialKeyPath<M> & Sendable
    /// The model that refers here.
    let source: any Model.Type
    /// What a template sees of the property.
    let contextValue: @Sendable (M) -> ContextValue
    private let findAccessor: @Sendable () -> String
    /// Loads the rows that refer to the models, with one query.
    let prefetch: @Sendable (inout [M], Database) async throws -> Void

    /// The name that Django gives it: `choice_set`, or the `relatedName` of the foreign key.
    var accessor: String { findAccessor() }

    /// A relation of another model that leads here.
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
            findAccessor: {
                // Asked when it is needed: models may refer to each other.
                guard let field = Source.meta.field(foreignKey) else { return name }
                return ModelRegistry.accessor(of: field.schema, in: Source.schema)
            },
            prefetch: { try await load(storage, foreignKey, of: &$0, $1) }
        )
    }

    private static func load<Source: Model, Key: RelationKey>(
        _ storage: any WritableKeyPath<M, PrefetchedRows<Source>?> & Sendable,
        _ foreignKey: any KeyPath<Source, Key> & Sendable,
        of models: inout [M],
        _ database: Database
    ) async throws where Key.Target == M {
        let keys = try models.map { model throws(ModelError) in try model.id.saved().sqlValue }
        var groups: [PrimaryKey<M>?: [Source]] = [:]
        for batch in keys.batches(of: database.features.maxBindings) {
            let rows = try await Source.objects.using(database)
                .referring(to: batch, by: foreignKey).all()
            groups.merge(
                Dictionary(grouping: rows) { $0[keyPath: foreignKey].key },
                uniquingKeysWith: +
            )
        }
        for index in models.indices {
            models[index][keyPath: storage] = PrefetchedRows(groups[models[index].id] ?? [])
        }
    }
}

extension RelatedSet {
    /// The rows whose foreign key leads to `owner`.
    ///
    /// - Parameters:
    ///   - owner: the row that they refer to.
    ///   - foreignKey: the foreign key.
    ///   - loaded: the rows, if they were prefetched.
    public init<Key: RelationKey>(
        of owner: Key.Target,
        by foreignKey: any KeyPath<Source, Key> & Sendable,
        loaded: PrefetchedRows<Source>?
    ) {
        let name = Source.meta.field(foreignKey)?.schema.name ?? ""
        let objects = Source.objects.filtered(
            .condition([name, "exact"], owner.id.operand),
            isNegated: false
        )
        self.init(objects: objects, loaded: loaded?.rows)
    }
}

/// The type of a foreign key's property: a reference, optional or not.
public protocol RelationKey: FieldValue {
    /// The model it leads to.
    associatedtype Target: Model
    /// The key it holds; nil where it leads nowhere.
    var key: PrimaryKey<Target>? { get }
}

extension ModelReference: RelationKey {
    /// The key.
    public var key: PrimaryKey<Target>? { id }
}

extension Optional: RelationKey where Wrapped: RelationKey {
    /// The model it leads to.
    public typealias Target = Wrapped.Target
    /// The key, or nil.
    public var key: PrimaryKey<Wrapped.Target>? { self?.key }
}
