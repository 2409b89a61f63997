import CLibPQ
import NuagesORM

extension PostgreSQLConnection {
    /// So many bytes are sent at once.
    private static let copySize = 65_536

    /// Sends rows into a table.
    func copy(
        _ rows: [[SQLValue]],
        by statement: SQLStatement,
        columnCount: Int
    ) throws -> Int {
        if let row = rows.first(where: { $0.count != columnCount }) {
            throw DatabaseError.programming(
                "A row has \(row.count) values for \(columnCount) columns.",
                statement: statement.text
            )
        }
        return try copy(by: statement) {
            var text = CopyText()
            for row in rows {
                try text.append(row)
                if text.bytes.count < Self.copySize { continue }
                try send(text.bytes[...])
                text.removeAll()
            }
            try send(text.bytes[...])
        }
    }

    /// Sends rows, written as `COPY` reads them, into a table.
    func copy(_ text: [UInt8], by statement: SQLStatement) throws -> Int {
        try copy(by: statement) {
            for start in stride(from: 0, to: text.count, by: Self.copySize) {
                try send(text[start..<min(start + Self.copySize, text.count)])
            }
        }
    }

    private func copy(by statement: SQLStatement, _ sendRows: () throws -> Void) throws -> Int {
        try startForTask()
        try passOverUnanswered()
        try beginNow()
        try check(statement.text)
        try send(statement.text, nil)
        try handle.flush()
        guard let start = try handle.nextResult() else {
            throw PostgreSQLError.lost(handle.connection)
        }
        guard start.status == PGRES_COPY_IN else {
            _ = try handle.onlyResult(start)
            throw failure(start, statement.text)
        }
        do {
            try sendRows()
        } catch {
            // The server forgets what it has been sent.
            PQputCopyEnd(handle.connection, "the rows cannot be written")
            try handle.flush()
            _ = try handle.onlyResult()
            throw error
        }
        guard PQputCopyEnd(handle.connection, nil) == 1 else {
            throw PostgreSQLError.lost(handle.connection)
        }
        try handle.flush()
        let result = try handle.onlyResult()
        guard result.isSuccess else { throw failure(result, statement.text) }
        return result.changeCount
    }

    private func send(_ text: ArraySlice<UInt8>) throws {
        if Task.isCancelled { throw CancellationError() }
        let isSent = text.withUnsafeBytes { bytes in
            PQputCopyData(
                handle.connection,
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(clamping: bytes.count)
            )
        }
        guard isSent == 1 else { throw PostgreSQLError.lost(handle.connection) }
        try handle.flush()
    }
}
