/// A reference to a row of any model: a content type, and the row's key.
///
///     @Model(app: "tags")
///     struct TaggedItem {
///         var tag = ""
///         @ForeignKey(onDelete: .cascade) var contentType: ContentType.Reference
///         var objectID: Int
///         @GenericForeignKey(\TaggedItem.contentType, \TaggedItem.objectID)
///         var object: GenericObject<TaggedItem>
///     }
///
///     var item = TaggedItem(tag: "furry", contentType: …, objectID: …)
///     try await TaggedItem.object.point(&item, to: lion)
///     try await item.object.find()                                 // the lion
///     try await TaggedItem.objects.prefetch(\.object).all()        // a query for each model
///
/// The attribute makes `TaggedItem.object`, which is such a reference. A model that is to keep no rows
/// can have `static let object = GenericForeignKey(\TaggedItem.contentType, \.objectID)` in its place.
///
/// The key is a number, text or UUID, as the keys of the models are that it leads to; text takes all.
///
/// Django: `GenericForeignKey`.
public struct GenericForeignKey<Source: Model>: Sendable {
    /// The path of the content type, as lookups name it.
    let typeName: String
    /// The name of the field of the key.
    let keyName: String
    /// Whether rows of proxies count as rows of the model whose table they are in.
    let forConcreteModel: Bool
    /// Keeps the row that a row refers to.
    private let keep: (@Sendable (inout Source, KeptObject) -> Void)?
    private let typeKey: @Sendable (Source) -> PrimaryKey<ContentType>?
    private let key: @Sendable (Source) -> SQLValue
    private let set: @Sendable (inout Source, ContentType?, SQLValue) throws -> Void

    /// A reference by two fields.
    ///
    /// - Parameters:
    ///   - contentType: the foreign key to the content type.
    ///   - objectID: the field that holds the row's key.
    ///   - forConcreteModel: whether rows of proxies count as rows of the model whose table they
    ///     are in.
    ///   - storage: the property that keeps the row it refers to.
    public init<TypeKey: RelationKey, Key: FieldValue>(
        _ contentType: any WritableKeyPath<Source, TypeKey> & Sendable,
        _ objectID: any WritableKeyPath<Source, Key> & Sendable,
        forConcreteModel: Bool = true,
        storage: (any WritableKeyPath<Source, KeptObject?> & Sendable)? = nil
    ) where TypeKey.Target == ContentType {
        typeName = Source.meta.field(contentType)?.schema.name ?? "content_type"
        keyName = Source.meta.field(objectID)?.schema.name ?? "object_id"
        self.forConcreteModel = forConcreteModel
        if let storage {
            keep = { source, object in source[keyPath: storage] = object }
        } else {
            keep = nil
        }
        typeKey = { $0[keyPath: contentType].key }
        key = { $0[keyPath: objectID].sqlValue }
        let (typeName, keyName) = (typeName, keyName)
        set = { source, type, value in
            let typeValue = type?.id.sqlValue ?? .null
            try Source.meta.field(named: typeName)?.set(typeValue, of: &source)
            guard let field = Source.meta.field(named: keyName) else { return }
            guard let converted = ValueType(field.schema).converted(value) else {
                throw FieldError.invalidValue(
                    field: keyName,
                    expected: field.schema.type.rawValue
                )
            }
            try field.set(converted, of: &source)
        }
    }

    // MARK: Reading

    /// The row that a row refers to; nil where it refers to none, or to one that is gone.
    ///
    /// - Parameter source: the row that refers.
    /// - Returns: a row of whichever model it is.
    /// - Throws: ``DatabaseError``.
    public func object(of source: Source) async throws -> (any Model)? {
        try await objects(of: [source])[0]
    }

    /// The row that a row refers to, where it is of a model.
    ///
    /// - Parameters:
    ///   - source: the row that refers.
    ///   - type: the model.
    /// - Returns: the row; nil where there is none or it is of another model.
    /// - Throws: ``DatabaseError``.
    public func object<M: Model>(of source: Source, as type: M.Type) async throws -> M? {
        try await object(of: source) as? M
    }

    /// The rows that rows refer to, with one query for each model.
    ///
    ///     let animals = Animal.objects.filter { $0.name != "lion" }.selectRelated(\.zoo)
    ///     try await TaggedItem.contentObject.objects(of: items, from: [GenericRows(animals)])
    ///
    /// Django: `prefetch_related("content_object")` and `GenericPrefetch`.
    ///
    /// - Parameters:
    ///   - sources: the rows that refer.
    ///   - sets: the query sets that rows of their models are taken from; of other models all rows.
    /// - Returns: a row of whichever model it is, for each of `sources`, in their order.
    /// - Throws: ``DatabaseError``.
    public func objects(
        of sources: [Source],
        from sets: [GenericRows] = []
    ) async throws -> [(any Model)?] {
        try await objects(of: sources, sets, try Database.routed(.read, ContentType.info), nil)
    }

    /// The rows that rows refer to, with the content types of one database and the rows of another;
    /// of that of each model where there is none.
    private func objects(
        of sources: [Source],
        _ sets: [GenericRows],
        _ types: Database,
        _ database: Database?
    ) async throws -> [(any Model)?] {
        var keys: [ContentType.KeyValue: [SQLValue]] = [:]
        for source in sources {
            guard let type = typeKey(source)?.value, key(source) != .null else { continue }
            keys[type, default: []].append(key(source))
        }
        guard !keys.isEmpty else { return sources.map { _ in nil } }
        let known = try await ContentType.rows(keys.keys.sorted(), types)
        var found: [ContentType.KeyValue: [SQLValue: any Model]] = [:]
        for (number, wanted) in keys.sorted(by: { $0.key < $1.key }) {
            guard let model = known[number]?.modelType else { continue }
            let rows = sets.first { $0.isOf(model) } ?? GenericRows(all: model)
            found[number] = try await rows.fetch(wanted, database)
        }
        return sources.map { source in
            typeKey(source)?.value.flatMap { found[$0]?[key(source)] }
        }
    }

    /// Loads the rows that rows refer to, and keeps each with the row that refers to it.
    func load(
        _ sources: inout [Source],
        _ sets: [GenericRows],
        _ database: Database
    ) async throws {
        guard let keep else { return }
        let rows = try await objects(of: sources, sets, database, database)
        for (index, row) in zip(sources.indices, rows) {
            keep(&sources[index], KeptObject(of: sources[index], along: self, row))
        }
    }

    /// What a row refers by: the key of the content type, and that of the row.
    func address(of source: Source) -> [SQLValue] {
        [typeKey(source)?.sqlValue ?? .null, key(source)]
    }

    // MARK: Writing

    /// Makes a row refer to another; it is not saved.
    ///
    /// - Parameters:
    ///   - source: the row that refers.
    ///   - object: a row that was saved; nil for none, where the fields may be `NULL`.
    /// - Throws: ``FieldError/unsavedValue(model:)``, ``FieldError/invalidValue(field:expected:)``
    ///   for a key that the field cannot hold, ``DatabaseError``.
    public func point(_ source: inout Source, to object: (any Model)?) async throws {
        guard let object else {
            try set(&source, nil, .null)
            keep?(&source, KeptObject(of: source, along: self, nil))
            return
        }
        let type = try await ContentType.of(
            Swift.type(of: object),
            forConcreteModel: forConcreteModel
        )
        let key = Self.key(of: object)
        if key == .null { throw FieldError.unsavedValue(model: Swift.type(of: object).label) }
        try set(&source, type, key)
        keep?(&source, KeptObject(of: source, along: self, object))
    }

    /// The value of the primary key of a row.
    static func key(of object: some Model) -> SQLValue { object.id.sqlValue }

    // MARK: Filtering

    /// The rows that refer to a row.
    ///
    ///     try await TaggedItem.contentObject.rows(referringTo: lion).count()
    ///     // … WHERE "content_type_id" = 9 AND "object_id" = 1
    ///
    /// - Parameter object: a row that was saved.
    /// - Returns: a query set.
    /// - Throws: ``FieldError/unsavedValue(model:)``, ``DatabaseError``.
    public func rows(referringTo object: some Model) async throws -> QuerySet<Source> {
        let key = Self.key(of: object)
        if key == .null { throw FieldError.unsavedValue(model: Swift.type(of: object).label) }
        let type = try await ContentType.of(
            Swift.type(of: object),
            forConcreteModel: forConcreteModel
        )
        return Source.defaultManager.filtered(
            .all([
                .condition([typeName], .value(type.id.sqlValue)),
                .condition([keyName], .value(key)),
            ]),
            isNegated: false
        )
    }
}

/// The rows of a model that generic references are followed to.
///
/// Django: a query set of `GenericPrefetch`.
public struct GenericRows: Sendable {
    private let model: ModelInfo
    /// Fetches the rows with some keys from a database; nil for that of the query set or model.
    let fetch: @Sendable ([SQLValue], Database?) async throws -> [SQLValue: any Model]

    /// The rows of a query set.
    ///
    /// - Parameter set: a query set that is not limited.
    public init<M: Model>(_ set: QuerySet<M>) {
        model = M.info
        fetch = { keys, database in
            guard let field = M.info.keyFields.first else { return [:] }
            // The keys as the reference holds them, which may be text.
            let type = ValueType(field)
            var wanted: [SQLValue: [SQLValue]] = [:]
            for key in keys {
                if let own = type.converted(key) { wanted[own, default: []].append(key) }
            }
            let database = try set.database ?? database ?? set.resolvedDatabase()
            var found: [SQLValue: any Model] = [:]
            for batch in Array(wanted.keys).batches(of: database.features.maxBindings / 2) {
                let condition = ExpressionNode.condition(
                    ["pk", "in"],
                    .list(batch.map { .value($0) })
                )
                let rows = set.using(database).filtered(condition, isNegated: false)
                for row in try await rows.all() {
                    for key in wanted[row.id.sqlValue] ?? [] { found[key] = row }
                }
            }
            return found
        }
    }

    /// All rows of a model.
    init(all model: any Model.Type) { self = Self.all(model) }

    private static func all<M: Model>(_ model: M.Type) -> Self { Self(M.baseManager) }

    /// Whether the rows are those of a model; of a proxy they are those of its base.
    func isOf(_ other: any Model.Type) -> Bool { model.concrete === other.info.concrete }
}
