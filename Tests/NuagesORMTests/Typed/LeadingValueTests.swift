import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Suite("Values in front of operators, and functions of many values")
struct LeadingValueTests {
    @Test(arguments: TestBackend.installed, cases)
    func computes(_ backend: TestBackend, _ example: TypedCase) async throws {
        try await example.check(backend)
    }

    private static let words = DynamicExpression.field("words")
    private static let length = DynamicExpression.field("length")
    private static let hour = DynamicExpression.value(.duration(.seconds(3600)))
    private static let noon = TestDatabase.day(0)

    /// Seconds since the noon of 2026-01-01.
    @Sendable
    private static func shown(_ moment: Date?) -> String {
        moment.map { "\(Int($0.timeIntervalSince(noon)))" } ?? "-"
    }

    static let cases: [TypedCase] = [
        .talks(
            #"(? - "ballots_talk"."words")"#,
            { 100 - $0.words },
            .combined(100, .subtract, words),
            ["97", "98", "96"]
        ),
        .talks(
            #"((? + "ballots_talk"."words") * (? * "ballots_talk"."words"))"#,
            { (1 + $0.words) * (2 * $0.words) },
            .combined(.combined(1, .add, words), .multiply, .combined(2, .multiply, words)),
            ["24", "12", "40"]
        ),
        .talks(
            #"(? % "ballots_talk"."words")"#,
            { 11 % $0.words },
            .combined(11, .remainder, words),
            ["2", "1", "3"]
        ),
        .talks(
            #"(? - "ballots_talk"."length")"#,
            { .seconds(3600) - $0.length },
            .combined(hour, .subtract, length),
            ["-1800.0 seconds", "1800.0 seconds", "3500.0 seconds"]
        ),
        .talks(
            #"(? + "ballots_talk"."length")"#,
            { .seconds(3600) + $0.length },
            .combined(hour, .add, length),
            ["9000.0 seconds", "5400.0 seconds", "3700.0 seconds"]
        ),
        .talks(
            #"(django_format_dtdelta('*', ?, "ballots_talk"."length"))"#,
            { 2 * $0.length },
            .combined(2, .multiply, length).typed(.duration),
            ["10800.0 seconds", "3600.0 seconds", "200.0 seconds"]
        ),
        .talks(
            #"(django_format_dtdelta('-', ?, "ballots_talk"."length"))"#,
            { noon - $0.length },
            .combined(.value(.dateTime(noon)), .subtract, length),
            ["-5400", "-1800", "-100"],
            shown
        ),
        .talks(
            #"(django_format_dtdelta('+', ?, "ballots_talk"."length"))"#,
            { noon + $0.length },
            .combined(.value(.dateTime(noon)), .add, length),
            ["5400", "1800", "100"],
            shown
        ),
        .talks(
            #"COALESCE("ballots_talk"."pause", NULLIF("ballots_talk"."length", ?), ?, ?)"#,
            {
                Functions.coalesce(
                    $0.pause,
                    $0.length.nullIf(.seconds(100)),
                    Functions.value(Duration.seconds(7)),
                    Functions.value(Duration.seconds(8))
                )
            },
            .function(
                "Coalesce",
                [
                    .field("pause"),
                    .function("NullIf", [length, .value(.duration(.seconds(100)))]),
                    .value(.duration(.seconds(7)), as: .duration),
                    .value(.duration(.seconds(8)), as: .duration),
                ]
            ),
            ["600.0 seconds", "1800.0 seconds", "7.0 seconds"],
            { text($0) }
        ),
        .talks(
            #"MAX("ballots_talk"."words", ?, (? - "ballots_talk"."words"), ?)"#,
            {
                Functions.greatest(
                    $0.words,
                    Functions.value(3),
                    6 - $0.words,
                    Functions.value(-1)
                )
            },
            .function(
                "Greatest",
                [
                    words, .value(.int(3), as: .integer), .combined(6, .subtract, words),
                    .value(.int(-1), as: .integer),
                ]
            ),
            ["3", "4", "4"],
            { text($0) }
        ),
        .talks(
            #"MIN("ballots_talk"."words", ?, (? - "ballots_talk"."words"), ?)"#,
            {
                Functions.least(
                    $0.words,
                    Functions.value(3),
                    6 - $0.words,
                    Functions.value(9)
                )
            },
            .function(
                "Least",
                [
                    words, .value(.int(3), as: .integer), .combined(6, .subtract, words),
                    .value(.int(9), as: .integer),
                ]
            ),
            ["3", "2", "2"],
            { text($0) }
        ),
    ]
}
