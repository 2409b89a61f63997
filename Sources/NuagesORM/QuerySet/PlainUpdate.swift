import Synchronization

/// An update of rows whose statement is the same whatever their values are.
struct PlainUpdate<M: Model> {
    private let columns: [FieldInfo]
    private let keys: [Int]
    /// The rows' values of each column.
    private var values: [[SQLValue]]
    private let models: [M]

    /// Of more rows the statement with a branch for each is compiled each time.
    private static var maxBranches: Int { 50 }
    /// More rows are not updated beside other tasks' statements.
    private static var maxShort: Int { 20 }
    /// More rows are updated in several statements.
    private static var maxCount: Int { 10_000 }

    /// Nil for an update that is anything else, or that is a mistake.
    init?(_ models: [M], _ names: [String]) {
        let members = M.info.members
        guard (1...Self.maxCount).contains(models.count), !names.isEmpty,
            members.primaryKey.count == 1
        else { return nil }
        var keys: [Int] = []
        keys.reserveCapacity(models.count)
        for model in models {
            guard case .int(let key)? = model.id.value?.sqlValue, key >= 0 else { return nil }
            keys.append(key)
        }
        // Whether a key can be in its column at all is decided when a statement is compiled.
        guard keys.allSatisfy({ $0 <= Int(Int32.max) }) else { return nil }
        var columns: [FieldInfo] = []
        var values: [[SQLValue]] = []
        for name in names {
            guard let column = members.columnNamed(name), column.model.concrete === M.info.concrete,
                !members.primaryKey.contains(column), column.relation == nil,
                let field = M.meta.field(named: column.attributeName)
            else { return nil }
            var list: [SQLValue] = []
            list.reserveCapacity(models.count)
            for model in models {
                let value = field.value(of: model)
                if case .int = value {
                    list.append(value)
                } else {
                    guard let stored = try? value.stored(in: column) else { return nil }
                    list.append(stored)
                }
            }
            columns.append(column)
            values.append(list)
        }
        self.models = models
        self.columns = columns
        self.keys = keys
        self.values = values
    }

    /// Runs it.
    ///
    /// - Returns: the number of rows that were there; nil where it has to be compiled otherwise.
    func run(_ database: Database) async throws -> Int? {
        guard let statement = try fromArrays(database) ?? withBranches(database) else { return nil }
        // One of many rows is not short because that of a few was; its text may be the same.
        if keys.count <= Self.maxShort { return try await database.write(statement) }
        return try await database.perform(statement, mode: .write) { connection in
            try connection.run(statement) { _ in }
        }
    }

    // MARK: - From arrays

    /// `UPDATE … FROM unnest(…)`: two values to bind for one column, however many rows there are.
    ///
    /// In the order of the keys, in which the server finds the rows as a rule.
    private func fromArrays(_ database: Database) throws -> SQLStatement? {
        guard let key = M.info.members.primaryKey.first,
            let text = database.core.bulkUpdates.text(
                shape(isFromArrays: true),
                {
                    database.dialect.update(
                        M.info.table,
                        from: key.arrayColumn,
                        columns.map(\.arrayColumn)
                    )
                }
            )
        else { return nil }
        let order = keys.indices.sorted { keys[$0] < keys[$1] }
        // Of two values for one row the first counts, which a join does not know.
        for (left, right) in zip(order, order.dropFirst()) where keys[left] == keys[right] {
            return nil
        }
        let lists = values.map { list in SQLValue.array(order.map { list[$0] }) }
        return SQLStatement(text, [.array(order.map { .int(keys[$0]) })] + lists)
    }

    // MARK: - With branches

    private func withBranches(_ database: Database) throws -> SQLStatement? {
        let count = (columns.count * 2 + 1) * keys.count
        guard keys.count <= Self.maxBranches, count <= database.features.maxBindings else {
            return nil
        }
        // In the order of their placeholders: for each column the key and the value of each row,
        // and then the keys.
        var bindings: [SQLValue] = []
        bindings.reserveCapacity(count)
        for list in values {
            for (key, value) in zip(keys, list) {
                guard StatementMark.make(0, like: value) != nil else { return nil }
                bindings.append(.int(key))
                bindings.append(value)
            }
        }
        for key in keys { bindings.append(.int(key)) }
        let text = try database.core.bulkUpdates.text(shape(isFromArrays: false)) {
            let (query, assignments) = try DynamicQuery(M.info)
                .assignments(try models.map { try $0.dynamicRow() }, columns)
            guard let statement = try query.updateStatement(assignments, database),
                statement.bindings == bindings
            else { return nil }
            return statement.text
        }
        return text.map { SQLStatement($0, bindings) }
    }

    private func shape(isFromArrays: Bool) -> BulkUpdateTexts.Key {
        BulkUpdateTexts.Key(
            model: ObjectIdentifier(M.info),
            columns: columns.map(\.attributeName),
            count: isFromArrays ? 0 : keys.count,
            hasSmallKeys: isFromArrays || keys.allSatisfy { $0 <= Int(Int16.max) }
        )
    }
}

extension FieldInfo {
    fileprivate var arrayColumn: (name: String, type: ValueType) { (column, ValueType(self)) }
}

/// The texts of updates of some rows, by what is updated and of how many.
final class BulkUpdateTexts: Sendable {
    struct Key: Hashable {
        let model: ObjectIdentifier
        let columns: [String]
        /// How many rows; zero where the text does not depend on it.
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
