/// How many rows a deletion took.
public struct Deletion: Sendable, Hashable {
    /// The number of rows.
    public var total: Int { counts.values.reduce(0, +) }
    /// The number of rows by the label of their model.
    public internal(set) var counts: [String: Int] = [:]
}

/// Follows the `onDelete` rules of the foreign keys that lead to rows, and deletes them in an
/// order that leaves no foreign key without its row.
struct DeletionCollector {
    private struct Change {
        let model: ModelInfo
        let field: ModelInfo.FieldInfo
        let value: SQLValue
        let keys: [SQLValue]
    }

    private let database: Database
    private let graph = ModelRegistry.graph
    /// The rows to delete by model, in the order in which the models were found.
    private var found: [(model: ModelInfo, keys: [SQLValue])] = []
    private var known: [ModelInfo: Set<SQLValue>] = [:]
    private var changes: [Change] = []
    /// Rows that nothing refers to, by the foreign key that leads to rows that are deleted.
    private var atOnce: [(model: ModelInfo, column: String, keys: [SQLValue])] = []
    private var protecting: [String] = []
    private var restricting: [(model: ModelInfo, name: String, keys: [SQLValue])] = []

    init(_ database: Database) { self.database = database }

    /// Whether no rule concerns rows that refer to the model.
    func canDeleteAtOnce(_ model: ModelInfo) -> Bool {
        graph.reverses(of: model).allSatisfy { reverse in
            switch reverse.field.schema.relation?.onDelete {
            case .doNothing, .databaseCascade, .databaseSetNull, .databaseSetDefault, nil: true
            case .cascade, .protect, .restrict, .setNull, .setDefault, .setValue: false
            }
        }
    }

    func deleteAtOnce(_ query: Query) async throws -> Deletion {
        let compiler = DeleteCompiler(query: query, dialect: database.dialect)
        guard let statement = try compiler.statement() else { return Deletion() }
        let count = try await run(statement)
        return Deletion(counts: count == 0 ? [:] : [query.model.schema.fullName: count])
    }

    /// Deletes rows and what refers to them.
    mutating func delete(_ model: ModelInfo, keys: [SQLValue]) async throws -> Deletion {
        try await collect(model, keys, depth: 0)
        if !protecting.isEmpty {
            throw ModelError.protected(model: model.schema.name, by: protecting)
        }
        for (source, name, keys) in restricting
        where !keys.allSatisfy({ known[source]?.contains($0) ?? false }) {
            throw ModelError.protected(model: model.schema.name, by: [name])
        }
        return try await execute()
    }

    private mutating func collect(_ model: ModelInfo, _ keys: [SQLValue], depth: Int) async throws {
        var seen = known[model] ?? []
        let new = keys.filter { seen.insert($0).inserted }
        known[model] = seen
        guard !new.isEmpty else { return }
        guard depth < 1000 else {
            throw FieldError.invalidQuery("Rows refer to each other more than 1000 deep.")
        }
        found.append((model, new))
        for reverse in graph.reverses(of: model) {
            try await follow(reverse, new, depth: depth)
        }
    }

    private mutating func follow(
        _ reverse: RelationGraph.Reverse,
        _ keys: [SQLValue],
        depth: Int
    ) async throws {
        let source = reverse.source
        switch reverse.field.schema.relation?.onDelete {
        case .doNothing, .databaseCascade, .databaseSetNull, .databaseSetDefault, nil: break
        case .cascade:
            // Rows that restrict others are named one by one: deleting both is allowed.
            let restricts = source.fields.contains { $0.schema.relation?.onDelete == .restrict }
            if !restricts, canDeleteAtOnce(source) {
                atOnce.append((source, reverse.field.column, keys))
            } else {
                let rows = try await self.keys(referring: reverse, to: keys)
                try await collect(source, rows, depth: depth + 1)
            }
        case .protect:
            if try await !self.keys(referring: reverse, to: keys, limit: 1).isEmpty {
                protecting.append(reverse.name)
            }
        case .restrict:
            let rows = try await self.keys(referring: reverse, to: keys)
            if !rows.isEmpty { restricting.append((source, reverse.name, rows)) }
        case .setNull:
            changes.append(Change(model: source, field: reverse.field, value: .null, keys: keys))
        case .setValue:
            let value = reverse.field.schema.relation?.deleteValue ?? .null
            changes.append(Change(model: source, field: reverse.field, value: value, keys: keys))
        case .setDefault:
            var value = SQLValue.null
            if case .value(let constant)? = reverse.field.schema.defaultValue { value = constant }
            changes.append(Change(model: source, field: reverse.field, value: value, keys: keys))
        }
    }

    private func execute() async throws -> Deletion {
        var deletion = Deletion()
        for (model, column, keys) in atOnce {
            try await remove(model, column, keys, &deletion)
        }
        for change in changes {
            for part in chunks(change.keys) {
                let list = SQL.joined(part.map { "\($0)" })
                let sql: SQL = """
                    UPDATE \(identifier: change.model.table) \
                    SET \(identifier: change.field.column) = \(change.value) \
                    WHERE \(identifier: change.model.table).\(identifier: change.field.column) \
                    IN (\(sql: list))
                    """
                _ = try await run(sql.statement(database.dialect))
            }
        }
        for (model, keys) in found.reversed() {
            try await remove(model, model.primaryKey.column, keys, &deletion)
        }
        return deletion
    }

    private func remove(
        _ model: ModelInfo,
        _ column: String,
        _ keys: [SQLValue],
        _ deletion: inout Deletion
    ) async throws {
        for part in chunks(keys) {
            let count = try await run(
                DeleteCompiler.statement(model, column: column, in: part, dialect: database.dialect)
            )
            if count > 0 { deletion.counts[model.schema.fullName, default: 0] += count }
        }
    }

    /// The primary keys of the rows of a query.
    func keys(of query: Query) async throws -> [SQLValue] {
        var query = query
        query.selection = .values([.field(RelationPath(), "pk")])
        query.ordering = []
        let compiler = SelectCompiler(query, dialect: database.dialect)
        guard let statement = try compiler.statement() else { return [] }
        return try await database.perform(statement, mode: .write) { connection in
            var keys: [SQLValue] = []
            _ = try connection.run(statement) { row in keys += row.values }
            return keys
        }
    }

    private func keys(
        referring reverse: RelationGraph.Reverse,
        to keys: [SQLValue],
        limit: Int? = nil
    ) async throws -> [SQLValue] {
        var found: [SQLValue] = []
        for part in chunks(keys) {
            var query = Query(reverse.source)
            query.filters = [
                Query.FilterCall(
                    condition: .lookup(
                        .in,
                        .field(RelationPath(), reverse.field.schema.name),
                        .values(part.map { .value($0) })
                    ),
                    isNegated: false
                )
            ]
            query.limit = limit
            found += try await self.keys(of: query)
        }
        return found
    }

    private func run(_ statement: SQLStatement) async throws -> Int {
        try await database.perform(statement, mode: .write) { connection in
            try connection.run(statement) { _ in }
        }
    }

    private func chunks(_ keys: [SQLValue]) -> [[SQLValue]] {
        keys.batches(of: database.features.maxBindings - 1)
    }
}

extension RelationGraph.Reverse {
    /// `Choice.question`, for error messages.
    fileprivate var name: String { "\(source.schema.name).\(field.schema.name)" }
}

extension ModelSchema {
    /// `polls.Question`, as Django's `delete` counts rows.
    var fullName: String { "\(app).\(name)" }
}
