import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How MariaDB writes SQL.
struct MySQLDialect: SQLDialect {
    var vendor: String { "mysql" }
    var comparesExactlyByPattern: Bool { false }
    var comparesJSONRangesAsScalars: Bool { true }
    var ignoringInsert: (start: String, end: String) { ("INSERT IGNORE INTO", "") }
    var emptyInsert: SQL { " () VALUES ()" }

    func quote(_ identifier: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "`")]
        for byte in identifier.utf8 {
            if byte == UInt8(ascii: "`") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "`"))
        return String(decoding: bytes, as: UTF8.self)
    }

    func placeholder(_ position: Int) -> String { "?" }

    func upsert(updating columns: [String], unique: [String]) -> SQL {
        let settings = columns.map { column -> SQL in
            "\(identifier: column) = VALUE(\(identifier: column))"
        }
        return " ON DUPLICATE KEY UPDATE \(sql: SQL.joined(settings))"
    }

    func literal(_ value: SQLValue) throws(DatabaseError) -> String {
        switch value {
        case .null: return "NULL"
        case .bool(let flag): return flag ? "1" : "0"
        case .int(let number): return String(number)
        case .double(let number):
            guard number.isFinite else {
                throw .data("\(number) has no literal in MariaDB.", statement: nil)
            }
            return number.description
        case .decimal(let number): return StoredText.format(number)
        case .text(let text): return quoted(text)
        case .blob(let bytes):
            let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            return "X'\(digits.joined())'"
        case .date(let day): return quoted(StoredText.format(day))
        case .time(let time): return quoted(StoredText.format(time))
        case .dateTime(let moment): return quoted(StoredText.format(moment))
        case .uuid(let uuid): return quoted(uuid.uuidString.lowercased())
        case .json(let document):
            guard let text = StoredText.format(document) else {
                throw .data(StoredText.notFinite, statement: nil)
            }
            return quoted(text)
        case .duration(let duration):
            guard let microseconds = StoredText.microseconds(duration) else {
                throw .data("\(duration) does not fit into a column.", statement: nil)
            }
            return String(microseconds)
        case .array, .range: throw .data("MariaDB has neither arrays nor ranges.", statement: nil)
        }
    }

    /// Text as a literal; the session's mode has backslashes stand for themselves only in pairs.
    func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "'")]
        for byte in text.utf8 {
            switch byte {
            case 0: bytes += "\\0".utf8
            case UInt8(ascii: "'"), UInt8(ascii: "\\"): bytes += [byte, byte]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "'"))
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Lookups

    /// Compared by `LOWER`, whatever the collation of the column.
    func match(_ lookup: Lookup, _ left: SQL, _ pattern: SQL) -> SQL {
        switch lookup {
        case .iexact: "LOWER(\(sql: left)) = LOWER(\(sql: pattern))"
        case .icontains, .istartswith, .iendswith:
            "LOWER(\(sql: left)) LIKE LOWER(\(sql: pattern))"
        default: "\(sql: left) LIKE BINARY \(sql: pattern)"
        }
    }

    func pattern(_ value: SQL, _ leading: String, _ trailing: String) -> SQL {
        let escaped: SQL = #"""
            REPLACE(REPLACE(REPLACE(\#(sql: value), '\\', '\\\\'), '%', '\\%'), '_', '\\_')
            """#
        let start: SQL = leading.isEmpty ? "" : "'%', "
        let end: SQL = trailing.isEmpty ? "" : ", '%'"
        return "CONCAT(\(sql: start)\(sql: escaped)\(sql: end))"
    }

    /// One list in place of many values: a statement binds 65,535 of them, and the server makes a
    /// table of the list either way.
    func membership(_ left: SQL, in values: [SQLValue]) -> SQL? {
        guard let (column, value) = MySQLTypes.listColumn(of: values),
            let list = StoredText.list(values)
        else { return nil }
        return """
            \(sql: left) IN (SELECT \(sql: SQL(unsafe: value)) FROM JSON_TABLE(\(list), '$[*]' \
            COLUMNS (value \(sql: SQL(unsafe: column)) PATH '$')) list)
            """
    }

    /// The mark in the pattern goes before the collation, and leaves characters whole, which
    /// `REGEXP BINARY` does not.
    func regex(_ left: SQL, _ pattern: SQL, ignoresCase: Bool) throws -> SQL {
        "\(sql: left) REGEXP CONCAT(\(sql: ignoresCase ? "'(?i)'" : "'(?-i)'"), \(sql: pattern))"
    }

    func lookupCast(_ lookup: Lookup, _ left: SQL, type: ValueType?) -> SQL {
        switch (type?.field, lookup) {
        case (.jsonField, .exact), (.jsonField, .in): return jsonComparable(left)
        case (.jsonField, .isnull): return left
        case (.jsonField, _): return Self.unquoted(left)
        case (.uuidField, .iexact), (.uuidField, .contains), (.uuidField, .icontains),
            (.uuidField, .startswith), (.uuidField, .istartswith), (.uuidField, .endswith),
            (.uuidField, .iendswith), (.uuidField, .regex), (.uuidField, .iregex):
            return "CAST(\(sql: left) AS char)"
        default: return left
        }
    }

    func bindOperand(_ value: SQLValue, type: ValueType?) -> SQL {
        if case .json = value { return jsonComparable("\(value)") }
        return "\(value)"
    }

    func range(of type: ValueType) -> ClosedRange<Int>? {
        switch type.field {
        case .smallIntegerField, .smallAutoField: -32_768...32_767
        case .integerField, .autoField: -2_147_483_648...2_147_483_647
        case .bigIntegerField, .bigAutoField: Int.min...Int.max
        case .positiveBigIntegerField: 0...Int.max
        case .positiveSmallIntegerField: 0...65_535
        case .positiveIntegerField: 0...4_294_967_295
        default: nil
        }
    }
}
