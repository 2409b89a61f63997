import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import Testing

@testable import NuagesORM

/// Calls that no database is asked about, what the typed forms make, and what is read back.
@Suite struct FunctionCheckTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        let name: String
        let arguments: [ExpressionNode]
        var keywords: [String: SQLValue] = [:]
        var type: ValueType?
        var testDescription: String { name }
    }

    static let refused: [Refused] = [
        Refused(name: "Lower", arguments: []),
        Refused(name: "Lower", arguments: [f("name"), n(1)]),
        Refused(name: "Left", arguments: [f("name"), n(0)]),
        Refused(name: "Right", arguments: [f("name"), n(-1)]),
        Refused(name: "LPad", arguments: [f("name"), n(-1)]),
        Refused(name: "RPad", arguments: [f("name"), n(-1)]),
        Refused(name: "Repeat", arguments: [f("name"), n(-1)]),
        Refused(name: "Substr", arguments: [f("name"), n(0)]),
        Refused(name: "Concat", arguments: [f("name")]),
        Refused(name: "Coalesce", arguments: [f("name")]),
        Refused(name: "Greatest", arguments: [f("name")]),
        Refused(name: "Coalesce", arguments: [f("name"), f("whole")]),
        Refused(name: "Concat", arguments: [f("name"), f("whole")]),
        Refused(name: "Collate", arguments: [f("name"), t("a b")]),
        Refused(name: "Collate", arguments: [f("name"), t("")]),
        Refused(name: "Collate", arguments: [f("name"), t("a\"b")]),
        Refused(name: "Round", arguments: [f("price")], keywords: ["precision": .int(-1)]),
        Refused(name: "ExtractYear", arguments: [f("name")]),
        Refused(name: "ExtractHour", arguments: [f("day")]),
        Refused(name: "ExtractYear", arguments: [f("span")]),
        Refused(name: "ExtractDay", arguments: [f("span")]),
        Refused(name: "ExtractYear", arguments: [f("clock")]),
        Refused(name: "ExtractYear", arguments: [f("day")], keywords: ["tzinfo": .text("UTC")]),
        Refused(name: "ExtractYear", arguments: [f("moment")], keywords: ["tzinfo": .text("No")]),
        Refused(name: "Extract", arguments: [f("moment"), t("foo")]),
        Refused(name: "Extract", arguments: [f("moment")]),
        Refused(name: "TruncYear", arguments: [f("name")]),
        Refused(name: "TruncYear", arguments: [f("moment")], type: .integer),
        Refused(name: "TruncYear", arguments: [f("day")], type: .dateTime),
        Refused(name: "TruncHour", arguments: [f("day")]),
        Refused(name: "TruncYear", arguments: [f("clock")]),
        Refused(name: "TruncDate", arguments: [f("clock")]),
        Refused(name: "TruncTime", arguments: [f("day")]),
        Refused(name: "TruncDay", arguments: [f("day")], keywords: ["tzinfo": .text("UTC")]),
        Refused(name: "Trunc", arguments: [f("moment"), t("foo")]),
        Refused(name: "Lag", arguments: [.value(.null)]),
        Refused(name: "Lag", arguments: [f("whole")], keywords: ["offset": .int(0)]),
        Refused(name: "NthValue", arguments: [f("whole")], keywords: ["nth": .int(-1)]),
        Refused(name: "Ntile", arguments: [], keywords: ["num_buckets": .int(0)]),
        Refused(name: "JSONObject", arguments: [t("a")]),
    ]

    @Test(arguments: refused)
    func refusesCallsThatMakeNoSense(_ call: Refused) async throws {
        let function = try #require(
            FunctionCall(
                named: call.name,
                call.arguments,
                keywords: call.keywords,
                type: call.type
            )
        )
        // By the library, before any SQL is sent.
        let error = await #expect(throws: (any Error).self) {
            try await SampleDatabase.evaluate(.call(function))
        }
        #expect(error is UsageError || error is FieldError)
    }

    /// Nothing is written out with as many digits as a database says.
    @Test(arguments: ["2e2222222222222", "1e20", "-1e99999999", "Infinity", "NaN", "x", ""])
    func refusesWholeNumbersThatNothingHolds(_ text: String) {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            #expect(throws: DecodingFailure.self) {
                try ValueType.integer.value(of: .decimal(bytes))
            }
        }
    }

    @Test func knowsAllFunctionsByDjangosNames() {
        let names = """
            Cast Coalesce Collate Greatest Least NullIf Extract ExtractDay ExtractHour \
            ExtractIsoWeekDay ExtractIsoYear ExtractMinute ExtractMonth ExtractQuarter \
            ExtractSecond ExtractWeek ExtractWeekDay ExtractYear Now Trunc TruncDate TruncDay \
            TruncHour TruncMinute TruncMonth TruncQuarter TruncSecond TruncTime TruncWeek TruncYear \
            JSONArray JSONObject Abs ACos ASin ATan ATan2 Ceil Cos Cot Degrees Exp Floor Ln Log Mod \
            Pi Power Radians Random Round Sign Sin Sqrt Tan MD5 SHA1 SHA224 SHA256 SHA384 SHA512 \
            Chr Concat ConcatPair Left Length Lower LPad LTrim Ord Repeat Replace Reverse Right \
            RPad RTrim StrIndex Substr Trim Upper UUID4 UUID7 CumeDist DenseRank FirstValue Lag \
            LastValue Lead NthValue Ntile PercentRank Rank RowNumber
            """
        // Besides those that a driver or a test has registered.
        let known = Set(SQLFunction.names)
        #expect(names.split(" ").filter { !known.contains(String($0)) } == [])
        #expect(SQLFunction.named("lower") == nil)
    }

    @Test(arguments: TestBackend.available) func typedFormsMakeTheSameCalls(
        _ backend: TestBackend
    ) async throws {
        let database = try await SampleDatabase.open(backend)
        let rows = try await Sample.objects.using(database).values {
            (
                $0.name.trimmed.lowercased.prefix(2), $0.price.rounded(1), $0.moment.hour,
                $0.nothing.ifNull("-"), $0.whole.squareRoot, $0.data["l"][0], $0.nothing.length,
                $0.data["a"], $0.data["x"]
            )
        }
        let row = try #require(rows.first)
        // The LOWER of SQLite leaves other letters than those of ASCII as they are.
        #expect(row.0 == backend.choose(sqlite: "Ét", postgresql: "ét"))
        #expect(row.1 == Decimal(string: "12.4"))
        #expect(row.2 == 1)
        #expect(row.3 == "-")
        #expect(abs(row.4 - 7.0.squareRoot()) < 1e-12)
        #expect(row.5?.document == .int(1))
        #expect(row.6 == nil)
        #expect(row.7?.document == .string("b"))
        #expect(row.8 == nil)
    }

    @Test(arguments: TestBackend.available) func windowsNumberTheRows(
        _ backend: TestBackend
    ) async throws {
        let database = try await TestDatabase.filled(backend)
        let rows = try await Choice.objects.using(database).values {
            (
                $0.choiceText,
                Functions.rank().over(
                    partition: [$0.question.relationKey],
                    order: [$0.votes.descending]
                ),
                Functions.lag($0.votes).over(order: [$0.votes.ascending])
            )
        }
        let ranks = Dictionary(rows.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
        #expect(
            ranks == ["The sky": 1, "Not much": 2, "Just hacking": 3, "No_way": 1, "Yes": 2]
        )
        let before = Dictionary(rows.map { ($0.0, $0.2) }, uniquingKeysWith: { first, _ in first })
        #expect(before["Yes"] == .some(0))
        #expect(before["Just hacking"] == .some(nil))
    }

    @Test(arguments: TestBackend.available) func filtersByFunctions(
        _ backend: TestBackend
    ) async throws {
        let database = try await SampleDatabase.open(backend)
        let samples = Sample.objects.using(database)
        #expect(try await samples.filter { $0.moment < Functions.now }.count() == 1)
        #expect(try await samples.filter { $0.name.trimmed == "Été_1" }.count() == 1)
        #expect(try await samples.filter { $0.data["a"] == .string("b") }.count() == 1)
        #expect(try await samples.filter { $0.data.hasKeys(["a", "n"]) }.count() == 1)
        #expect(try await samples.filter { $0.moment.truncated(to: .day).day == 31 }.count() == 1)
        #expect(try await samples.filter { $0.name.matches("^ É.é") }.count() == 1)
        #expect(try await samples.filter { $0.whole.remainder(4) == 3 }.count() == 1)
    }

    @Test(arguments: [
        (ValueType.boolean, SQLValue.int(1), SQLValue.bool(true)), (.boolean, .int(7), .int(7)),
        (.integer, .double(6), .int(6)), (.float, .int(2), .double(2)),
        (.decimal(), .double(0.1 + 0.2), decimal("0.3")),
        (.decimal(), .double(1e20), decimal("100000000000000000000")),
        (.decimal(), .double(-123456.7890123456789), decimal("-123456.789012346")),
        (.decimal(), .int(5), decimal("5")),
        (.duration, .double(1.5e6), .duration(.microseconds(1_500_000))),
        (.json, .text("[1"), .json(.string("[1"))), (.json, .int(3), .json(.int(3))),
        (.text, .int(3), .int(3)), (.binary, .text("a"), .blob([97])), (.date, .null, .null),
    ])
    func readsColumnsByTheirTypes(
        _ type: ValueType,
        _ stored: SQLValue,
        _ expected: SQLValue
    ) throws {
        var found: SQLValue?
        try stored.withColumn { column throws(DecodingFailure) in
            found = try type.value(of: column)
        }
        #expect(found == expected)
    }
}
