import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How PostgreSQL writes SQL.
struct PostgreSQLDialect: SQLDialect {
    var vendor: String { "postgresql" }
    var comparesExactlyByPattern: Bool { false }
    var sharesPlaceholders: Bool { true }

    func quote(_ identifier: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in identifier.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }

    func placeholder(_ position: Int) -> String { "$\(position)" }

    func literal(_ value: SQLValue) throws(DatabaseError) -> String {
        switch value {
        case .null: return "NULL"
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .double(let number):
            return number.isFinite ? number.description : "'\(number.description)'::float8"
        case .decimal(let number): return StoredText.format(number)
        case .text(let text): return try quoted(text)
        case .blob(let bytes):
            return "'\\x\(PostgreSQLText.hexadecimal(bytes))'::bytea"
        case .date(let day): return "'\(StoredText.format(day))'::date"
        case .time(let time): return "'\(StoredText.format(time))'::time"
        case .dateTime(let moment): return "'\(StoredText.format(moment))+00:00'::timestamptz"
        case .uuid(let uuid): return "'\(uuid.uuidString.lowercased())'::uuid"
        case .json(let document):
            guard let text = StoredText.format(document) else {
                throw .data(StoredText.notFinite, statement: nil)
            }
            return "\(try quoted(text))::jsonb"
        case .duration(let duration):
            guard let microseconds = StoredText.microseconds(duration) else {
                throw .data("\(duration) does not fit into an interval.", statement: nil)
            }
            return "'\(Self.interval(microseconds))'::interval"
        case .array(let values): return try quoted(PostgreSQLText.array(values))
        case .range(let range): return try quoted(PostgreSQLText.range(range))
        }
    }

    /// `-1 days +02:03:04.500000`.
    private static func interval(_ microseconds: Int) -> String {
        let (days, rest) = floorDivision(microseconds, by: 86_400_000_000)
        let clock = TimeOfDay(microseconds: rest)
        return "\(days) days \(clock.map { StoredText.format($0) } ?? "00:00:00")"
    }

    func quoted(_ text: String) throws(DatabaseError) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "'")]
        for byte in text.utf8 {
            guard byte != 0 else {
                throw .data("Text with a NUL character has no literal.", statement: nil)
            }
            if byte == UInt8(ascii: "'") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "'"))
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Lookups

    func match(_ lookup: Lookup, _ left: SQL, _ pattern: SQL) -> SQL {
        switch lookup {
        case .iexact: "\(sql: left) = UPPER(\(sql: pattern))"
        case .icontains, .istartswith, .iendswith: "\(sql: left) LIKE UPPER(\(sql: pattern))"
        default: "\(sql: left) LIKE \(sql: pattern)"
        }
    }

    func pattern(_ value: SQL, _ leading: String, _ trailing: String) -> SQL {
        let escaped: SQL = """
            REPLACE(REPLACE(REPLACE((\(sql: value))::text, E'\\\\', E'\\\\\\\\'), '%', E'\\\\%'), \
            '_', E'\\\\_')
            """
        let start = leading.isEmpty ? SQL() : "'%' || "
        let end = trailing.isEmpty ? SQL() : " || '%'"
        return "\(sql: start)\(sql: escaped)\(sql: end)"
    }

    func regex(_ left: SQL, _ pattern: SQL, ignoresCase: Bool) throws -> SQL {
        ignoresCase ? "\(sql: left) ~* \(sql: pattern)" : "\(sql: left) ~ \(sql: pattern)"
    }

    func lookupCast(_ lookup: Lookup, _ left: SQL, type: ValueType?) -> SQL {
        let text: SQL =
            type?.field == .genericIPAddressField
            ? "HOST(\(sql: left))" : "\(sql: left)::text"
        switch lookup {
        case .iexact, .icontains, .istartswith, .iendswith: return "UPPER(\(sql: text))"
        case .contains, .startswith, .endswith, .regex, .iregex: return text
        default: return left
        }
    }

    /// One array in place of many values: the server plans the statement once for all lists.
    func membership(_ left: SQL, in values: [SQLValue]) -> SQL? {
        guard let (list, type) = ArrayText.list(of: values) else { return nil }
        return "\(sql: left) = ANY((\(list))::\(sql: SQL(unsafe: type))[])"
    }

    /// A join with rows of arrays, of which the server plans one statement for all numbers of rows.
    ///
    /// The arrays are of the widest type of their kind, so that what a column cannot hold is an
    /// error, where a cast to the column's own type would cut it off.
    func update(
        _ table: String,
        from key: (name: String, type: ValueType),
        _ columns: [(name: String, type: ValueType)]
    ) -> String? {
        guard let keyType = Self.arrayElement(of: key.type) else { return nil }
        let rows = table.equalsBytes("new_rows") ? "newer_rows" : "new_rows"
        var assignments: [String] = []
        var arrays = ["$1::\(keyType)[]"]
        var names = ["key"]
        for (index, column) in columns.enumerated() {
            guard let type = Self.arrayElement(of: column.type) else { return nil }
            names.append("value\(index + 1)")
            arrays.append("$\(index + 2)::\(type)[]")
            assignments.append("\(quote(column.name)) = \(rows).value\(index + 1)")
        }
        return """
            UPDATE \(quote(table)) SET \(assignments.joined(separator: ", ")) \
            FROM unnest(\(arrays.joined(separator: ", "))) AS \(rows)(\(names.joined(separator: ", "))) \
            WHERE \(quote(table)).\(quote(key.name)) = \(rows).key
            """
    }

    /// Nil for a column of a type of its own, into which nothing is cast by itself.
    private static func arrayElement(of type: ValueType) -> String? {
        type.columnTypes["postgresql"] == nil ? arrayElements[type.field] : nil
    }

    private static let arrayElements: [FieldType: String] = [
        .autoField: "bigint", .bigAutoField: "bigint", .smallAutoField: "bigint",
        .integerField: "bigint", .bigIntegerField: "bigint", .smallIntegerField: "bigint",
        .positiveIntegerField: "bigint", .positiveBigIntegerField: "bigint",
        .positiveSmallIntegerField: "bigint",
        .floatField: "double precision", .decimalField: "numeric", .booleanField: "boolean",
        .charField: "text", .textField: "text", .emailField: "text", .urlField: "text",
        .slugField: "text",
        .dateField: "date", .timeField: "time", .dateTimeField: "timestamptz",
        .durationField: "interval", .uuidField: "uuid",
    ]

    func bind(_ value: SQLValue, _ type: ValueType?) -> SQL {
        if value == .null { return "NULL" }
        if type?.field == .genericIPAddressField { return "(\(value))::inet" }
        return bindOperand(value, type: type)
    }

    /// Values of types that the server does not guess have their type behind them.
    func bindOperand(_ value: SQLValue, type: ValueType?) -> SQL {
        guard let type, value != .null, let name = Self.ownName(of: type) else {
            return "\(value)"
        }
        return "\(type.stored(value) ?? value)::\(sql: SQL(unsafe: name))"
    }
}

/// Arrays in the text form of PostgreSQL.
enum ArrayText {
    /// The values as one, with the type of each; nil unless all are of one kind that has a text.
    static func list(of values: [SQLValue]) -> (list: String, type: String)? {
        guard let first = values.first, let type = type(of: first) else { return nil }
        var items: [String] = []
        items.reserveCapacity(values.count)
        for value in values {
            guard let item = item(value, like: first) else { return nil }
            items.append(item)
        }
        return ("{\(items.joined(separator: ","))}", type)
    }

    private static func type(of value: SQLValue) -> String? {
        switch value {
        case .int: "bigint"
        case .uuid: "uuid"
        case .text: "text"
        case .bool: "boolean"
        // As a single float is sent: compared with exact numbers, it stays one.
        case .double: "numeric"
        case .decimal: "numeric"
        case .date: "date"
        case .time: "time"
        case .dateTime: "timestamptz"
        case .null, .blob, .json, .duration, .array, .range: nil
        }
    }

    private static func item(_ value: SQLValue, like first: SQLValue) -> String? {
        switch (first, value) {
        case (.int, .int(let number)): String(number)
        case (.uuid, .uuid(let uuid)): StoredText.format(uuid)
        case (.text, .text(let text)): quoted(text)
        case (.bool, .bool(let flag)): flag ? "t" : "f"
        case (.double, .double(let number)): number.description
        case (.decimal, .decimal(let number)): StoredText.format(number)
        case (.date, .date(let day)): StoredText.format(day)
        case (.time, .time(let time)): StoredText.format(time)
        case (.dateTime, .dateTime(let moment)): quoted("\(StoredText.format(moment))+00:00")
        default: nil
        }
    }

    /// Texts as one array.
    static func texts(_ texts: [String]) -> String {
        "{\(texts.map(quoted).joined(separator: ","))}"
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }
}
