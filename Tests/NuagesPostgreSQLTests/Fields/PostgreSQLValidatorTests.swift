import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesPostgreSQL
import Testing

@testable import NuagesORM

/// A row whose arrays, maps and ranges have validators.
@Model(app: "pg")
struct Checked {
    @Field(blank: true, validators: [.arrayMinLength(2)], size: 3) var tags: [String] = ["a", "b"]
    @Field(blank: true, validators: [.arrayMaxLength(1)]) var codes: [Int] = []
    @Field(
        blank: true,
        validators: [.keys(["lang"], strict: true, messages: ["extra_keys": "Not %(keys)s."])]
    )
    var attributes: [String: String?] = [:]
    @Field(blank: true, validators: [.rangeMinValue(1), .rangeMaxValue(10)])
    var seats: PostgreSQLRange<Int>?
}

@Suite("Validators of arrays, maps and ranges")
struct PostgreSQLValidatorTests {
    /// Validators, values, and the codes and texts of what is wrong, as Django 6.1 gives them.
    static let cases: [(validator: ValidatorSchema, value: SQLValue, code: String?, text: String)] =
        [
            (.arrayMinLength(2), .array([1, 2].map { .int($0) }), nil, ""),
            (
                .arrayMinLength(2), .array([.int(1)]), "min_length",
                "List contains 1 item, it should contain no fewer than 2."
            ),
            (
                .arrayMinLength(3), .array([.int(1), .int(2)]), "min_length",
                "List contains 2 items, it should contain no fewer than 3."
            ),
            (.arrayMaxLength(1), .array([.int(1)]), nil, ""),
            (
                .arrayMaxLength(1), .array([.int(1), .int(2)]), "max_length",
                "List contains 2 items, it should contain no more than 1."
            ),
            (.keys(["a"]), .text(#""a"=>"1", "b"=>NULL"#), nil, ""),
            (
                .keys(["a", "c"]), .text(#""b"=>"1""#), "missing_keys",
                "Some keys were missing: a, c"
            ),
            (
                .keys(["a"], strict: true),
                .json(.object([.init("c", .null), .init("a", .null), .init("b", .null)])),
                "extra_keys", "Some unknown keys were provided: b, c"
            ),
            (
                .keys(["a"], messages: ["missing_keys": "Where is %(keys)s?"]), .text(""),
                "missing_keys", "Where is a?"
            ),
            (.rangeMinValue(1), .range(SQLRange(.int(1), .int(5))), nil, ""),
            (
                .rangeMinValue(1), .range(SQLRange(.int(0), .int(5))), "min_value",
                "Ensure that the lower bound of the range is not less than 1."
            ),
            (
                .rangeMinValue(1), .range(SQLRange(.null, .int(5))), "min_value",
                "Ensure that the lower bound of the range is not less than 1."
            ),
            (
                .rangeMaxValue(Decimal(5)), .range(SQLRange(.decimal(1), .decimal(5))), nil, ""
            ),
            (
                .rangeMaxValue(5), .range(SQLRange(.int(1), .null)), "max_value",
                "Ensure that the upper bound of the range is not greater than 5."
            ),
            (
                .rangeMaxValue(5), .range(.empty), "max_value",
                "Ensure that the upper bound of the range is not greater than 5."
            ),
        ]

    @Test("Codes and texts are Django's", arguments: cases.indices)
    func validates(_ index: Int) throws {
        let (schema, value, code, text) = Self.cases[index]
        let items = try FieldValidators.check(of: schema)(value)
        #expect(items.map(\.code) == (code.map { [$0] } ?? []))
        #expect(items.map(\.text) == (code == nil ? [] : [text]))
    }

    @Test func comparesDays() throws {
        let check = try FieldValidators.check(of: .rangeMaxValue(try day(2026, 1, 31)))
        let first = SQLValue.date(try day(2026, 1, 1))
        #expect(check(.range(SQLRange(first, .date(try day(2026, 1, 31))))).isEmpty)
        #expect(
            check(.range(SQLRange(first, .date(try day(2026, 2, 1))))).map(\.text) == [
                "Ensure that the upper bound of the range is not greater than 2026-01-31."
            ]
        )
        let noon = try FieldValidators.check(
            of: .rangeMinValue(Date(timeIntervalSince1970: 100))
        )
        let early = SQLValue.dateTime(Date(timeIntervalSince1970: 99))
        #expect(noon(.range(SQLRange(early, .null))).map(\.code) == ["min_value"])
    }

    @Test(
        "Arguments that do not fit make a validator unusable",
        arguments: [
            ValidatorSchema("ArrayMinLengthValidator"),
            ValidatorSchema("ArrayMaxLengthValidator", ["limit_value": .text("1")]),
            ValidatorSchema("KeysValidator", ["keys": .int(1)]),
            ValidatorSchema("KeysValidator", ["keys": .array([]), "messages": .text("x")]),
            ValidatorSchema("RangeMinValueValidator", ["limit_value": .text("a")]),
            ValidatorSchema("RangeMaxValueValidator"),
        ]
    )
    func refusesArguments(_ schema: ValidatorSchema) {
        PostgreSQLFields.install()
        #expect(throws: FieldValidators.Mistake.self) { try FieldValidators.check(of: schema) }
    }

    @Test(
        "Rows are checked by them",
        .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed")
    )
    func cleansRows() async throws {
        let database = try await FieldDatabase.open([Checked.self], extensions: ["hstore"])
        try await database.use { () async throws in
            var fine = Checked(attributes: ["lang": "fr"], seats: PostgreSQLRange(1, 10))
            try await fine.fullClean()
            // What is empty is not looked at.
            var empty = Checked(tags: [])
            try await empty.fullClean()
            var wrong = Checked(
                tags: ["a"],
                codes: [1, 2],
                attributes: ["lang": "fr", "b": nil],
                seats: PostgreSQLRange(0, 11)
            )
            do {
                try await wrong.fullClean()
                Issue.record("Nothing of it is right")
            } catch let error as ValidationError {
                #expect(
                    error.items.map { "\($0.field ?? "") \($0.code) \($0.text)" } == [
                        "tags min_length List contains 1 item, it should contain no fewer than 2.",
                        "codes max_length List contains 2 items, it should contain no more than 1.",
                        "attributes extra_keys Not b.",
                        "seats min_value Ensure that the lower bound of the range is not less than 1.",
                        "seats max_value Ensure that the upper bound of the range is not greater than 10.",
                    ]
                )
            }
            var long = Checked(tags: ["a", "b", "c", "d"])
            do {
                try await long.fullClean()
                Issue.record("The array has four elements")
            } catch let error as ValidationError {
                #expect(
                    error.items.map(\.text) == [
                        "List contains 4 items, it should contain no more than 3."
                    ]
                )
            }
        }
    }
}
