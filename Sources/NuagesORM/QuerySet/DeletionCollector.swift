/// How many rows a deletion removed.
public struct Deletion: Sendable, Hashable {
    /// The number of rows of all models.
    public var total: Int { counts.values.reduce(0, +) }
    /// The number of rows by model, such as `polls.Choice`.
    public var counts: [String: Int]

    /// Rows that were deleted.
    ///
    /// - Parameter counts: the number of rows by model.
    public init(counts: [String: Int] = [:]) { self.counts = counts }
}

/// Finds the rows that go with deleted ones, and deletes them in an order that keys allow.
///
/// Source: Django's `Collector`.
struct DeletionCollector {
    /// A row with the columns that others refer to.
    struct Instance: Sendable {
        let key: [SQLValue]
        let values: [FieldInfo: SQLValue]

        /// The row as receivers of signals get it.
        func row(_ model: ModelInfo) -> SignalRow {
            let columns = model.members.columns
            return .named(
                DynamicRow(
                    model: model,
                    layout: RowLayout(columns.map(\.attributeName)),
                    values: columns.map { [values[$0] ?? .null] }
                )
            )
        }
    }

    /// Rows whose key is set to something else.
    struct Change {
        let field: FieldInfo
        let value: ExpressionNode
        var conditions: [ExpressionNode]
    }

    private struct Restriction {
        let relation: RelationInfo
        var keys: [[SQLValue]]
    }

    let database: Database
    var order: [ModelInfo] = []
    var rows: [ModelInfo: [Instance]] = [:]
    var known: [ModelInfo: Set<[SQLValue]>] = [:]
    var dependencies: [ModelInfo: Set<ModelInfo>] = [:]
    var fastDeletes: [Query] = []
    var changes: [Change] = []
    private var restrictions: [ModelInfo: [Restriction]] = [:]
    /// Whether the rows of parents stay.
    var keepsParents = false
    /// The label of the model whose rows are deleted, with all that goes with them.
    var origin = ""

    init(_ database: Database) { self.database = database }

    // MARK: Which rows can go at once

    private static func skips(_ rule: DeleteRule?) -> Bool {
        switch rule {
        case .doNothing, .databaseCascade, .databaseSetNull, .databaseSetDefault, nil: true
        default: false
        }
    }

    /// The relations that lead to the model from rows that may have to go too.
    private static func candidates(_ model: ModelInfo) -> [RelationInfo] {
        model.members.reverses.filter { $0.kind != .manyToMany }
    }

    func canDeleteAtOnce(_ model: ModelInfo, from relation: RelationInfo? = nil) -> Bool {
        if let relation, relation.deleteRule != .cascade { return false }
        // Receivers are told of each row.
        if model.signals.hasDelete { return false }
        let parents = model.concrete.members.parents
        return parents.allSatisfy { $0.link == relation } && model.genericRelations.isEmpty
            && Self.candidates(model).allSatisfy { Self.skips($0.deleteRule) }
    }

    // MARK: Deleting

    /// Deletes the rows of a query with all that goes with them.
    mutating func delete(_ query: Query) async throws -> Deletion {
        origin = query.model.label
        if canDeleteAtOnce(query.model) {
            fastDeletes.append(query)
        } else {
            let found = try await instances(of: query)
            try await collect(query.model, found)
        }
        return try await execute()
    }

    /// Deletes one row.
    mutating func delete(_ model: ModelInfo, _ instance: Instance) async throws -> Deletion {
        origin = model.label
        if canDeleteAtOnce(model) {
            var deletion = Deletion()
            try await remove(model, [instance.key], &deletion)
            return deletion
        }
        try await collect(model, [instance])
        return try await execute()
    }

    /// The columns that have to be known of a row of the model.
    static func neededFields(_ model: ModelInfo, isWhole: Bool = false) -> [FieldInfo] {
        var fields = model.members.primaryKey
        if isWhole { fields += model.members.columns }
        for relation in candidates(model) { fields += relation.pairs.map(\.to) }
        for parent in model.concrete.members.parents { fields += parent.link.pairs.map(\.from) }
        var seen: Set<FieldInfo> = []
        return fields.filter { seen.insert($0).inserted }
    }

    // MARK: Collecting

    private mutating func add(
        _ model: ModelInfo,
        _ instances: [Instance],
        source: ModelInfo?,
        isNullable: Bool,
        isReversed: Bool
    ) -> [Instance] {
        guard !instances.isEmpty else { return [] }
        note(model)
        let new = instances.filter { known[model, default: []].insert($0.key).inserted }
        rows[model, default: []] += new
        if let source, !isNullable { depend(source, on: model, isReversed: isReversed) }
        return new
    }

    private mutating func note(_ model: ModelInfo) {
        guard rows[model] == nil else { return }
        rows[model] = []
        order.append(model)
    }

    private mutating func depend(_ model: ModelInfo, on other: ModelInfo, isReversed: Bool) {
        let (first, second) = isReversed ? (other, model) : (model, other)
        dependencies[first.concrete, default: []].insert(second.concrete)
        note(second)
    }

    private mutating func collect(
        _ model: ModelInfo,
        _ instances: [Instance],
        source: ModelInfo? = nil,
        isNullable: Bool = false,
        followsRelations: Bool = true,
        isReversed: Bool = false,
        checksRestrictions: Bool = true,
        depth: Int = 0
    ) async throws {
        guard depth < 200 else {
            throw FieldError.invalidQuery("Rows refer to each other more than 200 deep.")
        }
        let new = add(
            model,
            instances,
            source: source,
            isNullable: isNullable,
            isReversed: isReversed
        )
        guard !new.isEmpty else { return }
        if !keepsParents {
            for (parent, link) in model.concrete.members.parents {
                try await collect(
                    parent,
                    Self.parts(new, link),
                    source: model,
                    followsRelations: false,
                    isReversed: true,
                    checksRestrictions: false,
                    depth: depth + 1
                )
            }
        }
        guard followsRelations else { return }
        try await follow(model, new, depth)
        if checksRestrictions { try await checkRestrictions(model) }
    }

    /// The rows of a parent that are parts of rows of its child.
    private static func parts(_ instances: [Instance], _ link: RelationInfo) -> [Instance] {
        instances.compactMap { instance in
            let key = link.pairs.compactMap { instance.values[$0.from] }
            guard key.count == link.pairs.count else { return nil }
            return Instance(key: key, values: instance.values)
        }
    }

    private mutating func follow(
        _ model: ModelInfo,
        _ instances: [Instance],
        _ depth: Int
    ) async throws {
        var protecting: [String] = []
        var fast: [(model: ModelInfo, relations: [RelationInfo])] = []
        for relation in Self.candidates(model) {
            let source = relation.source
            if keepsParents, model.members.inherits(from: source), source !== model { continue }
            if Self.skips(relation.deleteRule) { continue }
            if canDeleteAtOnce(source, from: relation) {
                if let index = fast.firstIndex(where: { $0.model === source }) {
                    fast[index].relations.append(relation)
                } else {
                    fast.append((source, [relation]))
                }
                continue
            }
            for batch in instances.batches(of: batchSize(of: [relation])) {
                guard let condition = Self.condition([relation], batch) else { continue }
                try await apply(relation, to: model, condition, &protecting, depth)
            }
        }
        for link in model.genericRelations {
            for batch in instances.batches(of: database.features.maxBindings - 3) {
                let query = link.query(model, batch.compactMap(\.key.first))
                let found = try await self.instances(of: query)
                try await collect(
                    query.model,
                    found,
                    source: model,
                    isNullable: true,
                    depth: depth + 1
                )
            }
        }
        if !protecting.isEmpty {
            throw ModelError.protected(model: model.schema.name, by: protecting)
        }
        for (source, relations) in fast {
            for batch in instances.batches(of: batchSize(of: relations)) {
                guard let condition = Self.condition(relations, batch) else { continue }
                fastDeletes.append(Query(source).adding(.filter(condition, isNegated: false)))
            }
        }
    }

    /// For how many rows a statement binds what leads to them by relations.
    private func batchSize(of relations: [RelationInfo]) -> Int {
        let width = relations.reduce(0) { $0 + max(1, $1.pairs.count) }
        return (database.features.maxBindings - 1) / max(1, width)
    }

    /// Rows that refer to the instances.
    private static func condition(
        _ relations: [RelationInfo],
        _ instances: [Instance]
    ) -> ExpressionNode? {
        let parts = relations.compactMap { relation -> ExpressionNode? in
            guard let field = relation.field, let end = relation.pairs.first?.to else {
                let tuples = instances.map { instance in
                    ExpressionNode.list(
                        relation.pairs.map { .value(instance.values[$0.to] ?? .null) }
                    )
                }
                return .condition([relation.name, "in"], .list(tuples))
            }
            let values = instances.compactMap { $0.values[end] }
            return .condition([field.attributeName, "in"], .list(values.map { .value($0) }))
        }
        return parts.count > 1 ? .any(parts) : parts.first
    }

    private mutating func apply(
        _ relation: RelationInfo,
        to model: ModelInfo,
        _ condition: ExpressionNode,
        _ protecting: inout [String],
        _ depth: Int
    ) async throws {
        let query = Query(relation.source).adding(.filter(condition, isNegated: false))
        switch relation.deleteRule {
        case .setNull:
            for pair in relation.pairs where pair.from.schema.isNullable {
                change(pair.from, .value(.null), condition)
            }
        case .setValue:
            guard let field = relation.field else { return }
            change(field, .value(relation.schema.relation?.deleteValue ?? .null), condition)
        case .setDefault:
            for pair in relation.pairs {
                change(pair.from, .value(pair.from.schema.constantDefault), condition)
            }
        case .protect:
            if try await !instances(of: query).isEmpty {
                protecting.append("\(relation.source.schema.name).\(relation.name)")
            }
        case .restrict:
            let found = try await instances(of: query)
            guard !found.isEmpty else { return }
            restrict(relation, found)
            depend(model, on: relation.source, isReversed: false)
        case .cascade:
            let found = try await instances(of: query)
            guard !found.isEmpty else { return }
            if relation.isNullable, !database.features.supportsDeferrableConstraints {
                // The order of models does not count on such references, the database's checks do.
                for pair in relation.pairs where pair.from.schema.isNullable {
                    change(pair.from, .value(.null), condition)
                }
            }
            try await collect(
                relation.source,
                found,
                source: relation.target,
                isNullable: relation.isNullable,
                checksRestrictions: false,
                depth: depth + 1
            )
        default: break
        }
    }

    private mutating func change(
        _ field: FieldInfo,
        _ value: ExpressionNode,
        _ condition: ExpressionNode
    ) {
        if let index = changes.firstIndex(where: { $0.field == field && $0.value == value }) {
            changes[index].conditions.append(condition)
        } else {
            changes.append(Change(field: field, value: value, conditions: [condition]))
        }
    }

    // MARK: Restrictions

    private mutating func restrict(_ relation: RelationInfo, _ found: [Instance]) {
        var known = restrictions[relation.source] ?? []
        if let index = known.firstIndex(where: { $0.relation == relation }) {
            known[index].keys += found.map(\.key)
        } else {
            known.append(Restriction(relation: relation, keys: found.map(\.key)))
        }
        restrictions[relation.source] = known
    }

    /// Restricted rows may go if they are deleted for another reason.
    private mutating func checkRestrictions(_ model: ModelInfo) async throws {
        for (source, keys) in known { allow(source, keys) }
        for query in fastDeletes where restrictions[query.model] != nil {
            let keys = (restrictions[query.model] ?? []).flatMap(\.keys)
            guard !keys.isEmpty else { continue }
            let condition = ExpressionNode.condition(["pk", "in"], .list(keys.map(Self.node)))
            let going = try await instances(of: query.adding(.filter(condition, isNegated: false)))
            allow(query.model, Set(going.map(\.key)))
        }
        let left = restrictions.values.flatMap { $0 }.filter { !$0.keys.isEmpty }
        guard left.isEmpty else {
            throw ModelError.restricted(
                model: model.schema.name,
                by: left.map { "\($0.relation.source.schema.name).\($0.relation.name)" }.sorted()
            )
        }
    }

    private mutating func allow(_ model: ModelInfo, _ keys: Set<[SQLValue]>) {
        guard var known = restrictions[model] else { return }
        for index in known.indices { known[index].keys.removeAll { keys.contains($0) } }
        restrictions[model] = known
    }
}

extension [[SQLValue]] {
    /// Keys in ascending order, where they have one.
    var sortedKeys: [[SQLValue]] {
        sorted { left, right in
            for (first, second) in zip(left, right) where first != second {
                switch (first, second) {
                case (.int(let a), .int(let b)): return a < b
                case (.text(let a), .text(let b)):
                    return a.utf8.lexicographicallyPrecedes(b.utf8)
                default: return false
                }
            }
            return false
        }
    }
}

extension FieldSchema {
    /// The initial value, where it is a constant.
    var constantDefault: SQLValue {
        if case .value(let value)? = defaultValue { value } else { .null }
    }
}

extension ModelSchema {
    /// `polls.Question`, as Django's `delete` counts rows.
    var fullName: String { "\(app).\(name)" }
}
