/// The rows of a model that refer to a row of another by a generic reference: its way back.
///
///     @Model(app: "zoo")
///     struct Animal { var name = "" }
///
///     extension Animal: GenericRelationOwner {
///         static let tags = GenericRelation<Animal, TaggedItem>(TaggedItem.contentObject)
///         static var genericRelations: [any GenericRelationLink] { [tags] }
///     }
///
///     try await Animal.tags.add(TaggedItem(tag: "fat", …), to: lion)
///     try await Animal.tags.of(lion).filter { $0.tag == "fat" }.count()
///     Animal.objects.filter { _ in Animal.tags.contains { $0.tag == "fat" } }
///
/// Rows that refer to a row are deleted with it where the model says that it is a
/// ``GenericRelationOwner``.
///
/// Django: `GenericRelation`.
public struct GenericRelation<Owner: Model, Source: Model>: Sendable {
    /// The reference that leads to the rows of the owner.
    public let reference: GenericForeignKey<Source>

    /// The way back of a reference.
    ///
    /// - Parameter reference: the reference.
    public init(_ reference: GenericForeignKey<Source>) { self.reference = reference }

    /// The rows that refer to a row.
    ///
    /// - Parameter owner: a row that was saved.
    /// - Returns: a query set.
    /// - Throws: ``FieldError/unsavedValue(model:)``, ``DatabaseError``.
    public func of(_ owner: Owner) async throws -> QuerySet<Source> {
        try await reference.rows(referringTo: owner)
    }

    /// The rows that refer to each of several rows, with one query.
    ///
    /// Django: `prefetch_related("tags")`.
    ///
    /// - Parameters:
    ///   - owners: rows that were saved.
    ///   - set: the rows that are taken.
    /// - Returns: the rows that refer to each of `owners`, in their order.
    /// - Throws: ``DatabaseError``.
    public func prefetch(
        _ owners: [Owner],
        from set: QuerySet<Source> = Source.defaultManager
    ) async throws -> [[Source]] {
        guard !owners.isEmpty else { return [] }
        let type = try await ContentType.of(
            Owner.self,
            forConcreteModel: reference.forConcreteModel
        )
        guard let field = Source.meta.field(named: reference.keyName) else {
            return owners.map { _ in [] }
        }
        let kind = ValueType(field.schema)
        let keys = owners.map { kind.converted($0.id.sqlValue) ?? .null }
        let condition = ExpressionNode.all([
            .condition([reference.typeName], .value(type.id.sqlValue)),
            .condition([reference.keyName, "in"], .list(keys.map { .value($0) })),
        ])
        var found: [SQLValue: [Source]] = [:]
        for row in try await set.filtered(condition, isNegated: false).all() {
            found[field.value(of: row), default: []].append(row)
        }
        return keys.map { found[$0] ?? [] }
    }

    /// Whether a row of the owner is referred to by a row that satisfies a condition.
    ///
    ///     Animal.objects.filter { _ in Animal.tags.contains { $0.tag == "furry" } }
    ///     // "zoo_animal"."id" IN (SELECT U0."object_id" FROM "tags_taggeditem" U0 INNER JOIN
    ///     // "django_content_type" U1 … WHERE U1."app_label" = 'zoo' AND … AND U0."tag" = 'furry')
    ///
    /// Django: `Animal.objects.filter(tags__tag="furry")`.
    ///
    /// - Parameter condition: the condition on the rows that refer.
    /// - Returns: a condition on rows of the owner.
    public func contains<Condition: QueryExpression>(
        _ condition: (Source.Fields) -> Condition
    ) -> NuagesORM.Condition where Condition.Value.Base == Bool {
        let owner = reference.forConcreteModel ? Owner.info.concrete : Owner.info
        let rows = QuerySet<Source>().filtered(
            .all([
                ContentType.condition([reference.typeName], owner),
                condition(Source.Fields(path: RelationPath())).node,
            ]),
            isNegated: false
        )
        let keys = keyQuery(rows)
        return ComputedExpression(.compared(.in, .reference(["pk"]), .subquery(keys, nil)))
    }

    /// The query of the keys that rows refer to, as the owner's key has them.
    private func keyQuery(_ rows: QuerySet<Source>) -> Query {
        let key = Owner.info.keyFields.first.map { ValueType($0) } ?? .integer
        let name = reference.keyName
        let own = Source.meta.field(named: name).map { ValueType($0.schema) }
        let query = rows.query.adding(.order([]))
        guard own?.family != key.family else { return query.adding(.values([.field(name)])) }
        var target = key
        target.target = nil
        let cast = ExpressionNode.call(FunctionCall(.cast, [.reference([name])], type: target))
        return query.adding(.values([.expression("generic_object_key", cast)]))
    }

    // MARK: Writing

    /// Makes rows refer to a row, and saves them.
    ///
    /// - Parameters:
    ///   - rows: the rows that will refer.
    ///   - owner: a row that was saved.
    /// - Returns: the rows as they were saved.
    /// - Throws: ``FieldError/unsavedValue(model:)``, ``DatabaseError``.
    @discardableResult
    public func add(_ rows: Source..., to owner: Owner) async throws -> [Source] {
        try await add(rows, to: owner)
    }

    /// Makes rows refer to a row, and saves them.
    ///
    /// - Parameters:
    ///   - rows: the rows that will refer.
    ///   - owner: a row that was saved.
    /// - Returns: the rows as they were saved.
    /// - Throws: ``FieldError/unsavedValue(model:)``, ``DatabaseError``.
    @discardableResult
    public func add(_ rows: [Source], to owner: Owner) async throws -> [Source] {
        var saved: [Source] = []
        for var row in rows {
            try await reference.point(&row, to: owner)
            try await row.save()
            saved.append(row)
        }
        return saved
    }

    /// Deletes rows that refer to a row; others stay.
    ///
    /// - Parameters:
    ///   - rows: the rows.
    ///   - owner: the row that they refer to.
    /// - Throws: ``FieldError/unsavedValue(model:)``, ``DatabaseError``.
    public func remove(_ rows: [Source], from owner: Owner) async throws {
        let keys = rows.map(\.id)
        try await of(owner).filtered(
            .condition(["pk", "in"], .list(keys.map(\.operand))),
            isNegated: false
        ).delete()
    }

    /// Deletes all rows that refer to a row.
    ///
    /// - Parameter owner: the row that they refer to.
    /// - Throws: ``FieldError/unsavedValue(model:)``, ``DatabaseError``.
    public func clear(_ owner: Owner) async throws { try await of(owner).delete() }

    /// Makes rows those that refer to a row: others that do are deleted.
    ///
    /// - Parameters:
    ///   - rows: the rows.
    ///   - owner: the row that they refer to.
    /// - Throws: ``FieldError/unsavedValue(model:)``, ``DatabaseError``.
    public func set(_ rows: [Source], of owner: Owner) async throws {
        try await Database.current.atomic {
            let keys = rows.map(\.id).filter(\.isSaved)
            try await of(owner).filtered(
                .condition(["pk", "in"], .list(keys.map(\.operand))),
                isNegated: true
            ).delete()
            try await add(rows, to: owner)
        }
    }
}

/// The way back of a generic reference, as deletions know it.
public protocol GenericRelationLink: Sendable {
    /// The model of the rows that refer.
    var sourceType: any Model.Type { get }
    /// The name of the foreign key to the content type.
    var contentTypeField: String { get }
    /// The name of the field that holds the row's key.
    var objectIDField: String { get }
    /// Whether rows of proxies count as rows of the model whose table they are in.
    var isForConcreteModel: Bool { get }
}

extension GenericRelation: GenericRelationLink {
    /// The model of the rows that refer.
    public var sourceType: any Model.Type { Source.self }
    /// The name of the foreign key to the content type.
    public var contentTypeField: String { reference.typeName }
    /// The name of the field that holds the row's key.
    public var objectIDField: String { reference.keyName }
    /// Whether rows of proxies count as rows of the model whose table they are in.
    public var isForConcreteModel: Bool { reference.forConcreteModel }
}

/// A model whose rows take the rows with them that refer to them by generic references.
public protocol GenericRelationOwner: Model {
    /// The ways back of the references.
    static var genericRelations: [any GenericRelationLink] { get }
}

extension ModelInfo {
    /// The ways back of generic references that lead to the model.
    var genericRelations: [any GenericRelationLink] {
        (type as? any GenericRelationOwner.Type)?.genericRelations ?? []
    }
}

extension GenericRelationLink {
    /// The query of the rows that refer to rows of a model.
    func query(_ model: ModelInfo, _ keys: [SQLValue]) -> Query {
        let owner = isForConcreteModel ? model.concrete : model
        return Query(sourceType.info).adding(
            .filter(
                .all([
                    ContentType.condition([contentTypeField], owner),
                    .condition([objectIDField, "in"], .list(keys.map { .value($0) })),
                ]),
                isNegated: false
            )
        )
    }
}
