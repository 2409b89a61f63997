import NuagesCore
import NuagesORM

extension MySQLDialect {
    func function(_ name: String, _ call: FunctionArguments) throws -> SQL? {
        let arguments = call.arguments
        switch name {
        case "Now": return "CURRENT_TIMESTAMP(6)"
        case "Chr": return "CONVERT(CHAR(\(sql: arguments[0]) USING utf32) USING utf8mb4)"
        case "Ord": return "ORD(CONVERT(\(sql: arguments[0]) USING utf32))"
        case "Length": return call.call("CHAR_LENGTH")
        case "Concat": return "CONCAT_WS('', \(sql: SQL.joined(arguments)))"
        case "SHA224", "SHA256", "SHA384", "SHA512":
            let length = SQL(unsafe: String(name.dropFirst("SHA".count)))
            return "SHA2(\(sql: arguments[0]), \(sql: length))"
        case "Lag" where arguments.count > 2, "Lead" where arguments.count > 2:
            throw DatabaseError.notSupported("\(name) takes no default in MariaDB.")
        case "JSONArray": return "JSON_ARRAY(\(sql: SQL.joined(documents(call))))"
        case "JSONObject": return "JSON_OBJECT(\(sql: SQL.joined(documents(call))))"
        case "UUID4": return Self.randomUUID
        case "UUID7":
            guard arguments.isEmpty else {
                throw DatabaseError.notSupported("MariaDB cannot move the time of a UUID.")
            }
            return Self.uuid(Self.timeAndChance, version: "7")
        default: return nil
        }
    }

    /// A UUID that is left to chance.
    static let randomUUID = uuid("HEX(RANDOM_BYTES(16))", version: "4")

    /// Digits whose first twelve are the milliseconds since 1970.
    private static let timeAndChance: SQL = """
        CONCAT(LPAD(HEX(FLOOR(UNIX_TIMESTAMP(SYSDATE(3)) * 1000)), 12, '0'), \
        HEX(RANDOM_BYTES(10)))
        """

    /// A UUID of 32 digits, of which two places are not left to chance.
    private static func uuid(_ digits: SQL, version: String) -> SQL {
        """
        CAST(INSERT(INSERT(\(sql: digits), 13, 1, '\(sql: SQL(unsafe: version))'), 17, 1, \
        SUBSTRING('89ab', 1 + FLOOR(RAND() * 4), 1)) AS uuid)
        """
    }

    /// The arguments as what becomes a part of a document.
    private func documents(_ call: FunctionArguments) -> [SQL] {
        zip(call.arguments, call.types).map { argument, type in
            switch type?.field {
            // Text that is a document has to say so.
            case .jsonField: "JSON_EXTRACT(\(sql: argument), '$')"
            case .booleanField:
                """
                JSON_EXTRACT(CASE WHEN \(sql: argument) THEN 'true' \
                WHEN NOT \(sql: argument) THEN 'false' END, '$')
                """
            default: argument
            }
        }
    }

    // MARK: JSON

    /// A document in the one form that equal documents have.
    func jsonComparable(_ document: SQL) -> SQL { "JSON_NORMALIZE(\(sql: document))" }

    func jsonValue(of document: SQL, _ keys: [String]) throws -> SQL {
        if keys.isEmpty { return jsonComparable(document) }
        return "JSON_EXTRACT(\(sql: document), \(Self.jsonPath(keys.map { .part($0) })))"
    }

    func jsonText(of document: SQL, _ keys: [String]) throws -> SQL {
        Self.unquoted(try jsonValue(of: document, keys))
    }

    /// What a JSON value says as text, in the collation of the session: that of `JSON_UNQUOTE` is
    /// another one, and the two cannot be compared.
    static func unquoted(_ value: SQL) -> SQL { "CAST(JSON_UNQUOTE(\(sql: value)) AS char)" }

    func jsonHas(_ document: SQL, _ path: [JSONStep]) throws -> SQL {
        "JSON_CONTAINS_PATH(\(sql: document), 'one', \(Self.jsonPath(path)))"
    }

    func jsonLacks(_ document: SQL, _ path: [JSONStep]) throws -> SQL {
        "JSON_EXTRACT(\(sql: document), \(Self.jsonPath(path))) IS NULL"
    }

    func jsonOperand(_ document: JSONValue) -> SQL {
        jsonComparable("\(SQLValue.json(document))")
    }

    func jsonScalar(_ document: JSONValue) throws -> SQL {
        switch document {
        case .bool(let flag): "\(flag ? "true" : "false")"
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): "\(text)"
        case .null, .array, .object: "\(SQLValue.json(document))"
        }
    }

    func jsonContains(_ document: SQL, _ part: SQL) throws -> SQL {
        "JSON_CONTAINS(\(sql: document), \(sql: part))"
    }

    /// `$."key"[0]`: parts that are whole numbers are positions, everything else is a key.
    static func jsonPath(_ steps: [JSONStep]) -> String {
        steps.reduce(into: "$") { path, step in
            switch step {
            case .part(let text):
                if let position = PythonText.int(text) {
                    path += "[\(position)]"
                } else {
                    path += ".\(StoredText.format(.string(text)) ?? "")"
                }
            case .key(let text): path += ".\(StoredText.format(.string(text)) ?? "")"
            }
        }
    }
}
