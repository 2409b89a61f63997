import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
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
    static func open(_ backend: TestBackend = .sqlite) async throws -> Database {
        let database = try await backend.open()
        try await database.makeTables(Sample.self)
        if backend == .postgresql {
            // For the functions SHA1 to SHA512.
            try await database.execute("CREATE EXTENSION pgcrypto")
        }
        let columns = [
            "name", "whole", "real", "price", "moment", "day", "clock", "span", "key", "data",
        ]
        try await database.execute(
            """
            INSERT INTO polls_sample (\(identifiers: columns)) VALUES (\(" Été_1 "), 7, -2.5, 12.35, \
            \(moment("2024-03-31 01:30:15.123456")), \(day("2024-12-30")), \
            \(clock("10:20:30.500000")), \(SQLValue.duration(.seconds(86_405))), \
            \(SQLValue.uuid(try #require(UUID(uuidString: "12345678-1234-5678-1234-56781234ABCD")))), \
            \(json(#"{"a": "b", "n": 14, "l": [1, {"f": "g"}], "z": null, "t": true}"#)))
            """
        )
        return database
    }

    private static let sqlite = Task { try await open(.sqlite) }
    private static let postgresql = Task { try await open(.postgresql) }
    private static let mysql = Task { try await open(.mysql) }

    /// A database that tests share which only read it.
    static func common(_ backend: TestBackend) async throws -> Database {
        switch backend {
        case .sqlite: try await sqlite.value
        case .postgresql: try await postgresql.value
        case .mysql: try await mysql.value
        }
    }

    /// The SQL of an expression of the row, without the name of the table, and its value.
    static func evaluate(
        _ node: ExpressionNode,
        on backend: TestBackend = .sqlite
    ) async throws -> (sql: String, value: SQLValue) {
        let database = try await common(backend)
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
    static func find(
        _ condition: ExpressionNode,
        on backend: TestBackend = .sqlite
    ) async throws -> (sql: String, count: Int) {
        let database = try await common(backend)
        var query = Query(Sample.info)
        query.add(.filter(condition, isNegated: false))
        guard let statement = try query.statement(for: database) else { return ("", 0) }
        let rows = try await database.rows(statement)
        let parts = shortened(statement.text).split(" WHERE ")
        return (parts.count > 1 ? parts[1] : "", rows)
    }

    private static func shortened(_ text: String) -> String {
        unnumbered(doubleQuoted(text)).removing(#""polls_sample"."#).removing("SELECT ").removing(
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

/// A call of a function, with its SQL and value.
struct FunctionCase: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: [ExpressionNode]
    let keywords: [String: SQLValue]
    let type: ValueType?
    let sql: String
    let expected: SQLValue
    private var postgresql: (sql: String, expected: SQLValue)?
    private var refusing: [TestBackend] = []
    private var mysql: (sql: String, expected: SQLValue)?

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

    /// The call with what PostgreSQL makes of it, where that is not the same.
    func postgresql(_ sql: String, _ expected: SQLValue? = nil) -> Self {
        var copy = self
        copy.postgresql = (sql, expected ?? self.expected)
        return copy
    }

    /// The call, which PostgreSQL itself refuses.
    func refusedByPostgreSQL() -> Self {
        var copy = self
        copy.refusing = [.postgresql]
        return copy
    }

    /// The call, which the servers themselves refuse.
    func refusedByServers() -> Self {
        var copy = self
        copy.refusing = [.postgresql, .mysql]
        return copy
    }

    /// The call, which has the same SQL and another value on servers.
    func servers(_ expected: SQLValue) -> Self { postgresql(sql, expected).mysql(sql, expected) }

    /// The call with what MariaDB makes of it, where that is not the same as on SQLite.
    func mysql(_ sql: String, _ expected: SQLValue? = nil) -> Self {
        var copy = self
        copy.mysql = (sql, expected ?? self.expected)
        return copy
    }

    func check(_ backend: TestBackend) async throws {
        let call = try #require(
            FunctionCall(named: name, arguments, keywords: keywords, type: type)
        )
        if refusing.contains(backend) {
            await #expect(throws: DatabaseError.self) {
                try await SampleDatabase.evaluate(.call(call), on: backend)
            }
            return
        }
        let own = backend.choose(sqlite: nil, postgresql: postgresql, mysql: mysql)
        let wanted = own ?? (sql: sql, expected: expected)
        let (sql, value) = try await SampleDatabase.evaluate(.call(call), on: backend)
        #expect(sql == wanted.sql)
        switch (value, wanted.expected) {
        case (.double(let number), .double(let other)):
            #expect(abs(number - other) <= 1e-12 * max(1, abs(other)))
        // The others have more digits than SQLite's 15.
        case (.decimal(let number), .decimal(let other)) where backend != .sqlite:
            #expect(abs(number - other) <= Decimal(sign: .plus, exponent: -13, significand: 1))
        default: #expect(value == wanted.expected)
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
