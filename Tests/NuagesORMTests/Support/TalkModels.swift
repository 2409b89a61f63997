import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM

/// A row with lengths of time, times and days, and a number that functions of text take.
@Model(app: "ballots", uniqueTogether: [["name", "day"], ["name", "ends"]])
struct Talk {
    @Field(maxLength: 5, unique: true) var code: String
    @Field(maxLength: 40) var name: String
    var words: Int
    var length: Duration
    var pause: Duration?
    var opens: TimeOfDay
    var closes: TimeOfDay
    var day: CalendarDate
    var ends: CalendarDate?
    var starts: Date
}

enum TalkDatabase {
    /// A database with three talks.
    @Sendable
    static func filled(_ backend: TestBackend) async throws -> Database {
        let database = try await backend.open()
        try await database.makeTables(Talk.self)
        try await database.use {
            try await Talk.objects.bulkCreate([
                Talk(
                    code: "t",
                    name: "Swift on tour",
                    words: 3,
                    length: .seconds(5400),
                    pause: .seconds(600),
                    opens: try clock(9, 30, 15),
                    closes: try clock(11, 0, 0),
                    day: TestDatabase.calendarDay(1),
                    ends: TestDatabase.calendarDay(3),
                    starts: TestDatabase.day(0)
                ),
                Talk(
                    code: "u",
                    name: "Nuages",
                    words: 2,
                    length: .seconds(1800),
                    opens: try clock(10, 0, 0),
                    closes: try clock(10, 30, 0),
                    day: TestDatabase.calendarDay(2),
                    starts: TestDatabase.day(1)
                ),
                Talk(
                    code: "n",
                    name: "One",
                    words: 4,
                    length: .seconds(100),
                    opens: try clock(23, 59, 59),
                    closes: try clock(0, 0, 0),
                    day: TestDatabase.calendarDay(2),
                    starts: TestDatabase.day(1)
                ),
            ])
        }
        return database
    }

    static func clock(_ hour: Int, _ minute: Int, _ second: Int) throws -> TimeOfDay {
        guard let time = TimeOfDay(hour: hour, minute: minute, second: second, microsecond: 0)
        else { throw UsageError.invalidValue("no time") }
        return time
    }
}

extension TypedCase {
    /// Values of all talks in their order; both forms make the same SQL.
    static func talks<Value: FieldValue & Sendable>(
        _ sql: String,
        _ typed: @escaping @Sendable (Talk.Fields) -> ComputedExpression<Value>,
        _ dynamic: DynamicExpression,
        _ rows: [String],
        _ show: @escaping @Sendable (Value) -> String = { text($0) }
    ) -> Self {
        Self(
            sql,
            {
                try await Talk.objects.order(by: "id").selecting { typed($0) }.all().map(show)
            },
            {
                _ = try await DynamicQuery(Talk.self).order(by: "id")
                    .values(.expression("value1", dynamic)).rows()
            },
            """
            SELECT \(sql) AS "value1" FROM "ballots_talk" ORDER BY "ballots_talk"."id" ASC
            """,
            rows
        )
        .on(TalkDatabase.filled)
    }
}
