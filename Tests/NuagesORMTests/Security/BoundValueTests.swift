import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import Testing

@testable import NuagesORM

/// Values that would be SQL if they were written into a statement: each is bound, so it stands for
/// itself and is nowhere in the text.
///
/// Source: Django's security releases; the numbers are those of the CVEs.
@Suite struct BoundValueTests {
    /// What every hostile value holds, and no statement may.
    private static let canary = "CANARY"
    static let values = [
        "'; DROP TABLE polls_choice; -- CANARY", "\" OR 1 = 1 -- CANARY", "CANARY') OR ('1' = '1",
        "$1 CANARY", "%s CANARY", "? CANARY", "\\'; CANARY", "CANARY\\", "/* CANARY */",
        "CANARY test' = '\"a\"') OR 1 = 1 OR ('d", "$.CANARY", "{CANARY}", "CANARY\u{2028}",
    ]

    private func run(
        _ backend: TestBackend,
        literals: Int = 0,
        _ body: (Database) async throws -> Void
    ) async throws {
        let database = try await SecureDatabase.polls(backend)
        let statements = try await sql(database) { try await body(database) }
        #expect(!statements.isEmpty)
        for text in statements {
            #expect(text.split(Self.canary).count == 1 + literals, "\(text)")
        }
    }

    @Test(
        arguments: TestBackend.available,
        [
            "exact", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith",
            "iendswith", "gt", "lte", "in", "range",
        ]
    )
    func bindsWhatLookupsCompareWith(_ backend: TestBackend, _ lookup: String) async throws {
        for value in Self.values {
            try await run(backend) { (_) async throws in
                let several = lookup == "in" || lookup == "range"
                let operand: DynamicExpression =
                    several
                    ? .list([.value(.text(value)), .value(.text(value))]) : .value(.text(value))
                let path = "choice_text__\(lookup)"
                let found = try await DynamicQuery(Choice.self).filter(.condition(path, operand))
                    .count()
                #expect(["gt", "lte"].contains(lookup) || found == 0)
                #expect(try await DynamicQuery(Choice.self).count() == 5)
            }
        }
    }

    @Test(arguments: TestBackend.available, values)
    func bindsArgumentsOfFunctions(_ backend: TestBackend, _ value: String) async throws {
        let text = DynamicExpression.value(.text(value))
        let name = DynamicExpression.field("choice_text")
        let calls: [(DynamicExpression, SQLValue)] = [
            (.function("Concat", [name, text]), .text("Yes" + value)),
            (.function("Replace", [name, "Yes", text]), .text(value)),
            (.function("Coalesce", [.value(.null, as: .character), text]), .text(value)),
            (
                .function("JSONObject", [text, name]),
                .json(.object([.init(value, .string("Yes"))]))
            ),
            (.cases([(.condition("votes", 1), text)], default: "x", as: .text), .text(value)),
            (.value(.text(value)), .text(value)),
        ]
        for (call, expected) in calls {
            try await run(backend) { (_) async throws in
                let row = try await DynamicQuery(Choice.self).filter(.condition("votes", 1))
                    .annotate("a", call).get()
                #expect(row["a"] == expected)
            }
        }
    }

    /// CVE-2020-7471.
    ///
    /// In MariaDB's grammar the delimiter is a literal: there it is quoted, and the rows show that
    /// nothing ends it.
    @Test(arguments: TestBackend.available, values)
    func bindsDelimiters(_ backend: TestBackend, _ value: String) async throws {
        try await run(backend, literals: backend == .mysql ? 1 : 0) { (_) async throws in
            let aggregate = DynamicExpression.aggregate(
                "StringAgg",
                [.field("choice_text"), .value(.text(value))],
                filter: .condition("question", 2)
            )
            let row = try await DynamicQuery(Choice.self).aggregate([("all", aggregate)])
            #expect(
                row["all"] == .text("Yes\(value)No_way") || row["all"] == .text("No_way\(value)Yes")
            )
        }
    }

    /// CVE-2019-14234, CVE-2024-42005, CVE-2024-53908.
    @Test(arguments: TestBackend.available, values)
    func bindsKeysOfDocuments(_ backend: TestBackend, _ key: String) async throws {
        let database = try await SampleDatabase.common(backend)
        let data = DynamicExpression.field("data")
        let under = DynamicExpression.key(of: data, [key])
        let samples = DynamicQuery(Sample.self)
        let queries: [(DynamicQuery, Int)] = [
            (samples.filter(.condition("data__\(key)", 1)), 0),
            (samples.filter(.condition("data__\(key)__isnull", true)), 1),
            (samples.filter(.condition("data__has_key", .value(.text(key)))), 0),
            (samples.filter(.condition("data__has_any_keys", .list([.value(.text(key))]))), 0),
            (samples.filter(.lookup("has_key", data, .value(.text(key)))), 0),
            (samples.filter(.lookup("has_key", under, .value(.text(key)))), 0),
            (samples.filter(.lookup("exact", .key(of: data, [key], asText: true), "x")), 0),
            (samples.values(.expression("a", under)), 1),
            (samples.order(by: [under.ordered()]), 1),
            (samples.annotate("a", under).filter(.condition("a", .value(.json(.int(1))))), 0),
        ]
        let statements = try await sql(database) { () async throws in
            for (query, count) in queries { #expect(try await query.rows().count == count) }
        }
        #expect(statements.count == queries.count)
        for text in statements { #expect(text.split(Self.canary).count == 1, "\(text)") }
    }

    /// CVE-2024-42005: a key in the list of columns would be the name of one.
    @Test(arguments: TestBackend.available, ["test' = '\"a\"') OR 1 = 1 OR ('d", "a\"b", "a b"])
    func refusesKeysThatAreNoNamesOfColumns(_ backend: TestBackend, _ key: String) async throws {
        for name in ["data__\(key)", "\(key)"] {
            try await Attempt(name) {
                _ = try await DynamicQuery(Sample.self).values(.field(name)).rows()
            }.expectRefusal(backend)
        }
    }

    /// CVE-2020-9402, CVE-2026-1207: numbers of functions are numbers.
    @Test(
        arguments: TestBackend.available,
        ["0.05))) FROM dual", "1 OR 1=1", "1; --", "", "0x10", "NaN"]
    )
    func refusesNumbersThatAreNone(_ backend: TestBackend, _ text: String) async throws {
        let votes = DynamicExpression.field("votes")
        let value = DynamicExpression.value(.text(text))
        let name = DynamicExpression.field("choice_text")
        let calls: [DynamicExpression] = [
            .function("Round", [votes], options: ["precision": .text(text)]),
            .function("Left", [name, value]), .function("Repeat", [name, value]),
            .function("Substr", [name, value]), .function("Power", [votes, value]),
        ]
        let database = try await SecureDatabase.polls(backend)
        for call in calls {
            let statements = try await sql(database) { () async throws in
                // It may be told here or by the database, or do nothing; it is never in the text.
                _ = try? await DynamicQuery(Choice.self).annotate("a", call).rows()
            }
            for statement in statements {
                #expect(text.isEmpty || statement.split(text).count == 1, "\(statement)")
            }
        }
        await #expect(throws: (any Error).self) {
            try await DynamicQuery(Choice.self).using(database).filter(.condition("votes", value))
                .rows()
        }
    }

    /// The class of CVE-2014-0474: text is compared with text, so that 0 is not equal to any.
    @Test(arguments: TestBackend.available)
    func comparesTextWithTextOnly(_ backend: TestBackend) async throws {
        try await run(backend) { (_) async throws in
            for value in [SQLValue.int(0), .double(0), .int(1)] {
                let found = DynamicQuery(Choice.self).filter(
                    .condition("choice_text", .value(value))
                )
                #expect(try await found.count() == 0)
            }
        }
        try await Attempt("true") {
            _ = try await Choice.objects.filter(Q("choice_text", true)).all()
        }.expectRefusal(backend)
    }

    @Test(arguments: TestBackend.available)
    func wildcardsStandForThemselves(_ backend: TestBackend) async throws {
        try await run(backend) { (_) async throws in
            let cases: [(String, Int)] = [("_", 1), ("%", 0), ("\\", 0), ("N%", 0), ("o_w", 1)]
            for (text, count) in cases {
                #expect(
                    try await Choice.objects.filter { $0.choiceText.contains(text) }.count()
                        == count
                )
                let other = DynamicQuery(Choice.self).annotate("t", .value(.text(text), as: .text))
                    .filter(.condition("choice_text__contains", .field("t")))
                #expect(try await other.count() == count)
            }
            #expect(
                try await Question.objects.filter { $0.questionText.contains("%") }.count() == 1
            )
        }
    }

    /// SW3 of our own list: Swift takes the two forms of "é" for one text, databases do not.
    @Test(arguments: TestBackend.available)
    func textIsComparedByItsBytes(_ backend: TestBackend) async throws {
        let forms = ["\u{E9}", "e\u{301}"]
        let database = try await TestDatabase.polls(backend)
        try await database.use { () async throws in
            for form in forms { try await Author.objects.create(Author(name: form)) }
            let values = DynamicExpression.list(forms.map { .value(.text($0)) })
            let authors = DynamicQuery(Author.self)
            #expect(try await authors.filter(.condition("name__in", values)).count() == 2)
            for form in forms + forms {
                let found = try await authors.filter(.condition("name", .value(.text(form))))
                    .annotate("constant", .value(.text(form), as: .text))
                    .annotate("key", .value(.json(.object([.init(form, .int(1))])))).rows()
                #expect(found.map { $0["name"] } == [.text(form)])
                #expect(found.map { $0["constant"] } == [.text(form)])
                guard case .json(.object(let members))? = found.first?["key"] else {
                    Issue.record("\(found)")
                    continue
                }
                #expect(
                    members.first?.name.unicodeScalars.elementsEqual(form.unicodeScalars) == true
                )
            }
            let either = try await authors.filter(
                .anyOf(forms.map { .condition("name", .value(.text($0))) })
            ).count()
            #expect(either == 2)
        }
    }

    /// A key of a document that Swift takes for another one finds its own value, however often the
    /// other was asked for.
    @Test(arguments: TestBackend.available)
    func keysAreTheirBytes(_ backend: TestBackend) async throws {
        let database = try await TestDatabase.polls(backend)
        try await database.makeTables(Note.self)
        try await database.use { () async throws in
            let document = JSONValue.object([.init("\u{E9}", .int(1)), .init("e\u{301}", .int(2))])
            try await Note.objects.create(Note(data: document))
            for _ in 0..<3 {
                for (key, value) in [("\u{E9}", 1), ("e\u{301}", 2)] {
                    let notes = DynamicQuery(Note.self)
                    let found = notes.filter(.condition("data__\(key)", .value(.int(value))))
                    #expect(try await found.count() == 1)
                    let under = DynamicExpression.key(of: .field("data"), [key])
                    let row = try await notes.annotate("x", under).get()
                    #expect(row["x"] == .json(.int(value)))
                }
            }
        }
    }

    /// SW8 of our own list: C would end text at NUL.
    @Test(arguments: TestBackend.available)
    func nulEndsNoText(_ backend: TestBackend) async throws {
        let database = try await SecureDatabase.polls(backend)
        for lookup in ["exact", "startswith", "in", "regex", "iexact"] {
            let text = SQLValue.text("Yes\u{0}x")
            let operand: DynamicExpression =
                lookup == "in" ? .list([.value(text)]) : .value(text)
            let query = DynamicQuery(Choice.self).using(database)
                .filter(.condition("choice_text__\(lookup)", operand))
            switch (backend, lookup) {
            case (.sqlite, "exact"), (.sqlite, "in"), (.sqlite, "regex"),
                (.mysql, "exact"), (.mysql, "in"), (.mysql, "regex"):
                #expect(try await query.count() == 0)
            default:
                let error = await #expect(throws: DatabaseError.self) { try await query.count() }
                guard case .data = error else {
                    Issue.record("\(lookup): \(String(describing: error))")
                    continue
                }
            }
        }
        #expect(try await DynamicQuery(Choice.self).using(database).count() == 5)
    }

    @Test(arguments: TestBackend.available)
    func statementsOfTheSitesOwnBindWhatStandsInThem(_ backend: TestBackend) async throws {
        for value in Self.values {
            try await run(backend) { (database) async throws in
                let name = "polls_choice"
                let rows = try await database.rows(
                    "SELECT COUNT(*) FROM \(identifier: name) WHERE choice_text = \(value)"
                )
                #expect(rows == [[.int(0)]])
            }
        }
    }
}
