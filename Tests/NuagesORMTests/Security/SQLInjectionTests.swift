import DatabaseTestSupport
import NuagesCore
import Testing

@testable import NuagesORM

/// The holes that were found in Django's queries, tried on both databases: a name that is SQL is a
/// typed error before a statement is sent, and a value is bound.
///
/// Source: Django's security releases; the numbers are those of the CVEs.
@Suite struct SQLInjectionTests {
    private static let votes = DynamicExpression.field("votes")
    private static func choices() -> DynamicQuery { DynamicQuery(Choice.self) }

    // MARK: Names that queries make

    /// CVE-2022-28346, CVE-2025-13372, CVE-2025-57833, CVE-2025-59681, CVE-2026-1287.
    static let aliases: [String] =
        [
            "", "a\"", "a'", "a`", "a b", "a\tb", "a\u{A0}b", "a\u{2028}b", "a;b", "a--b", "a/*b",
            "a*/b", "a#b", "a[b", "a]b", "x\" OR 1=1", "injected\" from \"polls_author\"; --",
            "a\r\nb", "\"\u{301}a", String(repeating: "a", count: 1001),
        ]
        + (Array(0x00...0x1F) + Array(0x7F...0x9F)).compactMap { (code: UInt32) in
            Unicode.Scalar(code).map { "name\($0)" }
        }

    @Test(arguments: TestBackend.available, aliases)
    func refusesNamesThatAreSQL(_ backend: TestBackend, _ name: String) async throws {
        let one = DynamicExpression.value(.int(1))
        let ways: [(String, @Sendable () async throws -> Void)] = [
            ("annotate", { _ = try await Self.choices().annotate(name, one).rows() }),
            ("alias", { _ = try await Self.choices().alias(name, one).rows() }),
            ("values", { _ = try await Self.choices().values(.expression(name, one)).rows() }),
            (
                "valuesList",
                { _ = try await Self.choices().valuesList([.expression(name, one)]).rows() }
            ),
            (
                "aggregate",
                {
                    _ = try await Self.choices().aggregate([(name, .aggregate("Sum", [Self.votes]))]
                    )
                }
            ),
            (
                "FilteredRelation",
                {
                    _ = try await DynamicQuery(Question.self).filteredRelation(
                        name,
                        of: "choice",
                        where: .condition("choice__votes__gt", 3)
                    ).rows()
                }
            ),
        ]
        for (way, body) in ways {
            try await Attempt("\(way) \(name)", body).expectRefusal(backend)
        }
    }

    /// CVE-2026-1312: a name with a period, which an order takes for a column of a table.
    @Test(arguments: TestBackend.available, ["a.b", "a.b\"", "polls_author.name"])
    func refusesPeriodsInNamesOfRelations(_ backend: TestBackend, _ name: String) async throws {
        try await Attempt(name) {
            _ = try await DynamicQuery(Question.self)
                .filteredRelation(name, of: "choice", where: .condition("choice__votes__gt", 3))
                .order(by: name).rows()
        }.expectRefusal(backend)
    }

    /// A name with a period that is no relation's is one name, and in quotes.
    @Test(arguments: TestBackend.available)
    func quotesPeriodsInNames(_ backend: TestBackend) async throws {
        let database = try await SecureDatabase.polls(backend)
        let statements = try await sql(database) { () async throws in
            let rows = try await Self.choices().annotate("a.b", .combined(Self.votes, .add, 1))
                .order(by: "a.b")
                .values("a.b").rows()
            #expect(rows.map { $0["a.b"] } == [1, 2, 4, 6, 8].map { .int($0) })
        }
        #expect(
            statements == [
                """
                SELECT ("polls_choice"."votes" + ?) AS "a.b" FROM "polls_choice" ORDER BY 1 ASC
                """
            ]
        )
    }

    // MARK: Names that queries look up

    /// CVE-2021-35042, CVE-2025-64459 and others: whatever is looked up has to be there.
    static let names: [String] = [
        "", "id;--", "(select 1)", "polls_choice.id", "polls_choice.\"id\"", "id\"", "id'", "id`",
        "id\u{0}", "id\u{1f}", "id\u{7f}", "id /*", "id#", "id[0]", "id\t", "id) OR 1=1 --",
        "\" from \"polls_choice\"; --", "question__pub_date) OR 1 = 1 --", "_connector", "_negated",
        "question__pub_date__day' FROM x)) OR 1=1;--", "votes__exact\" OR 1=1 --", "__class__",
        String(repeating: "a", count: 1001), String(repeating: "question__", count: 70) + "id",
    ]

    @Test(arguments: TestBackend.available, names)
    func refusesNamesThatAreNotThere(_ backend: TestBackend, _ name: String) async throws {
        let row = try await SecureDatabase.polls(backend).use {
            try await Self.choices().order(by: "pk").row(at: 0)
        }
        for (way, body) in Self.lookups(name, row) {
            try await Attempt("\(way) \(name)", body).expectRefusal(backend)
        }
    }

    private static func lookups(
        _ name: String,
        _ row: DynamicRow
    ) -> [(String, @Sendable () async throws -> Void)] {
        [
            ("filter", { _ = try await choices().filter(.condition(name, 1)).rows() }),
            ("exclude", { _ = try await choices().exclude(.condition(name, 1)).rows() }),
            ("Q", { _ = try await Choice.objects.filter(Q(name, 1)).all() }),
            (
                "lookups",
                { _ = try await Choice.objects.filter(lookups: Lookups([(name, 1)])).all() }
            ),
            ("F", { _ = try await choices().filter(.condition("votes", .field(name))).rows() }),
            ("order", { _ = try await choices().order(by: name).rows() }),
            ("-order", { _ = try await choices().order(by: "-" + name).rows() }),
            ("typed order", { _ = try await Choice.objects.order(by: name).all() }),
            ("latest", { _ = try await choices().latest([name]) }),
            ("distinct", { _ = try await choices().distinct([name]).count() }),
            ("values", { _ = try await choices().values(.field(name)).rows() }),
            ("only", { _ = try await choices().only([name]).rows() }),
            ("defer", { _ = try await choices().deferring([name]).rows() }),
            ("selectRelated", { _ = try await choices().selectRelated([name]).rows() }),
            ("annotate", { _ = try await choices().annotate("a", .field(name)).rows() }),
            (
                "aggregate",
                { _ = try await choices().aggregate([("a", .aggregate("Sum", [.field(name)]))]) }
            ),
            ("window", { _ = try await choices().annotate("a", window(name)).rows() }),
            ("update", { _ = try await choices().update([(name, 1)]) }),
            ("bulkUpdate", { _ = try await choices().bulkUpdate([row], [name]) }),
            ("inBulk", { _ = try await choices().inBulk([[.int(1)]], by: name) }),
            ("create", { _ = try await choices().create([(name, 1)]) }),
            ("dates", { _ = try await DynamicQuery(Book.self).dates(name, "year").rows() }),
        ]
    }

    private static func window(_ name: String) -> DynamicExpression {
        .window(.aggregate("Sum", [votes]), ordering: [Ordering(name: name)])
    }

    @Test(arguments: TestBackend.available, names)
    func refusesToFetchWhatIsNoRelation(_ backend: TestBackend, _ name: String) async throws {
        let database = try await SecureDatabase.polls(backend)
        let statements = try await sql(database) { () async throws in
            await #expect(throws: (any Error).self) {
                try await Self.choices().prefetch([DynamicPrefetch(name)]).rows()
            }
        }
        // The rows themselves may have been fetched, and what the path begins with.
        #expect(statements.allSatisfy { $0.split("OR 1").count == 1 && $0.split("--").count == 1 })
    }

    /// CVE-2025-64459: how conditions are connected is no name.
    @Test(arguments: TestBackend.available, ["_connector", "_negated", "connector"])
    func connectorsAreNoKeywords(_ backend: TestBackend, _ name: String) async throws {
        for operand in [LookupOperand("OR 1=1 OR"), "OR", true] {
            try await Attempt("\(name)") {
                _ = try await Choice.objects
                    .filter(lookups: Lookups([("votes", 1), (name, operand)])).all()
            }.expectRefusal(backend)
        }
    }

    // MARK: Kinds, functions and options

    static let kinds = [
        "day' FROM x)) OR 1=1;--", "year', \"votes\"", "", "YEAR", "year\u{0}", "day)", "years",
        "epoch", "month'; DROP TABLE polls_choice; --",
    ]

    /// CVE-2022-34265.
    @Test(arguments: TestBackend.available, kinds)
    func refusesKindsOfPeriodsThatAreNone(_ backend: TestBackend, _ kind: String) async throws {
        let date = DynamicExpression.field("pub_date")
        let questions = DynamicQuery(Question.self)
        let ways: [(String, @Sendable () async throws -> Void)] = [
            (
                "Trunc",
                {
                    let call = DynamicExpression.function("Trunc", [date, .value(.text(kind))])
                    _ = try await questions.annotate("a", call).rows()
                }
            ),
            (
                "Extract",
                {
                    let call = DynamicExpression.function("Extract", [date, .value(.text(kind))])
                    _ = try await questions.annotate("a", call).rows()
                }
            ),
            (
                "keyword",
                {
                    let call = DynamicExpression.function(
                        "Trunc",
                        [date],
                        options: ["kind": .text(kind)]
                    )
                    _ = try await questions.filter(.lookup("exact", call, date)).rows()
                }
            ),
            (
                "lookup",
                { _ = try await questions.filter(.condition("pub_date__\(kind)", 1)).rows() }
            ),
            ("dates", { _ = try await DynamicQuery(Book.self).dates("published", kind).rows() }),
            ("datetimes", { _ = try await questions.datetimes("pub_date", kind).rows() }),
        ]
        for (way, body) in ways {
            try await Attempt("\(way) \(kind)", body).expectRefusal(backend)
        }
    }

    @Test(
        arguments: TestBackend.available,
        ["UTC'; --", "Europe/Paris' AS x", "", "../../etc/passwd", "UTC\u{0}", "+25:00:00'"]
    )
    func refusesZonesThatAreNone(_ backend: TestBackend, _ zone: String) async throws {
        for function in ["TruncDay", "ExtractYear", "TruncDate", "TruncTime"] {
            try await Attempt("\(function) \(zone)") {
                let call = DynamicExpression.function(
                    function,
                    [.field("pub_date")],
                    options: ["tzinfo": .text(zone)]
                )
                _ = try await DynamicQuery(Question.self).annotate("a", call).rows()
            }.expectRefusal(backend)
        }
        try await Attempt("datetimes \(zone)") {
            _ = try await DynamicQuery(Question.self).datetimes("pub_date", "day", zone: zone)
                .rows()
        }.expectRefusal(backend)
    }

    /// CVE-2022-28347.
    @Test(
        arguments: TestBackend.available,
        [
            Explanation(options: ["SUMMARY true) SELECT 1; --": "true"]),
            Explanation(options: ["analyze, verbose": "true"]), Explanation(options: ["": "1"]),
            Explanation(options: ["FORMAT JSON, ANALYZE": "true"]),
            Explanation(options: ["SERIALIZE": "TEXT) SELECT 1; --", "nope": "1"]),
            Explanation(format: "JSON) SELECT 1; --"), Explanation(format: ""),
            Explanation(format: "TEXT, ANALYZE true"),
        ]
    )
    func refusesOptionsOfPlansThatAreNone(
        _ backend: TestBackend,
        _ explanation: Explanation
    ) async throws {
        try await Attempt("\(explanation)") {
            var query = Self.choices()
            query.query.add(.explain(explanation))
            _ = try await query.rows()
        }.expectRefusal(backend)
    }

    /// What an option is set to is true or false, whatever it says.
    @Test func writesOptionsOfPlansAsTruthValues() async throws {
        guard TestBackend.available.contains(.postgresql) else { return }
        let database = try await SecureDatabase.polls(.postgresql)
        for value in ["TEXT) SELECT 1; --", "true) SELECT 1; --", "'"] {
            let explanation = Explanation(options: ["VERBOSE": value])
            let prefix = try database.dialect.explanationPrefix(explanation)
            #expect(prefix.statement(database.dialect).text == "EXPLAIN (VERBOSE true)")
        }
    }

    static let functions = ["", "lower", "Lower) --", "pg_sleep", "load_extension", "Sum\u{0}"]

    @Test(arguments: TestBackend.available, functions)
    func refusesFunctionsThatAreNone(_ backend: TestBackend, _ name: String) async throws {
        let ways: [(String, DynamicExpression)] = [
            ("function", .function(name, [Self.votes])),
            ("aggregate", .aggregate(name, [Self.votes])),
            ("lookup", .lookup(name, Self.votes, 1)),
            ("transform", .lookup("\(name)__exact", Self.votes, 1)),
        ]
        for (way, expression) in ways {
            try await Attempt("\(way) \(name)") {
                _ = try await Self.choices().annotate("a", expression).rows()
            }.expectRefusal(backend)
        }
    }

    @Test(arguments: TestBackend.available, ["a\"b", "C\" --", "a b", "", "a;b", "a\u{0}"])
    func refusesCollationsThatAreNone(_ backend: TestBackend, _ name: String) async throws {
        try await Attempt(name) {
            let call = DynamicExpression.function(
                "Collate",
                [.field("choice_text"), .value(.text(name))]
            )
            _ = try await Self.choices().order(by: [call.ordered()]).rows()
        }.expectRefusal(backend)
    }
}
