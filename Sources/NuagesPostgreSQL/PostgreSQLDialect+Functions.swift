import NuagesCore
import NuagesORM

extension PostgreSQLDialect {
    func function(_ name: String, _ call: FunctionArguments) throws -> SQL? {
        switch name {
        case "Now": return "STATEMENT_TIMESTAMP()"
        case "Ord": return call.call("ASCII")
        case "StrIndex": return call.call("STRPOS")
        case "Concat": return concatenation(call)
        case "SHA1", "SHA224", "SHA256", "SHA384", "SHA512":
            let digest = SQL(unsafe: "'\(name.lowercased())'")
            return "ENCODE(DIGEST(\(sql: call.arguments[0]), \(sql: digest)), 'hex')"
        case "Log", "Mod", "Round": return exact(name, call)
        case "JSONArray":
            return "JSONB_BUILD_ARRAY(\(sql: SQL.joined(try typed(call))))"
        case "JSONObject": return try object(call)
        case "UUID4": return "GEN_RANDOM_UUID()"
        case "UUID7":
            throw DatabaseError.notSupported("UUID7 needs PostgreSQL 18 or later.")
        default: return nil
        }
    }

    /// The arguments as text, one behind the other; NULL counts as empty text.
    private func concatenation(_ call: FunctionArguments) -> SQL {
        let parts = zip(call.arguments, call.types).map { part, type -> SQL in
            let text: SQL = type?.family == .text ? part : "(\(sql: part))::text"
            return "COALESCE(\(sql: text), '')"
        }
        return "(\(sql: SQL.joined(parts, separator: " || ")))"
    }

    /// Floats as exact numbers: there is no `LOG`, `MOD` or `ROUND` of two floats.
    private func exact(_ name: String, _ call: FunctionArguments) -> SQL {
        let arguments = zip(call.arguments, call.types).map { argument, type -> SQL in
            type?.family == .float ? "(\(sql: argument))::numeric(1000, 15)" : argument
        }
        return "\(sql: SQL(unsafe: name.uppercased()))(\(sql: SQL.joined(arguments)))"
    }

    /// The arguments with their types, which functions that take any type cannot guess.
    private func typed(_ call: FunctionArguments) throws(FieldError) -> [SQL] {
        try zip(call.arguments, call.types).map { argument, type throws(FieldError) in
            guard let type else { throw .unknownType("a part of the JSON") }
            return cast(argument, to: type)
        }
    }

    private func object(_ call: FunctionArguments) throws -> SQL {
        let values = zip(call.arguments, call.types).map { argument, type in
            type.map { cast(argument, to: $0) } ?? argument
        }
        let arguments = call.arguments.indices.map { index -> SQL in
            index.isMultiple(of: 2) ? "(\(sql: call.arguments[index]))::text" : values[index]
        }
        return "JSONB_BUILD_OBJECT(\(sql: SQL.joined(arguments)))"
    }

    // MARK: JSON

    func jsonValue(of document: SQL, _ keys: [String]) throws -> SQL {
        keys.isEmpty ? document : keyed(document, keys, one: "->", several: "#>")
    }

    func jsonText(of document: SQL, _ keys: [String]) throws -> SQL {
        keyed(document, keys, one: "->>", several: "#>>")
    }

    private func keyed(_ document: SQL, _ keys: [String], one: SQL, several: SQL) -> SQL {
        guard let key = keys.first, keys.count == 1 else {
            return "(\(sql: document) \(sql: several) \(ArrayText.texts(keys)))"
        }
        if let position = PythonText.int(key).flatMap({ Int32(exactly: $0) }) {
            return "(\(sql: document) \(sql: one) \(sql: SQL(unsafe: String(position))))"
        }
        return "(\(sql: document) \(sql: one) \(key))"
    }

    func jsonHas(_ document: SQL, _ path: [JSONStep]) throws -> SQL {
        guard let last = path.last else { return "\(sql: document) IS NOT NULL" }
        switch last {
        case .part: return "\(sql: try jsonValue(of: document, names(path))) IS NOT NULL"
        case .key(let key):
            return "\(sql: try jsonValue(of: document, names(path.dropLast()))) ? \(key)"
        }
    }

    func jsonLacks(_ document: SQL, _ path: [JSONStep]) throws -> SQL {
        "\(sql: try jsonValue(of: document, names(path))) IS NULL"
    }

    private func names(_ path: some Sequence<JSONStep>) -> [String] {
        path.map { step in
            switch step {
            case .key(let name), .part(let name): name
            }
        }
    }

    func jsonOperand(_ document: JSONValue) -> SQL { "\(SQLValue.json(document))" }

    func jsonScalar(_ document: JSONValue) throws -> SQL { "\(SQLValue.json(document))" }

    func jsonContains(_ document: SQL, _ part: SQL) throws -> SQL {
        "\(sql: document) @> \(sql: part)"
    }
}
