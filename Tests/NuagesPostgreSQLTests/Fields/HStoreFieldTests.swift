import DatabaseTestSupport
import NuagesCore
import NuagesORM
import NuagesPostgreSQL
import Testing

/// Maps in columns: their values, lookups and transforms.
@Suite(
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct HStoreFieldTests {
    private static func filled() async throws -> Database {
        let database = try await FieldDatabase.open([Page.self], extensions: ["hstore"])
        try await database.use {
            _ = try await Page.objects.bulkCreate([
                Page(attributes: ["a": "b", "c": "d"]), Page(attributes: ["a": nil]),
                Page(attributes: ["x'y": "\"\\ =>", "k": "NULL"]), Page(),
            ])
        }
        return database
    }

    @Test func keepsMaps() async throws {
        let database = try await Self.filled()
        try await database.use {
            let maps = try await Page.objects.values { $0.attributes }
            #expect(
                maps == [
                    ["a": "b", "c": "d"], ["a": nil], ["x'y": "\"\\ =>", "k": "NULL"], [:],
                ]
            )
            let row = try #require(try await DynamicQuery(Page.self).rows().first)
            #expect(
                row["attributes"]
                    == .json(
                        .object([
                            JSONValue.Member("a", .string("b")),
                            JSONValue.Member("c", .string("d")),
                        ])
                    )
            )
            var changed = row
            changed.set(
                "attributes",
                to: .json(.object([JSONValue.Member("n", .int(1)), JSONValue.Member("t", .null)]))
            )
            try await changed.save()
            #expect(
                try await Page.objects.filter { $0.attributes == ["n": "1", "t": nil] }.count() == 1
            )
        }
    }

    /// Two keys that Swift takes for one: a map that had one of them only would lose the other.
    @Test func losesNoKey() async throws {
        let database = try await Self.filled()
        try await database.execute(
            "INSERT INTO pg_page (attributes) VALUES (hstore(\("\u{E9}"), '1') || hstore(\("e\u{301}"), '2'))"
        )
        try await database.use {
            await #expect(throws: (any Error).self) {
                try await Page.objects.filter { $0.attributes.hasKey("\u{E9}") }.all()
            }
            let row = try await DynamicQuery(Page.self).order(by: "-pk").rows()[0]
            guard case .json(.object(let members))? = row["attributes"] else {
                Issue.record("no map")
                return
            }
            #expect(members.count == 2)
        }
    }

    @Test func writesLookups() async throws {
        let database = try await Self.filled()
        let start = #"SELECT "pg_page"."id" AS "id" FROM "pg_page" WHERE "#
        let end = " ORDER BY 1 ASC"
        let object: (String, JSONValue) -> DynamicExpression = {
            .value(.json(.object([JSONValue.Member($0, $1)])))
        }
        let column = #""pg_page"."attributes""#
        let cases: [(DynamicExpression, String, [Int])] = [
            (
                .condition("attributes__contains", object("a", .string("b"))),
                "\(column) @> $1::hstore", [1]
            ),
            (
                .condition("attributes__contained_by", object("a", .null)),
                "\(column) <@ $1::hstore", [2, 4]
            ),
            (.condition("attributes__has_key", "a"), "\(column) ? $1", [1, 2]),
            (
                .condition("attributes__has_keys", .list(["a", "c"])), "\(column) ?& $1::text[]",
                [1]
            ),
            (
                .condition("attributes__has_any_keys", .list(["c", "k"])),
                "\(column) ?| $1::text[]", [1, 3]
            ),
            (.condition("attributes__a", "b"), "(\(column) -> $1::text) = $2", [1]),
            (
                .condition("attributes__a__isnull", true), "(\(column) -> $1::text) IS NULL",
                [2, 3, 4]
            ),
            (
                .condition("attributes__c__startswith", "d"),
                "(\(column) -> $1::text)::text LIKE $2", [1]
            ),
            (.condition("attributes__keys", .list(["a"])), "akeys(\(column)) = $1::text[]", [2]),
            (
                .condition("attributes__values__contains", .list(["d"])),
                "avals(\(column)) @> $1::text[]", [1]
            ),
            (
                .condition("attributes__keys__len", 2),
                "CASE WHEN akeys(\(column)) IS NULL THEN NULL ELSE "
                    + "coalesce(array_length(akeys(\(column)), 1), 0) END = $1", [1, 3]
            ),
        ]
        for (condition, expected, ids) in cases {
            let (sql, _, rows) = try await FieldDatabase.query(database) {
                try await DynamicQuery(Page.self).filter(condition).values("id").rows()
            }
            #expect(sql == start + expected + end)
            #expect(rows.map { $0["id"] } == ids.map { .int($0) }, "\(expected)")
        }
    }

    /// CVE-2019-14234: names of keys in lookups were part of the SQL.
    @Test(arguments: ["x'y", "a'); DROP TABLE pg_page; --", "a' = 'a') OR 1 = 1 OR ('d"])
    func bindsNamesOfKeys(_ key: String) async throws {
        let database = try await Self.filled()
        let (sql, bindings, rows) = try await FieldDatabase.query(database) {
            try await DynamicQuery(Page.self).filter(.condition("attributes__\(key)", "zz"))
                .values("id").rows()
        }
        #expect(!sql.contains("'"))
        #expect(bindings == [.text(key), .text("zz")])
        #expect(rows.isEmpty)
        let count = try await database.use { try await Page.objects.count() }
        #expect(count == 4)
    }

    @Test func answersTheTypedForm() async throws {
        let database = try await Self.filled()
        try await database.use {
            #expect(try await Page.objects.filter { $0.attributes["a"] == "b" }.count() == 1)
            #expect(try await Page.objects.filter { $0.attributes["x'y"].isNull }.count() == 3)
            #expect(try await Page.objects.filter { $0.attributes.hasKey("a") }.count() == 2)
            #expect(
                try await Page.objects.filter { $0.attributes.hasKeys(["a", "c"]) }.count() == 1
            )
            #expect(try await Page.objects.filter { $0.attributes.hasAnyKey(["k"]) }.count() == 1)
            #expect(
                try await Page.objects.filter { $0.attributes.contains(["c": "d"]) }.count() == 1
            )
            #expect(
                try await Page.objects.filter { $0.attributes.isContained(in: ["a": nil]) }.count()
                    == 2
            )
            #expect(try await Page.objects.filter { $0.attributes.keys.count == 1 }.count() == 1)
            let values = try await Page.objects.values { $0.attributes.values }
            #expect(values[1] == [nil])
        }
    }
}
