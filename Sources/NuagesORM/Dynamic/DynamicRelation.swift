import NuagesCore

/// The rows behind a relation of a row, to read and to change them.
///
///     let authors = try book.relation("authors")
///     try await authors.add([.row(ann), .key(.int(7))])
///
/// Django: a related manager, such as `book.authors`.
public struct DynamicRelation: Sendable {
    /// A row, or the key of one.
    public enum Member: Sendable {
        /// A row.
        case row(DynamicRow)
        /// The key of a row.
        case key(SQLValue)
    }

    let owner: DynamicRow
    let relation: RelationInfo
    let isReverse: Bool

    /// The rows.
    public let query: DynamicQuery

    var isManyToMany: Bool { relation.kind == .manyToMany }

    /// The relation of the rows in between to this row, and to the others.
    private var ends: (source: FieldInfo, target: FieldInfo, through: ModelInfo) {
        get throws {
            let source = isReverse ? relation.throughTarget : relation.throughSource
            let target = isReverse ? relation.throughSource : relation.throughTarget
            guard let from = source?.field, let to = target?.field, let through = relation.through
            else { throw UsageError.notAllowed("'\(relation.name)' has no rows in between.") }
            return (from, to, through)
        }
    }

    /// Whether each pair is kept in both directions.
    private var isSymmetrical: Bool {
        isManyToMany && relation.source === relation.target
            && relation.schema.relation?.isSymmetrical != false
    }

    /// The values by which the others refer to this row.
    private func ownKey(_ field: FieldInfo) throws -> SQLValue {
        let name = field.targetColumn?.attributeName ?? "pk"
        guard let value = owner[name], value != .null else {
            throw ModelError.unsaved(model: owner.modelName ?? "row")
        }
        return value
    }

    /// Runs `body` in a transaction of the database that the relation is written to.
    private func writing<Result>(_ body: () async throws -> Result) async throws -> Result {
        let model = relation.through ?? query.query.model
        let database = try query.database ?? Database.routed(.write, model)
        return try await database.use { try await database.atomic(savepoint: false, body) }
    }

    private func checkOwner() throws {
        for pair in relation.pairs where owner.value(of: pair.to) ?? .null == .null {
            throw ModelError.unsaved(model: owner.modelName ?? "row")
        }
    }

    // MARK: Creating

    /// Inserts a row and relates it.
    public func create(
        _ values: [DynamicQuery.Assignment],
        through defaults: [DynamicQuery.Assignment] = []
    ) async throws -> DynamicRow {
        guard isManyToMany else {
            try checkOwner()
            return try await query.create(values + [(relation.name, .row(owner))])
        }
        let row = try await DynamicQuery(query.query.model).create(values)
        try await add([.row(row)], through: defaults)
        return row
    }

    /// The only row that lookups find, or a new one that is related.
    public func getOrCreate(
        _ lookups: [DynamicQuery.Assignment],
        defaults: [DynamicQuery.Assignment] = [],
        through throughDefaults: [DynamicQuery.Assignment] = []
    ) async throws -> (row: DynamicRow, isNew: Bool) {
        guard isManyToMany else {
            try checkOwner()
            return try await query.getOrCreate(
                lookups + [(relation.name, .row(owner))],
                defaults: defaults
            )
        }
        let found = try await query.getOrCreate(lookups, defaults: defaults)
        if found.isNew { try await add([.row(found.row)], through: throughDefaults) }
        return found
    }

    /// The only row that lookups find, changed, or a new one that is related.
    public func updateOrCreate(
        _ lookups: [DynamicQuery.Assignment],
        defaults: [DynamicQuery.Assignment] = [],
        createDefaults: [DynamicQuery.Assignment]? = nil
    ) async throws -> (row: DynamicRow, isNew: Bool) {
        guard isManyToMany else {
            try checkOwner()
            return try await query.updateOrCreate(
                lookups + [(relation.name, .row(owner))],
                defaults: defaults,
                createDefaults: createDefaults
            )
        }
        let found = try await query.updateOrCreate(
            lookups,
            defaults: defaults,
            createDefaults: createDefaults
        )
        if found.isNew { try await add([.row(found.row)]) }
        return found
    }

    // MARK: Adding

    /// Relates rows.
    ///
    /// - Parameters:
    ///   - members: the rows; those of a foreign key have to be rows and not keys.
    ///   - defaults: further fields of the rows in between.
    ///   - savesEach: whether the rows of a foreign key are saved one by one, also new ones.
    /// - Throws: ``UsageError``, ``ModelError/unsaved(model:)``, ``DatabaseError``.
    public func add(
        _ members: [Member],
        through defaults: [DynamicQuery.Assignment] = [],
        savesEach: Bool = false
    ) async throws {
        guard isManyToMany else { return try await addRows(members, savesEach: savesEach) }
        guard !members.isEmpty else { return }
        let (source, target, through) = try ends
        let own = try ownKey(source)
        let keys = try keys(of: members, target)
        let symmetrical = isSymmetrical
        try await writing {
            if through.signals.manyToManyChanged.isActive {
                let known = try await linked(source, own, target, keys, through)
                let new = keys.filter { !known.contains($0) }
                try await changing(.preAdd, .postAdd, new) {
                    try await link(source, own, target, keys, through, defaults)
                }
            } else {
                try await link(source, own, target, keys, through, defaults)
            }
            if symmetrical { try await link(target, own, source, keys, through, defaults) }
        }
    }

    private func link(
        _ source: FieldInfo,
        _ own: SQLValue,
        _ target: FieldInfo,
        _ keys: [SQLValue],
        _ through: ModelInfo,
        _ defaults: [DynamicQuery.Assignment]
    ) async throws {
        var keys = keys
        var options = DynamicQuery.BulkOptions()
        options.ignoresConflicts = through.isAutomatic
        if !through.isAutomatic {
            let present = try await linked(source, own, target, keys, through)
            keys.removeAll { present.contains($0) }
        }
        let rows = try keys.map { key in
            try DynamicRow(
                new: through,
                defaults + [
                    (source.attributeName, .value(own)), (target.attributeName, .value(key)),
                ]
            )
        }
        _ = try await DynamicQuery(through).bulkCreate(rows, options)
    }

    /// Those of the keys that are related already.
    private func linked(
        _ source: FieldInfo,
        _ own: SQLValue,
        _ target: FieldInfo,
        _ keys: [SQLValue],
        _ through: ModelInfo
    ) async throws -> Set<SQLValue> {
        var found: Set<SQLValue> = []
        for batch in keys.batches(of: try query.resolvedDatabase().features.maxBindings - 1) {
            let known = try await DynamicQuery(through, .default)
                .filter(
                    .condition(source.attributeName, .value(own)),
                    .condition("\(target.attributeName)__in", .list(batch.map { .value($0) }))
                )
                .values(.field(target.attributeName)).rows()
            found.formUnion(known.compactMap(\.columns.first))
        }
        return found
    }

    /// Makes a change of the rows in between, with the signals around it.
    private func changing(
        _ before: ManyToManyChange.Action,
        _ after: ManyToManyChange.Action,
        _ keys: [SQLValue]?,
        _ body: () async throws -> Void
    ) async throws {
        let receivers = relation.through?.signals.manyToManyChanged
        guard let receivers, receivers.isActive else { return try await body() }
        var change = ManyToManyChange(
            action: before,
            row: owner,
            isReverse: isReverse,
            model: (isReverse ? relation.source : relation.target).label,
            keys: keys,
            database: try Database.current
        )
        for receive in receivers.all { try await receive(change) }
        try await body()
        change.action = after
        for receive in receivers.all { try await receive(change) }
    }

    /// The keys of rows, each once.
    private func keys(of members: [Member], _ field: FieldInfo) throws -> [SQLValue] {
        var keys: [SQLValue] = []
        var seen: Set<SQLValue> = []
        for member in members {
            let key: SQLValue
            switch member {
            case .key(let value): key = try value.prepared(as: ValueType(field))
            case .row(let row):
                try check(row)
                let value = row[field.targetColumn?.attributeName ?? "pk"] ?? .null
                guard value != .null else {
                    throw ModelError.unsaved(model: row.modelName ?? "row")
                }
                key = value
            }
            if seen.insert(key).inserted { keys.append(key) }
        }
        return keys
    }

    private func check(_ row: DynamicRow) throws {
        guard let model = row.model, model.members.inherits(from: query.query.model.concrete) else {
            throw UsageError.wrongModel(
                found: row.modelName ?? "values",
                expected: query.query.model.schema.name
            )
        }
    }

    private func rows(_ members: [Member]) throws -> [DynamicRow] {
        try members.map { member in
            guard case .row(let row) = member else {
                throw UsageError.invalidValue(
                    "Rows of \(query.query.model.schema.name) are expected, no keys."
                )
            }
            try check(row)
            return row
        }
    }

    private func addRows(_ members: [Member], savesEach: Bool) async throws {
        try checkOwner()
        let rows = try rows(members)
        let (relation, owner) = (relation, owner)
        if savesEach {
            return try await writing {
                for var row in rows {
                    try row.assign(relation.name, .row(owner))
                    try await row.save()
                }
            }
        }
        for row in rows where row.isNew {
            throw ModelError.unsaved(model: row.modelName ?? "row")
        }
        guard !rows.isEmpty else { return }
        _ = try await DynamicQuery(query.query.model, .base)
            .filter(.condition("pk__in", .list(rows.map { .row($0) })))
            .update([(relation.name, .row(owner))])
    }

    // MARK: Removing

    /// Unrelates rows.
    ///
    /// - Throws: ``UsageError``, ``ModelError/doesNotExist(model:)`` for a row that is not related
    ///   by a foreign key, ``DatabaseError``.
    /// - Returns: how many rows were unrelated.
    @discardableResult
    public func remove(_ members: [Member], savesEach: Bool = false) async throws -> Int {
        guard isManyToMany else {
            try checkNullable("remove")
            guard !members.isEmpty else { return 0 }
            try checkOwner()
            let rows = try rows(members)
            for row in rows {
                for pair in relation.pairs
                where row.value(of: pair.from) != owner.value(of: pair.to) {
                    throw ModelError.doesNotExist(model: query.query.model.schema.name)
                }
            }
            let related = query.filter(.condition("pk__in", .list(rows.map { .row($0) })))
            return try await clear(related, savesEach: savesEach)
        }
        guard !members.isEmpty else { return 0 }
        let (source, target, through) = try ends
        let own = try ownKey(source)
        let keys = members.map { member -> SQLValue in
            switch member {
            case .key(let value): value
            case .row(let row): row[target.targetColumn?.attributeName ?? "pk"] ?? .null
            }
        }
        return try await unlink(source, own, target, keys, through)
    }

    @discardableResult
    private func unlink(
        _ source: FieldInfo,
        _ own: SQLValue,
        _ target: FieldInfo,
        _ keys: [SQLValue]?,
        _ through: ModelInfo
    ) async throws -> Int {
        func condition(_ source: FieldInfo, _ target: FieldInfo) -> DynamicExpression {
            var parts: [DynamicExpression] = [.condition(source.attributeName, .value(own))]
            if let keys {
                parts.append(
                    .condition("\(target.attributeName)__in", .list(keys.map { .value($0) }))
                )
            }
            return .allOf(parts)
        }
        var all = [condition(source, target)]
        if isSymmetrical { all.append(condition(target, source)) }
        let query = DynamicQuery(through, .default).filter(all.count == 1 ? all[0] : .anyOf(all))
        let isClearing = keys == nil
        return try await writing {
            var count = 0
            try await changing(
                isClearing ? .preClear : .preRemove,
                isClearing ? .postClear : .postRemove,
                keys
            ) { count = try await query.delete().total }
            return count
        }
    }

    /// Unrelates all rows.
    public func clear(savesEach: Bool = false) async throws {
        guard isManyToMany else {
            try checkNullable("clear")
            try checkOwner()
            _ = try await clear(query, savesEach: savesEach)
            return
        }
        let (source, target, through) = try ends
        try await unlink(source, try ownKey(source), target, nil, through)
    }

    private func clear(_ related: DynamicQuery, savesEach: Bool) async throws -> Int {
        let name = relation.name
        guard savesEach else { return try await related.update([(name, nil)]) }
        return try await writing {
            let rows = try await related.rows()
            for var row in rows {
                try row.assign(name, nil)
                try await row.save(DynamicRow.SaveOptions(fields: [name]))
            }
            return rows.count
        }
    }

    private func checkNullable(_ operation: String) throws {
        guard relation.isNullable else {
            throw UsageError.notAllowed(
                "'\(operation)' needs a foreign key that can be NULL, unlike '\(relation.name)'."
            )
        }
    }

    /// Relates these rows and no others.
    ///
    /// - Parameters:
    ///   - members: the rows.
    ///   - clears: whether all are unrelated first.
    ///   - defaults: further fields of the rows in between.
    ///   - savesEach: whether the rows of a foreign key are saved one by one.
    /// - Throws: ``UsageError``, ``ModelError``, ``DatabaseError``.
    public func set(
        _ members: [Member],
        clears: Bool = false,
        through defaults: [DynamicQuery.Assignment] = [],
        savesEach: Bool = false
    ) async throws {
        if !isManyToMany, !relation.isNullable {
            return try await add(members, savesEach: savesEach)
        }
        try await writing {
            if clears {
                try await clear(savesEach: savesEach)
                return try await add(members, through: defaults, savesEach: savesEach)
            }
            let (old, new) = try await difference(members)
            try await remove(old, savesEach: savesEach)
            try await add(new, through: defaults, savesEach: savesEach)
        }
    }

    /// The members that are related and should not be, and those that should be and are not.
    private func difference(_ members: [Member]) async throws -> (old: [Member], new: [Member]) {
        guard isManyToMany else {
            let old = try await query.rows()
            let rows = try rows(members)
            let (kept, known) = (Set(rows.map(\.key)), Set(old.map(\.key)))
            return (
                old.filter { !kept.contains($0.key) }.map { .row($0) },
                rows.filter { !known.contains($0.key) }.map { .row($0) }
            )
        }
        let target = try ends.target
        let name = target.targetColumn?.attributeName ?? "pk"
        let old = try await query.values(.field(name)).rows().compactMap(\.columns.first)
        let known = Set(old)
        var kept: Set<SQLValue> = []
        var new: [Member] = []
        for member in members {
            let key = try keys(of: [member], target)[0]
            kept.insert(key)
            if !known.contains(key) { new.append(member) }
        }
        return (old.filter { !kept.contains($0) }.map { .key($0) }, new)
    }
}

extension DynamicRow {
    /// The rows behind a relation to many, to read and to change them.
    ///
    /// - Throws: ``FieldError/unknownField(name:model:choices:)``, ``ModelError/unsaved(model:)``.
    public func relation(_ name: String) throws -> DynamicRelation {
        guard let query = try related(name),
            let (relation, isReverse) = model?.members.relation(accessor: name),
            relation.leadsToMany(isReverse: isReverse)
        else { throw UsageError.notAllowed("'\(name)' does not lead to many rows.") }
        return DynamicRelation(
            owner: self,
            relation: relation,
            isReverse: isReverse,
            query: query
        )
    }
}
