import DatabaseTestSupport
import NuagesCore
import NuagesORM
import Testing

/// A colour, kept as a number: a field of a site's own.
struct Colour: FieldValue, Hashable {
    var number: Int

    init(_ number: Int) { self.number = number }

    static let kind = FieldType(rawValue: "ColourField")
    static var fieldType: FieldType { kind }

    static func configure(_ schema: inout FieldSchema) {
        schema.customColumnType = [
            "sqlite": "integer", "postgresql": "integer", "mysql": "integer",
        ]
    }

    init(column: ColumnValue) throws(DecodingFailure) { number = try Int(column: column) }
    var sqlValue: SQLValue { .int(number) }

    /// What the ORM does with values of the kind, and the lookups that it has.
    static let registered: Void = {
        var behaviour = FieldBehaviour()
        behaviour.convert = { value, _ in
            guard case .text(let text) = value else { return value }
            guard text.utf8.count == 7, text.hasPrefix("#") else { return nil }
            return Int(text.dropFirst(), radix: 16).map { .int($0) }
        }
        behaviour.clean = { value, _ throws(ValidationError) in
            if case .int(let number) = value, (0...0xFFFFFF).contains(number) { return value }
            throw ValidationError("This is no colour.", code: "colour")
        }
        FieldKinds.register(behaviour, for: kind)
        CustomLookups.register(
            CustomLookup("ne") { left, right, _ in "\(sql: left) <> \(sql: right)" },
            for: kind
        )
        CustomLookups.register(
            SQLFunction("Red", arguments: 1, gives: .fixed(.integer)) {
                $0.dialect.vendor == "mysql"
                    ? "(\(sql: $0.arguments[0]) DIV 65536)" : "(\(sql: $0.arguments[0]) / 65536)"
            },
            as: "red",
            for: kind
        )
        CustomLookups.register(
            SQLFunction("Doubled", arguments: 1, gives: .first) {
                "(\(sql: $0.arguments[0]) * 2)"
            }
        )
        CustomLookups.register(
            AggregateFunction("Largest", "MAX", gives: .first, emptyResult: .null)
        )
        // For all whole numbers, such as keys.
        CustomLookups.register(
            CustomLookup("divisible_by") { left, right, _ in
                "\(sql: left) % \(sql: right) = 0"
            },
            for: .integerField
        )
        CustomLookups.register(
            SQLFunction("Folded", arguments: 1, gives: .first) { $0.call("LOWER") }.bilateral,
            as: "folded",
            for: .charField
        )
    }()
}

/// A thing with a colour.
@Model(app: "custom", ordering: ["id"])
struct Thing {
    @Field(maxLength: 20) var name = ""
    var colour: Colour = Colour(0)
    @Field(kind: Colour.kind, columnType: ["sqlite": "integer", "postgresql": "integer"])
    var other: Int?
}

/// Fields, lookups, transforms, functions and aggregates that a site adds.
@Suite(.timeLimit(.minutes(2)))
struct CustomFieldTests {
    private static func filled(_ backend: TestBackend) async throws -> Database {
        Colour.registered
        let database = try await backend.open()
        let state = MigrationState([Thing.schema])
        var editor = try SchemaEditor(database)
        try await editor.create(TableModel("custom.thing", in: state))
        try await editor.finish()
        try await database.use {
            try await Thing.objects.bulkCreate([
                Thing(name: "Rose", colour: Colour(0xFF0000)),
                Thing(name: "Leaf", colour: Colour(0x00FF00)),
            ])
        }
        return database
    }

    @Test(arguments: TestBackend.available)
    func hasAColumnAndValuesOfItsOwn(_ backend: TestBackend) async throws {
        try await Self.filled(backend).use {
            #expect(try await Thing.objects.all().map(\.colour.number) == [0xFF0000, 0x00FF00])
            // The text of a form is converted as the field says.
            let found = try await DynamicQuery(Thing.self)
                .filter(.condition("colour", "#ff0000")).rows()
            #expect(found.map { $0["name"] } == [.text("Rose")])
            await #expect(throws: FieldError.self) {
                try await DynamicQuery(Thing.self).filter(.condition("colour", "red")).rows()
            }
            var row = try DynamicRow(new: "custom.thing", [("name", "Sky"), ("colour", "#0000ff")])
            try await row.fullClean(excluding: ["other"])
            try await row.save()
            #expect(try await Thing.objects.filter { $0.colour == Colour(255) }.count() == 1)
            row.set("colour", to: .int(-1))
            do {
                try await row.fullClean(excluding: ["other"])
                Issue.record("no error")
            } catch let error as ValidationError {
                #expect(error.items.map(\.code) == ["colour"])
            }
        }
    }

    @Test(arguments: TestBackend.available)
    func hasLookupsAndTransformsOfItsOwn(_ backend: TestBackend) async throws {
        let cast = backend == .postgresql ? "::integer" : ""
        try await Self.filled(backend).use {
            let (rows, log) = try await Database.capturingQueries {
                try await Thing.objects.filter {
                    $0.colour.compared(by: "ne", to: Colour(0xFF0000))
                }
                .all()
            }
            #expect(rows.map(\.name) == ["Leaf"])
            let mark = backend == .postgresql ? "$1" : "?"
            let text = doubleQuoted(log.texts[0])
            #expect(text.contains(#""custom_thing"."colour" <> \#(mark)\#(cast)"#))
            let red = try await DynamicQuery(Thing.self).filter(.condition("colour__red__gt", 1))
                .rows()
            #expect(red.map { $0["name"] } == [.text("Rose")])
            let reds = try await Thing.objects.values {
                $0.colour.transformed(by: "red", as: Int.self)
            }
            #expect(reds == [255, 0])
            #expect(
                try await Thing.objects.filter { $0.id.compared(by: "divisible_by", to: 2) }.count()
                    == 1
            )
            // A transform of both sides, and of kinds that are one of the kind.
            #expect(
                try await DynamicQuery(Thing.self).filter(.condition("name__folded", "ROSE"))
                    .count() == 1
            )
            #expect(
                try await DynamicQuery(Thing.self)
                    .filter(.condition("name__folded__in", .list(["ROSE", "LEAF"]))).count() == 2
            )
            #expect(
                try await DynamicQuery(Thing.self)
                    .filter(.condition("name__folded__contains", "OS")).count() == 1
            )
        }
    }

    @Test(arguments: TestBackend.available)
    func hasFunctionsAndAggregatesOfItsOwn(_ backend: TestBackend) async throws {
        try await Self.filled(backend).use {
            let doubled = try #require(SQLFunction.named("Doubled"))
            let values = try await Thing.objects.values { $0.id.applying(doubled, as: Int.self) }
            #expect(values == [2, 4])
            let row = try await DynamicQuery(Thing.self).aggregate([
                ("largest", .aggregate("Largest", [.function("Doubled", [.field("id")])]))
            ])
            #expect(row["largest"] == .int(4))
        }
    }

    @Test func namesWhatThereIs() async throws {
        try await Self.filled(.sqlite).use {
            do {
                _ = try await DynamicQuery(Thing.self).filter(.condition("colour__gren", 1)).rows()
                Issue.record("no error")
            } catch let error as FieldError {
                #expect("\(error)".contains("ne"))
                #expect("\(error)".contains("red"))
            }
        }
    }
}
