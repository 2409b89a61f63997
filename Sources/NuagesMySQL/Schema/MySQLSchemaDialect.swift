import NuagesORM

/// How MariaDB's tables are made and changed.
struct MySQLSchemaDialect: SchemaDialect {
    var sql: any SQLDialect { MySQLDialect() }
    var names: SchemaNames { SchemaNames(maxLength: 64) }
    var features: DatabaseFeatures { .mariaDB }

    func columnType(of field: FieldSchema, isReference: Bool) -> String {
        if let custom = field.customColumnType["mysql"] { return custom }
        if let type = MySQLTypes.plain[field.type] { return type }
        if field.type == .decimalField {
            guard let digits = field.maxDigits, let places = field.decimalPlaces else {
                return "numeric(65, 30)"
            }
            return "numeric(\(digits), \(places))"
        }
        guard let length = field.maxLength ?? field.type.standardLength else { return "longtext" }
        return "varchar(\(length))"
    }

    func typeSuffix(of field: FieldSchema) -> String? {
        field.type.isCounting ? "AUTO_INCREMENT" : nil
    }

    func check(of field: FieldSchema, column: String) -> String? {
        switch field.type {
        case .positiveIntegerField, .positiveSmallIntegerField, .positiveBigIntegerField:
            "\(column) >= 0"
        default: nil
        }
    }

    /// A foreign key brings its index along, and what has no limit of its length cannot have one.
    func hasOwnIndex(_ field: FieldSchema, type: String) -> Bool {
        field.relation?.isEnforced != true && !Self.isUnlimited(type)
    }

    private static func isUnlimited(_ type: String) -> Bool {
        type.hasSuffix("blob") || type.hasSuffix("text") || type.utf8.elementsEqual("json".utf8)
    }

    func dropIndex(_ name: String, of table: String) -> String { "DROP INDEX \(name) ON \(table)" }

    func renameIndex(_ name: String, to newName: String, of table: String) -> String {
        "ALTER TABLE \(table) RENAME INDEX \(name) TO \(newName)"
    }

    func commentTable(_ name: String, _ comment: String) -> String {
        "ALTER TABLE \(name) COMMENT = \(comment)"
    }

    func literal(_ value: SQLValue, for field: FieldSchema) throws -> String {
        try sql.literal(value)
    }

    func text(of expression: SchemaExpression, in model: TableModel) throws -> String {
        switch expression {
        case .field(let name): return sql.quote(try model.field(name).column)
        case .value(let value): return try sql.literal(value)
        case .raw(let text): return text
        case .operation(let left, let sign, let right):
            return "(\(try text(of: left, in: model)) \(sign) \(try text(of: right, in: model)))"
        case .collated(let inner, let collation):
            return "\(try text(of: inner, in: model)) COLLATE \(sql.quote(collation))"
        case .ordered(let inner, let isDescending):
            return "\(try text(of: inner, in: model)) \(isDescending ? "DESC" : "ASC")"
        case .function(let name, let arguments):
            return function(name, try arguments.map { try text(of: $0, in: model) })
        }
    }

    private func function(_ name: String, _ arguments: [String]) -> String {
        let list = arguments.joined(separator: ", ")
        switch name {
        case "Concat", "ConcatPair": return "CONCAT_WS('', \(list))"
        case "Now": return "CURRENT_TIMESTAMP(6)"
        case "Length": return "CHAR_LENGTH(\(list))"
        case "Ceil": return "CEILING(\(list))"
        case "Substr": return "SUBSTRING(\(list))"
        case "StrIndex": return "INSTR(\(list))"
        case "UUID4":
            let dialect = MySQLDialect()
            return MySQLDialect.randomUUID.statement(dialect).text
        default: return "\(name.uppercased())(\(list))"
        }
    }

    /// The name of the lock that a process which migrates has; names are those of the server.
    private static let migrationLock = "CONCAT('nuages migrates ', SHA1(DATABASE()))"

    /// Nothing that changes a table can be rolled back, and it ends the transaction it is in, so
    /// there is none.
    func migrating(
        _ database: Database,
        atomically isAtomic: Bool,
        lockTimeout: Duration?,
        _ body: () async throws -> Void
    ) async throws {
        try await database.withConnection {
            try await MigrationTurn.wait(database) {
                try await MigrationTurn.uncancelled {
                    let rows = try await database.rows(
                        SQL(unsafe: "SELECT GET_LOCK(\(Self.migrationLock), 0)")
                    )
                    return rows == [[.int(1)]]
                }
            }
            do {
                try await withLockTimeout(lockTimeout, in: database, body)
            } catch {
                try? await MigrationTurn.uncancelled { try await release(database) }
                throw error
            }
            try await MigrationTurn.uncancelled { try await release(database) }
        }
    }

    private func release(_ database: Database) async throws {
        try await database.execute(SQL(unsafe: "DO RELEASE_LOCK(\(Self.migrationLock))"))
    }
}

extension MySQLDialect: SchemaDialectProvider {
    var schema: any SchemaDialect { MySQLSchemaDialect() }
}

extension FieldType {
    /// Whether the database counts values of the kind up.
    var isCounting: Bool {
        self == .autoField || self == .bigAutoField || self == .smallAutoField
    }

    /// The length of the kinds that have one without saying so.
    var standardLength: Int? {
        switch self {
        case .emailField: 254
        case .urlField: 200
        case .slugField: 50
        case .fileField, .imageField, .filePathField: 100
        default: nil
        }
    }
}
