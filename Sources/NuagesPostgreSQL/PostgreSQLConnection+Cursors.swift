import CLibPQ
import NuagesORM

extension PostgreSQLConnection {
    func openCursor(_ statement: SQLStatement) throws -> Int {
        try startForTask()
        let bindings = try PostgreSQLBindings(statement.bindings, text: statement.text)
        try check(statement.text)
        let isHeld = !isInTransaction
        cursorCount += 1
        let name = "nuages_\(cursorCount)"
        let hold = isHeld ? " WITH HOLD" : ""
        let begin = pendingBegin
        let results = try pipeline { () throws(DatabaseError) in
            if let begin { try send(begin, nil) }
            try send("DECLARE \(name) NO SCROLL CURSOR\(hold) FOR \(statement.text)", bindings)
            guard PQsendDescribePortal(handle.connection, name) == 1 else {
                throw PostgreSQLError.lost(handle.connection)
            }
        }
        pendingBegin = nil
        if let failed = results.first(where: { !$0.isSuccess }) {
            throw failure(failed, statement.text)
        }
        guard let description = results.last else {
            throw PostgreSQLError.lost(handle.connection)
        }
        cursors[cursorCount] = Cursor(
            name: name,
            columns: ColumnKinds(description),
            text: statement.text,
            isHeld: isHeld
        )
        return cursorCount
    }

    func fetch(
        _ maxCount: Int,
        from number: Int,
        eachRow: (inout Row) throws -> Void
    ) throws -> Bool {
        guard let cursor = cursors[number] else {
            throw DatabaseError.operational("The rows are no longer open.", statement: nil)
        }
        do {
            try startForTask()
            let result = try exchange { () throws(DatabaseError) in
                // PostgreSQL counts to Int32.max; more rows than that are all there are.
                let count = Int32(exactly: maxCount).map { String($0) } ?? "ALL"
                let text = "FETCH FORWARD \(count) FROM \(cursor.name)"
                let isSent = PQsendQueryParams(
                    handle.connection,
                    text,
                    0,
                    nil,
                    nil,
                    nil,
                    nil,
                    cursor.columns.isBinary ? 1 : 0
                )
                guard isSent == 1 else { throw PostgreSQLError.lost(handle.connection) }
            }
            guard result.isSuccess else { throw failure(result, cursor.text) }
            try PostgreSQLRows(result, cursor.columns).read(eachRow)
            if Int(result.rowCount) < maxCount {
                closeCursor(number)
                return false
            }
            return true
        } catch {
            closeCursor(number)
            throw error
        }
    }

    func closeCursor(_ number: Int?) {
        guard isOpen else { return }
        forgetEndedCursors()
        let closing = cursors.filter { number == nil || $0.key == number }
        for (key, cursor) in closing {
            cursors[key] = nil
            // In a failed transaction nothing can be closed, and all of its own ends with it.
            guard handle.isAlive, !handle.isInFailedTransaction else { continue }
            handle.clearInterrupt()
            handle.endsWithTask = false
            _ = try? simple("CLOSE \(cursor.name)")
        }
    }

    /// Forgets the cursors of a transaction that has ended.
    func forgetEndedCursors() {
        guard !cursors.isEmpty || !savepoints.isEmpty, !isInTransaction else { return }
        cursors = cursors.filter { $0.value.isHeld }
        savepoints = []
    }
}
