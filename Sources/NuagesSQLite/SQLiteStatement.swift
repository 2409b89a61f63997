import CSQLite
import NuagesORM

/// A prepared statement; it stays prepared as long as its connection keeps it.
final class SQLiteStatement: RowSource, PreparedStatement {
    let pointer: OpaquePointer
    /// Keeps the database open until its statements are gone.
    private let handle: SQLiteHandle
    var isBusy = false
    var lastUse = 0
    /// Whether the key of the row that it inserts is the row's number; nil where nobody asked.
    var numbersRows: Bool?

    init(_ text: String, handle: SQLiteHandle) throws(DatabaseError) {
        self.handle = handle
        var text = text
        let (status, pointer, isComplete) = text.withUTF8 { bytes in
            SQLiteStatement.prepare(bytes, handle: handle)
        }
        guard status == SQLITE_OK else {
            throw SQLiteError.current(handle, code: status, statement: text)
        }
        guard let pointer else {
            throw .programming("The statement is empty.", statement: text)
        }
        self.pointer = pointer
        guard isComplete else {
            throw .programming(
                "The text holds more than one statement, or a NUL character.",
                statement: text
            )
        }
    }

    deinit { sqlite3_finalize(pointer) }

    private static func prepare(
        _ bytes: UnsafeBufferPointer<UInt8>,
        handle: SQLiteHandle
    ) -> (Int32, OpaquePointer?, isComplete: Bool) {
        guard let base = bytes.baseAddress, let count = Int32(exactly: bytes.count) else {
            return (bytes.isEmpty ? SQLITE_OK : SQLITE_TOOBIG, nil, true)
        }
        return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { text in
            var pointer: OpaquePointer?
            var tail: UnsafePointer<CChar>?
            let status = sqlite3_prepare_v3(
                handle.pointer,
                text,
                count,
                UInt32(SQLITE_PREPARE_PERSISTENT),
                &pointer,
                &tail
            )
            let used = tail.map { $0 - text } ?? bytes.count
            let isComplete = bytes[used...].allSatisfy { byte in
                byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 || byte == 0x3B
            }
            return (status, pointer, isComplete)
        }
    }

    var columnCount: Int { Int(sqlite3_column_count(pointer)) }

    func columnName(_ index: Int) -> String {
        sqlite3_column_name(pointer, Int32(truncatingIfNeeded: index)).map { String(cString: $0) }
            ?? ""
    }

    func column(_ index: Int) -> ColumnValue {
        // The value is found once; SQLite leaves it alone while the connection stays on its thread.
        let value = sqlite3_column_value(pointer, Int32(truncatingIfNeeded: index))
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: return .int(sqlite3_value_int64(value))
        case SQLITE_FLOAT: return .double(sqlite3_value_double(value))
        case SQLITE_TEXT:
            let text = sqlite3_value_text(value)
            let count = Int(sqlite3_value_bytes(value))
            return .text(UnsafeBufferPointer(start: text, count: text == nil ? 0 : count))
        case SQLITE_BLOB:
            let bytes = sqlite3_value_blob(value)
            let count = Int(sqlite3_value_bytes(value))
            let start = bytes?.assumingMemoryBound(to: UInt8.self)
            return .blob(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
        default: return .null
        }
    }
}
