import CLibMariaDB
import NuagesORM

extension MySQLConnection {
    func openCursor(_ statement: SQLStatement) throws -> Int {
        try startForTask()
        let bindings = try MySQLBindings(statement.bindings, text: statement.text)
        return try telling {
            try begin()
            // A statement of its own: others of the same text may run while it stands.
            let prepared = MySQLStatement(try handle.prepare(statement.text))
            do {
                var kind = UInt(CURSOR_TYPE_READ_ONLY.rawValue)
                mysql_stmt_attr_set(prepared.pointer, STMT_ATTR_CURSOR_TYPE, &kind)
                try handle.execute(prepared.pointer, bindings, statement.text)
                // What the server keeps no cursor for has sent all of its rows.
                if prepared.pointer.pointee.cursor_exists == 0 {
                    try handle.store(prepared.pointer, statement.text)
                }
            } catch {
                prepared.close()
                throw error
            }
            cursorCount += 1
            cursors[cursorCount] = Cursor(statement: prepared, text: statement.text)
            return cursorCount
        }
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
            let statement = cursor.statement.pointer
            var count = UInt(max(1, maxCount))
            mysql_stmt_attr_set(statement, STMT_ATTR_PREFETCH_ROWS, &count)
            let rows = MySQLRows(statement)
            for _ in 0..<maxCount {
                let isRow = try telling { try handle.fetch(statement, cursor.text) }
                guard isRow else {
                    closeCursor(number)
                    return false
                }
                try rows.readOne(eachRow)
            }
            return true
        } catch {
            closeCursor(number)
            throw error
        }
    }

    func closeCursor(_ number: Int?) {
        guard isOpen else { return }
        for (key, cursor) in cursors where number == nil || key == number {
            cursors[key] = nil
            cursor.statement.close()
        }
    }
}
