import CSQLite
import NuagesORM

extension SQLiteStatement {
    /// Binds `values` in order, in the form that Django stores.
    func bind(_ values: [SQLValue], text: String) throws(DatabaseError) {
        guard values.count == Int(sqlite3_bind_parameter_count(pointer)) else {
            throw .programming(
                """
                The statement has \(sqlite3_bind_parameter_count(pointer)) placeholders \
                and \(values.count) values.
                """,
                statement: text
            )
        }
        var position: Int32 = 0
        for value in values {
            position += 1
            if case .json(let document) = value, !document.isFinite {
                throw .data(StoredText.notFinite, statement: text)
            }
            let status = bind(value, at: position)
            guard status == SQLITE_OK else {
                throw .data(
                    "Value \(position) does not fit into SQLite: \(SQLiteError.text(status)).",
                    statement: text
                )
            }
        }
    }

    private func bind(_ value: SQLValue, at position: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(pointer, position)
        case .bool(let flag): sqlite3_bind_int64(pointer, position, flag ? 1 : 0)
        case .int(let number): sqlite3_bind_int64(pointer, position, Int64(number))
        // SQLite would store NaN as NULL without a word.
        case .double(let number):
            number.isNaN ? SQLITE_MISMATCH : sqlite3_bind_double(pointer, position, number)
        case .text(let text): bind(text: text, at: position)
        case .blob(let bytes): bind(bytes: bytes, at: position)
        case .decimal(let number): bind(text: StoredText.format(number), at: position)
        case .date(let day): bind(text: StoredText.format(day), at: position)
        case .time(let time): bind(text: StoredText.format(time), at: position)
        case .dateTime(let moment): bind(text: StoredText.format(moment), at: position)
        case .uuid(let uuid): bind(text: StoredText.format(uuid), at: position)
        case .json(let document):
            StoredText.format(document).map { bind(text: $0, at: position) } ?? SQLITE_MISMATCH
        // There are no columns of arrays or ranges.
        case .array, .range: SQLITE_MISMATCH
        case .duration(let duration):
            StoredText.microseconds(duration).map {
                sqlite3_bind_int64(pointer, position, Int64($0))
            } ?? SQLITE_TOOBIG
        }
    }

    private func bind(text: String, at position: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            guard let base = bytes.baseAddress else {
                return sqlite3_bind_text(pointer, position, "", 0, nil)
            }
            return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                sqlite3_bind_text64(
                    pointer,
                    position,
                    $0,
                    UInt64(bytes.count),
                    transientMemory,
                    UInt8(SQLITE_UTF8)
                )
            }
        }
    }

    private func bind(bytes: [UInt8], at position: Int32) -> Int32 {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, !bytes.isEmpty else {
                return sqlite3_bind_zeroblob(pointer, position, 0)
            }
            return sqlite3_bind_blob64(
                pointer,
                position,
                base,
                UInt64(bytes.count),
                transientMemory
            )
        }
    }
}

/// `SQLITE_TRANSIENT`, a C macro that Swift does not import: SQLite copies what is bound.
let transientMemory = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
