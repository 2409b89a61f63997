import NuagesORM

/// How SQLite's tables are made and changed.
///
/// `ALTER TABLE` of SQLite adds, renames and drops plain columns; for anything else the table is
/// built anew and the rows are copied (``SQLiteRebuild``).
struct SQLiteSchemaDialect: SchemaDialect {
    var sql: any SQLDialect { SQLiteDialect() }
    var names: SchemaNames { SchemaNames() }

    var features: DatabaseFeatures {
        var features = DatabaseFeatures()
        features.supportsAlteringColumns = false
        features.supportsAddingForeignKeys = false
        return features
    }

    private static let types: [FieldType: String] = [
        .autoField: "integer", .bigAutoField: "integer", .smallAutoField: "integer",
        .binaryField: "BLOB", .booleanField: "bool", .dateField: "date",
        .dateTimeField: "datetime", .decimalField: "decimal", .durationField: "bigint",
        .floatField: "real", .integerField: "integer", .bigIntegerField: "bigint",
        .smallIntegerField: "smallint", .genericIPAddressField: "char(39)", .jsonField: "text",
        .positiveBigIntegerField: "bigint unsigned", .positiveIntegerField: "integer unsigned",
        .positiveSmallIntegerField: "smallint unsigned", .textField: "text",
        .timeField: "time", .uuidField: "char(32)", .orderWrt: "integer",
    ]

    func columnType(of field: FieldSchema, isReference: Bool) -> String {
        if let custom = field.customColumnType["sqlite"] { return custom }
        if isReference {
            switch field.type {
            case .bigAutoField: return "bigint"
            case .smallAutoField: return "smallint"
            default: break
            }
        }
        if let type = Self.types[field.type] { return type }
        guard let length = field.maxLength ?? field.standardLength else {
            return field.type == .charField ? "varchar" : "text"
        }
        return "varchar(\(length))"
    }

    func typeSuffix(of field: FieldSchema) -> String? {
        switch field.type {
        case .autoField, .bigAutoField, .smallAutoField: "AUTOINCREMENT"
        default: nil
        }
    }

    func check(of field: FieldSchema, column: String) -> String? {
        switch field.type {
        case .positiveIntegerField, .positiveSmallIntegerField, .positiveBigIntegerField:
            "\(column) >= 0"
        case .jsonField: "(JSON_VALID(\(column)) OR \(column) IS NULL)"
        default: nil
        }
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
            return try function(name, arguments.map { try text(of: $0, in: model) })
        }
    }

    private func function(_ name: String, _ arguments: [String]) -> String {
        switch name {
        case "Concat", "ConcatPair":
            guard let last = arguments.last, arguments.count > 1 else {
                return arguments.first ?? "''"
            }
            return arguments.dropLast().reversed().reduce(last) { rest, argument in
                "(COALESCE(\(argument), '') || COALESCE(\(rest), ''))"
            }
        case "Now": return "STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')"
        case "Ceil": return "CEILING(\(arguments.joined(separator: ", ")))"
        case "Substr", "Left", "Right": return "SUBSTR(\(arguments.joined(separator: ", ")))"
        case "Greatest": return "MAX(\(arguments.joined(separator: ", ")))"
        case "Least": return "MIN(\(arguments.joined(separator: ", ")))"
        default: return "\(name.uppercased())(\(arguments.joined(separator: ", ")))"
        }
    }
}

extension SQLiteDialect: SchemaDialectProvider {
    var schema: any SchemaDialect { SQLiteSchemaDialect() }
}

extension FieldSchema {
    /// The length of the kinds that have one without saying so.
    fileprivate var standardLength: Int? {
        switch type {
        case .emailField: 254
        case .urlField: 200
        case .slugField: 50
        case .fileField, .imageField, .filePathField: 100
        default: nil
        }
    }
}
