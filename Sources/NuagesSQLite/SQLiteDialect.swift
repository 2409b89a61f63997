import NuagesORM

/// How SQLite writes SQL.
struct SQLiteDialect: SQLDialect {
    var vendor: String { "sqlite" }
    var ignoringInsert: (start: String, end: String) { ("INSERT OR IGNORE INTO", "") }

    func quote(_ identifier: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in identifier.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }

    func placeholder(_ position: Int) -> String { "?" }

    func literal(_ value: SQLValue) throws(DatabaseError) -> String {
        switch value {
        case .null: return "NULL"
        case .bool(let flag): return flag ? "1" : "0"
        case .int(let number): return String(number)
        case .double(let number):
            guard number.isFinite else {
                throw .data("\(number) has no literal in SQLite.", statement: nil)
            }
            return number.description
        case .text(let text): return try quoted(text)
        case .blob(let bytes):
            let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            return "X'\(digits.joined())'"
        case .decimal(let number): return try quoted(StoredText.format(number))
        case .date(let day): return try quoted(StoredText.format(day))
        case .time(let time): return try quoted(StoredText.format(time))
        case .dateTime(let moment): return try quoted(StoredText.format(moment))
        case .uuid(let uuid): return try quoted(StoredText.format(uuid))
        case .json(let document):
            guard let text = StoredText.format(document) else {
                throw .data(StoredText.notFinite, statement: nil)
            }
            return try quoted(text)
        case .duration(let duration):
            guard let microseconds = StoredText.microseconds(duration) else {
                throw .data("\(duration) does not fit into a column.", statement: nil)
            }
            return String(microseconds)
        case .array, .range: throw .data("SQLite has neither arrays nor ranges.", statement: nil)
        }
    }

    func match(_ lookup: Lookup, _ left: SQL, _ pattern: SQL) -> SQL {
        "\(sql: left) LIKE \(sql: pattern) ESCAPE '\\'"
    }

    func pattern(_ value: SQL, _ leading: String, _ trailing: String) -> SQL {
        let escaped: SQL =
            "REPLACE(REPLACE(REPLACE(\(sql: value), '\\', '\\\\'), '%', '\\%'), '_', '\\_')"
        let start = leading.isEmpty ? SQL() : "'%' || "
        let end = trailing.isEmpty ? SQL() : " || '%'"
        return "\(sql: start)\(sql: escaped)\(sql: end)"
    }

    func membership(_ left: SQL, in values: [SQLValue]) -> SQL? {
        guard let list = StoredText.list(values) else { return nil }
        return "\(sql: left) IN (SELECT value FROM json_each(\(list)))"
    }

    private func quoted(_ text: String) throws(DatabaseError) -> String {
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
}
