import NuagesORM

/// An aggregate that SQLite calls.
struct SQLiteAggregate: Sendable {
    let name: String
    let start: @Sendable () -> SQLiteAggregateState

    static let all: [SQLiteAggregate] = [
        SQLiteAggregate(name: "STDDEV_POP") { Spread(isSample: false, isRoot: true) },
        SQLiteAggregate(name: "STDDEV_SAMP") { Spread(isSample: true, isRoot: true) },
        SQLiteAggregate(name: "VAR_POP") { Spread(isSample: false, isRoot: false) },
        SQLiteAggregate(name: "VAR_SAMP") { Spread(isSample: true, isRoot: false) },
        SQLiteAggregate(name: "ANY_VALUE") { FirstOfGroup() },
        SQLiteAggregate(name: "BIT_AND") { Bits { $0 & $1 } },
        SQLiteAggregate(name: "BIT_OR") { Bits { $0 | $1 } },
        SQLiteAggregate(name: "BIT_XOR") { Bits { $0 ^ $1 } },
    ]
}

/// What is known of a group while its rows are read.
class SQLiteAggregateState {
    /// Takes the value of a row.
    func add(_ value: SQLiteArgument) {}
    /// The answer for the rows so far.
    var result: SQLiteAnswer { .null }
}

/// The variance or the standard deviation, by Welford's method, which loses no digits.
///
/// NULLs are left out, as the standard says; Django's fails on them. A sample of fewer than two
/// values has none.
private final class Spread: SQLiteAggregateState {
    private let isSample: Bool
    private let isRoot: Bool
    private var count = 0.0
    private var mean = 0.0
    private var squares = 0.0

    init(isSample: Bool, isRoot: Bool) {
        self.isSample = isSample
        self.isRoot = isRoot
    }

    override func add(_ value: SQLiteArgument) {
        guard let number = value.number else { return }
        count += 1
        let distance = number - mean
        mean += distance / count
        squares += distance * (number - mean)
    }

    override var result: SQLiteAnswer {
        let divisor = isSample ? count - 1 : count
        guard divisor > 0 else { return .null }
        let variance = squares / divisor
        return .double(isRoot ? variance.squareRoot() : variance)
    }
}

/// The value of the first row.
private final class FirstOfGroup: SQLiteAggregateState {
    private var first: SQLiteAnswer?

    override func add(_ value: SQLiteArgument) {
        guard first == nil else { return }
        switch value {
        case .null: first = .null
        case .int(let number): first = .int(Int(number))
        case .double(let number): first = .double(number)
        case .text(let bytes): first = .text(String(decoding: bytes, as: UTF8.self))
        case .blob(let bytes): first = .blob(Array(bytes))
        }
    }

    override var result: SQLiteAnswer { first ?? .null }
}

/// Whole numbers joined bit by bit; NULLs are left out, and with anything else there is no answer.
private final class Bits: SQLiteAggregateState {
    private let join: (Int64, Int64) -> Int64
    private var value: Int64?
    private var isBroken = false

    init(_ join: @escaping (Int64, Int64) -> Int64) { self.join = join }

    override func add(_ value: SQLiteArgument) {
        switch value {
        case .null: break
        case .int(let number): self.value = self.value.map { join($0, number) } ?? number
        case .double, .text, .blob: isBroken = true
        }
    }

    override var result: SQLiteAnswer {
        guard let value, !isBroken else { return .null }
        return .int(Int(value))
    }
}
