import NuagesCore

extension DynamicQuery {
    /// The rows.
    ///
    /// - Returns: the rows in their order.
    /// - Throws: ``FieldError`` and ``UsageError`` for mistakes in the query, ``DatabaseError``.
    public func rows() async throws -> [DynamicRow] {
        let database = try resolvedDatabase()
        var rows = try await found(in: database)
        try await complete(&rows, database)
        return rows
    }

    /// Gives rows what belongs to them besides their columns.
    func complete(_ rows: inout [DynamicRow], _ database: Database) async throws {
        for known in known { for index in rows.indices { known.settle(&rows[index]) } }
        if !prefetches.isEmpty {
            if shape == .values {
                throw UsageError.notAllowed("Related rows cannot be prefetched behind values.")
            }
            try await DynamicPrefetch.load(prefetches, into: &rows, database)
        }
        if fetchMode != .one, shape == .models { join(&rows, database) }
    }

    /// The statement, and what reads its rows; nil where the query is known to find nothing.
    func selection(for database: Database) throws -> (SQLStatement, DynamicRowReader)? {
        let resolved = try query.resolved()
        try database.checkLock(of: query)
        var compiler = SelectCompiler(resolved, database.writer)
        let selected: SelectCompiler.Selected
        do {
            selected = try compiler.select()
        } catch ConstantCondition.nothing {
            return nil
        }
        return (selected.sql.statement(database.dialect), DynamicRowReader(resolved, selected))
    }

    private func found(in database: Database) async throws -> [DynamicRow] {
        guard let (statement, reader) = try selection(for: database) else { return [] }
        return try await database.perform(statement, mode: .read) { connection in
            var rows: [DynamicRow] = []
            _ = try connection.run(statement) { row in rows.append(try reader.read(&row)) }
            return rows
        }
    }

    /// The only row.
    ///
    /// - Throws: ``ModelError/doesNotExist(model:)``,
    ///   ``ModelError/multipleObjectsReturned(model:count:)``, and what ``rows()`` throws.
    public func get() async throws -> DynamicRow {
        var copy = self
        let resolved = try query.resolved()
        if !resolved.isSliced, resolved.distinctFields.isEmpty { copy.query.add(.order([])) }
        copy.query.add(.slice(nil, QueryLimits.get))
        let rows = try await copy.rows()
        guard rows.count <= 1 else {
            throw ModelError.multipleObjectsReturned(
                model: query.model.schema.name,
                count: rows.count
            )
        }
        guard let row = rows.first else {
            throw ModelError.doesNotExist(model: query.model.schema.name)
        }
        return row
    }

    /// The first row; by the primary key where there is no order.
    public func first() async throws -> DynamicRow? { try await end("first", isLast: false) }

    /// The last row; by the primary key where there is no order.
    public func last() async throws -> DynamicRow? { try await end("last", isLast: true) }

    private func end(_ name: String, isLast: Bool) async throws -> DynamicRow? {
        let resolved = try query.resolved()
        var copy = self
        if resolved.isOrdered || !resolved.usesDefaultOrdering {
            if isLast { copy.query.add(.reverse) }
        } else {
            try resolved.checkOrderOfGroups(name)
            copy.query.add(.order([Ordering(name: isLast ? "-pk" : "pk")]))
        }
        copy.query.add(.slice(nil, 1))
        return try await copy.rows().first
    }

    /// The row that comes first by some fields, or by those that the model names.
    public func earliest(_ names: [String] = []) async throws -> DynamicRow {
        try await byDate(names, isLatest: false)
    }

    /// The row that comes last by some fields, or by those that the model names.
    public func latest(_ names: [String] = []) async throws -> DynamicRow {
        try await byDate(names, isLatest: true)
    }

    private func byDate(_ names: [String], isLatest: Bool) async throws -> DynamicRow {
        guard try !query.resolved().isSliced else {
            throw UsageError.notAllowed("A query cannot be ordered once it is sliced.")
        }
        let names = names.isEmpty ? query.model.schema.latestBy : names
        guard !names.isEmpty else {
            throw UsageError.notAllowed(
                "'\(query.model.schema.name)' does not say by which fields it has a latest row."
            )
        }
        var copy = self
        if isLatest { copy.query.add(.reverse) }
        copy.query.add(.order(names.map { Ordering(name: $0) }))
        copy.query.add(.slice(nil, 1))
        return try await copy.get()
    }

    /// The row at a position.
    ///
    /// - Throws: ``UsageError`` for a negative position or where there are fewer rows.
    public func row(at index: Int) async throws -> DynamicRow {
        let rows = try await slice(index, index + 1).rows()
        guard let row = rows.first else {
            throw UsageError.notAllowed("There is no row at position \(index).")
        }
        return row
    }

    /// The number of rows.
    public func count() async throws -> Int {
        let row = try await aggregate([("__count", .aggregate("Count", [.all]))])
        if case .int(let number)? = row["__count"] { return number }
        return 0
    }

    /// Whether there is a row.
    public func exists() async throws -> Bool {
        let database = try resolvedDatabase()
        guard let statement = try query.existsStatement(for: database) else { return false }
        return try await database.perform(statement, mode: .read) { connection in
            var exists = false
            _ = try connection.run(statement) { _ in exists = true }
            return exists
        }
    }

    /// Whether a row is among those found.
    ///
    /// - Throws: ``UsageError`` behind values and for a row that was not saved.
    public func contains(_ row: DynamicRow) async throws -> Bool {
        try query.resolved().refuseCombined("contains")
        if shape == .values {
            throw UsageError.notAllowed("Values have no rows to look for.")
        }
        guard let model = row.model, model.concrete === query.model.concrete else { return false }
        guard !row.key.contains(.null) else {
            throw UsageError.notAllowed("A row that was not saved cannot be looked for.")
        }
        return try await filter(.condition("pk", .row(row))).exists()
    }

    /// Values that are made of all rows.
    public func aggregate(
        _ aggregates: [(name: String, expression: DynamicExpression)]
    ) async throws -> DynamicRow {
        let database = try resolvedDatabase()
        let named = aggregates.map { (name: $0.name, node: $0.expression.node) }
        if named.isEmpty {
            return DynamicRow(model: nil, layout: RowLayout([]), values: [])
        }
        let (statement, aggregate) = try query.aggregateStatement(named, for: database)
        let layout = RowLayout(aggregate.names)
        let types = aggregate.nodes.map(\.type)
        let empty = DynamicRow(
            model: nil,
            layout: layout,
            values: aggregate.emptyResult.map { [$0 ?? .null] }
        )
        guard let statement else { return empty }
        return try await database.perform(statement, mode: .read) { connection in
            var result = empty
            _ = try connection.run(statement) { row in
                for (place, type) in types.enumerated() {
                    let column = row.source.column(place)
                    do throws(DecodingFailure) {
                        result.values[place] = [try type?.value(of: column) ?? column.sqlValue]
                    } catch {
                        throw Row.mismatch(place, type?.field.rawValue ?? "a value", column)
                    }
                }
            }
            return result
        }
    }

    /// The rows with some keys, or some values of a unique field.
    ///
    /// - Parameters:
    ///   - keys: the keys, each of several values where it is composite; nil for all rows.
    ///   - field: the field.
    /// - Returns: the rows with their keys, in the order in which they are found.
    /// - Throws: ``UsageError`` behind a slice and for a field that is not unique.
    public func inBulk(
        _ keys: [[SQLValue]]? = nil,
        by field: String = "pk"
    ) async throws -> [(key: [SQLValue], row: DynamicRow)] {
        let resolved = try query.resolved()
        if resolved.isSliced {
            throw UsageError.notAllowed("Rows cannot be fetched by key once the query is sliced.")
        }
        if let keys, keys.isEmpty { return [] }
        if !field.equalsBytes("pk"), try !query.model.isUnique(field),
            resolved.distinctFields != [field]
        {
            throw UsageError.notAllowed("'\(FieldError.shown(field))' is not unique.")
        }
        var copy = self
        var isAdded = false
        if shape == .values {
            let names = DynamicRowReader.names(of: resolved)
            if !names.contains(field) {
                isAdded = true
                copy = copy.values([.field(field)] + names.map { .field($0) })
            }
        }
        var rows: [DynamicRow] = []
        if let keys {
            let size = max(1, try resolvedDatabase().features.maxBindings / max(1, keys[0].count))
            for batch in keys.batches(of: size) {
                let list = batch.map { key -> DynamicExpression in
                    key.count == 1
                        ? .value(key[0]) : .list(key.map { .value($0) })
                }
                rows += try await copy.filter(.condition("\(field)__in", .list(list))).rows()
            }
        } else {
            rows = try await copy.rows()
        }
        return rows.map { row in
            (row.parts(field) ?? [.null], isAdded ? row.without(field) : row)
        }
    }
}

extension DynamicRow {
    /// The row without the column of a name.
    func without(_ name: String) -> DynamicRow {
        guard let place = layout.place(of: name) else { return self }
        var (names, values) = (layout.names, values)
        names.remove(at: place)
        values.remove(at: place)
        return DynamicRow(model: model, layout: RowLayout(names), values: values, related: related)
    }
}

extension DynamicQuery.KnownRow {
    /// Sets the row that `row` is known to refer to.
    func settle(_ row: inout DynamicRow) {
        guard row.related[relation.name] == nil else { return }
        for pair in relation.pairs {
            guard let value = row.value(of: pair.from), value == self.row.value(of: pair.to) else {
                return
            }
        }
        row.related[relation.name] = .one(self.row)
    }
}

extension ModelInfo {
    /// Whether no two rows have the same value in a field.
    func isUnique(_ name: String) throws -> Bool {
        guard let field = members.columnNamed(name) else {
            throw FieldError.unknownField(
                name: name,
                model: schema.name,
                choices: members.names
            )
        }
        if field.schema.isUniqueColumn { return true }
        return schema.constraints.contains {
            $0.kind == .unique && $0.condition == nil && $0.fields == [field.name]
        }
    }
}

extension ModelMembers {
    /// The column that a name means.
    func columnNamed(_ name: String) -> FieldInfo? {
        switch member(name) {
        case .column(let field): field
        case .relation(let relation, false): relation.field
        default: nil
        }
    }
}

extension ResolvedQuery {
    /// Whether the rows have an order, by the query or by the model.
    var isOrdered: Bool {
        if isEmpty || !orderings.isEmpty { return true }
        return usesDefaultOrdering && !model.defaultOrdering.isEmpty && grouping == .none
    }

    /// Groups without an order have no first row unless the key is among what they are made by.
    func checkOrderOfGroups(_ name: String) throws {
        guard case .by(let nodes) = grouping else { return }
        var columns: Set<FieldInfo> = []
        for node in nodes {
            switch node {
            case .column(let column): columns.insert(column.field)
            case .columns(let parts): columns.formUnion(parts.map(\.field))
            default: break
            }
        }
        guard columns.isSuperset(of: model.members.primaryKey) else {
            throw UsageError.notAllowed("'\(name)' of groups needs an order; add one.")
        }
    }
}
