import Synchronization

/// The statements that a model needs most, compiled once for each dialect.
final class StandardStatements: Sendable {
    final class Texts: Sendable {
        let vendor: String
        /// All rows in the model's own order.
        let all: String
        /// The row with a key, with the limit of `get`.
        let get: String
        /// All fields of the row with a key, the key last; nil for a model of a key alone.
        let update: String?
        /// One row, inserted without its key, and with it.
        let insert: String
        let insertWithKey: String
        /// What the former returns; nil where the database counts no keys up.
        let countedKey: CountedKey?

        init(
            vendor: String,
            all: String,
            get: String,
            update: String?,
            insert: String,
            insertWithKey: String,
            countedKey: CountedKey?
        ) {
            self.vendor = vendor
            self.all = all
            self.get = get
            self.update = update
            self.insert = insert
            self.insertWithKey = insertWithKey
            self.countedKey = countedKey
        }
    }

    private let texts = Mutex<[Texts]>([])
    private let info: ModelInfo

    init(_ info: ModelInfo) { self.info = info }

    func texts(for database: Database) throws -> Texts {
        let vendor = database.dialect.vendor
        if let known = texts.withLock({ $0.first { $0.vendor == vendor } }) { return known }
        let all = try Query(info).statement(for: database)
        // The value stands for any key; only the text is kept.
        let byKey = Query(info)
            .adding(
                .filter(.condition(["pk", "exact"], .value(.int(0), .integer)), isNegated: false)
            )
            .adding(.order([]))
        let update = try UpdateCompiler(query: byKey, writer: database.writer).statement(
            info.fields.filter { $0.index != info.primaryKeyIndex }
                .map { ($0.schema.name, .value(.null)) }
        )
        let get = try byKey.adding(.slice(0, QueryLimits.get)).statement(for: database)
        var compiler = InsertCompiler(
            model: info,
            dialect: database.dialect,
            features: database.features
        )
        let row = [SQLValue](repeating: .null, count: info.fields.count)
        let insert = compiler.statement([row], hasKeys: false).text
        let insertWithKey = compiler.statement([row], hasKeys: true).text
        compiler.features.supportsReturning = false
        let made = Texts(
            vendor: vendor,
            all: all?.text ?? "",
            get: get?.text ?? "",
            update: update?.text,
            insert: insert,
            insertWithKey: insertWithKey,
            countedKey: countedKey(compiler.statement([row], hasKeys: false).text)
        )
        texts.withLock { $0.append(made) }
        return made
    }

    /// What `insert` is without what it returns; nil where the database counts no keys up.
    private func countedKey(_ insert: String) -> CountedKey? {
        let key = info.primaryKey
        let types: [FieldType] = [.autoField, .bigAutoField, .smallAutoField]
        guard types.contains(key.schema.type) else { return nil }
        return CountedKey(table: info.table, column: key.column, insert: insert)
    }
}

/// Limits that queries set on their own.
enum QueryLimits {
    /// `get` asks for so many rows, to tell how many there are in place of one.
    static let get = 21
}
