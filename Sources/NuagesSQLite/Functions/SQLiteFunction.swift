import CSQLite
import NuagesORM

/// A function that SQLite calls: its name, how many arguments it takes and what it answers.
struct SQLiteFunction: Sendable {
    let name: String
    let argumentCount: Int
    /// Whether equal arguments always give the same answer, so that indexes may use it.
    var isDeterministic = true
    /// Whether it is NULL where an argument is.
    var isNullWithNull = true
    let answer: @Sendable (SQLiteArguments) throws(SQLiteFunctionError) -> SQLiteAnswer
}

/// Why a function has no answer; the statement fails with these words.
struct SQLiteFunctionError: Error {
    let message: String

    init(_ message: String) { self.message = message }
}

/// An argument as SQLite holds it; the bytes are valid during the call only.
enum SQLiteArgument {
    case null
    case int(Int64)
    case double(Double)
    case text(UnsafeBufferPointer<UInt8>)
    case blob(UnsafeBufferPointer<UInt8>)

    init(_ value: OpaquePointer?) {
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: self = .int(sqlite3_value_int64(value))
        case SQLITE_FLOAT: self = .double(sqlite3_value_double(value))
        case SQLITE_TEXT:
            let text = sqlite3_value_text(value)
            let count = Int(sqlite3_value_bytes(value))
            self = .text(UnsafeBufferPointer(start: text, count: text == nil ? 0 : count))
        case SQLITE_BLOB:
            let bytes = sqlite3_value_blob(value)?.assumingMemoryBound(to: UInt8.self)
            let count = Int(sqlite3_value_bytes(value))
            self = .blob(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
        default: self = .null
        }
    }

    var isNull: Bool { if case .null = self { true } else { false } }

    /// A number of either kind.
    var number: Double? {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        case .null, .text, .blob: nil
        }
    }
}

/// The arguments of a call.
struct SQLiteArguments {
    fileprivate let context: OpaquePointer?
    fileprivate let values: UnsafeMutablePointer<OpaquePointer?>?
    let count: Int

    subscript(_ index: Int) -> SQLiteArgument {
        index < count ? SQLiteArgument(values?[index]) : .null
    }

    /// The bytes of an argument that is text.
    func bytes(_ index: Int) throws(SQLiteFunctionError) -> UnsafeBufferPointer<UInt8> {
        guard case .text(let bytes) = self[index] else {
            throw SQLiteFunctionError("Argument \(index + 1) is not text.")
        }
        return bytes
    }

    func text(_ index: Int) throws(SQLiteFunctionError) -> String {
        String(decoding: try bytes(index), as: UTF8.self)
    }

    func int(_ index: Int) throws(SQLiteFunctionError) -> Int {
        guard case .int(let number) = self[index] else {
            throw SQLiteFunctionError("Argument \(index + 1) is not a whole number.")
        }
        return Int(number)
    }

    func number(_ index: Int) throws(SQLiteFunctionError) -> Double {
        guard let number = self[index].number else {
            throw SQLiteFunctionError("Argument \(index + 1) is not a number.")
        }
        return number
    }

    /// An object made from an argument that is the same in all rows, kept as long as the statement
    /// runs.
    func cached<Object: AnyObject>(
        _ index: Int,
        make: () throws(SQLiteFunctionError) -> Object
    ) throws(SQLiteFunctionError) -> Object {
        let position = Int32(truncatingIfNeeded: index)
        if let kept = sqlite3_get_auxdata(context, position) {
            let object = Unmanaged<AnyObject>.fromOpaque(kept).takeUnretainedValue()
            if let object = object as? Object { return object }
        }
        let object = try make()
        sqlite3_set_auxdata(
            context,
            position,
            Unmanaged<AnyObject>.passRetained(object).toOpaque()
        ) { kept in
            if let kept { Unmanaged<AnyObject>.fromOpaque(kept).release() }
        }
        return object
    }
}

/// What a function gives back.
enum SQLiteAnswer {
    case null
    case int(Int)
    case double(Double)
    case text(String)
    case blob([UInt8])
    /// More than SQLite may hold.
    case tooBig

    func send(to context: OpaquePointer?) {
        switch self {
        case .null: sqlite3_result_null(context)
        case .int(let number): sqlite3_result_int64(context, Int64(number))
        case .double(let number): sqlite3_result_double(context, number)
        case .text(var text):
            text.withUTF8 { bytes in
                let start = UnsafeRawPointer(bytes.baseAddress)?
                    .assumingMemoryBound(to: CChar.self)
                guard let start else { return sqlite3_result_text(context, "", 0, nil) }
                sqlite3_result_text64(
                    context,
                    start,
                    UInt64(bytes.count),
                    transientMemory,
                    UInt8(SQLITE_UTF8)
                )
            }
        case .blob(let bytes):
            bytes.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress, !bytes.isEmpty else {
                    sqlite3_result_zeroblob(context, 0)
                    return
                }
                sqlite3_result_blob64(context, start, UInt64(bytes.count), transientMemory)
            }
        case .tooBig: sqlite3_result_error_toobig(context)
        }
    }
}

/// Holds what the C functions below need to know of a function.
private final class FunctionBox: Sendable {
    let function: SQLiteFunction
    init(_ function: SQLiteFunction) { self.function = function }
}

private final class AggregateBox: Sendable {
    let aggregate: SQLiteAggregate
    init(_ aggregate: SQLiteAggregate) { self.aggregate = aggregate }
}

/// The functions of Django's that SQLite lacks, under Django's names, so that a database can be
/// shared: expressions in indexes and constraints may use them.
///
/// Source: `django/db/backends/sqlite3/_functions.py`.
enum SQLiteFunctions {
    /// Made once and kept, so that every connection can point to them.
    private static let functions = all.map(FunctionBox.init)
    private static let aggregates = SQLiteAggregate.all.map(AggregateBox.init)

    private static var all: [SQLiteFunction] {
        moments + durations + texts + hashes + maths + uuids
            + (hasMathFunctions ? [] : mathFunctions)
    }

    /// Whether SQLite was built with `ACOS` and the like.
    private static let hasMathFunctions =
        sqlite3_compileoption_used("ENABLE_MATH_FUNCTIONS") != 0

    /// Makes the functions known to a connection.
    static func install(in connection: OpaquePointer) throws(DatabaseError) {
        for box in functions { try check(add(box, to: connection), box.function.name) }
        for box in aggregates { try check(add(box, to: connection), box.aggregate.name) }
    }

    private static func check(_ status: Int32, _ name: String) throws(DatabaseError) {
        guard status != SQLITE_OK else { return }
        throw .operational(
            "SQLite does not take the function \(name): \(SQLiteError.text(status)).",
            statement: nil
        )
    }

    private static func add(_ box: FunctionBox, to connection: OpaquePointer) -> Int32 {
        sqlite3_create_function_v2(
            connection,
            box.function.name,
            Int32(truncatingIfNeeded: box.function.argumentCount),
            SQLITE_UTF8 | (box.function.isDeterministic ? SQLITE_DETERMINISTIC : 0),
            Unmanaged.passUnretained(box).toOpaque(),
            { context, count, values in
                SQLiteFunctions.call(context, Int(count), values)
            },
            nil,
            nil,
            nil
        )
    }

    private static func call(
        _ context: OpaquePointer?,
        _ count: Int,
        _ values: UnsafeMutablePointer<OpaquePointer?>?
    ) {
        guard let pointer = sqlite3_user_data(context) else { return }
        let function = Unmanaged<FunctionBox>.fromOpaque(pointer).takeUnretainedValue().function
        let arguments = SQLiteArguments(context: context, values: values, count: count)
        if function.isNullWithNull, (0..<count).contains(where: { arguments[$0].isNull }) {
            return sqlite3_result_null(context)
        }
        do throws(SQLiteFunctionError) {
            try function.answer(arguments).send(to: context)
        } catch {
            sqlite3_result_error(context, "\(function.name): \(error.message)", -1)
        }
    }

    private static func add(_ box: AggregateBox, to connection: OpaquePointer) -> Int32 {
        sqlite3_create_function_v2(
            connection,
            box.aggregate.name,
            1,
            SQLITE_UTF8,
            Unmanaged.passUnretained(box).toOpaque(),
            nil,
            { context, _, values in
                SQLiteFunctions.state(context, isNeeded: true)?.add(SQLiteArgument(values?[0]))
            },
            { context in SQLiteFunctions.finish(context) },
            nil
        )
    }

    /// The state of the group that is being read.
    private static func state(
        _ context: OpaquePointer?,
        isNeeded: Bool
    ) -> SQLiteAggregateState? {
        let size = isNeeded ? Int32(MemoryLayout<UnsafeMutableRawPointer?>.size) : 0
        guard let place = sqlite3_aggregate_context(context, size) else { return nil }
        let slot = place.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
        if let state = slot.pointee {
            return Unmanaged<SQLiteAggregateState>.fromOpaque(state).takeUnretainedValue()
        }
        guard isNeeded, let pointer = sqlite3_user_data(context) else { return nil }
        let box = Unmanaged<AggregateBox>.fromOpaque(pointer).takeUnretainedValue()
        let state = box.aggregate.start()
        slot.pointee = Unmanaged.passRetained(state).toOpaque()
        return state
    }

    /// Answers, and lets go of the state; a group of no rows is NULL.
    private static func finish(_ context: OpaquePointer?) {
        guard let state = state(context, isNeeded: false) else {
            return sqlite3_result_null(context)
        }
        state.result.send(to: context)
        guard let place = sqlite3_aggregate_context(context, 0) else { return }
        place.assumingMemoryBound(to: UnsafeMutableRawPointer?.self).pointee = nil
        Unmanaged.passUnretained(state).release()
    }
}
