import NuagesCore
import NuagesORM

extension SQLiteDialect {
    func bind(_ value: SQLValue, _ type: ValueType?) -> SQL {
        if value == .null { return "NULL" }
        guard type?.field == .decimalField else { return "\(value)" }
        // A decimal is stored as a float, so the value is one too.
        if case .decimal = value { return "(CAST(\(value) AS REAL))" }
        return "(CAST(\(value) AS NUMERIC))"
    }

    func patternText(_ text: String, type: ValueType?) -> String {
        guard type?.field == .uuidField else { return text }
        return String(decoding: text.utf8.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    }

    func range(of type: ValueType) -> ClosedRange<Int>? {
        switch type.field {
        case .positiveBigIntegerField, .positiveIntegerField, .positiveSmallIntegerField:
            0...Int.max
        default: Int.min...Int.max
        }
    }

    func regex(_ left: SQL, _ pattern: SQL, ignoresCase: Bool) throws -> SQL {
        ignoresCase
            ? "\(sql: left) REGEXP '(?i)' || \(sql: pattern)"
            : "\(sql: left) REGEXP \(sql: pattern)"
    }

    func cast(_ value: SQL, to type: ValueType) -> SQL {
        switch type.field {
        case .dateTimeField: return "strftime('%Y-%m-%d %H:%M:%f', \(sql: value))"
        case .dateField: return "date(\(sql: value))"
        case .timeField: return "strftime('%H:%M:%f', \(sql: value))"
        case .decimalField:
            return "CAST(\(sql: value) AS decimal)"
        default: return "CAST(\(sql: value) AS \(sql: SQL(unsafe: castName(type))))"
        }
    }

    /// The names of types that SQLite converts to.
    private func castName(_ type: ValueType) -> String {
        switch type.field {
        case .booleanField: "bool"
        case .floatField: "real"
        case .charField, .emailField, .urlField, .slugField, .fileField, .imageField,
            .filePathField:
            type.maxLength.map { "varchar(\($0))" } ?? "text"
        case .textField, .jsonField: "text"
        case .binaryField: "BLOB"
        case .uuidField: "char(32)"
        case .genericIPAddressField: "char(39)"
        case .durationField: "bigint"
        case .smallIntegerField: "smallint"
        case .bigIntegerField: "bigint"
        case .positiveBigIntegerField: "bigint unsigned"
        case .positiveIntegerField: "integer unsigned"
        case .positiveSmallIntegerField: "smallint unsigned"
        default: "integer"
        }
    }

    func number(_ value: SQL, _ type: ValueType) -> SQL {
        type.field == .decimalField ? "(CAST(\(sql: value) AS NUMERIC))" : value
    }

    func combine(_ operation: ArithmeticOperator, _ left: SQL, _ right: SQL) -> SQL {
        switch operation {
        case .power: "POWER(\(sql: left),\(sql: right))"
        case .bitXor: "BITXOR(\(sql: left),\(sql: right))"
        default: "\(sql: left) \(sql: SQL(unsafe: operation.rawValue)) \(sql: right)"
        }
    }

    func combineDuration(
        _ operation: ArithmeticOperator,
        _ left: SQL,
        _ right: SQL,
        types: (ValueType?, ValueType?)
    ) throws -> SQL {
        guard [.add, .subtract, .multiply, .divide].contains(operation) else {
            throw DatabaseError.operational(
                "'\(operation.rawValue)' cannot stand between durations.",
                statement: nil
            )
        }
        if operation == .multiply || operation == .divide {
            let allowed: [FieldType] = [.decimalField, .durationField, .floatField, .integerField]
            for type in [types.0, types.1] {
                guard let type else { continue }
                guard allowed.contains(type.field) else {
                    throw DatabaseError.operational(
                        "'\(operation.rawValue)' takes durations and numbers, no \(type.field).",
                        statement: nil
                    )
                }
            }
        }
        return """
            django_format_dtdelta('\(sql: SQL(unsafe: operation.rawValue))', \(sql: left), \
            \(sql: right))
            """
    }

    func subtractMoments(_ left: SQL, _ right: SQL, type: ValueType) -> SQL {
        type.field == .timeField
            ? "django_time_diff(\(sql: left), \(sql: right))"
            : "django_timestamp_diff(\(sql: left), \(sql: right))"
    }

    func aggregate(
        _ function: AggregateFunction,
        _ text: AggregateText,
        _ type: ValueType?
    ) throws -> SQL {
        guard function == .stringAgg else { return text.call(function.sqlName) }
        var text = text
        if text.isDistinct, text.isDelimiterComma { text.arguments.removeLast() }
        return text.call("GROUP_CONCAT")
    }

    var random: SQL { "RAND()" }
    var groupingOfAll: SQL { " GROUP BY NULL" }

    func limits(from start: Int, to end: Int?) -> SQL {
        var text = end.map { " LIMIT \($0 - start)" } ?? " LIMIT -1"
        if start > 0 { text += " OFFSET \(start)" }
        return SQL(unsafe: text)
    }

    func explanationPrefix(_ explanation: Explanation) throws -> SQL {
        if let format = explanation.format {
            throw UsageError.invalidValue("SQLite explains queries in no format '\(format)'.")
        }
        if let option = explanation.options.keys.sorted().first {
            throw UsageError.invalidValue("SQLite explains queries without options ('\(option)').")
        }
        return "EXPLAIN QUERY PLAN"
    }

    // MARK: Moments

    private func text(_ value: String) throws -> SQL { "\(value)" }

    private func zones(_ zone: String?) throws -> SQL {
        guard let zone else { return "NULL, NULL" }
        return "\(sql: try text(zone)), \(sql: try text("UTC"))"
    }

    func extract(_ part: String, from value: SQL, type: ValueType, zone: String?) throws -> SQL {
        switch type.field {
        case .dateField: "django_date_extract(\(sql: try text(part)), \(sql: value))"
        case .durationField:
            throw UsageError.invalidValue(
                "SQLite stores lengths of time as numbers and has no parts of them."
            )
        case .timeField: "django_time_extract(\(sql: try text(part)), \(sql: value))"
        default:
            """
            django_datetime_extract(\(sql: try text(part)), \(sql: value), \(sql: try zones(zone)))
            """
        }
    }

    func day(of value: SQL, type: ValueType, zone: String?) throws -> SQL {
        "django_datetime_cast_date(\(sql: value), \(sql: try zones(zone)))"
    }

    func time(of value: SQL, type: ValueType, zone: String?) throws -> SQL {
        "django_datetime_cast_time(\(sql: value), \(sql: try zones(zone)))"
    }

    func truncate(
        _ value: SQL,
        to period: String,
        type: ValueType,
        result: ValueType,
        zone: String?
    ) throws -> SQL {
        let name =
            switch result.field {
            case .dateTimeField: "django_datetime_trunc"
            case .dateField: "django_date_trunc"
            default: "django_time_trunc"
            }
        let zones = try zones(zone)
        return """
            \(sql: SQL(unsafe: name))(\(sql: try text(period)), \(sql: value), \(sql: zones))
            """
    }

    // MARK: Functions

    func function(_ name: String, _ call: FunctionArguments) throws -> SQL? {
        let arguments = call.arguments
        switch name {
        case "Chr": return call.call("CHAR")
        case "Ord": return call.call("UNICODE")
        case "Substr": return call.call("SUBSTR")
        case "Greatest": return call.call("MAX")
        case "Least": return call.call("MIN")
        case "Now": return "STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')"
        case "Left": return "SUBSTR(\(sql: arguments[0]), \(1), \(sql: arguments[1]))"
        case "Right":
            return """
                SUBSTR(\(sql: arguments[0]), (\(sql: arguments[1]) * \(-1)), \(sql: arguments[1]))
                """
        case "Round":
            if let digits = call.plainNumber(1), digits < 0 {
                throw UsageError.invalidValue("SQLite rounds to digits behind the point only.")
            }
            return nil
        case "UUID7" where !arguments.isEmpty:
            throw DatabaseError.notSupported("SQLite cannot move the time of a UUID.")
        default: return nil
        }
    }

    func uuidText(_ text: SQL) -> SQL { "REPLACE(\(sql: text), \("-"), \(""))" }

    // MARK: JSON

    func jsonText(of document: SQL, _ keys: [String]) throws -> SQL {
        try jsonValue(of: document, keys)
    }

    func jsonHas(_ document: SQL, _ path: [JSONStep]) throws -> SQL {
        "JSON_TYPE(\(sql: document), \(Self.jsonPath(path))) IS NOT NULL"
    }

    func jsonLacks(_ document: SQL, _ path: [JSONStep]) throws -> SQL {
        "JSON_TYPE(\(sql: document), \(Self.jsonPath(path))) IS NULL"
    }

    func jsonOperand(_ document: JSONValue) -> SQL {
        switch document {
        // What stands under a key is the name of its type for these.
        case .null: "\("null")"
        case .bool(let flag): "\(flag ? "true" : "false")"
        case .int, .double, .string, .array, .object:
            "JSON_EXTRACT(\(SQLValue.json(document)), '$')"
        }
    }

    func jsonScalar(_ document: JSONValue) throws -> SQL {
        switch document {
        case .bool(let flag): "\(flag ? 1 : 0)"
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): "\(text)"
        case .null, .array, .object: "\(SQLValue.json(document))"
        }
    }

    func jsonContains(_ document: SQL, _ part: SQL) throws -> SQL {
        throw DatabaseError.notSupported("SQLite cannot tell whether a document contains another.")
    }

    func jsonValue(of document: SQL, _ keys: [String]) throws -> SQL {
        let path = Self.jsonPath(keys.map { .part($0) })
        return """
            (CASE WHEN JSON_TYPE(\(sql: document), \(path)) IN ('false','true','null') \
            THEN JSON_TYPE(\(sql: document), \(path)) \
            ELSE JSON_EXTRACT(\(sql: document), \(path)) END)
            """
    }

    /// `$."key"[0]`: parts that are whole numbers are positions, everything else is a key.
    static func jsonPath(_ steps: [JSONStep]) -> String {
        steps.reduce(into: "$") { path, step in
            switch step {
            case .part(let text):
                if let position = PythonText.int(text) {
                    path += position < 0 ? "[#\(position)]" : "[\(position)]"
                } else {
                    path += ".\(StoredText.format(.string(text)) ?? "")"
                }
            case .key(let text): path += ".\(StoredText.format(.string(text)) ?? "")"
            }
        }
    }
}
