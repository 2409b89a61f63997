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
    public var objects: QuerySet<Source> { makeObjects() }
    @usableFromInline let makeObjects: @Sendable () -> QuerySet<Source>
    /// The rows, if they were prefetched.
    public let loaded: [Source]?
    /// The relation with its owner, for what changes it.
    @usableFromInline let findRelation: (@Sendable () throws -> DynamicRelation)?

    @inlinable
    init(
        objects makeObjects: @autoclosure @escaping @Sendable () -> QuerySet<Source>,
        loaded: [Source]?,
        findRelation: (@Sendable () throws -> DynamicRelation)?
    ) {
        self.makeObjects = makeObjects
        self.loaded = loaded
        self.findRelation = findRelation
    }

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

extension RelatedSet {
    /// The rows whose foreign key leads to `owner`.
    ///
    /// - Parameters:
    ///   - owner: the row that they refer to.
    ///   - foreignKey: the foreign key.
    ///   - loaded: the rows, if they were prefetched.
    @inlinable
    public init<Key: RelationKey>(
        of owner: Key.Target,
        by foreignKey: any KeyPath<Source, Key> & Sendable,
        loaded: PrefetchedRows<Source>?
    ) {
        self.init(
            objects: Source.defaultManager.referring(to: owner, by: foreignKey),
            loaded: loaded?.rows,
            findRelation: { try Self.relation(of: owner, by: foreignKey) }
        )
    }

    @usableFromInline
    static func relation<Key: RelationKey>(
        of owner: Key.Target,
        by foreignKey: any KeyPath<Source, Key> & Sendable
    ) throws -> DynamicRelation {
        let name = Source.meta.relationName(foreignKey) ?? ""
        return try owner.related(Source.info.members.relation(name), isReverse: true)
    }

    /// The rows whose many-to-many relation leads to `owner`.
    ///
    /// - Parameters:
    ///   - owner: the row that they refer to.
    ///   - relation: the relation.
    ///   - loaded: the rows, if they were prefetched.
    public init<Owner: Model>(
        of owner: Owner,
        by relation: any KeyPath<Source, RelatedSet<Owner>> & Sendable,
        loaded: PrefetchedRows<Source>?
    ) {
        self.init(
            objects: Source.defaultManager.leading(
                to: owner,
                by: Source.meta.relationName(relation)
            ),
            loaded: loaded?.rows,
            findRelation: {
                let name = Source.meta.relationName(relation) ?? ""
                return try owner.related(Source.info.members.relation(name), isReverse: true)
            }
        )
    }

    /// The rows whose reference over several columns leads to `owner`.
    ///
    /// - Parameters:
    ///   - owner: the row that they refer to.
    ///   - relation: the relation.
    ///   - loaded: the rows, if they were prefetched.
    public init<Owner: Model>(
        of owner: Owner,
        by relation: any KeyPath<Source, RelatedOne<Owner>> & Sendable,
        loaded: PrefetchedRows<Source>?
    ) {
        self.init(
            objects: Source.defaultManager.leading(
                to: owner,
                by: Source.meta.relationName(relation)
            ),
            loaded: loaded?.rows,
            findRelation: {
                let name = Source.meta.relationName(relation) ?? ""
                return try owner.related(Source.info.members.relation(name), isReverse: true)
            }
        )
    }

    /// The rows that a many-to-many relation of `owner` leads to.
    ///
    /// - Parameters:
    ///   - owner: the row that has the relation.
    ///   - name: the name of the relation.
    ///   - loaded: the rows, if they were prefetched.
    public init<Owner: Model>(
        of owner: Owner,
        along name: String,
        loaded: PrefetchedRows<Source>?
    ) {
        let field = Owner.schema.fields.first { $0.name == name }
        let back = field.map { ModelRegistry.queryName(of: $0, in: Owner.schema) }
        self.init(
            objects: Source.defaultManager.leading(to: owner, by: back),
            loaded: loaded?.rows,
            findRelation: {
                try owner.related(Owner.info.members.relation(name), isReverse: false)
            }
        )
    }
}

extension QuerySet {
    /// The rows whose reference leads to `owner`, by its key or the field that the reference is of.
    @usableFromInline
    func referring<Key: RelationKey>(
        to owner: Key.Target,
        by foreignKey: any KeyPath<M, Key> & Sendable
    ) -> QuerySet {
        let schema = M.meta.field(foreignKey)?.schema
        let target = schema?.relation?.targetField.flatMap { Key.Target.meta.field(named: $0) }
        return filtered(
            .condition(
                [schema?.name ?? "", "exact"],
                target.map { .value($0.value(of: owner)) } ?? owner.id.operand
            ),
            isNegated: false
        )
    }

    /// The rows that a relation by its name in lookups leads from to `owner`.
    func leading<Owner: Model>(to owner: Owner, by name: String?) -> QuerySet {
        // What the next filter says of the relation, it says of the same row.
        with { $0.add(.sticky) }
            .filtered(.condition([name ?? "", "pk", "exact"], owner.id.operand), isNegated: false)
    }

    /// The rows whose columns have the values of `owner` that a reference over several columns
    /// names.
    func matching<Owner: Model>(_ owner: Owner, along name: String) -> QuerySet {
        let relation = Owner.schema.fields.first { $0.name == name }?.relation
        let pairs = zip(relation?.fromFields ?? [], relation?.toFields ?? [])
        let conditions = pairs.map { from, to -> ExpressionNode in
            let value = Owner.meta.field(named: from)?.value(of: owner) ?? .null
            // Nothing equals NULL: such a reference leads nowhere.
            return value == .null
                ? .condition([to, "in"], .list([])) : .condition([to, "exact"], .value(value))
        }
        return filtered(.all(conditions), isNegated: false)
    }
}

extension RelationPath {
    /// The path that follows many-to-many relations back to the model that has them.
    ///
    /// - Parameter relation: the relation of the other model.
    /// - Returns: the longer path.
    public func followingBack<Source: Model, Target: Model>(
        _ relation: any KeyPath<Source, RelatedSet<Target>> & Sendable
    ) -> Self { following(back: Source.meta.relationName(relation), in: Source.schema) }

    /// The path that follows a reference over several columns back to the model that has it.
    ///
    /// - Parameter relation: the relation of the other model.
    /// - Returns: the longer path.
    public func followingBack<Source: Model, Target: Model>(
        _ relation: any KeyPath<Source, RelatedOne<Target>> & Sendable
    ) -> Self { following(back: Source.meta.relationName(relation), in: Source.schema) }

    /// The path from a parent's row to that of the model that has it.
    ///
    /// - Parameter parent: the property under `@Parent` of the other model.
    /// - Returns: the longer path.
    public func followingBack<Source: Model, Target: Model>(
        _ parent: any KeyPath<Source, Target> & Sendable
    ) -> Self { following(back: Source.meta.relationName(parent), in: Source.schema) }

    private func following(back name: String?, in source: ModelSchema) -> Self {
        guard let field = source.fields.first(where: { $0.name == name }) else { return self }
        return following(ModelRegistry.queryName(of: field, in: source))
    }
}
