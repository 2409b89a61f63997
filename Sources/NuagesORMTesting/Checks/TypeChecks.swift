import FoundationEssentials
import NuagesCore
import NuagesORM

extension BackendConformance {
    static let types: [Check] = [
        Check("keepsEveryKindOfValue", keepEveryKind), Check("keepsNulls", keepNulls),
        Check("findsRowsByEveryKindOfValue", findByEveryKind),
        Check("keepsTextAsItIs", keepText), Check("keepsNumbersAtTheirLimits", keepNumbers),
        Check("keepsMomentsToTheMicrosecond", keepMoments),
        Check("refusesWhatDoesNotFit", refuseWhatDoesNotFit),
    ]

    private static func fullSample() throws -> Sample {
        Sample(
            short: "short",
            text: "Line 1\nLine 2 \u{1F600} é",
            number: -5,
            large: .max,
            small: .min,
            float: 0.1,
            exact: Decimal(string: "-12.5"),
            flag: true,
            day: CalendarDate(year: 2024, month: 2, day: 29),
            clock: TimeOfDay(hour: 23, minute: 59, second: 58, microsecond: 123_456),
            moment: Date(timeIntervalSince1970: 1_700_000_000.25),
            span: .microseconds(-90_000_000_001),
            identifier: UUID(uuidString: "6F9619FF-8B86-D011-B42D-00CF4FC964FF"),
            bytes: [0, 255, 39, 92],
            document: .object([
                JSONValue.Member("a", .array([.int(1), .null, .bool(true)])),
                JSONValue.Member("b", .string("it's \"x\"")),
            ])
        )
    }

    @Sendable private static func keepEveryKind(_ database: Database) async throws {
        try await makeTables(database)
        let sample = try await Sample.objects.create(try fullSample())
        let found = try await Sample.objects.get(sample.id)
        try expect(found.short, sample.short, "Text of a limited length")
        try expect(found.text, sample.text, "Text")
        try expect(found.number, sample.number, "A whole number")
        try expect(found.large, sample.large, "A large number")
        try expect(found.small, sample.small, "A small number")
        try expect(found.float, sample.float, "A floating-point number")
        try expect(found.exact, sample.exact, "An exact number")
        try expect(found.flag, sample.flag, "A truth value")
        try expect(found.day, sample.day, "A day")
        try expect(found.clock, sample.clock, "A time on the clock")
        try expect(found.moment, sample.moment, "A moment")
        try expect(found.span, sample.span, "A length of time")
        try expect(found.identifier, sample.identifier, "A UUID")
        try expect(found.bytes, sample.bytes, "Bytes")
        try expect(found.document, sample.document, "A JSON document")
    }

    private static func emptySample() -> Sample { Sample() }

    @Sendable private static func keepNulls(_ database: Database) async throws {
        try await makeTables(database)
        let sample = try await Sample.objects.create(emptySample())
        let rows = try await DynamicQuery(Sample.self).using(database).rows()
        try expect(rows.count, 1, "The rows of the table")
        for name in names { try expect(rows[0][name], .null, "The column '\(name)'") }
        for name in names {
            let count = try await DynamicQuery(Sample.self).using(database)
                .filter(.condition("\(name)__isnull", true)).count()
            try expect(count, 1, "Rows without '\(name)'")
        }
        try expect(try await Sample.objects.get(sample.id).text, nil, "Text that is NULL")
    }

    private static let names = [
        "short", "text", "number", "large", "small", "float", "exact", "flag", "day", "clock",
        "moment", "span", "identifier", "bytes", "document",
    ]

    @Sendable private static func findByEveryKind(_ database: Database) async throws {
        try await makeTables(database)
        try await Sample.objects.create(try fullSample())
        try await Sample.objects.create(emptySample())
        let row = try await DynamicQuery(Sample.self).using(database).order(by: "id").rows()[0]
        for name in names {
            let value = row[name] ?? .null
            let query = DynamicQuery(Sample.self).using(database)
            let equal = try await query.filter(.condition(name, .value(value))).count()
            try expect(equal, 1, "Rows whose '\(name)' is \(value)")
            guard name != "document", name != "bytes" else { continue }
            let among = try await query.filter(
                .condition("\(name)__in", .list([.value(value), .value(value)]))
            ).count()
            try expect(among, 1, "Rows whose '\(name)' is among \(value)")
            let others = try await query.exclude(.condition(name, .value(value))).count()
            try expect(others, 1, "Rows whose '\(name)' is not \(value)")
        }
    }

    @Sendable private static func keepText(_ database: Database) async throws {
        try await makeTables(database)
        let texts = [
            "", " ", "a ", "A", "a", "é", "e\u{301}", "'", "\"", "\\", "%", "_", "`", "--", ";",
            "\u{1F468}\u{200D}\u{1F469}", "\u{FFFD}", "NULL", "\n", "\t",
            String(repeating: "x", count: 100_000),
        ]
        try await Sample.objects.bulkCreate(texts.map { Sample(text: $0) })
        let found = try await Sample.objects.all().map(\.text)
        for (found, text) in zip(found, texts) {
            try require(
                found.map { $0.utf8.elementsEqual(text.utf8) } ?? false,
                "Text is not kept as it is: \(text.prefix(20).debugDescription)"
            )
        }
    }

    @Sendable private static func keepNumbers(_ database: Database) async throws {
        try await makeTables(database)
        let numbers: [Int64] = [.min, -1, 0, 1, .max]
        try await Sample.objects.bulkCreate(numbers.map { Sample(large: $0) })
        try expect(try await Sample.objects.all().map(\.large), numbers, "Large numbers")
        let floats = [0, 1e300, -1e-300, .pi, 0.1 + 0.2, Double.greatestFiniteMagnitude]
        try await Sample.objects.delete()
        try await Sample.objects.bulkCreate(floats.map { Sample(float: $0) })
        try expect(try await Sample.objects.all().map(\.float), floats, "Floating-point numbers")
        let decimals = ["0", "99999999.9999", "-0.0001", "0.1"].map { Decimal(string: $0) }
        try await Sample.objects.delete()
        try await Sample.objects.bulkCreate(decimals.map { Sample(exact: $0) })
        try expect(try await Sample.objects.all().map(\.exact), decimals, "Exact numbers")
    }

    @Sendable private static func keepMoments(_ database: Database) async throws {
        try await makeTables(database)
        // Parts that a double holds exactly; the first and the last year; before 1970.
        let seconds: [Double] = [
            0, -0.5, 0.25, 1_700_000_000.015625, -62_135_596_800, 253_402_300_799,
        ]
        try await Sample.objects.bulkCreate(
            seconds.map { Sample(moment: Date(timeIntervalSince1970: $0)) }
        )
        let found = try await Sample.objects.all().map { $0.moment?.timeIntervalSince1970 }
        try expect(found, seconds, "Moments")
        let spans: [Duration] = [
            .zero, .microseconds(1), .seconds(-86_401), .seconds(86_400 * 400),
        ]
        try await Sample.objects.delete()
        try await Sample.objects.bulkCreate(spans.map { Sample(span: $0) })
        try expect(try await Sample.objects.all().map(\.span), spans, "Lengths of time")
    }

    @Sendable private static func refuseWhatDoesNotFit(_ database: Database) async throws {
        try await makeTables(database)
        try await expectError("Two rows with one unique name", .violation(.unique)) {
            try await Shelf.objects.create(Shelf(name: "a"))
            try await Shelf.objects.create(Shelf(name: "a"))
        }
        try await expectError("A reference to no row", .violation(.foreignKey)) {
            try await database.atomic {
                _ = try await database.execute(
                    """
                    INSERT INTO \(identifier: "conformance_volume") (\(identifier: "shelf_id"), \
                    \(identifier: "title"), \(identifier: "pages"), \(identifier: "is_lent"), \
                    \(identifier: "data")) VALUES (\(999), 'x', \(1), \(false), \
                    \(SQLValue.json(.object([]))))
                    """
                )
            }
        }
        try await expectError("A column without a value", .violation(.notNull)) {
            _ = try await database.execute(
                "UPDATE \(identifier: "conformance_shelf") SET \(identifier: "name") = NULL"
            )
        }
    }
}
