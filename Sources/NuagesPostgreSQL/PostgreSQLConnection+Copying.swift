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
            try sendRows(rows)
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

    private func sendRows(_ rows: [[SQLValue]]) throws {
        var text = CopyText()
        for row in rows {
            try text.append(row)
            if text.bytes.count >= Self.copySize { try send(&text) }
        }
        try send(&text)
    }

    private func send(_ text: inout CopyText) throws {
        if Task.isCancelled { throw CancellationError() }
        let isSent = text.bytes.withUnsafeBytes { bytes in
            PQputCopyData(
                handle.connection,
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(clamping: bytes.count)
            )
        }
        guard isSent == 1 else { throw PostgreSQLError.lost(handle.connection) }
        try handle.flush()
        text.removeAll()
    }
}
