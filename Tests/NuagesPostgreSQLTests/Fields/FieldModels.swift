import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import NuagesPostgreSQL
import Testing

/// A row with arrays of all sorts.
@Model(app: "pg", ordering: ["id"])
struct Shelf {
    var tags: [String] = []
    @Field(size: 3) var marks: [Int?]?
    var board: [[Int]]?
    @Field(base: FieldSchema("", .charField, maxLength: 5)) var codes: [String]?
    var days: [CalendarDate]?
    var moments: [Date]?
    var prices: [Decimal]?
    var flags: [Bool]?
    var keys: [UUID]?
    var blobs: [[UInt8]]?
    @Field(maxLength: 20) var name = ""
}

/// A row with maps.
@Model(app: "pg", ordering: ["id"])
struct Page {
    var attributes: [String: String?] = [:]
    var maps: [String: String?]?
}

/// A row with ranges, and values that may be in ranges.
@Model(app: "pg", ordering: ["id"])
struct Span {
    @Field(kind: .integerRangeField) var ints: PostgreSQLRange<Int>?
    var bigs: PostgreSQLRange<Int>?
    @Field(bounds: .both) var decimals: PostgreSQLRange<Decimal>?
    @Field(bounds: .neither) var moments: PostgreSQLRange<Date>?
    var days: Range<CalendarDate>?
    var number = 0
    var small: Int16 = 0
    var big: Int64 = 0
    var float = 0.0
    @Field(maxDigits: 5, decimalPlaces: 2) var exact: Decimal = 0
    var day: CalendarDate?
    var moment: Date?
}

/// Databases with the tables of models, made by the schema editor.
enum FieldDatabase {
    static func open(
        _ models: [any Model.Type],
        extensions: [String] = []
    ) async throws -> Database {
        let database = try await TestBackend.postgresql.open()
        for name in extensions {
            try await database.execute("CREATE EXTENSION \(identifier: name)")
        }
        let state = MigrationState(models.map { $0.schema })
        var editor = try SchemaEditor(database)
        for label in state.labels { try await editor.create(TableModel(label, in: state)) }
        try await editor.finish()
        return database
    }

    /// The SQL of the first query of `body`, its bindings, and what it gives.
    static func query<Result: Sendable>(
        _ database: Database,
        _ body: @Sendable () async throws -> Result
    ) async throws -> (sql: String, bindings: [SQLValue], result: Result) {
        try await database.use {
            let (result, log) = try await Database.capturingQueries { try await body() }
            let statement = log.statements.first
            return (statement?.text ?? "", statement?.bindings ?? [], result)
        }
    }
}

func day(_ year: Int, _ month: Int, _ day: Int) throws -> CalendarDate {
    try #require(CalendarDate(year: year, month: month, day: day))
}
