extension DeletionCollector {
    mutating func execute() async throws -> Deletion {
        sort()
        let collector = self
        let needsTransaction = !rows.isEmpty || fastDeletes.count > 1 || !changes.isEmpty
        guard needsTransaction else { return try await collector.statements() }
        return try await database.atomic(savepoint: false) { try await collector.statements() }
    }

    private func statements() async throws -> Deletion {
        var deletion = Deletion()
        for model in order where !model.isAutomatic && model.signals.preDelete.isActive {
            try await send(model.signals.preDelete, sorted(model), of: model)
        }
        for query in fastDeletes {
            let compiler = DeleteCompiler(query: query, writer: database.writer)
            guard let statement = try compiler.statement() else { continue }
            let count = try await run(statement)
            if count > 0 { deletion.counts[query.model.schema.fullName, default: 0] += count }
        }
        for change in changes {
            let condition =
                change.conditions.count > 1 ? .any(change.conditions) : change.conditions[0]
            let query = Query(change.field.model).adding(.filter(condition, isNegated: false))
            let compiler = UpdateCompiler(query: query, writer: database.writer)
            if let statement = try compiler.statement([(change.field.name, change.value)]) {
                _ = try await run(statement)
            }
        }
        for model in order {
            let keys = (rows[model] ?? []).map(\.key)
            if !keys.isEmpty { try await remove(model, keys.sortedKeys.reversed(), &deletion) }
            if !model.isAutomatic, model.signals.postDelete.isActive {
                try await send(model.signals.postDelete, sorted(model).reversed(), of: model)
            }
        }
        return deletion
    }

    /// The rows of a model that go, by their keys.
    private func sorted(_ model: ModelInfo) -> [Instance] {
        let instances = rows[model] ?? []
        let byKey = Dictionary(instances.map { ($0.key, $0) }) { first, _ in first }
        return instances.map(\.key).sortedKeys.compactMap { byKey[$0] }
    }

    private func send(
        _ signal: SignalReceivers<ModelSignals.Row<DeleteEvent>>,
        _ instances: [Instance],
        of model: ModelInfo
    ) async throws {
        let event = DeleteEvent(origin: origin, database: database)
        for instance in instances {
            var row = instance.row(model)
            try await signal.send(&row, event)
        }
    }

    /// Puts the models into an order in which none is deleted before those that depend on it.
    private mutating func sort() {
        var sorted: [ModelInfo] = []
        var done: Set<ModelInfo> = []
        while sorted.count < order.count {
            var isFound = false
            for model in order where !sorted.contains(model) {
                let needed = dependencies[model.concrete] ?? []
                guard needed.isSubset(of: done) else { continue }
                sorted.append(model)
                done.insert(model.concrete)
                isFound = true
            }
            // In a circle any order is as good as another.
            if !isFound { return }
        }
        order = sorted
    }

    func remove(
        _ model: ModelInfo,
        _ keys: [[SQLValue]],
        _ deletion: inout Deletion
    ) async throws {
        let width = max(1, keys.first?.count ?? 1)
        for part in keys.batches(of: (database.features.maxBindings - 1) / width) {
            let query = Query(model.concrete).adding(
                .filter(.condition(["pk", "in"], .list(part.map(Self.node))), isNegated: false)
            )
            let compiler = DeleteCompiler(query: query, writer: database.writer)
            guard let statement = try compiler.statement() else { continue }
            let count = try await run(statement)
            if count > 0 { deletion.counts[model.schema.fullName, default: 0] += count }
        }
    }

    static func node(_ key: [SQLValue]) -> ExpressionNode {
        key.count == 1 ? .value(key[0]) : .list(key.map { .value($0) })
    }

    /// The rows of a query, with the columns that have to be known.
    func instances(of query: Query) async throws -> [Instance] {
        let fields = Self.neededFields(query.model, isWhole: query.model.signals.hasDelete)
        let keyCount = query.model.members.primaryKey.count
        let columns = query.adding(.values(fields.map { .field($0.attributeName) }))
            .adding(.order([]))
        guard let statement = try columns.statement(for: database) else { return [] }
        let types = fields.map { ValueType($0) }
        return try await database.perform(statement, mode: .write) { connection in
            var found: [Instance] = []
            _ = try connection.run(statement) { row in
                let raw = row.values
                var values: [FieldInfo: SQLValue] = [:]
                var key: [SQLValue] = []
                for (index, field) in fields.enumerated() where raw.indices.contains(index) {
                    let value = types[index].field.converted(raw[index]) ?? raw[index]
                    values[field] = value
                    if index < keyCount { key.append(value) }
                }
                found.append(Instance(key: key, values: values))
            }
            return found
        }
    }

    private func run(_ statement: SQLStatement) async throws -> Int {
        try await database.write(statement)
    }
}
