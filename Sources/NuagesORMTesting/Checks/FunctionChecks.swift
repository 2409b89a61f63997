import FoundationEssentials
import NuagesCore
import NuagesORM

extension BackendConformance {
    static let functions: [Check] = [
        Check("aggregatesRows", aggregateRows), Check("groupsRows", groupRows),
        Check("computesText", computeText), Check("computesNumbers", computeNumbers),
        Check("truncatesMoments", truncateMoments), Check("addsLengthsOfTime", addDurations),
        Check("numbersRowsOverWindows", numberRows), Check("choosesBranches", chooseBranches),
    ]

    @Sendable private static func aggregateRows(_ database: Database) async throws {
        try await fill(database)
        let found = try await DynamicQuery(Volume.self).aggregate([
            (name: "n", .aggregate("Count", [.all])),
            (name: "sum", .aggregate("Sum", [.field("pages")])),
            (name: "mean", .aggregate("Avg", [.field("pages")])),
            (name: "least", .aggregate("Min", [.field("price")])),
            (name: "kinds", .aggregate("Count", [.field("pages")], distinct: true)),
        ])
        try expect(found["n"], .int(5), "COUNT")
        try expect(found["sum"], .int(650), "SUM")
        try expect(found["mean"], .double(130), "AVG")
        try expect(found["least"], .decimal(Decimal(string: "3.25") ?? 0), "MIN")
        try expect(found["kinds"], .int(4), "COUNT of different values")
        let some = try await DynamicQuery(Volume.self).aggregate([
            (
                name: "lent",
                .aggregate("Count", [.field("id")], filter: .condition("is_lent", true))
            ),
            (
                name: "pages",
                .aggregate("Sum", [.field("pages")], filter: .condition("pages__lt", 200))
            ),
        ])
        try expect(some["lent"], .int(2), "COUNT of some rows")
        try expect(some["pages"], .int(150), "SUM of some rows")
        let rest = try await DynamicQuery(Volume.self).filter(.condition("is_lent", false))
            .aggregate([(name: "mean", .aggregate("Avg", [.field("pages")]))])
        try expect(rest["mean"], .double(400.0 / 3), "AVG with all of its digits")
        let none = try await DynamicQuery(Volume.self).filter(.condition("pages", -1)).aggregate([
            (name: "sum", .aggregate("Sum", [.field("pages")]))
        ])
        try expect(none["sum"], .null, "SUM of no rows")
    }

    @Sendable private static func groupRows(_ database: Database) async throws {
        try await fill(database)
        let rows = try await DynamicQuery(Shelf.self)
            .annotate("n", .aggregate("Count", [.field("volume")]))
            .annotate("pages", .aggregate("Sum", [.field("volume__pages")]))
            .filter(.condition("n__gt", 1)).order(by: "name").rows()
        try expect(rows.map { $0["name"] }, [.text("attic"), .text("cellar")], "Groups")
        try expect(rows.map { $0["n"] }, [.int(2), .int(2)], "The sizes of groups")
        try expect(rows.map { $0["pages"] }, [.int(350), .int(300)], "The sums of groups")
        let values = try await DynamicQuery(Volume.self).values(.field("is_lent"))
            .annotate("n", .aggregate("Count", [.all])).order(by: "is_lent").rows()
        try expect(values.map { $0["n"] }, [.int(3), .int(2)], "The sizes of groups of values")
    }

    private static func value(
        _ expression: DynamicExpression,
        of title: String = "Alpha"
    ) async throws -> SQLValue {
        try await DynamicQuery(Volume.self).filter(.condition("title", .value(.text(title))))
            .annotate("found", expression).get()["found"] ?? .null
    }

    @Sendable private static func computeText(_ database: Database) async throws {
        try await fill(database)
        let title = DynamicExpression.field("title")
        let cases: [(String, [DynamicExpression], SQLValue)] = [
            ("Lower", [title], .text("alpha")), ("Upper", [title], .text("ALPHA")),
            ("Length", [title], .int(5)), ("Concat", [title, "-", title], .text("Alpha-Alpha")),
            ("Left", [title, 2], .text("Al")), ("Right", [title, 2], .text("ha")),
            ("Substr", [title, 2, 3], .text("lph")), ("StrIndex", [title, "ph"], .int(3)),
            ("Replace", [title, "a", "é"], .text("Alphé")), ("Reverse", [title], .text("ahplA")),
            ("LPad", [title, 7, "*"], .text("**Alpha")),
            ("Repeat", [title, 2], .text("AlphaAlpha")),
            ("Coalesce", [.field("price"), 0], .decimal(Decimal(string: "10.5") ?? 0)),
        ]
        for (name, arguments, expected) in cases {
            let type: ValueType? =
                name == "Coalesce" ? .decimal(maxDigits: 8, decimalPlaces: 2) : nil
            let found = try await value(.function(name, arguments, as: type))
            try expect(found, expected, "\(name)")
        }
        try expect(
            try await value(.function("Length", [title]), of: "Über\\Delta"),
            .int(10),
            "The number of characters, not of bytes"
        )
        try expect(
            try await value(.function("Ord", [title]), of: "Über\\Delta"),
            .int(220),
            "The number in Unicode of a character"
        )
    }

    @Sendable private static func computeNumbers(_ database: Database) async throws {
        try await fill(database)
        let pages = DynamicExpression.field("pages")
        let cases: [(DynamicExpression, SQLValue)] = [
            (.combined(pages, .add, 5), .int(105)), (.combined(pages, .subtract, 1), .int(99)),
            (.combined(pages, .multiply, 3), .int(300)), (.combined(pages, .remainder, 7), .int(2)),
            (.combined(pages, .bitAnd, 6), .int(4)), (.combined(pages, .bitOr, 3), .int(103)),
            (.function("Abs", [.combined(pages, .subtract, 150)]), .int(50)),
            (.function("Sqrt", [pages]), .double(10)),
            (.function("Greatest", [pages, 7]), .int(100)),
            (.function("Least", [pages, 7]), .int(7)),
            (.function("Mod", [pages, 30]), .double(10)),
        ]
        for (index, (expression, expected)) in cases.enumerated() {
            let found = try await value(expression)
            let isEqual: Bool =
                switch (found, expected) {
                case (.decimal(let found), .int(let number)): found == Decimal(number)
                case (.decimal(let found), .double(let number)): found == Decimal(number)
                case (.int(let found), .double(let number)): Double(found) == number
                case (.double(let found), .int(let number)): found == Double(number)
                default: found == expected
                }
            try require(isEqual, "Computation \(index): \(expected) was expected, \(found) found.")
        }
    }

    @Sendable private static func truncateMoments(_ database: Database) async throws {
        try await makeTables(database)
        // Saturday, 30 December 2023, 23:30:15.5 UTC, which is the next day in Tokyo.
        let moment = Date(timeIntervalSince1970: 1_703_979_015.5)
        try await Sample.objects.create(Sample(moment: moment))
        func value(_ expression: DynamicExpression) async throws -> SQLValue {
            try await DynamicQuery(Sample.self).annotate("found", expression).get()["found"]
                ?? .null
        }
        let field = DynamicExpression.field("moment")
        let parts: [(String, Int)] = [
            ("ExtractYear", 2023), ("ExtractQuarter", 4), ("ExtractMonth", 12), ("ExtractDay", 30),
            ("ExtractWeek", 52), ("ExtractWeekDay", 7), ("ExtractIsoWeekDay", 6),
            ("ExtractIsoYear", 2023), ("ExtractHour", 23), ("ExtractMinute", 30),
            ("ExtractSecond", 15),
        ]
        for (name, expected) in parts {
            try expect(try await value(.function(name, [field])), .int(expected), name)
        }
        let periods: [(String, Double)] = [
            ("TruncYear", 1_672_531_200), ("TruncQuarter", 1_696_118_400),
            ("TruncMonth", 1_701_388_800), ("TruncWeek", 1_703_462_400),
            ("TruncDay", 1_703_894_400), ("TruncHour", 1_703_977_200),
            ("TruncMinute", 1_703_979_000), ("TruncSecond", 1_703_979_015),
        ]
        for (name, seconds) in periods {
            let expected = SQLValue.dateTime(Date(timeIntervalSince1970: seconds))
            try expect(try await value(.function(name, [field])), expected, name)
        }
        let zone: [String: SQLValue] = ["zone": .text("Asia/Tokyo")]
        try expect(
            try await value(.function("ExtractDay", [field], options: zone)),
            .int(31),
            "The day in Tokyo"
        )
        try expect(
            try await value(.function("TruncDate", [field], options: zone)),
            CalendarDate(year: 2023, month: 12, day: 31).map { .date($0) } ?? .null,
            "The date in Tokyo"
        )
    }

    @Sendable private static func addDurations(_ database: Database) async throws {
        try await makeTables(database)
        let moment = Date(timeIntervalSince1970: 1_700_000_000)
        try await Sample.objects.create(Sample(moment: moment, span: .milliseconds(1500)))
        let later = DynamicExpression.combined(.field("moment"), .add, .field("span"))
            .typed(.dateTime)
        let row = try await DynamicQuery(Sample.self).annotate("later", later).get()
        try expect(
            row["later"],
            .dateTime(Date(timeIntervalSince1970: 1_700_000_001.5)),
            "A moment and a length of time"
        )
        let total = try await DynamicQuery(Sample.self).aggregate([
            (name: "sum", .aggregate("Sum", [.field("span")]))
        ])
        try expect(total["sum"], .duration(.milliseconds(1500)), "The sum of lengths of time")
        let difference = DynamicExpression.combined(
            .value(.dateTime(moment.addingTimeInterval(60)), as: .dateTime),
            .subtract,
            .field("moment")
        ).typed(ValueType(.durationField))
        let found = try await DynamicQuery(Sample.self).annotate("gap", difference).get()
        try expect(found["gap"], .duration(.seconds(60)), "The time between two moments")
    }

    @Sendable private static func numberRows(_ database: Database) async throws {
        try await fill(database)
        let number = DynamicExpression.window(
            .function("RowNumber"),
            partition: [.field("shelf")],
            ordering: [DynamicExpression.field("pages").ordered(descending: true)]
        )
        let rows = try await DynamicQuery(Volume.self).annotate("place", number).order(by: "id")
            .rows()
        try expect(
            rows.map { $0["place"] },
            [2, 1, 2, 1, 1].map { .int($0) },
            "The places of volumes on their shelves"
        )
    }

    @Sendable private static func chooseBranches(_ database: Database) async throws {
        try await fill(database)
        let size = DynamicExpression.cases(
            [
                (.condition("pages__gte", 200), "long"), (.condition("pages__gte", 50), "short"),
            ],
            default: "none",
            as: .character
        )
        let rows = try await DynamicQuery(Volume.self).annotate("size", size).order(by: "id").rows()
        try expect(
            rows.map { $0["size"] },
            ["short", "long", "short", "long", "none"].map { .text($0) },
            "Branches"
        )
        let changed = try await DynamicQuery(Volume.self).filter(.condition("pages", 250)).update([
            (name: "title", .function("Upper", [.field("title")]))
        ])
        try expect(changed, 2, "Rows that were updated by an expression")
    }
}
