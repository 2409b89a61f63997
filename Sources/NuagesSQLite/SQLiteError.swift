import CSQLite
import NuagesORM

/// SQLite's errors as `DatabaseError`.
enum SQLiteError {
    /// The error that the connection has just reported.
    static func current(
        _ handle: SQLiteHandle,
        code: Int32,
        statement: String
    ) -> DatabaseError {
        let message = String(cString: sqlite3_errmsg(handle.pointer))
        let extended = code & 0xFF == code ? sqlite3_extended_errcode(handle.pointer) : code
        switch code & 0xFF {
        case SQLITE_CONSTRAINT:
            return .integrity(violation(code: extended, message: message))
        case SQLITE_ERROR: return .programming(message, statement: statement)
        case SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_RANGE:
            return .data(message, statement: statement)
        case SQLITE_NOTADB:
            let file = sqlite3_db_filename(handle.pointer, "main").map { String(cString: $0) } ?? ""
            return .operational(
                "'\(file)' is no SQLite database: \(message).",
                statement: statement
            )
        default: return .operational(message, statement: statement)
        }
    }

    /// SQLite's words for a result code.
    static func text(_ code: Int32) -> String { String(cString: sqlite3_errstr(code)) }

    private static func violation(code: Int32, message: String) -> IntegrityViolation {
        let kind: IntegrityViolation.Kind =
            switch code >> 8 {
            case 8: .unique
            case 6: .primaryKey
            case 3: .foreignKey
            case 5: .notNull
            case 1: .check
            default: .other
            }
        var violation = IntegrityViolation(kind, message: message)
        let parts = message.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1)
        guard parts.count == 2 else { return violation }
        let detail = String(Substring(parts[1].dropFirst()))
        switch kind {
        case .check: violation.constraint = detail
        case .unique, .primaryKey, .notNull: readColumns(detail, into: &violation)
        case .foreignKey, .other: break
        }
        return violation
    }

    /// Reads `table.column, table.column`, or `index 'name'`.
    private static func readColumns(_ detail: String, into violation: inout IntegrityViolation) {
        let quote = UInt8(ascii: "'")
        if detail.utf8.starts(with: "index '".utf8) {
            let name = detail.utf8.dropFirst("index '".utf8.count).prefix { $0 != quote }
            violation.constraint = String(Substring(name))
            return
        }
        for part in detail.utf8.split(separator: UInt8(ascii: ",")) {
            let names = part.drop { $0 == 0x20 }.split(separator: UInt8(ascii: "."), maxSplits: 1)
            guard names.count == 2 else { continue }
            violation.table = String(Substring(names[0]))
            violation.columns.append(String(Substring(names[1])))
        }
    }
}
