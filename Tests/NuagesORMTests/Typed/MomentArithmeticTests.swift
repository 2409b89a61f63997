import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Suite("Arithmetic of days, times and lengths of time")
struct MomentArithmeticTests {
    @Test(arguments: TestBackend.installed, cases)
    func computes(_ backend: TestBackend, _ example: TypedCase) async throws {
        try await example.check(backend)
    }

    private static func field(_ name: String) -> DynamicExpression { .field(name) }
    private static let hour = DynamicExpression.value(.duration(.seconds(3600)))

    /// Days and seconds since the noon of 2026-01-01.
    @Sendable
    private static func shown(_ moment: Date?) -> String {
        moment.map { "\(Int($0.timeIntervalSince(TestDatabase.day(0))))" } ?? "-"
    }

    static let cases: [TypedCase] = [
        .talks(
            #"("ballots_talk"."length" + "ballots_talk"."pause")"#,
            { ($0.length + $0.pause).typed(as: Duration?.self) },
            .combined(field("length"), .add, field("pause")).typed(.duration),
            ["6000.0 seconds", "-", "-"],
            { text($0) }
        ),
        .talks(
            #"("ballots_talk"."length" - ?)"#,
            { $0.length - .seconds(3600) },
            .combined(field("length"), .subtract, hour),
            ["1800.0 seconds", "-1800.0 seconds", "-3500.0 seconds"],
            { "\($0)" }
        ),
        .talks(
            #"(django_format_dtdelta('*', "ballots_talk"."length", ?))"#,
            { $0.length * 2 },
            .combined(field("length"), .multiply, 2).typed(.duration),
            ["10800.0 seconds", "3600.0 seconds", "200.0 seconds"],
            { "\($0)" }
        ),
        .talks(
            #"(django_format_dtdelta('/', "ballots_talk"."length", ?))"#,
            { $0.length / 4 },
            .combined(field("length"), .divide, 4).typed(.duration),
            ["1350.0 seconds", "450.0 seconds", "25.0 seconds"],
            { "\($0)" }
        ),
        .talks(
            #"(django_format_dtdelta('+', "ballots_talk"."day", ?))"#,
            { $0.day + .seconds(86_400) },
            .combined(field("day"), .add, .value(.duration(.seconds(86_400)))),
            ["43200", "129600", "129600"],
            shown
        ),
        .talks(
            #"(django_format_dtdelta('-', "ballots_talk"."day", ?))"#,
            { $0.day - .seconds(172_800) },
            .combined(field("day"), .subtract, .value(.duration(.seconds(172_800)))),
            ["-216000", "-129600", "-129600"],
            shown
        ),
        .talks(
            #"(django_format_dtdelta('-', "ballots_talk"."starts", "ballots_talk"."pause"))"#,
            { ($0.starts - $0.pause).typed(as: Date?.self) },
            .combined(field("starts"), .subtract, field("pause")).typed(.dateTime),
            ["-600", "-", "-"],
            shown
        ),
        .talks(
            #"django_timestamp_diff("ballots_talk"."ends", "ballots_talk"."day")"#,
            { $0.ends.since($0.day) },
            .combined(field("ends"), .subtract, field("day")),
            ["172800.0 seconds", "-", "-"],
            { text($0) }
        ),
        .talks(
            #"django_time_diff("ballots_talk"."closes", "ballots_talk"."opens")"#,
            { $0.closes.since($0.opens) },
            .combined(field("closes"), .subtract, field("opens")),
            ["5385.0 seconds", "1800.0 seconds", "-86399.0 seconds"],
            { text($0) }
        ),
        .talks(
            #"django_time_trunc(?, "ballots_talk"."opens", NULL, NULL)"#,
            { $0.opens.truncated(to: .hour) },
            .function("TruncHour", [field("opens")]),
            ["09:00:00", "10:00:00", "23:00:00"],
            { "\($0)" }
        ),
    ]

    @Test(arguments: TestBackend.installed) func compares(
        _ backend: TestBackend
    ) async throws {
        let database = try await TalkDatabase.filled(backend)
        try await database.use { () async throws in
            let long = try await Talk.objects.filter { $0.length * 2 > .seconds(3600) }.count()
            #expect(long == 1)
            let late = try await Talk.objects.filter { $0.day + $0.length > $0.starts }.count()
            let early = try await Talk.objects.filter { $0.day - $0.length < $0.starts }.count()
            #expect(late == 0 && early == 3)
        }
    }
}
