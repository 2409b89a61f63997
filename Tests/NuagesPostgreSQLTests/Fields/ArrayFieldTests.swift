import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import NuagesPostgreSQL
import Testing

/// Arrays in columns: their values, their DDL, their lookups and transforms, their checks.
@Suite(
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct ArrayFieldTests {
    private static func filled() async throws -> Database {
        let database = try await FieldDatabase.open([Shelf.self])
        try await database.use {
            _ = try await Shelf.objects.bulkCreate([
                Shelf(tags: ["swift", "web"], marks: [1, 2, nil], board: [[1, 2], [3, 4]]),
                Shelf(tags: ["swift"], marks: [2, 3], codes: ["ab"]),
                Shelf(tags: []),
            ])
        }
        return database
    }

    @Test func makesColumns() throws {
        let database = try SQLDialectOnly.postgresql()
        var types: [String: String] = [:]
        for field in Shelf.schema.fields {
            types[field.name] = database.columnType(of: field, isReference: false)
        }
        #expect(types["tags"] == "text[]")
        #expect(types["marks"] == "integer[3]")
        #expect(types["board"] == "integer[][]")
        #expect(types["codes"] == "varchar(5)[]")
        #expect(types["days"] == "date[]")
        #expect(types["moments"] == "timestamp with time zone[]")
        #expect(types["blobs"] == "bytea[]")
        let marks = try #require(Shelf.schema.fields.first { $0.name == "marks" })
        #expect(marks.customOptions == ["size": .int(3)])
        #expect(marks.baseField?.type == .integerField)
        #expect(marks.baseField?.isNullable == true)
    }

    @Test func keepsValuesOfAllKinds() async throws {
        let database = try await FieldDatabase.open([Shelf.self])
        let uuid = try #require(UUID(uuidString: "6f9619ff-8b86-d011-b42d-00cf4fc964ff"))
        let shelf = Shelf(
            tags: ["a,b", "{x}", "O'\"\\", "", "NULL", "é\u{1F600}", " "],
            marks: [nil, .max / 4_294_967_296, -1],
            board: [[1, 2, 3], [4, 5, 6]],
            days: [try day(2024, 2, 29)],
            moments: [Date(timeIntervalSince1970: 981_165_906.5)],
            prices: [try #require(Decimal(string: "-1.50")), 3],
            flags: [true, false],
            keys: [uuid],
            blobs: [[0, 255], []]
        )
        try await database.use {
            let saved = try await Shelf.objects.bulkCreate([shelf])[0]
            let found = try await Shelf.objects.get(saved.id)
            #expect(found.tags == shelf.tags)
            #expect(found.marks == shelf.marks)
            #expect(found.board == shelf.board)
            #expect(found.codes == nil)
            #expect(found.days == shelf.days)
            #expect(found.moments == shelf.moments)
            #expect(found.prices == shelf.prices)
            #expect(found.flags == shelf.flags)
            #expect(found.keys == shelf.keys)
            #expect(found.blobs == shelf.blobs)
        }
        // A column that is only read as text makes all of them text.
        let list: SQL = """
            SELECT "tags", "marks", "board", "days", "moments", "prices", "flags", "keys", "blobs" \
            FROM "pg_shelf"
            """
        let binary = try await database.rows(list)
        let mixed = try await database.rows(
            """
            SELECT "tags", "marks", "board", "days", "moments", "prices", "flags", "keys", "blobs", \
            '1.2.3.4'::inet FROM "pg_shelf"
            """
        )
        #expect(mixed[0].dropLast() == binary[0][...])
        #expect(
            binary[0][2]
                == .array([
                    .array([1, 2, 3].map { .int($0) }), .array([4, 5, 6].map { .int($0) }),
                ])
        )
        let bounds: SQL = "SELECT '[0:1]={7,8}'::int[], '{}'::int[], '1.2.3.4'::inet"
        #expect(
            try await database.rows(bounds)[0].prefix(2) == [
                .array([.int(7), .int(8)]), .array([]),
            ]
        )
    }

    @Test func writesLookups() async throws {
        let database = try await Self.filled()
        let start = #"SELECT "pg_shelf"."id" AS "id" FROM "pg_shelf" WHERE "#
        let end = " ORDER BY 1 ASC"
        let cases: [(DynamicExpression, String, [Int])] = [
            (.condition("tags", .value(["swift"])), #""tags" = $1::text[]"#, [2]),
            (.condition("tags__contains", .value(["swift"])), #""tags" @> $1::text[]"#, [1, 2]),
            (
                .condition("tags__contained_by", .value(["swift"])), #""tags" <@ $1::text[]"#,
                [2, 3]
            ),
            (.condition("tags__overlap", .value(["web", "x"])), #""tags" && $1::text[]"#, [1]),
            (.condition("marks__contains", .list([2])), #""marks" @> $1::integer[3]"#, [1, 2]),
            (.condition("marks__gt", .list([1, 9])), #""marks" > $1::integer[3]"#, [2]),
            (
                .condition("tags__len__gte", 1),
                #"CASE WHEN "pg_shelf"."tags" IS NULL THEN NULL ELSE "#
                    + #"coalesce(array_length("pg_shelf"."tags", 1), 0) END >= $1"#,
                [1, 2]
            ),
            (.condition("tags__0", "swift"), #"("pg_shelf"."tags")[1] = $1"#, [1, 2]),
            (.condition("tags__1__startswith", "w"), #"("pg_shelf"."tags")[2]::text LIKE $1"#, [1]),
            (.condition("board__1__0", 3), #"("pg_shelf"."board")[2][1] = $1"#, [1]),
            (
                .condition("tags__0_1", .value(["swift"])),
                #"("pg_shelf"."tags")[1:1] = $1::text[]"#, [1, 2]
            ),
            (.condition("marks__isnull", true), #""marks" IS NULL"#, [3]),
            (
                .condition("marks__contains", .list([.field("id"), 2])),
                #""marks" @> (ARRAY["pg_shelf"."id", $1])::integer[3]"#, [1, 2]
            ),
        ]
        for (condition, expected, ids) in cases {
            let (sql, _, rows) = try await FieldDatabase.query(database) {
                try await DynamicQuery(Shelf.self).filter(condition).values("id").rows()
            }
            let expected =
                expected.hasPrefix("\"") ? #""pg_shelf"."# + expected : expected
            #expect(sql == start + expected + end)
            #expect(rows.map { $0["id"] } == ids.map { .int($0) }, "\(expected)")
        }
    }

    @Test func comparesWithListsOfArraysAndQueries() async throws {
        let database = try await Self.filled()
        try await database.use {
            let some = try await DynamicQuery(Shelf.self).filter(
                .condition("tags__in", .list([.value(["swift"]), .value([String]())]))
            ).values("id").rows()
            #expect(some.map { $0["id"] } == [.int(2), .int(3)])
            let names = DynamicQuery(Shelf.self).filter(.condition("id", 1)).values("tags__1")
            let overlapping = try await DynamicQuery(Shelf.self).filter(
                .condition("tags__overlap", .subquery(names))
            ).values("id").rows()
            #expect(overlapping.map { $0["id"] } == [.int(1)])
        }
    }

    @Test func answersTheTypedForm() async throws {
        let database = try await Self.filled()
        try await database.use {
            #expect(try await Shelf.objects.filter { $0.tags.contains(["web"]) }.count() == 1)
            #expect(
                try await Shelf.objects.filter { $0.tags.isContained(in: ["swift"]) }.count() == 2
            )
            #expect(try await Shelf.objects.filter { $0.tags.overlaps(["web"]) }.count() == 1)
            #expect(try await Shelf.objects.filter { $0.tags.count == 2 }.count() == 1)
            #expect(try await Shelf.objects.filter { $0.tags[0] == "swift" }.count() == 2)
            #expect(try await Shelf.objects.filter { $0.tags == ["swift"] }.count() == 1)
            #expect(try await Shelf.objects.filter { $0.tags.isIn([["swift"], []]) }.count() == 2)
            let parts = try await Shelf.objects.values { ($0.tags[0..<1], $0.marks) }
            #expect(parts.map(\.0) == [["swift"], ["swift"], []])
            #expect(parts[0].1 == [1, 2, nil])
        }
    }

    @Test func readsAndWritesByName() async throws {
        let database = try await Self.filled()
        try await database.use {
            var row = try #require(try await DynamicQuery(Shelf.self).rows().first)
            #expect(row["tags"] == .array([.text("swift"), .text("web")]))
            #expect(row["marks"] == .array([.int(1), .int(2), .null]))
            row.set("tags", to: .json(.array([.string("x")])))
            row.set("board", to: .text("[[5, 6]]"))
            try await row.save()
            let shelf = try await Shelf.objects.filter { $0.tags == ["x"] }.get()
            #expect(shelf.board == [[5, 6]])
            try await Shelf.objects.update { $0.set(\.tags, to: ["y"]) }
            #expect(try await Shelf.objects.filter { $0.tags == ["y"] }.count() == 3)
        }
    }

    @Test func setsArraysOfManyRowsAtOnce() async throws {
        let database = try await Self.filled()
        try await database.use {
            var rows = try await DynamicQuery(Shelf.self).rows()
            for index in rows.indices { rows[index].set("tags", to: .array([.text("t\(index)")])) }
            _ = try await DynamicQuery(Shelf.self).bulkUpdate(rows, ["tags"])
            let tags = try await Shelf.objects.values { $0.tags }
            #expect(tags == [["t0"], ["t1"], ["t2"]])
        }
    }

    @Test(arguments: [
        (
            "marks", SQLValue.array([.int(1), .int(2), .int(3), .int(4)]), "max_length",
            "List contains 4 items, it should contain no more than 3."
        ),
        (
            "codes", .array([.text("ok"), .text("far too long")]), "item_invalid",
            "Item 2 in the array did not validate: Ensure this value has at most 5 characters (it has 12)."
        ),
        (
            "board", .array([.array([.int(1)]), .array([.int(1), .int(2)])]),
            "nested_array_mismatch",
            "Nested arrays must have the same length."
        ),
        (
            "tags", .array([.null]), "item_invalid",
            "Item 1 in the array did not validate: This field cannot be null."
        ),
        ("days", .text("nonsense"), "invalid", "“nonsense” is no value of a ArrayField."),
    ])
    func checksElements(name: String, value: SQLValue, code: String, text: String) async throws {
        let database = try await FieldDatabase.open([Shelf.self])
        try await database.use {
            var row = try DynamicRow(new: "pg.shelf", [])
            row.set(name, to: value)
            do {
                try await row.fullClean(excluding: ["name", name == "tags" ? "" : "tags"])
                Issue.record("'\(name)' was accepted")
            } catch let error as ValidationError {
                let items = error.items.filter { $0.field == name }
                #expect(items.map(\.code) == [code])
                #expect(items.map(\.text) == [text])
            }
        }
    }

    @Test func refusesWhatNoArrayIs() async throws {
        let database = try await Self.filled()
        await database.use {
            for name in ["tags__-1", "tags__0_1_2", "tags__99999999999", "tags__0_", "tags__x"] {
                await #expect(throws: FieldError.self, "\(name)") {
                    try await DynamicQuery(Shelf.self).filter(.condition(name, 1)).count()
                }
            }
            await #expect(throws: FieldError.self) {
                try await DynamicQuery(Shelf.self).filter(.condition("tags", 5)).count()
            }
            await #expect(throws: DatabaseError.self) {
                try await DynamicQuery(Shelf.self)
                    .filter(.condition("tags__contains", .value(["a\0"]))).count()
            }
        }
    }

    @Test func isRefusedBySQLite() async throws {
        let database = try await TestBackend.sqlite.open()
        await #expect(throws: DatabaseError.self) {
            try await database.rows("SELECT \(SQLValue.array([.int(1)]))")
        }
    }

    @Test func comparesWithOtherArraysOfTheRow() async throws {
        let database = try await FieldDatabase.open([Shelf.self])
        try await database.use {
            _ = try await Shelf.objects.bulkCreate([
                Shelf(marks: [1, 2], board: [[1]], codes: ["a"], name: "a"),
                Shelf(marks: [3], board: [[1]], codes: ["b"], name: "x"),
            ])
        }
        let (sql, _, found) = try await FieldDatabase.query(database) {
            try await Shelf.objects
                .filter { $0.codes.contains($0.codes) && $0.codes.overlaps($0.codes) }
                .filter { $0.codes.isContained(in: $0.codes) && $0.name == "a" }
                .values { $0.marks }
        }
        let codes = #""pg_shelf"."codes""#
        #expect(
            sql == """
                SELECT "pg_shelf"."marks" AS "marks" FROM "pg_shelf" WHERE (\(codes) @> (\(codes)) \
                AND \(codes) && (\(codes)) AND \(codes) <@ (\(codes)) AND "pg_shelf"."name" = $1) \
                ORDER BY "pg_shelf"."id" ASC
                """
        )
        #expect(found == [[1, 2]])
    }
}

/// How PostgreSQL's tables are made, without a database.
enum SQLDialectOnly {
    static func postgresql() throws -> any SchemaDialect {
        try PostgreSQLDatabase.open("postgresql:///none").schema
    }
}
