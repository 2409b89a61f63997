import CLibPQ
import NuagesORM

/// PostgreSQL's errors as `DatabaseError`.
enum PostgreSQLError {
    /// The fields of an error that libpq has macros for.
    enum Field {
        static let state = UInt8(ascii: "C")
        static let message = UInt8(ascii: "M")
        static let detail = UInt8(ascii: "D")
        static let schema = UInt8(ascii: "s")
        static let table = UInt8(ascii: "t")
        static let column = UInt8(ascii: "c")
        static let constraint = UInt8(ascii: "n")
        static let function = UInt8(ascii: "R")
    }

    /// The error that a result is, of a statement whose time may be limited.
    static func of(
        _ result: PostgreSQLResult,
        statement: String?,
        isLimited: Bool = false
    ) -> DatabaseError {
        switch result.status {
        case PGRES_EMPTY_QUERY: return .programming("The statement is empty.", statement: nil)
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            return .programming(
                "COPY from and to the client is no statement; 'copy' stores rows by it.",
                statement: statement
            )
        default: break
        }
        let state = result.error(Field.state) ?? ""
        let message =
            result.error(Field.message)
            ?? trimmed(PQresultErrorMessage(result.pointer))
        let quotesValues = quotesValues(state, result.error(Field.function), message)
        let shown = quotesValues ? withoutQuoted(message) : message
        return error(state, shown, result, statement, isLimited)
    }

    /// Whether what a message has in quotes is a value.
    ///
    /// It is what could not be read as a type, or as a query of words. Elsewhere it is the name of something that the program knows.
    private static func quotesValues(
        _ state: String,
        _ function: String?,
        _ message: String
    ) -> Bool {
        if state.hasPrefix("22") { return true }
        // The name of the rules of a language, which is a value where a search has one.
        if state == "42704" { return function == "get_ts_config_oid" }
        // "syntax error in tsquery", and not "syntax error at or near" of a statement.
        return state == "42601" && function != "scanner_yyerror"
    }

    /// A message without what stands from the first to the last quotation mark.
    static func withoutQuoted(_ message: String) -> String {
        let bytes = Array(message.utf8)
        guard let first = bytes.firstIndex(of: UInt8(ascii: "\"")),
            let last = bytes.lastIndex(of: UInt8(ascii: "\"")), first < last
        else { return message }
        let mark = Array("\"…\"".utf8)
        return String(decoding: bytes[..<first] + mark + bytes[(last + 1)...], as: UTF8.self)
    }

    /// What errors begin with where a lock was not free in time, whatever language the server speaks.
    static let lockTimeout = "A lock was not free in time."

    private static func error(
        _ state: String,
        _ message: String,
        _ result: PostgreSQLResult,
        _ statement: String?,
        _ isLimited: Bool
    ) -> DatabaseError {
        switch state {
        case "25P02": return .transactionAborted
        case "40001", "40P01", "40003": return .serialization(message, statement: statement)
        case "55P03":
            return .operational("\(lockTimeout) (\(message))", statement: statement)
        case "57014":
            // Both have the same state; elsewhere than in English the time is the likelier reason.
            let isOrder = message.hasSuffix("user request")
            let isTime = message.hasSuffix("statement timeout") || isLimited && !isOrder
            return isTime
                ? .statementTimeout(statement: statement)
                : .operational(message, statement: statement)
        default: break
        }
        switch state.prefix(2) {
        case "23": return .integrity(violation(state, message, result))
        case "22": return .data(message, statement: statement)
        case "0A": return .notSupported(message)
        case "21", "26", "34", "3D", "3F", "42", "P0":
            return .programming(message, statement: statement)
        default: return .operational(message, statement: statement)
        }
    }

    /// Why a connection came to nothing: libpq names the host, the port, the user and the database,
    /// and no password.
    static func ofConnecting(_ connection: OpaquePointer) -> DatabaseError {
        .operational(trimmed(PQerrorMessage(connection)), statement: nil)
    }

    /// The connection broke.
    static func lost(_ connection: OpaquePointer) -> DatabaseError {
        let message = trimmed(PQerrorMessage(connection))
        return .operational(
            message.isEmpty ? "The connection to the database is lost." : message,
            statement: nil
        )
    }

    private static func violation(
        _ state: String,
        _ message: String,
        _ result: PostgreSQLResult
    ) -> IntegrityViolation {
        let constraint = result.error(Field.constraint)
        let table = result.error(Field.table)
        let kind: IntegrityViolation.Kind =
            switch state {
            case "23505":
                constraint == table.map({ "\($0)_pkey" }) && constraint != nil
                    ? .primaryKey : .unique
            case "23503", "23001": .foreignKey
            case "23502": .notNull
            case "23514": .check
            default: .other
            }
        let columns =
            result.error(Field.column).map { [$0] }
            ?? result.error(Field.detail).map(Self.columns) ?? []
        return IntegrityViolation(
            kind,
            constraint: constraint,
            table: table,
            columns: columns,
            message: message
        )
    }

    /// The columns of `Key (a, b)=(1, 2) already exists.`, in whatever language.
    static func columns(_ detail: String) -> [String] {
        let bytes = Array(detail.utf8)
        guard let start = bytes.firstIndex(of: UInt8(ascii: "(")) else { return [] }
        let end = Array(")=(".utf8)
        var position = start + 1
        while position + end.count <= bytes.count {
            if bytes[position..<(position + end.count)].elementsEqual(end) { break }
            position += 1
        }
        guard position + end.count <= bytes.count else { return [] }
        return bytes[(start + 1)..<position].split(separator: UInt8(ascii: ",")).map { name in
            let plain = name.drop { $0 == 0x20 }
            let isQuoted = plain.count > 1 && plain.first == UInt8(ascii: "\"")
            return String(decoding: isQuoted ? plain.dropFirst().dropLast() : plain, as: UTF8.self)
        }
    }

    private static func trimmed(_ text: UnsafePointer<CChar>?) -> String {
        guard let text else { return "" }
        var bytes = Array(String(cString: text).utf8)
        while let last = bytes.last, last == 0x0A || last == 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func trimmed(_ text: UnsafeMutablePointer<CChar>?) -> String {
        trimmed(UnsafePointer(text))
    }
}
