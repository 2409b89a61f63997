import FoundationEssentials
import NuagesCore
import NuagesORM

extension BackendConformance {
    static let lookups: [Check] = [
        Check("comparesText", compareText), Check("comparesNumbersAndDays", compareNumbers),
        Check("findsThroughRelations", findThroughRelations),
        Check("asksJSONDocuments", askDocuments), Check("ordersRows", orderRows),
        Check("limitsRows", limitRows), Check("combinesQueries", combineQueries),
        Check("asksForLongLists", askForLongLists),
        Check("doesNotTakeTextForSQL", takeTextAsText),
    ]

    /// Three shelves with five volumes.
    static func fill(_ database: Database) async throws {
        try await makeTables(database)
        let shelves = try await Shelf.objects.bulkCreate([
            Shelf(name: "attic", floor: 3), Shelf(name: "cellar", floor: -1), Shelf(name: "hall"),
        ])
        func volume(
            _ title: String,
            _ shelf: Int,
            pages: Int,
            price: String? = nil,
            lent: Bool = false,
            day: Int? = nil,
            data: [JSONValue.Member] = []
        ) -> Volume {
            Volume(
                shelf: shelves[shelf].asReference,
                title: title,
                pages: pages,
                price: price.flatMap { Decimal(string: $0) },
                isLent: lent,
                acquired: day.flatMap { CalendarDate(year: 2024, month: $0, day: $0) },
                data: .object(data)
            )
        }
        try await Volume.objects.bulkCreate([
            volume(
                "Alpha",
                0,
                pages: 100,
                price: "10.50",
                day: 1,
                data: [JSONValue.Member("lang", .string("en")), JSONValue.Member("n", .int(1))]
            ),
            volume(
                "alphabet",
                0,
                pages: 250,
                price: "3.25",
                lent: true,
                day: 2,
                data: [JSONValue.Member("tags", .array([.string("x"), .string("y")]))]
            ),
            volume("Beta 100%", 1, pages: 50, day: 12),
            volume(
                "Gamma_ray",
                1,
                pages: 250,
                price: "7.00",
                data: [JSONValue.Member("lang", .string("fr")), JSONValue.Member("n", .int(20))]
            ),
            volume("Über\\Delta", 2, pages: 0, lent: true),
        ])
    }

    private static func titles(_ condition: DynamicExpression) async throws -> [String] {
        try await DynamicQuery(Volume.self).filter(condition).order(by: "id").rows()
            .map { row in if case .text(let title) = row["title"] { title } else { "?" } }
    }

    private static func check(
        _ cases: [(String, DynamicExpression, [String])]
    ) async throws {
        for (path, operand, expected) in cases {
            try expect(
                try await titles(.condition(path, operand)),
                expected,
                "Volumes by '\(path)'"
            )
        }
    }

    @Sendable private static func compareText(_ database: Database) async throws {
        try await fill(database)
        try await check([
            ("title", "Alpha", ["Alpha"]), ("title__iexact", "ALPHABET", ["alphabet"]),
            ("title__icontains", "ALPH", ["Alpha", "alphabet"]),
            ("title__contains", "100%", ["Beta 100%"]), ("title__contains", "%", ["Beta 100%"]),
            ("title__contains", "_", ["Gamma_ray"]), ("title__contains", "\\", ["Über\\Delta"]),
            ("title__startswith", "Bet", ["Beta 100%"]),
            ("title__istartswith", "alph", ["Alpha", "alphabet"]),
            ("title__endswith", "ray", ["Gamma_ray"]), ("title__iendswith", "RAY", ["Gamma_ray"]),
            ("title__regex", "^A.*a$", ["Alpha"]),
            ("title__iregex", "^alpha", ["Alpha", "alphabet"]),
            ("title__in", .list(["Alpha", "Beta 100%", "nothing"]), ["Alpha", "Beta 100%"]),
            ("title__gt", "Gamma_ray", ["alphabet", "Über\\Delta"]),
            ("title__contains", .field("shelf__name"), []),
        ])
    }

    @Sendable private static func compareNumbers(_ database: Database) async throws {
        try await fill(database)
        try await check([
            ("pages__gt", 100, ["alphabet", "Gamma_ray"]),
            ("pages__lte", 50, ["Beta 100%", "Über\\Delta"]),
            ("pages__range", .list([60, 150]), ["Alpha"]),
            ("price", .value(.decimal(Decimal(string: "3.25") ?? 0)), ["alphabet"]),
            ("price__lt", 8, ["alphabet", "Gamma_ray"]),
            ("price__isnull", true, ["Beta 100%", "Über\\Delta"]),
            ("is_lent", true, ["alphabet", "Über\\Delta"]),
            ("acquired__month", 2, ["alphabet"]),
            ("acquired__year", 2024, ["Alpha", "alphabet", "Beta 100%"]),
            ("acquired__day__gte", 2, ["alphabet", "Beta 100%"]),
            (
                "pages", .combined(.field("pages"), .add, 0),
                ["Alpha", "alphabet", "Beta 100%", "Gamma_ray", "Über\\Delta"]
            ),
            ("pages__lt", .combined(.value(.int(1)), .multiply, 51), ["Beta 100%", "Über\\Delta"]),
            ("pages__in", .list([]), []),
        ])
    }

    @Sendable private static func findThroughRelations(_ database: Database) async throws {
        try await fill(database)
        try await check([
            ("shelf__name", "attic", ["Alpha", "alphabet"]),
            ("shelf__floor__lt", 0, ["Beta 100%", "Gamma_ray"]),
            (
                "sequel_of__isnull", true,
                ["Alpha", "alphabet", "Beta 100%", "Gamma_ray", "Über\\Delta"]
            ),
        ])
        let shelves = try await DynamicQuery(Shelf.self).filter(.condition("volume__pages", 250))
            .order(by: "name").rows().map { $0["name"] }
        try expect(shelves, [.text("attic"), .text("cellar")], "Shelves by their volumes")
        let others = try await DynamicQuery(Shelf.self).exclude(.condition("volume__pages", 250))
            .rows().map { $0["name"] }
        try expect(others, [.text("hall")], "Shelves without such volumes")
        let related = try await Volume.objects.selectRelated("shelf").all()
            .map { $0.shelf.loaded?.name }
        try expect(
            related,
            ["attic", "cellar", "cellar", "attic", "hall"].map { $0 },
            "The shelves of volumes in their order"
        )
        let volumes = DynamicQuery(Volume.self).filter(
            .condition("shelf", .outer("pk")),
            .condition("is_lent", true)
        )
        let lending = try await DynamicQuery(Shelf.self).filter(.exists(volumes)).order(by: "name")
            .rows().map { $0["name"] }
        try expect(lending, [.text("attic"), .text("hall")], "Shelves with a volume that is lent")
    }

    @Sendable private static func askDocuments(_ database: Database) async throws {
        try await fill(database)
        try await check([
            ("data__lang", "en", ["Alpha"]), ("data__n", 20, ["Gamma_ray"]),
            ("data__n__gt", 5, ["Gamma_ray"]), ("data__has_key", "lang", ["Alpha", "Gamma_ray"]),
            ("data__has_keys", .list(["lang", "n"]), ["Alpha", "Gamma_ray"]),
            ("data__has_any_keys", .list(["tags", "n"]), ["Alpha", "alphabet", "Gamma_ray"]),
            ("data__tags__0", "x", ["alphabet"]),
            ("data__lang__isnull", true, ["alphabet", "Beta 100%", "Über\\Delta"]),
            ("data__lang__icontains", "F", ["Gamma_ray"]),
            ("data__lang__in", .list(["en", "de"]), ["Alpha"]),
            ("data", .value(.json(.object([]))), ["Beta 100%", "Über\\Delta"]),
            (
                "data",
                .value(
                    .json(
                        .object([
                            JSONValue.Member("n", .int(1)), JSONValue.Member("lang", .string("en")),
                        ])
                    )
                ),
                database.dialect.vendor == "sqlite" ? [] : ["Alpha"]
            ),
        ])
        guard database.features.supportsJSONContains else { return }
        try await check([
            (
                "data__contains",
                .value(.json(.object([JSONValue.Member("lang", .string("fr"))]))), ["Gamma_ray"]
            )
        ])
    }

    @Sendable private static func orderRows(_ database: Database) async throws {
        try await fill(database)
        func prices(_ nulls: Ordering.Nulls?, descending: Bool) async throws -> [SQLValue?] {
            let ordering = DynamicExpression.field("price")
                .ordered(descending: descending, nulls: nulls)
            return try await DynamicQuery(Volume.self).order(by: [ordering]).rows()
                .map { $0["price"] }
        }
        let numbers: [SQLValue?] = ["3.25", "7.00", "10.50"].map {
            .decimal(Decimal(string: $0) ?? 0)
        }
        let nulls: [SQLValue?] = [.null, .null]
        try expect(
            try await prices(.last, descending: false),
            numbers + nulls,
            "Prices, NULLs last"
        )
        try expect(try await prices(.first, descending: false), nulls + numbers, "NULLs first")
        try expect(
            try await prices(.last, descending: true),
            numbers.reversed() + nulls,
            "Prices from the highest, NULLs last"
        )
        let names = try await DynamicQuery(Volume.self).order(by: "-pages", "title").rows()
            .map { $0["pages"] }
        try expect(names, [250, 250, 100, 50, 0].map { .int($0) }, "Volumes by two fields")
        let distinct = try await DynamicQuery(Volume.self).values(.field("pages")).distinct()
            .order(by: "pages").rows().map { $0["pages"] }
        try expect(distinct, [0, 50, 100, 250].map { .int($0) }, "Different numbers of pages")
    }

    @Sendable private static func limitRows(_ database: Database) async throws {
        try await fill(database)
        func pages(_ start: Int?, _ end: Int?) async throws -> [SQLValue?] {
            try await DynamicQuery(Volume.self).order(by: "id").slice(start, end).rows()
                .map { $0["pages"] }
        }
        try expect(try await pages(nil, 2), [.int(100), .int(250)], "The first two rows")
        try expect(try await pages(3, nil), [.int(250), .int(0)], "The rows behind the third")
        try expect(try await pages(1, 3), [.int(250), .int(50)], "The rows in the middle")
        try expect(try await Volume.objects.count(), 5, "The number of rows")
        try expect(try await Volume.objects.none().exists(), false, "Whether there are no rows")
    }

    @Sendable private static func combineQueries(_ database: Database) async throws {
        try await fill(database)
        let unordered = DynamicQuery(Volume.self).order(by: [Ordering]())
        let long = unordered.filter(.condition("pages__gte", 100))
        let lent = unordered.filter(.condition("is_lent", true))
        func count(_ query: DynamicQuery) async throws -> Int { try await query.rows().count }
        try expect(try await count(long.union([lent])), 4, "Rows of either query")
        try expect(try await count(long.union([lent], all: true)), 5, "Rows of both queries")
        try expect(try await count(long.intersection([lent])), 1, "Rows that both queries find")
        try expect(try await count(long.difference([lent])), 2, "Rows of the first query alone")
    }

    @Sendable private static func askForLongLists(_ database: Database) async throws {
        try await fill(database)
        let ids = try await Volume.objects.all().map { $0.pages }
        let list = ids + Array(1_000_000..<1_005_000)
        let count = try await DynamicQuery(Volume.self).filter(
            .condition("pages__in", .list(list.map { .value(.int($0)) }))
        ).count()
        try expect(count, 5, "Rows that are among thousands of values")
    }

    @Sendable private static func takeTextAsText(_ database: Database) async throws {
        try await fill(database)
        let attacks = [
            "' OR '1'='1", "\\' OR 1=1 -- ", "\"; DROP TABLE conformance_volume; --", "`", "%' --",
            "\u{BF}' OR 1=1 -- ", "$1", "?", ":a", "%s", "\\", "a\\' OR 1=1#",
        ]
        for attack in attacks {
            for lookup in ["", "__iexact", "__contains", "__icontains", "__endswith"] {
                let found = try await titles(.condition("title\(lookup)", .value(.text(attack))))
                let isPart = lookup.hasSuffix("contains") && attack == "\\"
                try expect(found.count, isPart ? 1 : 0, "Volumes called \(attack.debugDescription)")
            }
            let shelf = try await Shelf.objects.create(Shelf(name: attack))
            try expect(try await Shelf.objects.get(shelf.id).name, attack, "A name")
        }
        try expect(try await Volume.objects.count(), 5, "The number of volumes")
    }
}
