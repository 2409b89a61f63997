import DatabaseTestSupport
import NuagesCore
import Testing

@testable import NuagesORM

/// Lookups of JSON documents and of what stands under their keys, with the SQL and the rows of
/// Django 6.1.
@Suite struct JSONLookupTests {
    private typealias Case = LookupCase

    static let cases: [LookupCase] = [
        Case(
            ["data"],
            .value(
                .json(
                    .object([
                        .init("a", .string("b")), .init("n", .int(14)),
                        .init("l", .array([.int(1), .object([.init("f", .string("g"))])])),
                        .init("z", .null), .init("t", .bool(true)),
                    ])
                )
            ),
            #""data" = ?"#,
            1
        ).mysql(#"JSON_NORMALIZE("data") = JSON_NORMALIZE(?)"#),
        Case(["data"], .value(.null), #""data" = ?"#, 0).mysql(
            #"JSON_NORMALIZE("data") = JSON_NORMALIZE(?)"#
        ),
        Case(["data"], .value(.json(.object([.init("a", .string("b"))]))), #""data" = ?"#, 0).mysql(
            #"JSON_NORMALIZE("data") = JSON_NORMALIZE(?)"#
        ),
        Case(["data", "icontains"], t("B"), #""data" LIKE ? ESCAPE '\'"#, 1).mysql(
            #"LOWER(CAST(JSON_UNQUOTE("data") AS char)) LIKE LOWER(?)"#
        ).postgresql(
            #"UPPER("data"::text) LIKE UPPER(?)"#
        ),
        Case(["data", "isnull"], .value(.bool(true)), #""data" IS NULL"#, 0),
        Case(
            ["data", "in"],
            .list([
                .value(
                    .json(
                        .object([
                            .init("a", .string("b")), .init("n", .int(14)),
                            .init("l", .array([.int(1), .object([.init("f", .string("g"))])])),
                            .init("z", .null), .init("t", .bool(true)),
                        ])
                    )
                ), n(7),
            ]),
            #"KEY IN (DOC, DOC)"#,
            1
        ).mysql(#"JSON_NORMALIZE("data") IN (JSON_NORMALIZE(?), JSON_NORMALIZE(?))"#).postgresql(
            #""data" IN (?, ?)"#
        ),
        Case(["data", "a"], t("b"), #"KEY = DOC"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(#"("data" -> ?) = ?"#),
        Case(["data", "a"], t("c"), #"KEY = DOC"#, 0).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(#"("data" -> ?) = ?"#),
        Case(["data", "n"], n(14), #"KEY = DOC"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(#"("data" -> ?) = ?"#),
        Case(["data", "n"], .value(.double(14)), #"KEY = DOC"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(
            #"("data" -> ?) = ?"#
        ),
        Case(["data", "t"], .value(.bool(true)), #"KEY = ?"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(#"("data" -> ?) = ?"#),
        Case(["data", "t"], n(1), #"KEY = DOC"#, 0).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(#"("data" -> ?) = ?"#),
        Case(["data", "z"], .value(.null), #"KEY = ?"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(#"("data" -> ?) = ?"#),
        Case(["data", "x"], .value(.null), #"KEY = ?"#, 0).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(#"("data" -> ?) = ?"#),
        Case(["data", "z", "iexact"], .value(.null), #"KEY = ?"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(
            #"("data" -> ?) = ?"#
        ),
        Case(
            ["data", "l"],
            .value(.json(.array([.int(1), .object([.init("f", .string("g"))])]))),
            #"KEY = DOC"#,
            1
        ).mysql(#"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#).postgresql(
            #"("data" -> ?) = ?"#
        ),
        Case(["data", "l", "0"], n(1), #"KEY = DOC"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(#"("data" #> ?) = ?"#),
        Case(["data", "l", "1", "f"], t("g"), #"KEY = DOC"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(#"("data" #> ?) = ?"#),
        Case(["data", "l", "-1", "f"], t("g"), #"KEY = DOC"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(#"("data" #> ?) = ?"#),
        Case(["data", "n", "gt"], n(3), #"KEY > ?"#, 1).mysql(
            #"CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char) > ?"#
        ).postgresql(#"("data" -> ?) > ?"#),
        Case(["data", "n", "lte"], .value(.double(13.5)), #"KEY <= ?"#, 0).mysql(
            #"CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char) <= ?"#
        ).postgresql(
            #"("data" -> ?) <= ?"#
        ),
        Case(["data", "a", "gt"], t("a"), #"KEY > ?"#, 1).mysql(
            #"CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char) > ?"#
        ).postgresql(#"("data" -> ?) > ?"#),
        Case(["data", "n", "gt"], .value(.bool(true)), #"KEY > ?"#, 1).mysql(
            #"CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char) > ?"#,
            0
        ).postgresql(
            #"("data" -> ?) > ?"#,
            0
        ),
        Case(["data", "n", "range"], .list([n(5), n(100)]), #"KEY BETWEEN ? AND ?"#, 0).mysql(
            #"CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char) BETWEEN ? AND ?"#,
            1
        ).postgresql(
            #"("data" -> ?) BETWEEN ? AND ?"#,
            1
        ),
        Case(
            ["data", "a", "isnull"],
            .value(.bool(false)),
            #"JSON_TYPE("data", ?) IS NOT NULL"#,
            1
        ).mysql(#"JSON_CONTAINS_PATH("data", 'one', ?)"#).postgresql(#"("data" -> ?) IS NOT NULL"#),
        Case(
            ["data", "z", "isnull"],
            .value(.bool(false)),
            #"JSON_TYPE("data", ?) IS NOT NULL"#,
            1
        ).mysql(#"JSON_CONTAINS_PATH("data", 'one', ?)"#).postgresql(#"("data" -> ?) IS NOT NULL"#),
        Case(["data", "x", "isnull"], .value(.bool(true)), #"JSON_TYPE("data", ?) IS NULL"#, 1)
            .mysql(#"JSON_EXTRACT("data", ?) IS NULL"#)
            .postgresql(#"("data" -> ?) IS NULL"#),
        Case(
            ["data", "l", "1", "isnull"],
            .value(.bool(false)),
            #"JSON_TYPE("data", ?) IS NOT NULL"#,
            1
        ).mysql(#"JSON_CONTAINS_PATH("data", 'one', ?)"#).postgresql(#"("data" #> ?) IS NOT NULL"#),
        Case(["data", "a", "startswith"], t("b"), #"KEY LIKE ? ESCAPE '\'"#, 1).mysql(
            #"CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char) LIKE BINARY ?"#
        ).postgresql(
            #"("data" ->> ?)::text LIKE ?"#
        ),
        Case(["data", "a", "iexact"], t("B"), #"KEY LIKE ? ESCAPE '\'"#, 1).mysql(
            #"LOWER(CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char)) = LOWER(?)"#
        ).postgresql(
            #"UPPER(("data" ->> ?)::text) = UPPER(?)"#
        ),
        Case(["data", "n", "startswith"], n(1), #"KEY LIKE ? ESCAPE '\'"#, 1).mysql(
            #"CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char) LIKE BINARY ?"#
        ).postgresql(
            #"("data" ->> ?)::text LIKE ?"#
        ),
        Case(["data", "a", "regex"], t("^b$"), #"KEY REGEXP ?"#, 1).mysql(
            #"CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char) REGEXP CONCAT('(?-i)', ?)"#
        ).postgresql(
            #"("data" ->> ?)::text ~ ?"#
        ),
        Case(["data", "a", "iregex"], t("^B"), #"KEY REGEXP '(?i)' || ?"#, 1).mysql(
            #"CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char) REGEXP CONCAT('(?i)', ?)"#
        ).postgresql(
            #"("data" ->> ?)::text ~* ?"#
        ),
        Case(["data", "a", "icontains"], t("B"), #"KEY LIKE ? ESCAPE '\'"#, 1).mysql(
            #"LOWER(CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char)) LIKE LOWER(?)"#
        ).postgresql(
            #"UPPER(("data" ->> ?)::text) LIKE UPPER(?)"#
        ),
        Case(["data", "a", "endswith"], t("%"), #"KEY LIKE ? ESCAPE '\'"#, 0).mysql(
            #"CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char) LIKE BINARY ?"#
        ).postgresql(
            #"("data" ->> ?)::text LIKE ?"#
        ),
        Case(["data", "a", "in"], .list([t("b"), t("c")]), #"KEY IN (DOC, DOC)"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) IN (JSON_NORMALIZE(?), JSON_NORMALIZE(?))"#
        ).postgresql(
            #"("data" -> ?) IN (?, ?)"#
        ),
        Case(["data", "t", "in"], .list([.value(.bool(true))]), #"KEY IN (?)"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) IN (JSON_NORMALIZE(?))"#
        ).postgresql(
            #"("data" -> ?) IN (?)"#
        ),
        Case(["data", "n", "in"], .list([.value(.null), n(14)]), #"KEY IN (DOC)"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) IN (JSON_NORMALIZE(?))"#
        ).postgresql(
            #"("data" -> ?) IN (?)"#
        ),
        Case(["data", "a", "in"], .list([]), #""#, 0),
        Case(["data", "z", "in"], .list([.jsonNull]), #"KEY IN (?)"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) IN (JSON_NORMALIZE(?))"#
        ).postgresql(
            #"("data" -> ?) IN (?)"#
        ),
        Case(["data", "z"], .jsonNull, #"KEY = ?"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(?)"#
        ).postgresql(#"("data" -> ?) = ?"#),
        Case(["data"], .jsonNull, #""data" = ?"#, 0).mysql(
            #"JSON_NORMALIZE("data") = JSON_NORMALIZE(?)"#
        ),
        Case(["data", "has_key"], t("a"), #"JSON_TYPE("data", ?) IS NOT NULL"#, 1).mysql(
            #"JSON_CONTAINS_PATH("data", 'one', ?)"#
        ).postgresql(
            #""data" ? ?"#
        ),
        Case(["data", "has_key"], t("x"), #"JSON_TYPE("data", ?) IS NOT NULL"#, 0).mysql(
            #"JSON_CONTAINS_PATH("data", 'one', ?)"#
        ).postgresql(
            #""data" ? ?"#
        ),
        Case(["data", "has_key"], t("z"), #"JSON_TYPE("data", ?) IS NOT NULL"#, 1).mysql(
            #"JSON_CONTAINS_PATH("data", 'one', ?)"#
        ).postgresql(
            #""data" ? ?"#
        ),
        Case(["data", "has_key"], n(1), #"JSON_TYPE("data", ?) IS NOT NULL"#, 0).mysql(
            #"JSON_CONTAINS_PATH("data", 'one', ?)"#
        ).postgresql(
            #""data" ? ?"#
        ),
        Case(["data", "l", "1", "has_key"], t("f"), #"JSON_TYPE("data", ?) IS NOT NULL"#, 1).mysql(
            #"JSON_CONTAINS_PATH("data", 'one', ?)"#
        )
        .postgresql(#"("data" #> ?) ? ?"#),
        Case(
            ["data", "has_keys"],
            .list([t("a"), t("n")]),
            #"(JSON_TYPE("data", ?) IS NOT NULL AND JSON_TYPE("data", ?) IS NOT NULL)"#,
            1
        ).mysql(#"(JSON_CONTAINS_PATH("data", 'one', ?) AND JSON_CONTAINS_PATH("data", 'one', ?))"#)
            .postgresql(#"("data" ? ? AND "data" ? ?)"#),
        Case(
            ["data", "has_keys"],
            .list([t("a"), t("x")]),
            #"(JSON_TYPE("data", ?) IS NOT NULL AND JSON_TYPE("data", ?) IS NOT NULL)"#,
            0
        ).mysql(#"(JSON_CONTAINS_PATH("data", 'one', ?) AND JSON_CONTAINS_PATH("data", 'one', ?))"#)
            .postgresql(#"("data" ? ? AND "data" ? ?)"#),
        Case(
            ["data", "has_any_keys"],
            .list([t("x"), t("n")]),
            #"(JSON_TYPE("data", ?) IS NOT NULL OR JSON_TYPE("data", ?) IS NOT NULL)"#,
            1
        ).mysql(#"(JSON_CONTAINS_PATH("data", 'one', ?) OR JSON_CONTAINS_PATH("data", 'one', ?))"#)
            .postgresql(#"("data" ? ? OR "data" ? ?)"#),
        Case(["data", "has_key"], t("a\"b'c"), #"JSON_TYPE("data", ?) IS NOT NULL"#, 0).mysql(
            #"JSON_CONTAINS_PATH("data", 'one', ?)"#
        ).postgresql(
            #""data" ? ?"#
        ),
        Case(["data", "n"], f("whole"), #"KEY = ("whole")"#, 0).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE(("whole"))"#
        ).refusedByPostgreSQL(),
        Case(["data", "a", "in"], .list([f("name"), t("b")]), #"KEY IN ("name", DOC)"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) IN ("name", JSON_NORMALIZE(?))"#
        )
        .refusedByPostgreSQL(),
        Case(["data", "n", "gt"], f("whole"), #"KEY > ("whole")"#, 1).mysql(
            #"CAST(JSON_UNQUOTE(JSON_EXTRACT("data", ?)) AS char) > ("whole")"#
        ).refusedByPostgreSQL(),
        Case(["data", "a"], .reference(["data", "a"]), #"KEY = KEY"#, 1).mysql(
            #"JSON_NORMALIZE(JSON_EXTRACT("data", ?)) = JSON_NORMALIZE((JSON_EXTRACT("data", ?)))"#
        ).postgresql(
            #"("data" -> ?) = ("data" -> ?)"#
        ),
    ]

    @Test(arguments: TestBackend.available, cases)
    func findsWhatDjangoFinds(_ backend: TestBackend, _ lookup: LookupCase) async throws {
        try await lookup.check(backend)
    }

    @Test(arguments: [
        (["data", "contains"], SQLValue.json(.object([]))),
        (["data", "a", "contains"], .text("b")),
        (["data", "contained_by"], .json(.array([]))),
    ])
    func saysThatSQLiteCannotTellWhatADocumentContains(
        _ path: [String],
        _ value: SQLValue
    ) async throws {
        let error = await #expect(throws: DatabaseError.self) {
            try await SampleDatabase.find(.condition(path, .value(value)))
        }
        guard case .notSupported = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        arguments: TestBackend.available,
        [
            (SQLValue.int(14), ["n"]), (.text("b"), ["a"]), (.text("14"), ["n"]),
            (.text("g"), ["l", "1", "f"]),
        ]
    )
    func comparesTextUnderKeys(
        _ backend: TestBackend,
        _ test: (value: SQLValue, keys: [String])
    ) async throws {
        let key = FunctionCall.jsonText(f("data"), test.keys)
        for condition in [
            ExpressionNode.lookup(.exact, key, .value(test.value)),
            .lookup(.in, key, .list([.value(test.value)])),
        ] {
            #expect(try await SampleDatabase.find(condition, on: backend).count == 1)
        }
    }

    @Test(
        arguments: TestBackend.available,
        [
            (["a"], SQLValue.json(.string("b")), SQLValue.text("b")),
            (["n"], .json(.int(14)), .int(14)), (["z"], .json(.null), .text("null")),
            (["t"], .json(.bool(true)), .text("true")), (["x"], .null, .null),
            (["l", "0"], .json(.int(1)), .int(1)),
            (["l", "-1"], .json(.object([.init("f", .string("g"))])), .text(#"{"f":"g"}"#)),
        ]
    )
    func readsWhatStandsUnderKeys(
        _ backend: TestBackend,
        _ test: (keys: [String], document: SQLValue, text: SQLValue)
    ) async throws {
        let value = FunctionCall.jsonValue(f("data"), test.keys)
        #expect(try await SampleDatabase.evaluate(value, on: backend).value == test.document)
        let plain = FunctionCall.jsonText(f("data"), test.keys)
        // Servers give text in all cases, and PostgreSQL NULL for JSON's null.
        let text: SQLValue =
            switch test.text {
            case .int(let number) where backend != .sqlite: .text(String(number))
            case .text("null") where backend == .postgresql: .null
            case .text(#"{"f":"g"}"#) where backend != .sqlite: .text(#"{"f": "g"}"#)
            default: test.text
            }
        #expect(try await SampleDatabase.evaluate(plain, on: backend).value == text)
    }

    @Test(
        arguments: TestBackend.available,
        ["a' = 'a') OR 1=1 --", "a\"b", "%s", "$", "]", "a.b", "\u{0}", ""]
    )
    func takesAnyNameForAKey(_ backend: TestBackend, _ name: String) async throws {
        for condition in [
            ExpressionNode.condition(["data", name], n(1)),
            .condition(["data", "has_key"], t(name)),
        ] {
            if backend == .postgresql, name == "\u{0}" {
                // There is no NUL in PostgreSQL's text.
                await #expect(throws: DatabaseError.self) {
                    try await SampleDatabase.find(condition, on: backend)
                }
                continue
            }
            #expect(try await SampleDatabase.find(condition, on: backend).count == 0)
        }
    }

    @Test(
        arguments: TestBackend.available,
        [
            (["n"], Lookup.gt, SQLValue.int(3), 1, 0, 0), (["n"], .range, .int(1), 0, 1, 1),
            (["z"], .isnull, .bool(true), 0, 1, 0), (["z"], .isnull, .bool(false), 1, 0, 1),
            (["x"], .isnull, .bool(true), 1, 1, 1), (["a"], .contains, .text("b"), 1, 1, 1),
            (["z"], .exact, .null, 1, 0, 1),
            (["l", "1", "f"], .iexact, .text("G"), 1, 1, 1),
        ]
    )
    func comparesTextUnderKeysByTheRulesOfTheDatabase(
        _ backend: TestBackend,
        _ test: (
            keys: [String], lookup: Lookup, value: SQLValue, sqlite: Int, postgresql: Int,
            mysql: Int
        )
    ) async throws {
        let key = FunctionCall.jsonText(f("data"), test.keys)
        let operand: ExpressionNode =
            test.lookup == .range
            ? .list([.value(test.value), .value(.int(20))]) : .value(test.value)
        let found = try await SampleDatabase.find(.lookup(test.lookup, key, operand), on: backend)
        let expected = backend.choose(
            sqlite: test.sqlite,
            postgresql: test.postgresql,
            mysql: test.mysql
        )
        #expect(found.count == expected)
    }
}
