import CLibMariaDB
import NuagesORM

/// An error of a server or of libmariadb, and what it is as `DatabaseError`.
struct MySQLError {
    let number: UInt32
    private let state: String
    private let message: String

    init(_ connection: UnsafeMutablePointer<MYSQL>) {
        self.init(
            mysql_errno(connection),
            mysql_sqlstate(connection).map { String(cString: $0) } ?? "",
            mysql_error(connection).map { String(cString: $0) } ?? ""
        )
    }

    init(_ statement: UnsafeMutablePointer<MYSQL_STMT>) {
        self.init(
            mysql_stmt_errno(statement),
            mysql_stmt_sqlstate(statement).map { String(cString: $0) } ?? "",
            mysql_stmt_error(statement).map { String(cString: $0) } ?? ""
        )
    }

    init(_ number: UInt32, _ state: String, _ message: String) {
        self.number = number
        self.state = state
        self.message = message.isEmpty ? "The connection to the database is lost." : message
    }

    /// Whether the connection is gone.
    var isLoss: Bool {
        switch number {
        case 2000...2999, 1053, 1152...1161, 1184, 1927, 0: true
        default: false
        }
    }

    /// Whether the server has rolled the transaction back.
    var endsTransaction: Bool { number == 1213 || number == 1614 }

    /// Whether the statement was ended by an order.
    static func isInterruption(_ number: UInt32) -> Bool { number == 1317 || number == 1969 }

    /// Whether the server does not know a prepared statement any more, or not in this form; it has
    /// not run.
    static func isOutdated(_ number: UInt32) -> Bool { number == 1243 || number == 1615 }

    /// The error, without the values that a statement was given.
    func error(statement: String?) -> DatabaseError {
        let text = withoutValues
        switch number {
        case 1062, 1022, 1169, 1586, 1859, 1216, 1217, 1451, 1452, 1557, 1048, 1263, 1364, 4025,
            3819:
            return .integrity(violation(text))
        case 1213, 1020: return .serialization(text, statement: statement)
        case 1969: return .statementTimeout(statement: statement)
        case 1235, 1286, 1289, 1295, 4031: return .notSupported(text)
        case 1264, 1265, 1292, 1366, 1406, 1365, 1367, 1411, 1416, 1426, 1439, 1441, 1690, 1917,
            1918, 1139, 3025, 4038:
            return .data(text, statement: statement)
        case 1065: return .programming("The statement is empty.", statement: nil)
        case 1049, 1054, 1064, 1091, 1146:
            return .programming(text, statement: statement)
        case 1044, 1045, 1698: return .operational(text, statement: nil)
        default: break
        }
        switch state.prefix(2) {
        case "22": return .data(text, statement: statement)
        case "23": return .integrity(violation(text))
        case "0A": return .notSupported(text)
        case "21", "42", "3D": return .programming(text, statement: statement)
        default: return .operational(text, statement: statement)
        }
    }

    /// What the server said, without the values of rows that it quotes.
    private var withoutValues: String {
        switch number {
        // Duplicate entry '…' for key '…'
        case 1062, 1586, 1859, 1557: return cutting(behind: "entry", before: " for key")
        // Incorrect integer value: '…' for column `…` at row 1
        case 1292, 1366, 1411, 1525: return cutting(behind: "value", before: " for ")
        // BIGINT value is out of range in '…'
        case 1690: return cutting(behind: "out of range", before: nil)
        // Truncated value '…' when converting to …
        case 1916, 1917, 1918: return withoutQuoted
        default: return message
        }
    }

    /// The message without what stands from the first to the last quotation mark.
    private var withoutQuoted: String {
        let (bytes, mark) = (Array(message.utf8), UInt8(ascii: "'"))
        guard let first = bytes.firstIndex(of: mark), let last = bytes.lastIndex(of: mark),
            first < last
        else { return message }
        let dots = Array("'…'".utf8)
        return String(decoding: bytes[..<first] + dots + bytes[(last + 1)...], as: UTF8.self)
    }

    /// The message without what stands between two words; where the second is not there, without
    /// all behind the first.
    private func cutting(behind start: String, before end: String?) -> String {
        let bytes = Array(message.utf8)
        guard let first = Self.first(Array(start.utf8), in: bytes) else { return message }
        let kept = bytes[..<(first + start.utf8.count)]
        var rest: ArraySlice<UInt8> = []
        if let end, let last = Self.last(Array(end.utf8), in: bytes), last >= kept.endIndex {
            rest = bytes[last...]
        }
        return String(decoding: kept + rest, as: UTF8.self)
    }

    private static func first(_ word: [UInt8], in text: [UInt8]) -> Int? {
        guard text.count >= word.count else { return nil }
        return (0...(text.count - word.count)).first {
            text[$0..<($0 + word.count)].elementsEqual(word)
        }
    }

    private static func last(_ word: [UInt8], in text: [UInt8]) -> Int? {
        guard text.count >= word.count else { return nil }
        return (0...(text.count - word.count)).last {
            text[$0..<($0 + word.count)].elementsEqual(word)
        }
    }

    // MARK: Violations

    private func violation(_ text: String) -> IntegrityViolation {
        switch number {
        case 1048, 1263, 1364:
            let column = Self.quoted(message, by: UInt8(ascii: "'")).first
            return IntegrityViolation(.notNull, columns: column.map { [$0] } ?? [], message: text)
        case 1216, 1217: return IntegrityViolation(.foreignKey, message: text)
        case 1451, 1452: return foreignKey(text)
        case 4025, 3819:
            let names = Self.quoted(message, by: UInt8(ascii: "`"))
            return IntegrityViolation(
                .check,
                constraint: names.first,
                table: names.count > 2 ? names[2] : nil,
                message: text
            )
        case 1062, 1022, 1169, 1586, 1859, 1557:
            // The key's name is the last of the quoted words.
            let key = Self.quoted(message, by: UInt8(ascii: "'")).last.map(Self.withoutTable)
            let isPrimary = key.map { $0.utf8.elementsEqual("PRIMARY".utf8) } ?? false
            return IntegrityViolation(
                isPrimary ? .primaryKey : .unique,
                constraint: isPrimary ? nil : key,
                message: text
            )
        default: return IntegrityViolation(.other, message: text)
        }
    }

    /// What the message of a foreign key tells.
    ///
    ///     (`db`.`table`, CONSTRAINT `name` FOREIGN KEY (`column`) REFERENCES `target` (`id`))
    private func foreignKey(_ text: String) -> IntegrityViolation {
        let names = Self.quoted(message, by: UInt8(ascii: "`"))
        return IntegrityViolation(
            .foreignKey,
            constraint: names.count > 2 ? names[2] : nil,
            table: names.count > 1 ? names[1] : nil,
            columns: names.count > 3 ? [names[3]] : [],
            message: text
        )
    }

    /// The key's name without the table before it, which MySQL tells.
    private static func withoutTable(_ key: String) -> String {
        guard let point = key.utf8.lastIndex(of: UInt8(ascii: ".")) else { return key }
        return String(key[key.utf8.index(after: point)...])
    }

    /// The words in quotes, from the left.
    static func quoted(_ text: String, by quote: UInt8) -> [String] {
        var words: [String] = []
        var word: [UInt8]?
        for byte in text.utf8 {
            if byte == quote {
                if let found = word { words.append(String(decoding: found, as: UTF8.self)) }
                word = word == nil ? [] : nil
            } else {
                word?.append(byte)
            }
        }
        return words
    }
}
