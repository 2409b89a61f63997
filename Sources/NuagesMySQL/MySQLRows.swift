import CLibMariaDB
import NuagesORM

/// A column of the row that a statement stands on, in the server's own form.
private struct Cell {
    /// The number of bytes; negative where they begin with their number.
    var width: Int8 = 0
    var kind = MySQLColumnKind.text
    var start: UnsafePointer<UInt8>?
    var count = 0
}

/// The rows of a statement, one at a time.
final class MySQLRows: RowSource {
    let columnCount: Int
    private let statement: UnsafeMutablePointer<MYSQL_STMT>
    private let cells: UnsafeMutablePointer<Cell>
    /// Room for the digits of numbers that no `Int64` holds.
    private var digits: UnsafeMutablePointer<UInt8>?

    private static let maxDigits = 20

    /// The rows of a statement that was executed.
    init(_ statement: UnsafeMutablePointer<MYSQL_STMT>) {
        self.statement = statement
        columnCount = Int(mysql_stmt_field_count(statement))
        cells = .allocate(capacity: max(1, columnCount))
        let fields = mariadb_stmt_fetch_fields(statement)
        for index in 0..<columnCount {
            let kind = fields.map { MySQLColumnKind($0[index]) } ?? .text
            (cells + index).initialize(to: Cell(width: kind.width, kind: kind))
        }
        statement.pointee.user_data = UnsafeMutableRawPointer(cells)
        statement.pointee.result_callback = noteColumn
    }

    deinit {
        statement.pointee.result_callback = nil
        statement.pointee.user_data = nil
        cells.deallocate()
        digits?.deallocate()
    }

    /// Hands each row to `body`; all are in memory.
    func read(_ body: (inout Row) throws -> Void) throws {
        while mysql_stmt_fetch(statement) == 0 { try readOne(body) }
    }

    /// Hands the row that the statement stands on to `body`.
    func readOne(_ body: (inout Row) throws -> Void) throws {
        var row = Row(self)
        try body(&row)
    }

    func columnName(_ index: Int) -> String {
        guard index >= 0, index < columnCount, let fields = mariadb_stmt_fetch_fields(statement)
        else { return "" }
        return fields[index].name.map { String(cString: $0) } ?? ""
    }

    func column(_ index: Int) -> ColumnValue {
        guard index >= 0, index < columnCount else { return .null }
        let cell = cells[index]
        guard let start = cell.start else { return .null }
        let bytes = UnsafeBufferPointer(start: start, count: cell.count)
        if cell.kind == .uint64 { return unsigned(MySQLWire.load(bytes, UInt64.self), index) }
        return MySQLWire.value(bytes, cell.kind)
    }

    private func unsigned(_ number: UInt64, _ index: Int) -> ColumnValue {
        if let small = Int64(exactly: number) { return .int(small) }
        let room = digits ?? .allocate(capacity: Self.maxDigits * columnCount)
        digits = room
        let start = room + index * Self.maxDigits
        var count = 0
        for byte in String(number).utf8 {
            start[count] = byte
            count += 1
        }
        return .decimal(UnsafeBufferPointer(start: start, count: count))
    }
}

/// Notes where a column of the next row is, and goes behind it.
private let noteColumn: ps_result_callback = { context, column, position in
    guard let context else { return }
    let cell = context.assumingMemoryBound(to: Cell.self) + Int(column)
    guard let position, var place = position.pointee else {
        cell.pointee.start = nil
        return
    }
    var count = Int(cell.pointee.width)
    if count < 0 {
        let first = place[0]
        place += 1
        let size =
            switch first {
            case 252: 2
            case 253: 3
            case 254: 8
            default: 0
            }
        count = size == 0 ? Int(first) : 0
        for index in 0..<size { count |= Int(truncatingIfNeeded: place[index]) << (8 * index) }
        place += size
    }
    cell.pointee.start = UnsafePointer(place)
    cell.pointee.count = count
    position.pointee = place + count
}
