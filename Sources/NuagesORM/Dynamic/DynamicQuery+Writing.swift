import NuagesCore

extension DynamicQuery {
    /// A value that a field is set to.
    public typealias Assignment = (name: String, value: DynamicExpression)

    /// Changes the rows in the database, without fetching them.
    ///
    /// - Parameter assignments: fields, and what they are set to.
    /// - Returns: the number of rows that were changed.
    /// - Throws: ``FieldError``, ``UsageError``, ``DatabaseError``.
    public func update(_ assignments: [Assignment]) async throws -> Int {
        try requireUpdatable()
        let database = try resolvedDatabase(.write)
        var own: [(field: String, value: ExpressionNode)] = []
        var above: [(model: ModelInfo, values: [(field: String, value: ExpressionNode)])] = []
        for (name, value) in assignments {
            let (field, node) = try Self.assignment(query.model, name, value.node)
            if field.model.concrete === query.model.concrete {
                own.append((field.name, node))
            } else if let index = above.firstIndex(where: { $0.model === field.model }) {
                above[index].values.append((field.name, node))
            } else {
                above.append((field.model, [(field.name, node)]))
            }
        }
        if above.isEmpty { return try await Self.run(query, own, database) }
        let (ownAssignments, parents) = (own, above)
        return try await database.atomic(savepoint: false) {
            try await updateParents(ownAssignments, parents, database)
        }
    }

    /// Refuses queries that no update can be made of.
    func requireUpdatable() throws {
        let resolved = try query.resolved()
        try resolved.refuseCombined("update")
        if resolved.isSliced {
            throw UsageError.notAllowed("Rows cannot be updated once the query is sliced.")
        }
        if !resolved.distinctFields.isEmpty {
            throw UsageError.notAllowed("Rows that are distinct by fields cannot be updated.")
        }
    }

    /// The statement of an update of the model's own table.
    func updateStatement(_ assignments: [Assignment], _ database: Database) throws -> SQLStatement?
    {
        let values = try assignments.map { name, value in
            let (field, node) = try Self.assignment(query.model, name, value.node)
            return (field: field.name, value: node)
        }
        return try UpdateCompiler(query: query, writer: database.writer).statement(values)
    }

    /// What a field is set to, prepared as the field holds it.
    private static func assignment(
        _ model: ModelInfo,
        _ name: String,
        _ node: ExpressionNode
    ) throws -> (FieldInfo, ExpressionNode) {
        let member = model.members.member(name)
        let field: FieldInfo? =
            switch member {
            case .column(let field): field
            case .relation(let relation, false): relation.field
            default: nil
            }
        guard let field else {
            if member == nil {
                throw FieldError.unknownField(
                    name: name,
                    model: model.schema.name,
                    choices: model.members.names
                )
            }
            throw FieldError.invalidQuery(
                "'\(FieldError.shown(name))' of \(model.schema.name) cannot be updated: it has no column."
            )
        }
        switch node {
        case .value(let value, nil): return (field, .value(try value.stored(in: field)))
        case .row(let row):
            guard let relation = field.relation,
                let found = relation.target.graph.model(labeled: row.model),
                found.members.inherits(from: relation.target.concrete)
            else {
                throw UsageError.wrongModel(
                    found: row.model,
                    expected: field.relation?.target.schema.name ?? field.schema.type.rawValue
                )
            }
            return (field, .value(row.values(of: relation.pairs.map(\.to)).first ?? .null))
        default: return (field, node)
        }
    }

    private static func run(
        _ query: Query,
        _ assignments: [(field: String, value: ExpressionNode)],
        _ database: Database
    ) async throws -> Int {
        let compiler = UpdateCompiler(query: query, writer: database.writer)
        guard let statement = try compiler.statement(assignments) else { return 0 }
        return try await database.write(statement)
    }

    /// Updates tables of parents too: the keys are fetched first.
    private func updateParents(
        _ own: [(field: String, value: ExpressionNode)],
        _ above: [(model: ModelInfo, values: [(field: String, value: ExpressionNode)])],
        _ database: Database
    ) async throws -> Int {
        let links = above.map { parent in
            query.model.members.path(toParent: parent.model).last?.pairs.map(\.to) ?? []
        }
        var keys = self
        keys.query.add(.order([]))
        let names = ["pk"] + links.map { $0.first?.attributeName ?? "pk" }
        let rows = try await keys.values(names.map { .field($0) }).rows()
        guard !rows.isEmpty else { return 0 }
        var count = 0
        if !own.isEmpty {
            let list = rows.map { DynamicRow.keyNode($0.key) }
            count = try await Self.update(query.model, list, own, database)
        }
        for (parent, link) in zip(above, links) {
            let list = rows.map {
                ExpressionNode.value($0[link.first?.attributeName ?? "pk"] ?? .null)
            }
            let changed = try await Self.update(parent.model, list, parent.values, database)
            if own.isEmpty, count == 0 { count = changed }
        }
        return count
    }

    private static func update(
        _ model: ModelInfo,
        _ keys: [ExpressionNode],
        _ values: [(field: String, value: ExpressionNode)],
        _ database: Database
    ) async throws -> Int {
        let condition = ExpressionNode.condition(["pk", "in"], .list(keys))
        return try await run(
            Query(model).adding(.filter(condition, isNegated: false)),
            values,
            database
        )
    }

    /// Deletes the rows, and what the rules of foreign keys say.
    ///
    /// - Throws: ``UsageError``, ``ModelError/protected(model:by:)``, ``FieldError``,
    ///   ``DatabaseError``.
    public func delete() async throws -> Deletion {
        let resolved = try query.resolved()
        try resolved.refuseCombined("delete")
        if resolved.isSliced {
            throw UsageError.notAllowed("Rows cannot be deleted once the query is sliced.")
        }
        if !resolved.distinctFields.isEmpty {
            throw UsageError.notAllowed("Rows that are distinct by fields cannot be deleted.")
        }
        if shape == .values {
            throw UsageError.notAllowed("Values cannot be deleted.")
        }
        var collector = DeletionCollector(try resolvedDatabase(.write))
        return try await collector.delete(query)
    }

    /// Inserts a row.
    ///
    /// - Parameter values: the fields that are given.
    /// - Returns: the row.
    /// - Throws: ``UsageError``, ``FieldError``, ``DatabaseError``.
    public func create(_ values: [Assignment]) async throws -> DynamicRow {
        var row = try DynamicRow(new: query.model, values)
        guard let database else {
            try await row.save(DynamicRow.SaveOptions(forcesInsert: true))
            return row
        }
        let new = row
        return try await database.use {
            var row = new
            try await row.save(DynamicRow.SaveOptions(forcesInsert: true))
            return row
        }
    }

    /// The only row that lookups find, or a new one.
    ///
    /// - Parameters:
    ///   - lookups: what the row is found by; those without a lookup are fields of a new row.
    ///   - defaults: further fields of a new row.
    /// - Returns: the row, and whether it is new.
    /// - Throws: ``ModelError/multipleObjectsReturned(model:count:)``, ``UsageError``,
    ///   ``FieldError``, ``DatabaseError``.
    public func getOrCreate(
        _ lookups: [Assignment],
        defaults: [Assignment] = []
    ) async throws -> (row: DynamicRow, isNew: Bool) {
        let set = try forWriting()
        let found = set.filter(lookups.map { .condition($0.name, $0.value) })
        do {
            return (try await found.get(), false)
        } catch ModelError.doesNotExist {
            let values = try Self.parameters(query.model, lookups, defaults)
            let database = try resolvedDatabase(.write)
            do {
                return (try await database.atomic { try await set.create(values) }, true)
            } catch DatabaseError.integrity(let violation) {
                // Another task or process may have been faster.
                do {
                    return (try await found.get(), false)
                } catch ModelError.doesNotExist {
                    throw DatabaseError.integrity(violation)
                }
            }
        }
    }

    /// The fields of a new row.
    private static func parameters(
        _ model: ModelInfo,
        _ lookups: [Assignment],
        _ defaults: [Assignment]
    ) throws -> [Assignment] {
        var values: [Assignment] = []
        for lookup in lookups where try NameParts.split(lookup.name).count == 1 {
            if !defaults.contains(where: { $0.name.equalsBytes(lookup.name) }) {
                values.append(lookup)
            }
        }
        values += defaults
        for (name, _) in values {
            guard model.members.isSettable(name) else {
                throw FieldError.unknownField(
                    name: name,
                    model: model.schema.name,
                    choices: model.members.names
                )
            }
        }
        return values
    }

    /// The only row that lookups find, changed, or a new one.
    ///
    /// As in Django, a name in `defaults` that the model does not have is an error of a new row
    /// only; a row that is found is saved without it.
    ///
    /// - Parameters:
    ///   - lookups: what the row is found by; those without a lookup are fields of a new row.
    ///   - defaults: the fields that are changed.
    ///   - createDefaults: further fields of a new row; those of `defaults` where nil.
    /// - Returns: the row, and whether it is new.
    /// - Throws: ``ModelError/multipleObjectsReturned(model:count:)``, ``UsageError``,
    ///   ``FieldError``, ``DatabaseError``.
    public func updateOrCreate(
        _ lookups: [Assignment],
        defaults: [Assignment] = [],
        createDefaults: [Assignment]? = nil
    ) async throws -> (row: DynamicRow, isNew: Bool) {
        let database = try resolvedDatabase(.write)
        return try await database.repeatable {
            var (row, isNew) = try await self.locked()
                .getOrCreate(lookups, defaults: createDefaults ?? defaults)
            if isNew { return (row, true) }
            let members = query.model.members
            for (name, value) in defaults where members.isSettable(name) {
                try row.assign(name, value)
            }
            let names = defaults.map(\.name)
            let known = members.savedNames
            if names.allSatisfy({ known.contains($0) }) {
                let timed = query.model.members.columns.filter(\.schema.isSetOnSave).map(\.name)
                try await row.save(DynamicRow.SaveOptions(fields: names + timed))
            } else {
                try await row.save()
            }
            return (row, false)
        }
    }
}

extension ModelMembers {
    /// Whether rows have something of that name that may be set.
    fileprivate func isSettable(_ name: String) -> Bool {
        name.equalsBytes("pk") || relation(accessor: name) != nil || columnNamed(name) != nil
    }
}

extension DynamicRow {
    static func keyNode(_ key: [SQLValue]) -> ExpressionNode {
        key.count == 1 ? .value(key[0]) : .list(key.map { .value($0) })
    }
}
