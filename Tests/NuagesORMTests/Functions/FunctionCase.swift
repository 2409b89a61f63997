import FoundationEssentials
import NuagesCore
import NuagesSQLite
import Testing

@testable import NuagesORM

/// A model with a field of each kind.
@Model(app: "polls")
struct Sample {
    @Field(maxLength: 20) var name: String
    var whole: Int
    var real: Double
    @Field(maxDigits: 8, decimalPlaces: 2) var price: Decimal
    var moment: Date
    var day: CalendarDate
    var clock: TimeOfDay
    var span: Duration
    var key: UUID
    var data: JSONValue
    @Field(maxLength: 5) var nothing: String?
}

enum SampleDatabase {
    /// A database with one row.
    static func open() async throws -> Database {
        let database = try SQLiteDatabase.open(path: ":memory:")
        try await database.execute(
            """
            CREATE TABLE polls_sample (id integer PRIMARY KEY AUTOINCREMENT, name varchar(20), \
            whole integer, real real, price decimal, moment datetime, day date, clock time, \
            span bigint, key char(32), data text, "nothing" varchar(5))
            """
        )
        try await database.execute(
            """
            INSERT INTO polls_sample VALUES (1, ' Été_1 ', 7, -2.5, 12.35, \
            '2024-03-31 01:30:15.123456', '2024-12-30', '10:20:30.500000', 86405000000, \
            '1234567812345678123456781234abcd', \
            \(#"{"a": "b", "n": 14, "l": [1, {"f": "g"}], "z": null, "t": true}"#), NULL)
            """
        )
        return database
    }

    /// The SQL of an expression of the row, without the name of the table, and its value.
    static func evaluate(_ node: ExpressionNode) async throws -> (sql: String, value: SQLValue) {
        let database = try await open()
        var query = Query(Sample.info)
        query.add(.annotate([Query.Named(name: "x", node: node)], isSelected: true))
        query.add(.values([.field("x")]))
        let resolved = try query.resolved()
        var compiler = SelectCompiler(resolved, database.writer)
        let selected = try compiler.select()
        let type = selected.columns.first?.node.type
        let statement = selected.sql.statement(database.dialect)
        let values = try await database.perform(statement, mode: .read) { connection in
            var values: [SQLValue] = []
            _ = try connection.run(statement) { row in
                let column = row.source.column(0)
                values.append(try type?.value(of: column) ?? column.sqlValue)
            }
            return values
        }
        return (shortened(statement.text), try #require(values.first))
    }

    /// What stands behind `WHERE`, and the number of rows that a condition finds.
    static func find(_ condition: ExpressionNode) async throws -> (sql: String, count: Int) {
        let database = try await open()
        var query = Query(Sample.info)
        query.add(.filter(condition, isNegated: false))
        guard let statement = try query.statement(for: database) else { return ("", 0) }
        let rows = try await database.rows(statement)
        let parts = shortened(statement.text).split(" WHERE ")
        return (parts.count > 1 ? parts[1] : "", rows)
    }

    private static func shortened(_ text: String) -> String {
        text.removing(#""polls_sample"."#).removing("SELECT ").removing(
            #" AS "x" FROM "polls_sample""#
        )
    }
}

extension Database {
    fileprivate func rows(_ statement: SQLStatement) async throws -> Int {
        try await perform(statement, mode: .read) { connection in
            var count = 0
            _ = try connection.run(statement) { _ in count += 1 }
            return count
        }
    }
}

extension String {
    func removing(_ part: String) -> String { split(part).joined() }

    func split(_ separator: String) -> [String] {
        var parts: [[UInt8]] = [[]]
        let bytes = Array(utf8)
        let mark = Array(separator.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: mark) {
                parts.append([])
                index += mark.count
            } else {
                parts[parts.count - 1].append(bytes[index])
                index += 1
            }
        }
        return parts.map { String(decoding: $0, as: UTF8.self) }
    }
}

/// A call of a function, with its SQL and value.
struct FunctionCase: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: [ExpressionNode]
    let keywords: [String: SQLValue]
    let type: ValueType?
    let sql: String
    let expected: SQLValue

    init(
        _ name: String,
        _ arguments: [ExpressionNode],
        keywords: [String: SQLValue] = [:],
        type: ValueType? = nil,
        _ sql: String,
        _ expected: SQLValue
    ) {
        self.name = name
        self.arguments = arguments
        self.keywords = keywords
        self.type = type
        self.sql = sql
        self.expected = expected
    }

    var testDescription: String { "\(name): \(sql)" }

    func check() async throws {
        let call = try #require(
            FunctionCall(named: name, arguments, keywords: keywords, type: type)
        )
        let (sql, value) = try await SampleDatabase.evaluate(.call(call))
        #expect(sql == self.sql)
        switch (value, expected) {
        case (.double(let number), .double(let other)):
            #expect(abs(number - other) <= 1e-12 * max(1, abs(other)))
        case (.json(let document), .json(let other)): #expect(document == other)
        default: #expect(value == expected)
        }
    }
}

func f(_ name: String) -> ExpressionNode { .reference([name]) }
func t(_ text: String) -> ExpressionNode { .value(.text(text)) }
func n(_ number: Int) -> ExpressionNode { .value(.int(number)) }

func decimal(_ text: String) -> SQLValue { .decimal(Decimal(string: text) ?? .nan) }

func day(_ text: String) -> SQLValue { bytes(text) { StoredText.date($0).map { .date($0) } } }

func clock(_ text: String) -> SQLValue { bytes(text) { StoredText.time($0).map { .time($0) } } }

func moment(_ text: String) -> SQLValue {
    bytes(text) { StoredText.dateTime($0).map { .dateTime($0) } }
}

func json(_ text: String) -> SQLValue {
    (try? JSONValue(parsing: Array(text.utf8))).map { .json($0) } ?? .null
}

private func bytes(_ text: String, _ read: (UnsafeBufferPointer<UInt8>) -> SQLValue?) -> SQLValue {
    Array(text.utf8).withUnsafeBufferPointer { read($0) } ?? .null
}
