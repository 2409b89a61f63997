import CLibPQ
import CSQLite
import FoundationEssentials
import NuagesCore

@testable import NuagesMySQL
@testable import NuagesORM
@testable import NuagesPostgreSQL
@testable import NuagesSQLite

/// What holds for a column, whatever a database has sent: each type reads it or refuses it, and what
/// was read can be written again.
private enum ColumnChecks {
    static func run(_ column: ColumnValue, _ dialect: any SQLDialect) {
        let value = column.sqlValue
        _ = try? dialect.literal(value)
        _ = try? value.document()
        read(Int.self, column)
        read(Int16.self, column)
        read(Int32.self, column)
        read(Int64.self, column)
        read(Bool.self, column)
        read(Double.self, column)
        read(Decimal.self, column)
        read(String.self, column)
        read([UInt8].self, column)
        read(Date.self, column)
        read(CalendarDate.self, column)
        read(TimeOfDay.self, column)
        read(Duration.self, column)
        read(UUID.self, column)
        read(JSONValue.self, column)
        read(Int?.self, column)
        read([Int?].self, column)
        read([String].self, column)
        read([[Double?]].self, column)
        read([Range<Int>].self, column)
        read(PostgreSQLRange<Decimal>.self, column)
        read(PostgreSQLRange<Date>.self, column)
        read([String: String?].self, column)
        for type in [ValueType.integer, .decimal(), .dateTime, .date, .time, .json, .float, .text] {
            _ = try? type.value(of: column)
        }
    }

    private static func read<Value: FieldValue>(_ type: Value.Type, _ column: ColumnValue) {
        guard let value = try? Value(column: column) else { return }
        _ = value.sqlValue
    }
}

/// Values of PostgreSQL in their binary and their text form.
enum PostgreSQLTarget {
    private static let types: [UInt32] = [
        16, 17, 18, 20, 21, 23, 25, 26, 114, 700, 701, 869, 1000, 1001, 1005, 1007, 1009, 1016,
        1021, 1022, 1028, 1082, 1083, 1114, 1115, 1182, 1183, 1184, 1185, 1186, 1187, 1231, 1700,
        2950, 2951, 3802, 3807, 3904, 3905, 3906, 3908, 3910, 3912, 3926, 3927, 16_999,
    ]

    static func run(_ data: [UInt8]) {
        guard data.count > 2, let result = PQmakeEmptyPGresult(nil, PGRES_TUPLES_OK) else { return }
        let type = types[Int(data[0]) % types.count]
        let isBinary = data[1] & 1 == 0
        let value = Array(data.dropFirst(2))
        let owner = PostgreSQLResult(result)
        let name = UnsafeMutablePointer<CChar>.allocate(capacity: 2)
        defer { name.deallocate() }
        (name[0], name[1]) = (CChar(bitPattern: UInt8(ascii: "x")), 0)
        var column = PGresAttDesc()
        column.name = name
        column.typid = type
        column.format = isBinary ? 1 : 0
        guard PQsetResultAttrs(result, 1, &column) == 1 else { return }
        var bytes = value.map { CChar(bitPattern: $0) }
        guard PQsetvalue(result, 0, 0, &bytes, Int32(bytes.count)) == 1 else { return }
        let kinds = isBinary ? ColumnKinds(owner) : ColumnKinds(asText: owner)
        let rows = PostgreSQLRows(owner, kinds)
        var count = 0
        try? rows.read { row in
            ColumnChecks.run(row.source.column(0), PostgreSQLDialect())
            _ = row.values
            count += 1
        }
        require(count == 1, "There are \(count) rows.")
        checkArrays(value)
        _ = PostgreSQLError.columns(String(decoding: value, as: UTF8.self))
        _ = PostgreSQLError.withoutQuoted(String(decoding: value, as: UTF8.self))
    }

    /// An array that was written is read as it was.
    private static func checkArrays(_ bytes: [UInt8]) {
        guard !bytes.contains(0), let whole = String(validating: bytes, as: UTF8.self) else {
            return
        }
        let parts = whole.utf8.split(separator: 0x2C, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        let values = parts.map { $0.isEmpty ? SQLValue.null : .text($0) }
        guard let text = try? PostgreSQLText.array(values) else { return }
        guard let result = PQmakeEmptyPGresult(nil, PGRES_TUPLES_OK) else { return }
        let rows = PostgreSQLRows(
            PostgreSQLResult(result),
            ColumnKinds(asText: PostgreSQLResult(PQmakeEmptyPGresult(nil, PGRES_TUPLES_OK)))
        )
        Array(text.utf8).withUnsafeBufferPointer { buffer in
            let read = rows.arrayText(buffer, of: 25).sqlValue
            require(read == .array(values), "\(text) is read as \(read).")
        }
    }
}

/// Values of any type in any column of SQLite, and as arguments of the functions that it is given.
enum SQLiteTarget {
    private static let functions = [
        "?1", "django_date_extract(?2, ?1)", "django_datetime_extract(?2, ?1, ?3, ?3)",
        "django_time_extract(?2, ?1)", "django_date_trunc(?2, ?1, NULL, NULL)",
        "django_datetime_trunc(?2, ?1, ?3, ?3)", "django_time_trunc(?2, ?1, NULL, NULL)",
        "django_datetime_cast_date(?1, ?3, ?3)", "django_datetime_cast_time(?1, ?3, ?3)",
        "django_time_diff(?1, ?2)", "django_timestamp_diff(?1, ?2)",
        "django_format_dtdelta(?3, ?1, ?2)", "?1 REGEXP ?2", "LPAD(?1, 9, ?2)", "RPAD(?1, 9, ?2)",
        "REPEAT(?1, ?2)", "REVERSE(?1)", "MD5(?1)", "SHA256(?1)", "SIGN(?1)", "BITXOR(?1, ?2)",
        "LOG(?1, ?2)", "COT(?1)", "POWER(?1, ?2)", "MOD(?1, ?2)", "json_extract(?1, '$')",
    ]

    // @unchecked: libFuzzer has one thread.
    nonisolated(unsafe) private static let handle = try? SQLiteHandle(
        path: ":memory:",
        busyTimeout: .zero
    )
    nonisolated(unsafe) private static var statements: [Int: SQLiteStatement] = [:]

    static func run(_ data: [UInt8]) {
        guard data.count > 2, let handle else { return }
        let number = Int(data[0]) % functions.count
        if statements[number] == nil {
            statements[number] = try? SQLiteStatement("SELECT \(functions[number])", handle: handle)
        }
        guard let statement = statements[number] else { return }
        defer { sqlite3_reset(statement.pointer) }
        let parts = data.dropFirst(2).split(separator: 0xFF, omittingEmptySubsequences: false)
        for index in 0..<3 {
            let part = index < parts.count ? Array(parts[index]) : []
            bind(part, as: Int(data[1]) >> (2 * index) & 3, statement.pointer, Int32(index + 1))
        }
        guard sqlite3_step(statement.pointer) == SQLITE_ROW else { return }
        let row = Row(statement)
        ColumnChecks.run(row.source.column(0), SQLiteDialect())
        _ = row.values
    }

    private static func bind(
        _ bytes: [UInt8],
        as kind: Int,
        _ statement: OpaquePointer,
        _ index: Int32
    ) {
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        guard index <= sqlite3_bind_parameter_count(statement) else { return }
        let count = Int32(bytes.count)
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        bytes.withUnsafeBytes { buffer in
            switch kind {
            case 0:
                let text = buffer.bindMemory(to: CChar.self).baseAddress
                sqlite3_bind_text(statement, index, text, count, transient)
            case 1: sqlite3_bind_blob(statement, index, buffer.baseAddress, count, transient)
            case 2: sqlite3_bind_int64(statement, index, Int64(bitPattern: number))
            default: sqlite3_bind_double(statement, index, Double(bitPattern: number))
            }
        }
    }
}

/// Values of MariaDB in the form of prepared statements.
enum MariaDBTarget {
    static func run(_ data: [UInt8]) {
        guard let first = data.first else { return }
        let kinds = MySQLColumnKind.allCases
        let kind = kinds[Int(first) % kinds.count]
        Array(data.dropFirst()).withUnsafeBufferPointer { bytes in
            ColumnChecks.run(MySQLWire.value(bytes, kind), MySQLDialect())
        }
        let text = String(decoding: data.dropFirst(), as: UTF8.self)
        for number: UInt32 in [1062, 1292, 1366, 1451, 1690, 1917, 4025, 1048] {
            let error = MySQLError(number, "HY000", text).error(statement: nil)
            require(!"\(error)".utf8.contains(0) || text.utf8.contains(0), "\(error)")
        }
    }
}
