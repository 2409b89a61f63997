import NuagesCore

extension RelatedSet {
    private var manager: DynamicRelation {
        get throws {
            guard let findRelation else {
                throw UsageError.notAllowed("Rows of \(Source.schema.name) have no owner here.")
            }
            return try findRelation()
        }
    }

    private static func member(
        _ reference: ModelReference<Source>
    ) throws -> DynamicRelation.Member {
        if let row = reference.loaded { return .row(try row.dynamicRow(isNew: !row.id.isSaved)) }
        return .key(try reference.id.saved().sqlValue)
    }

    private static func members(
        _ rows: [some ModelReferenceConvertible<Source>]
    ) throws -> [DynamicRelation.Member] { try rows.map { try member($0.asReference) } }

    private static func assignments<Through: Model>(
        _ manager: DynamicRelation,
        _ changes: (inout Assignments<Through>) -> Void
    ) throws -> [DynamicQuery.Assignment] {
        guard manager.isThrough(Through.info) else {
            throw UsageError.wrongModel(
                found: Through.schema.name,
                expected: manager.throughName ?? "rows in between"
            )
        }
        var assignments = Assignments<Through>()
        changes(&assignments)
        return assignments.byColumns
    }

    // MARK: Creating

    /// Inserts a row that is related to the owner.
    ///
    ///     let choice = try await question.choices.create(
    ///         Choice(question: question, choiceText: "Not much"))
    ///     // INSERT INTO "polls_choice" …
    ///
    /// Its reference becomes one to the owner; a many-to-many relation gets a row in between.
    ///
    /// - Parameter row: the row.
    /// - Returns: the row with its primary key.
    /// - Throws: ``ModelError/unsaved(model:)`` for the set of an unsaved value, ``DatabaseError``.
    @discardableResult
    public func create(_ row: Source) async throws -> Source {
        let manager = try manager
        let row = try related(row, manager)
        let database = try Database.routed(.write, Source.info)
        guard manager.isManyToMany else { return try await Source.defaultManager.create(row) }
        return try await database.atomic(savepoint: false) {
            let new = try await Source.defaultManager.create(row)
            try await manager.add([try Self.member(new.asReference)])
            return new
        }
    }

    /// The row with a reference to the owner.
    private func related(_ row: Source, _ manager: DynamicRelation) throws -> Source {
        guard !manager.isManyToMany else { return row }
        var row = row
        for (name, value) in try manager.ownValues() {
            try Source.meta.field(named: name)?.set(value, of: &row)
        }
        return row
    }

    /// The only related row that satisfies a condition, or a new one that is related.
    ///
    ///     let (tag, isNew) = try await article.tags.getOrCreate(Tag(name: "swift")) {
    ///         $0.name == "swift"
    ///     }
    ///
    /// - Parameters:
    ///   - row: the row that is inserted if none matches.
    ///   - condition: the condition on the fields of the rows.
    /// - Returns: the row, and whether it is new.
    /// - Throws: ``ModelError``, ``FieldError``, ``DatabaseError``.
    @discardableResult
    public func getOrCreate<Condition: QueryExpression>(
        _ row: @autoclosure () throws -> Source,
        where condition: (Source.Fields) -> Condition
    ) async throws -> (model: Source, isNew: Bool) where Condition.Value.Base == Bool {
        let manager = try manager
        let found = try await objects.filter(condition)
            .getOrCreate(try related(try row(), manager))
        if found.isNew { try await link(found.model, manager) }
        return found
    }

    /// The only related row that satisfies a condition, changed, or a new one that is related.
    ///
    /// - Parameters:
    ///   - row: the row that is inserted if none matches.
    ///   - condition: the condition on the fields of the rows.
    ///   - changes: sets fields of the row that matches to values and expressions.
    /// - Returns: the row, and whether it is new.
    /// - Throws: ``ModelError``, ``FieldError``, ``DatabaseError``.
    @discardableResult
    public func updateOrCreate<Condition: QueryExpression>(
        _ row: @autoclosure () throws -> Source,
        where condition: (Source.Fields) -> Condition,
        updating changes: (inout Assignments<Source>) -> Void
    ) async throws -> (model: Source, isNew: Bool) where Condition.Value.Base == Bool {
        let manager = try manager
        let found = try await objects.filter(condition).updateOrCreate(
            try related(try row(), manager),
            updating: changes
        )
        if found.isNew { try await link(found.model, manager) }
        return found
    }

    private func link(_ row: Source, _ manager: DynamicRelation) async throws {
        if manager.isManyToMany { try await manager.add([try Self.member(row.asReference)]) }
    }

    // MARK: Relating

    /// Relates rows to the owner.
    ///
    ///     try await club.members.add(ann, bob)
    ///     // INSERT OR IGNORE INTO "places_club_members" ("club_id", "person_id") VALUES …
    ///     try await question.choices.add(choice)
    ///     // UPDATE "polls_choice" SET "question_id" = ? WHERE "polls_choice"."id" IN (?)
    ///
    /// Many-to-many relations take rows and keys, foreign keys rows. The values that were given are
    /// copies and stay as they are.
    ///
    /// - Parameter rows: the rows, which are saved already.
    /// - Throws: ``UsageError`` for keys where rows are expected, ``ModelError/unsaved(model:)``,
    ///   ``DatabaseError``.
    public func add(_ rows: any ModelReferenceConvertible<Source>...) async throws {
        try await manager.add(try rows.map { try Self.member($0.asReference) })
    }

    /// Relates rows to the owner.
    ///
    /// - Parameter rows: rows or keys.
    /// - Throws: as ``add(_:)``.
    public func add(_ rows: [some ModelReferenceConvertible<Source>]) async throws {
        try await manager.add(try Self.members(rows))
    }

    /// Relates rows to the owner by rows in between, of which more fields are set.
    ///
    ///     try await club.members.add([ann]) { (row: inout Assignments<Membership>) in
    ///         row.set(\.inviter, to: bob)
    ///     }
    ///
    /// Django: `through_defaults`.
    ///
    /// - Parameters:
    ///   - rows: rows or keys.
    ///   - changes: sets fields of the rows in between.
    /// - Throws: ``UsageError`` where the rows in between are of another model, and as ``add(_:)``.
    public func add<Through: Model>(
        _ rows: [some ModelReferenceConvertible<Source>],
        through changes: (inout Assignments<Through>) -> Void
    ) async throws {
        let manager = try manager
        try await manager.add(
            try Self.members(rows),
            through: try Self.assignments(manager, changes)
        )
    }

    /// Unrelates rows from the owner: a foreign key becomes `NULL`, rows in between are deleted.
    ///
    ///     try await club.members.remove(bob)
    ///     // DELETE FROM "places_club_members" WHERE ("club_id" = ? AND "person_id" IN (?))
    ///
    /// - Parameter rows: the rows; for a foreign key rows and no keys.
    /// - Throws: ``UsageError`` where the foreign key cannot be `NULL`,
    ///   ``ModelError/doesNotExist(model:)`` for a row that is not related by a foreign key,
    ///   ``DatabaseError``.
    public func remove(_ rows: any ModelReferenceConvertible<Source>...) async throws {
        try await remove(try rows.map { try Self.member($0.asReference) }, try manager)
    }

    /// Unrelates rows from the owner.
    ///
    /// - Parameter rows: rows or keys.
    /// - Throws: as ``remove(_:)``.
    public func remove(_ rows: [some ModelReferenceConvertible<Source>]) async throws {
        try await remove(try Self.members(rows), try manager)
    }

    private func remove(
        _ members: [DynamicRelation.Member],
        _ manager: DynamicRelation
    ) async throws {
        guard !manager.isManyToMany else {
            try await manager.remove(members)
            return
        }
        // The values that were given may be older than their relation; the database knows.
        let own = try manager.ownValues()
        let related = members.map { member -> DynamicRelation.Member in
            guard case .row(var row) = member else { return member }
            for (name, value) in own { row.set(name, to: value) }
            return .row(row)
        }
        try await Database.routed(.write, Source.info).atomic {
            guard try await manager.remove(related) == members.count else {
                throw ModelError.doesNotExist(model: Source.schema.name)
            }
        }
    }

    /// Unrelates all rows from the owner.
    ///
    /// - Throws: ``UsageError`` where the foreign key cannot be `NULL`, ``DatabaseError``.
    public func clear() async throws { try await manager.clear() }

    /// Relates these rows to the owner and no others.
    ///
    ///     try await club.members.set([ann, bob])
    ///
    /// - Parameters:
    ///   - rows: rows or keys.
    ///   - clearing: whether all are unrelated first.
    /// - Throws: ``UsageError``, ``ModelError``, ``DatabaseError``.
    public func set(
        _ rows: [some ModelReferenceConvertible<Source>],
        clearing: Bool = false
    ) async throws {
        try await manager.set(try Self.members(rows), clears: clearing)
    }

    /// Relates these rows to the owner and no others, by rows in between of which more fields are
    /// set.
    ///
    /// - Parameters:
    ///   - rows: rows or keys.
    ///   - clearing: whether all are unrelated first.
    ///   - changes: sets fields of the rows in between that are new.
    /// - Throws: ``UsageError``, ``ModelError``, ``DatabaseError``.
    public func set<Through: Model>(
        _ rows: [some ModelReferenceConvertible<Source>],
        clearing: Bool = false,
        through changes: (inout Assignments<Through>) -> Void
    ) async throws {
        let manager = try manager
        try await manager.set(
            try Self.members(rows),
            clears: clearing,
            through: try Self.assignments(manager, changes)
        )
    }

    // MARK: Order

    /// The keys of the rows in the order that they keep (`orderWithRespectTo`).
    ///
    /// Django: `get_RELATED_order`.
    ///
    /// - Returns: the keys.
    /// - Throws: ``UsageError`` where the model keeps no order, ``DatabaseError``.
    public func keysInOrder() async throws -> [PrimaryKey<Source>] {
        let owner = try manager.owner
        return try await owner.order(of: Source.schema.name).map { value in
            try value.read(PrimaryKey<Source>.self)
        }
    }

    /// Puts the rows into an order (`orderWithRespectTo`).
    ///
    /// Django: `set_RELATED_order`.
    ///
    /// - Parameter keys: their keys.
    /// - Throws: ``UsageError`` where the model keeps no order, ``DatabaseError``.
    public func setOrder(_ keys: [PrimaryKey<Source>]) async throws {
        let owner = try manager.owner
        try await owner.setOrder(of: Source.schema.name, keys.map(\.sqlValue))
    }
}

extension Model {
    /// The rows behind one of the value's relations, by names.
    func related(_ relation: RelationInfo?, isReverse: Bool) throws -> DynamicRelation {
        guard let relation else {
            throw UsageError.notAllowed("\(Self.schema.name) does not have this relation.")
        }
        return try DynamicRelation(
            owner: try dynamicRow(),
            relation: relation,
            isReverse: isReverse
        )
    }
}

extension DynamicRelation {
    init(owner: DynamicRow, relation: RelationInfo, isReverse: Bool) throws {
        self.init(
            owner: owner,
            relation: relation,
            isReverse: isReverse,
            query: try owner.back(relation, isReverse: isReverse)
        )
    }

    /// Whether the rows in between are of a model.
    func isThrough(_ model: ModelInfo) -> Bool {
        relation.through.map { $0.concrete === model.concrete } ?? false
    }

    /// The name of the model in between.
    var throughName: String? { relation.through?.schema.name }

    /// The columns of rows that refer to the owner, with their values.
    func ownValues() throws -> [(name: String, value: SQLValue)] {
        try relation.pairs.map { pair in
            guard let value = owner.value(of: pair.to), value != .null else {
                throw ModelError.unsaved(model: owner.modelName ?? "row")
            }
            return (pair.from.attributeName, value)
        }
    }
}
