import Synchronization

/// An update of a few rows whose statement is the same whatever their values are.
struct PlainUpdate<M: Model> {
    private let models: [M]
    private let columns: [FieldInfo]
    /// The values in the order of their placeholders: for each column the key and the value of each
    /// row, and then the keys.
    private let bindings: [SQLValue]
    private let hasSmallKeys: Bool

    /// More rows are compiled each time.
    private static var maxCount: Int { 50 }

    /// Nil for an update that is anything else, or that is a mistake.
    init?(_ models: [M], _ names: [String]) {
        let members = M.info.members
        guard (1...Self.maxCount).contains(models.count), !names.isEmpty,
            members.primaryKey.count == 1
        else { return nil }
        var keys: [SQLValue] = []
        keys.reserveCapacity(models.count)
        var largest = 0
        for model in models {
            guard case .int(let key)? = model.id.value?.sqlValue, key >= 0 else { return nil }
            largest = max(largest, key)
            keys.append(.int(key))
        }
        // Whether a key can be in its column at all is decided when a statement is compiled.
        guard largest <= Int(Int32.max) else { return nil }
        var columns: [FieldInfo] = []
        var bindings: [SQLValue] = []
        bindings.reserveCapacity((names.count * 2 + 1) * keys.count)
        for name in names {
            guard let column = members.columnNamed(name), column.model.concrete === M.info.concrete,
                !members.primaryKey.contains(column), column.relation == nil,
                let field = M.meta.field(named: column.attributeName)
            else { return nil }
            columns.append(column)
            for (model, key) in zip(models, keys) {
                var value = field.value(of: model)
                if case .int = value {
                } else {
                    guard let stored = try? value.stored(in: column) else { return nil }
                    value = stored
                }
                guard StatementMark.make(0, like: value) != nil else { return nil }
                bindings.append(key)
                bindings.append(value)
            }
        }
        self.models = models
        self.columns = columns
        self.bindings = bindings + keys
        hasSmallKeys = largest <= Int(Int16.max)
    }

    /// Runs it.
    ///
    /// - Returns: the number of rows that were there; nil where it has to be compiled otherwise.
    func run(_ database: Database) async throws -> Int? {
        guard bindings.count <= database.features.maxBindings, let text = try text(for: database)
        else { return nil }
        let statement = SQLStatement(text, bindings)
        return try await database.perform(statement, mode: .write, isAlone: true) { connection in
            try connection.run(statement) { _ in }
        }
    }

    private func text(for database: Database) throws -> String? {
        let key = BulkUpdateTexts.Key(
            model: ObjectIdentifier(M.info),
            columns: columns.map(\.attributeName),
            count: models.count,
            hasSmallKeys: hasSmallKeys
        )
        return try database.core.bulkUpdates.text(key) {
            let (query, assignments) = try DynamicQuery(M.info)
                .assignments(try models.map { try $0.dynamicRow() }, columns)
            guard let statement = try query.updateStatement(assignments, database),
                statement.bindings == bindings
            else { return nil }
            return statement.text
        }
    }
}

/// The texts of updates of some rows, by what is updated and of how many.
final class BulkUpdateTexts: Sendable {
    struct Key: Hashable {
        let model: ObjectIdentifier
        let columns: [String]
        let count: Int
        let hasSmallKeys: Bool
    }

    private static let maxCount = 500

    /// Nil where the text depends on the values.
    private let texts = Mutex<[Key: String?]>([:])

    func text(_ key: Key, _ make: () throws -> String?) rethrows -> String? {
        if let known = texts.withLock({ $0[key] }) { return known }
        let text = try make()
        texts.withLock { texts in
            if texts.count >= Self.maxCount { texts = [:] }
            texts[key] = .some(text)
        }
        return text
    }
}
