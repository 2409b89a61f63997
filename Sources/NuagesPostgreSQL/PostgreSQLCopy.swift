import CLibPQ
import NuagesCore
public import NuagesORM

extension Database {
    /// Stores many rows by `COPY`, which is several times as fast as `INSERT`.
    ///
    ///     try await database.copy(rows, into: "polls_choice", columns: ["question_id", "votes"])
    ///     // COPY "polls_choice" ("question_id", "votes") FROM STDIN
    ///
    /// All rows are stored, or none. It belongs to the transaction of the task, where there is one.
    ///
    /// - Parameters:
    ///   - rows: the values of each row in the order of the columns.
    ///   - table: the table.
    ///   - columns: the columns; what is left out takes its default.
    /// - Returns: the number of rows.
    /// - Throws: `DatabaseError`; `notSupported` for a database that is not PostgreSQL.
    @discardableResult
    public func copy(
        _ rows: [[SQLValue]],
        into table: String,
        columns: [String]
    ) async throws -> Int {
        try await copy(into: table, columns) { connection, statement in
            try connection.copy(rows, by: statement, columnCount: columns.count)
        }
    }

    /// Stores rows that are written as `COPY` reads them.
    func copy(_ text: [UInt8], into table: String, columns: [String]) async throws -> Int {
        try await copy(into: table, columns) { connection, statement in
            try connection.copy(text, by: statement)
        }
    }

    private func copy(
        into table: String,
        _ columns: [String],
        _ work: @escaping @Sendable (isolated PostgreSQLConnection, SQLStatement) throws -> Int
    ) async throws -> Int {
        let sql: SQL = "COPY \(identifier: table) (\(identifiers: columns)) FROM STDIN"
        let statement = sql.statement(dialect)
        return try await performWriting(statement) { connection in
            guard let connection = connection as? PostgreSQLConnection else {
                throw DatabaseError.notSupported("Only PostgreSQL copies rows into a table.")
            }
            return try connection.assumeIsolated { try work($0, statement) }
        }
    }
}

/// Rows in the text form of `COPY`.
struct CopyText {
    private(set) var bytes: [UInt8] = []

    /// Adds a row.
    mutating func append(_ row: [SQLValue]) throws(DatabaseError) {
        for (index, value) in row.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: "\t")) }
            try append(value)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Forgets the rows, which have been sent.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private mutating func append(_ value: SQLValue) throws(DatabaseError) {
        switch value {
        case .null: bytes += "\\N".utf8
        case .bool(let flag): bytes.append(flag ? UInt8(ascii: "t") : UInt8(ascii: "f"))
        case .int(let number): bytes += String(number).utf8
        case .double(let number): bytes += number.description.utf8
        case .decimal(let number): bytes += StoredText.format(number).utf8
        case .text(let text): try append(text)
        case .blob(let blob):
            bytes += "\\\\x".utf8
            for byte in blob {
                bytes.append(Self.digits[Int(byte >> 4)])
                bytes.append(Self.digits[Int(byte & 15)])
            }
        case .date(let day): bytes += StoredText.format(day).utf8
        case .time(let time): bytes += StoredText.format(time).utf8
        case .dateTime(let moment):
            bytes += StoredText.format(moment).utf8
            bytes += "+00".utf8
        case .duration(let duration):
            guard let microseconds = StoredText.microseconds(duration) else {
                throw .data("\(duration) does not fit into an interval.", statement: nil)
            }
            bytes += "\(microseconds) microseconds".utf8
        case .uuid(let uuid): bytes += StoredText.format(uuid).utf8
        case .json(let document):
            guard document.isFinite, let text = StoredText.format(document) else {
                throw .data(StoredText.notFinite, statement: nil)
            }
            try append(text)
        case .array(let values): try append(try PostgreSQLText.array(values))
        case .range(let range): try append(try PostgreSQLText.range(range))
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private mutating func append(_ text: String) throws(DatabaseError) {
        for byte in text.utf8 {
            switch byte {
            case 0:
                throw .data("Text of PostgreSQL cannot hold a NUL character.", statement: nil)
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case UInt8(ascii: "\t"): bytes += "\\t".utf8
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\r"): bytes += "\\r".utf8
            default: bytes.append(byte)
            }
        }
    }
}
