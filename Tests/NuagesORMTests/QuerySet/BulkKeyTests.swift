import DatabaseTestSupport
import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Suite("Values by keys, total orders and filters of either form")
struct BulkKeyTests {
    @Test(arguments: TestBackend.available) func valuesByKeys(
        _ backend: TestBackend
    ) async throws {
        let database = try await TalkDatabase.filled(backend)
        let (found, typed) = try await database.use {
            try await Database.capturingQueries {
                try await Talk.objects.selecting { ($0.name, $0.words + 1) }.inBulk([1, 3, 99])
            }
        }
        #expect(found.count == 2)
        #expect(found[1]?.0 == "Swift on tour")
        #expect(found[3]?.1 == 5)
        let (_, dynamic) = try await database.use {
            try await Database.capturingQueries {
                _ = try await DynamicQuery(Talk.self)
                    .values(
                        .field("name"),
                        .expression("value2", .combined(.field("words"), .add, 1))
                    )
                    .inBulk([[.int(1)], [.int(3)], [.int(99)]])
            }
        }
        #expect(typed.texts == dynamic.texts)
        if backend == .sqlite {
            #expect(
                typed.texts == [
                    """
                    SELECT "ballots_talk"."id" AS "pk", "ballots_talk"."name" AS "name", \
                    ("ballots_talk"."words" + ?) AS "value2" FROM "ballots_talk" WHERE \
                    "ballots_talk"."id" IN (?, ?, ?)
                    """
                ]
            )
        }
    }

    @Test(arguments: TestBackend.installed) func valuesByAUniqueField(
        _ backend: TestBackend
    ) async throws {
        let database = try await TalkDatabase.filled(backend)
        try await database.use { () async throws in
            let names = try await Talk.objects.selecting { $0.name }.inBulk(["t", "x"], by: \.code)
            #expect(names == ["t": "Swift on tour"])
            // The field that is asked for is one of the values, and is not read twice.
            let codes = try await Talk.objects.selecting { ($0.words, $0.code) }
                .inBulk(by: \.code)
            #expect(codes.mapValues(\.0) == ["t": 3, "u": 2, "n": 4])
            #expect(codes["u"]?.1 == "u")
            let days = try await Talk.objects.selecting { $0.day }.filter { $0.words > 2 }.inBulk()
            #expect(days == [1: TestDatabase.calendarDay(1), 3: TestDatabase.calendarDay(2)])
            #expect(try await Talk.objects.selecting { $0.day }.inBulk([]).isEmpty)
            let rows = try await Talk.objects.annotate { $0.words * 2 }.inBulk([2])
            #expect(rows.mapValues { "\($0.name) \($1)" } == [2: "Nuages 4"])
            #expect(try await Talk.objects.annotate { $0.words }.inBulk().count == 3)
        }
    }

    @Test func refusesOtherKeys() async throws {
        let database = try await TalkDatabase.filled(.sqlite)
        await database.use { () async in
            await #expect(throws: UsageError.notAllowed("'name' is not unique.")) {
                try await Talk.objects.selecting { $0.words }.inBulk(["One"], by: \.name)
            }
            let slice = UsageError.notAllowed(
                "Rows cannot be fetched by key once the query is sliced."
            )
            await #expect(throws: slice) {
                try await Talk.objects.selecting { $0.words }.limit(1).inBulk([1])
            }
            await #expect(throws: slice) {
                try await Talk.objects.annotate { $0.words }.limit(1).inBulk([1])
            }
        }
    }

    /// Orders, and whether they leave no two rows in any order.
    static let orders: [(order: [String], isTotal: Bool)] = [
        ([], false), (["name"], false), (["pk"], true), (["-id"], true), (["name", "-pk"], true),
        (["code"], true), (["-code"], true), (["?"], false), (["name", "day"], true),
        (["day", "words", "-name"], true), (["day"], false),
        // A day that may be NULL may be so in several rows.
        (["name", "ends"], false), (["?", "code"], true),
    ]

    @Test(arguments: orders) func totalOrders(
        _ example: (order: [String], isTotal: Bool)
    ) throws {
        #expect(
            try Talk.objects.order(by: example.order).isTotallyOrdered == example.isTotal
        )
        let names = example.order.map { Ordering(name: $0) }
        #expect(
            try DynamicQuery(Talk.self).order(by: names).isTotallyOrdered == example.isTotal
        )
    }

    @Test func totalOrdersOfModelsAndGroups() throws {
        // By the model's own order, which is by the title.
        #expect(try !Book.objects.isTotallyOrdered)
        #expect(try Book.objects.order { [$0.title.ascending, $0.id.ascending] }.isTotallyOrdered)
        // The name of a relation stands for the order of its model, the name of its column does not.
        #expect(try !Book.objects.order(by: "author").isTotallyOrdered)
        #expect(try !Book.objects.order { $0.author.name.ascending }.isTotallyOrdered)
        #expect(try Talk.objects.order { $0.code.descending }.reversed().isTotallyOrdered)
        #expect(try !Talk.objects.order { $0.code.lowercased.ascending }.isTotallyOrdered)
        #expect(try Talk.objects.annotate { $0.words }.order(by: "pk").isTotallyOrdered)
        #expect(
            try !Talk.objects.selecting { $0.name }.annotate { $0.words.sum() }.isTotallyOrdered
        )
    }

    @Test(arguments: TestBackend.available) func filtersOfEitherForm(
        _ backend: TestBackend
    ) async throws {
        let database = try await TalkDatabase.filled(backend)
        let conditions: [any FilterConvertible] = [
            Q("words__gt", 2) && Q("code", "n"), ["words__gt": 2, "code": "n"] as Lookups,
        ]
        for condition in conditions {
            let texts = try await sql(database) { () async throws in
                let typed = try await Talk.objects.complexFilter(condition).count()
                let dynamic = try await DynamicQuery(Talk.self).complexFilter(condition).count()
                #expect(typed == 1 && dynamic == 1)
            }
            let expected = """
                SELECT COUNT(*) AS "__count" FROM "ballots_talk" WHERE ("ballots_talk"."words" > ? \
                AND "ballots_talk"."code" = ?)
                """
            #expect(texts == [expected, expected])
        }
        try await database.use { () async throws in
            #expect(try await Talk.objects.complexFilter(nil).count() == 3)
            #expect(try await DynamicQuery(Talk.self).complexFilter(nil).count() == 3)
        }
    }
}

@Suite("What computed rows have in common with query sets")
struct ComputedRowsTests {
    @Test(arguments: TestBackend.available) func dynamicFilters(
        _ backend: TestBackend
    ) async throws {
        let database = try await TalkDatabase.filled(backend)
        let texts = try await sql(database) { () async throws in
            let long = Talk.objects.annotate("double") { $0.words * 2 }
            #expect(
                try await long.filter(lookups: ["double__gt": 5]).exclude(Q("code", "n")).all()
                    .map { "\($0.code) \($1)" } == ["t 6"]
            )
            let codes = Talk.objects.selecting { $0.code }
            #expect(try await codes.filter(Q("words", 2)).get() == "u")
            #expect(
                try await codes.exclude(lookups: ["words": 2, "code": "u"]).order(by: "-code")
                    .last() == "n"
            )
        }
        #expect(
            texts[1...] == [
                """
                SELECT "ballots_talk"."code" AS "code" FROM "ballots_talk" WHERE \
                "ballots_talk"."words" = ? LIMIT 21
                """,
                """
                SELECT "ballots_talk"."code" AS "code" FROM "ballots_talk" WHERE NOT \
                ("ballots_talk"."words" = ? AND "ballots_talk"."code" = ?) ORDER BY 1 ASC LIMIT 1
                """,
            ]
        )
    }

    @Test(arguments: TestBackend.installed) func lastRows(
        _ backend: TestBackend
    ) async throws {
        let database = try await TalkDatabase.filled(backend)
        try await database.use { () async throws in
            #expect(try await Talk.objects.selecting { $0.code }.last() == "n")
            #expect(try await Talk.objects.annotate { $0.words }.last()?.1 == 4)
            #expect(try await Talk.objects.annotate { $0.words }.none().last() == nil)
            await #expect(throws: ModelError.multipleObjectsReturned(model: "Talk", count: 3)) {
                try await Talk.objects.selecting { $0.code }.get()
            }
            await #expect(throws: ModelError.doesNotExist(model: "Talk")) {
                try await Talk.objects.selecting { $0.code }.filter { $0.words > 9 }.get()
            }
            await #expect(throws: UsageError.self) {
                try await Talk.objects.selecting { $0.day }.annotate { $0.words.sum() }.last()
            }
            await #expect(throws: FieldError.self) {
                try await Talk.objects.selecting { $0.day }.limit(2).last()
            }
        }
    }

    @Test(arguments: TestBackend.installed) func castsWithDigits(
        _ backend: TestBackend
    ) async throws {
        let database = try await TalkDatabase.filled(backend)
        let (rows, log) = try await database.use {
            try await Database.capturingQueries {
                try await Talk.objects.order(by: "id").limit(1).values {
                    (
                        ($0.words.typed(as: Decimal.self) / 7)
                            .cast(to: Decimal.self, maxDigits: 5, decimalPlaces: 2),
                        $0.name.cast(to: String.self, maxLength: 3)
                    )
                }
            }
        }
        let (number, name) = try #require(rows.first)
        let hundredths = number * 100
        #expect(backend == .sqlite ? hundredths > 42 && hundredths < 43 : hundredths == 43)
        #expect(name == (backend == .sqlite ? "Swift on tour" : "Swi"))
        let casts = backend.choose(
            sqlite: ["AS decimal)", "AS varchar(3))"],
            postgresql: ["::numeric(5, 2)", "::varchar(3)"],
            mysql: ["AS decimal(5, 2))", "AS char(3))"]
        )
        for cast in casts { #expect(log.texts[0].contains(cast)) }
    }
}
