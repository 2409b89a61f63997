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
        ),
        Case(["data"], .value(.null), #""data" = ?"#, 0),
        Case(["data"], .value(.json(.object([.init("a", .string("b"))]))), #""data" = ?"#, 0),
        Case(["data", "icontains"], t("B"), #""data" LIKE ? ESCAPE '\'"#, 1),
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
        ),
        Case(["data", "a"], t("b"), #"KEY = DOC"#, 1),
        Case(["data", "a"], t("c"), #"KEY = DOC"#, 0),
        Case(["data", "n"], n(14), #"KEY = DOC"#, 1),
        Case(["data", "n"], .value(.double(14)), #"KEY = DOC"#, 1),
        Case(["data", "t"], .value(.bool(true)), #"KEY = ?"#, 1),
        Case(["data", "t"], n(1), #"KEY = DOC"#, 0),
        Case(["data", "z"], .value(.null), #"KEY = ?"#, 1),
        Case(["data", "x"], .value(.null), #"KEY = ?"#, 0),
        Case(["data", "z", "iexact"], .value(.null), #"KEY = ?"#, 1),
        Case(
            ["data", "l"],
            .value(.json(.array([.int(1), .object([.init("f", .string("g"))])]))),
            #"KEY = DOC"#,
            1
        ),
        Case(["data", "l", "0"], n(1), #"KEY = DOC"#, 1),
        Case(["data", "l", "1", "f"], t("g"), #"KEY = DOC"#, 1),
        Case(["data", "l", "-1", "f"], t("g"), #"KEY = DOC"#, 1),
        Case(["data", "n", "gt"], n(3), #"KEY > ?"#, 1),
        Case(["data", "n", "lte"], .value(.double(13.5)), #"KEY <= ?"#, 0),
        Case(["data", "a", "gt"], t("a"), #"KEY > ?"#, 1),
        Case(["data", "n", "gt"], .value(.bool(true)), #"KEY > ?"#, 1),
        Case(["data", "n", "range"], .list([n(1), n(20)]), #"KEY BETWEEN ? AND ?"#, 0),
        Case(
            ["data", "a", "isnull"],
            .value(.bool(false)),
            #"JSON_TYPE("data", ?) IS NOT NULL"#,
            1
        ),
        Case(
            ["data", "z", "isnull"],
            .value(.bool(false)),
            #"JSON_TYPE("data", ?) IS NOT NULL"#,
            1
        ),
        Case(["data", "x", "isnull"], .value(.bool(true)), #"JSON_TYPE("data", ?) IS NULL"#, 1),
        Case(
            ["data", "l", "1", "isnull"],
            .value(.bool(false)),
            #"JSON_TYPE("data", ?) IS NOT NULL"#,
            1
        ),
        Case(["data", "a", "startswith"], t("b"), #"KEY LIKE ? ESCAPE '\'"#, 1),
        Case(["data", "a", "iexact"], t("B"), #"KEY LIKE ? ESCAPE '\'"#, 1),
        Case(["data", "n", "startswith"], n(1), #"KEY LIKE ? ESCAPE '\'"#, 1),
        Case(["data", "a", "regex"], t("^b$"), #"KEY REGEXP ?"#, 1),
        Case(["data", "a", "iregex"], t("^B"), #"KEY REGEXP '(?i)' || ?"#, 1),
        Case(["data", "a", "icontains"], t("B"), #"KEY LIKE ? ESCAPE '\'"#, 1),
        Case(["data", "a", "endswith"], t("%"), #"KEY LIKE ? ESCAPE '\'"#, 0),
        Case(["data", "a", "in"], .list([t("b"), t("c")]), #"KEY IN (DOC, DOC)"#, 1),
        Case(["data", "t", "in"], .list([.value(.bool(true))]), #"KEY IN (?)"#, 1),
        Case(["data", "n", "in"], .list([.value(.null), n(14)]), #"KEY IN (DOC)"#, 1),
        Case(["data", "a", "in"], .list([]), #""#, 0),
        Case(["data", "z", "in"], .list([.jsonNull]), #"KEY IN (?)"#, 1),
        Case(["data", "z"], .jsonNull, #"KEY = ?"#, 1),
        Case(["data"], .jsonNull, #""data" = ?"#, 0),
        Case(["data", "has_key"], t("a"), #"JSON_TYPE("data", ?) IS NOT NULL"#, 1),
        Case(["data", "has_key"], t("x"), #"JSON_TYPE("data", ?) IS NOT NULL"#, 0),
        Case(["data", "has_key"], t("z"), #"JSON_TYPE("data", ?) IS NOT NULL"#, 1),
        Case(["data", "has_key"], n(1), #"JSON_TYPE("data", ?) IS NOT NULL"#, 0),
        Case(["data", "l", "1", "has_key"], t("f"), #"JSON_TYPE("data", ?) IS NOT NULL"#, 1),
        Case(
            ["data", "has_keys"],
            .list([t("a"), t("n")]),
            #"(JSON_TYPE("data", ?) IS NOT NULL AND JSON_TYPE("data", ?) IS NOT NULL)"#,
            1
        ),
        Case(
            ["data", "has_keys"],
            .list([t("a"), t("x")]),
            #"(JSON_TYPE("data", ?) IS NOT NULL AND JSON_TYPE("data", ?) IS NOT NULL)"#,
            0
        ),
        Case(
            ["data", "has_any_keys"],
            .list([t("x"), t("n")]),
            #"(JSON_TYPE("data", ?) IS NOT NULL OR JSON_TYPE("data", ?) IS NOT NULL)"#,
            1
        ),
        Case(["data", "has_key"], t("a\"b'c"), #"JSON_TYPE("data", ?) IS NOT NULL"#, 0),
        Case(["data", "n"], f("whole"), #"KEY = ("whole")"#, 0),
        Case(["data", "a", "in"], .list([f("name"), t("b")]), #"KEY IN ("name", DOC)"#, 1),
        Case(["data", "n", "gt"], f("whole"), #"KEY > ("whole")"#, 1),
        Case(["data", "a"], .reference(["data", "a"]), #"KEY = KEY"#, 1),
    ]

    @Test(arguments: cases)
    func findsWhatDjangoFinds(_ lookup: LookupCase) async throws { try await lookup.check() }

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

    @Test(arguments: [
        (SQLValue.int(14), ["n"]), (.text("b"), ["a"]), (.text("14"), ["n"]),
        (.text("g"), ["l", "1", "f"]),
    ])
    func comparesTextUnderKeys(_ value: SQLValue, _ keys: [String]) async throws {
        let key = FunctionCall.jsonText(f("data"), keys)
        #expect(try await SampleDatabase.find(.lookup(.exact, key, .value(value))).count == 1)
        #expect(try await SampleDatabase.find(.lookup(.in, key, .list([.value(value)]))).count == 1)
    }

    @Test(arguments: [
        (["a"], SQLValue.json(.string("b")), SQLValue.text("b")),
        (["n"], .json(.int(14)), .int(14)), (["z"], .json(.null), .text("null")),
        (["t"], .json(.bool(true)), .text("true")), (["x"], .null, .null),
        (["l", "0"], .json(.int(1)), .int(1)),
        (["l", "-1"], .json(.object([.init("f", .string("g"))])), .text(#"{"f":"g"}"#)),
    ])
    func readsWhatStandsUnderKeys(
        _ keys: [String],
        _ document: SQLValue,
        _ text: SQLValue
    ) async throws {
        let value = FunctionCall.jsonValue(f("data"), keys)
        #expect(try await SampleDatabase.evaluate(value).value == document)
        let plain = FunctionCall.jsonText(f("data"), keys)
        #expect(try await SampleDatabase.evaluate(plain).value == text)
    }

    @Test(arguments: ["a' = 'a') OR 1=1 --", "a\"b", "%s", "$", "]", "a.b", "\u{0}", ""])
    func takesAnyNameForAKey(_ name: String) async throws {
        #expect(try await SampleDatabase.find(.condition(["data", name], n(1))).count == 0)
        #expect(try await SampleDatabase.find(.condition(["data", "has_key"], t(name))).count == 0)
    }
}
