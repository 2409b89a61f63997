import DatabaseTestSupport
import NuagesCore
import NuagesPostgreSQL
import Testing

@testable import NuagesORM

/// Rooms that are booked, of which no two are booked at the same time.
@Model(
    app: "pg",
    constraints: [
        .exclusion(
            name: "no_double_booking",
            parts: [ExclusionPart("room", "="), ExclusionPart("nights", "&&")],
            condition: Q("is_cancelled", false)
        )
    ]
)
struct Booking {
    var room = 0
    var nights: Range<CalendarDate>
    var isCancelled = false
}

/// Indexes by PostgreSQL's methods, exclusion constraints, and the operations of migrations.
@Suite(
    .enabled(if: PostgreSQLServer.isInstalled, "PostgreSQL is not installed"),
    .timeLimit(.minutes(2))
)
struct IndexTests {
    private static func state(_ indexes: [IndexSchema] = []) -> MigrationState {
        var shelf = Shelf.schema
        shelf.indexes = indexes
        return MigrationState([shelf])
    }

    /// The SQL of an index.
    private static func sql(_ index: IndexSchema) async throws -> [String] {
        var editor = SchemaEditor(collectingFor: try SQLDialectOnly.postgresql())
        let state = Self.state([index])
        let model = try TableModel("pg.shelf", in: state)
        try await editor.add(model.schema.indexes[0], to: model)
        return editor.collected
    }

    @Test func writesEachMethod() async throws {
        let table = #"ON "pg_shelf""#
        let cases: [(IndexSchema, String)] = [
            (.gin(["tags"], name: "i"), #"CREATE INDEX "i" \#(table) USING gin ("tags");"#),
            (
                .gin(
                    ["name"],
                    name: "i",
                    operatorClasses: ["gin_trgm_ops"],
                    fastUpdate: false,
                    pendingListLimit: 128
                ),
                #"CREATE INDEX "i" \#(table) USING gin ("name" gin_trgm_ops) WITH (fastupdate = off, gin_pending_list_limit = 128);"#
            ),
            (
                .gist(["days"], name: "i", include: ["name"], buffering: true, fillFactor: 80),
                #"CREATE INDEX "i" \#(table) USING gist ("days") INCLUDE ("name") WITH (buffering = on, fillfactor = 80);"#
            ),
            (
                .spgist(["name"], name: "i", condition: Q("name", "x"), fillFactor: 80),
                #"CREATE INDEX "i" \#(table) USING spgist ("name") WITH (fillfactor = 80) WHERE "name" = 'x';"#
            ),
            (
                .brin(["id"], name: "i", autoSummarize: true, pagesPerRange: 4),
                #"CREATE INDEX "i" \#(table) USING brin ("id") WITH (autosummarize = on, pages_per_range = 4);"#
            ),
            (
                .btree(["-name"], name: "i", fillFactor: 80, deduplicatesItems: false),
                #"CREATE INDEX "i" \#(table) USING btree ("name" DESC) WITH (deduplicate_items = off, fillfactor = 80);"#
            ),
            (
                .hash(["name"], name: "i", fillFactor: 80),
                #"CREATE INDEX "i" \#(table) USING hash ("name") WITH (fillfactor = 80);"#
            ),
            (
                .bloom(["id", "name"], name: "i", length: 80, columns: [4, 2]),
                #"CREATE INDEX "i" \#(table) USING bloom ("id", "name") WITH (col1 = 4, col2 = 2, length = 80);"#
            ),
            (
                .gin(
                    expressions: [
                        .operatorClass(.function("Lower", [.field("name")]), "gin_trgm_ops")
                    ],
                    name: "i"
                ),
                #"CREATE INDEX "i" \#(table) USING gin ((LOWER("name")) gin_trgm_ops);"#
            ),
            (
                .gin(["tags"]),
                #"CREATE INDEX "pg_shelf_tags_7eb534_gin" \#(table) USING gin ("tags");"#
            ),
        ]
        for (index, expected) in cases {
            let statements = try await Self.sql(index)
            #expect(statements == [expected])
        }
    }

    @Test func makesAndFindsIndexes() async throws {
        let database = try await FieldDatabase.open([Shelf.self], extensions: ["bloom", "pg_trgm"])
        let indexes: [IndexSchema] = [
            .gin(["tags"], name: "a"), .brin(["id"], name: "b", pagesPerRange: 4),
            .hash(["name"], name: "c"), .spgist(["name"], name: "d"), .btree(["name"], name: "e"),
            .bloom(["name"], name: "f", length: 80, columns: [4]),
            .gist(["name"], name: "g", operatorClasses: ["gist_trgm_ops"]),
        ]
        let state = Self.state(indexes)
        let model = try TableModel("pg.shelf", in: state)
        var editor = try SchemaEditor(database)
        for index in indexes { try await editor.add(index, to: model) }
        let table = try #require(try await database.schema.table("pg_shelf", in: database))
        let found = Dictionary(
            uniqueKeysWithValues: table.indexes.filter { $0.name.utf8.count == 1 }
                .map { ($0.name, $0.method) }
        )
        #expect(
            found == [
                "a": "gin", "b": "brin", "c": "hash", "d": "spgist", "e": "btree", "f": "bloom",
                "g": "gist",
            ]
        )
        for index in indexes { try await editor.remove(index, from: model) }
    }

    /// Names and parameters of indexes are no place for SQL.
    @Test func refusesWhatIsNoIndex() async throws {
        var methods = IndexSchema(["name"], name: "i\"; DROP TABLE x; --")
        #expect(
            try await Self.sql(methods)[0].hasPrefix(#"CREATE INDEX "i""; DROP TABLE x; --" ON"#)
        )
        methods.method = IndexMethod(rawValue: "gin (x); --")
        let bad: [IndexSchema] = [
            methods, .bloom(["id"], name: "i", length: 5000),
            .bloom(["id"], name: "i", columns: [1, 2]),
            .bloom(["id"], name: "i", columns: [5000]), .brin(["id"], name: "i", pagesPerRange: 0),
            IndexSchema(["id"], name: "i", method: .gin, parameters: ["x = 1); --": .int(1)]),
            IndexSchema(
                ["id"],
                name: "i",
                method: .gin,
                parameters: ["fillfactor": .text("1); --")]
            ),
        ]
        for index in bad {
            await #expect(throws: MigrationError.self) { try await Self.sql(index) }
        }
    }

    @Test func leavesMethodsOutElsewhere() async throws {
        let sqlite = try await TestBackend.sqlite.open()
        var editor = SchemaEditor(collectingFor: try sqlite.schema)
        var schema = Sample.schema
        schema.indexes = [.gin(["name"], name: "i", fastUpdate: true)]
        let model = try TableModel("pg.sample", in: MigrationState([schema]))
        try await editor.add(schema.indexes[0], to: model)
        #expect(editor.collected == [#"CREATE INDEX "i" ON "pg_sample" ("name");"#])
    }

    // MARK: Exclusion constraints

    @Test func keepsRowsApart() async throws {
        let database = try await FieldDatabase.open([Booking.self], extensions: ["btree_gist"])
        let (first, second) = (try day(2026, 1, 1), try day(2026, 1, 5))
        try await database.use {
            _ = try await Booking.objects.bulkCreate([Booking(room: 1, nights: first..<second)])
            try await Booking.objects.bulkCreate([Booking(room: 2, nights: first..<second)])
            await #expect(throws: DatabaseError.self) {
                try await Booking.objects.bulkCreate([Booking(room: 1, nights: first..<second)])
            }
            var row = try DynamicRow(
                new: "pg.booking",
                [("room", 1), ("nights", .value(first..<second))]
            )
            await #expect(throws: ValidationError.self) { try await row.fullClean() }
            row.set("is_cancelled", to: .bool(true))
            try await row.fullClean()
            row.set("is_cancelled", to: .bool(false))
            row.set("nights", to: (second..<(try day(2026, 1, 6))).sqlValue)
            try await row.fullClean()
            try await row.save()
            #expect(try await Booking.objects.count() == 3)
            // A row is not like itself.
            try await row.fullClean()
        }
    }

    private static func text(_ constraint: ConstraintSchema) async throws -> [String] {
        var editor = SchemaEditor(collectingFor: try SQLDialectOnly.postgresql())
        var schema = Booking.schema
        schema.constraints = [constraint]
        let model = try TableModel("pg.booking", in: MigrationState([schema]))
        try await editor.add(constraint, to: model)
        try await editor.remove(constraint, from: model)
        return editor.collected
    }

    @Test func writesExclusionConstraints() async throws {
        let table = #"ALTER TABLE "pg_booking""#
        #expect(
            try await Self.text(Booking.schema.constraints[0]) == [
                table
                    + #" ADD CONSTRAINT "no_double_booking" EXCLUDE USING gist ("room" WITH =, "nights" WITH &&) WHERE (NOT "is_cancelled");"#,
                table + #" DROP CONSTRAINT "no_double_booking";"#,
            ]
        )
        let range = SchemaExpression.function(
            "DateRange",
            [.field("a"), .field("b"), .rangeBounds(.both)]
        )
        #expect(range.fieldNames == ["a", "b"])
        #expect(
            try await Self.text(
                .exclusion(
                    name: "x",
                    parts: [
                        ExclusionPart(.operatorClass(.field("nights"), "range_ops"), "-|-")
                    ],
                    method: .spgist,
                    deferrable: .deferred,
                    include: ["room"]
                )
            )[0] == table
                + #" ADD CONSTRAINT "x" EXCLUDE USING spgist ("nights" range_ops WITH -|-) INCLUDE ("room") DEFERRABLE INITIALLY DEFERRED;"#
        )
        let bad: [ConstraintSchema] = [
            .exclusion(name: "x", parts: []),
            .exclusion(name: "x", parts: [ExclusionPart("room", "= 1)); --")]),
            .exclusion(name: "x", parts: [ExclusionPart("room", "=")], method: .gin),
            .exclusion(name: "x", parts: [ExclusionPart("room", "&&")], method: .hash),
            .exclusion(
                name: "x",
                parts: [ExclusionPart("room", "="), ExclusionPart("nights", "=")],
                method: .hash
            ),
        ]
        for constraint in bad {
            await #expect(throws: MigrationError.self) { try await Self.text(constraint) }
        }
    }

    // MARK: Operations

    private static func run(
        _ operation: some MigrationOperation,
        on database: Database?,
        from state: MigrationState,
        backwards: Bool = false
    ) async throws -> [String] {
        var editor =
            try database.map { try SchemaEditor($0) }
            ?? SchemaEditor(collectingFor: try SQLDialectOnly.postgresql())
        var new = state
        try operation.apply(to: &new, app: "pg")
        let step = MigrationStep(app: "pg", old: state, new: new)
        if backwards {
            try await operation.migrateBackwards(step, editor: &editor)
        } else {
            try await operation.migrateForwards(step, editor: &editor)
        }
        return editor.collected
    }

    @Test func writesOperations() async throws {
        let state = Self.state([.gin(["tags"], name: "old")])
        let check = ConstraintSchema.check(name: "named", condition: Q("name__gt", "a"))
        let cases: [(any MigrationOperation, String, [String], String)] = [
            (
                CreateExtension.hstore, "Creates extension hstore",
                [#"CREATE EXTENSION IF NOT EXISTS "hstore";"#], "create_extension_hstore"
            ),
            (
                AddIndexConcurrently("shelf", .gin(["tags"], name: "new")),
                "Concurrently create index new on field(s) tags of model shelf",
                [#"CREATE INDEX CONCURRENTLY "new" ON "pg_shelf" USING gin ("tags");"#], "shelf_new"
            ),
            (
                RemoveIndexConcurrently("shelf", "old"), "Concurrently remove index old from shelf",
                [#"DROP INDEX CONCURRENTLY IF EXISTS "old";"#], "remove_shelf_old"
            ),
            (
                CreateCollation(
                    "French",
                    locale: "fr-x-icu",
                    provider: "icu",
                    isDeterministic: false
                ),
                "Create collation French",
                [
                    #"CREATE COLLATION "French" (locale="fr-x-icu", provider="icu", deterministic=false);"#
                ],
                "create_collation_french"
            ),
            (
                RemoveCollation("C_alias", locale: "C"), "Remove collation C_alias",
                [#"DROP COLLATION "C_alias";"#], "remove_collation_c_alias"
            ),
            (
                AddConstraintNotValid("shelf", check),
                "Create not valid constraint named on model shelf",
                [#"ALTER TABLE "pg_shelf" ADD CONSTRAINT "named" CHECK ("name" > 'a') NOT VALID;"#],
                "shelf_named_not_valid"
            ),
            (
                ValidateConstraint("shelf", "named"), "Validate constraint named on model shelf",
                [#"ALTER TABLE "pg_shelf" VALIDATE CONSTRAINT "named";"#], "shelf_validate_named"
            ),
        ]
        for (operation, description, statements, fragment) in cases {
            #expect(operation.describe() == description)
            #expect(operation.nameFragment == fragment)
            #expect(try await Self.run(operation, on: nil, from: state) == statements)
        }
        #expect(
            CreateCollation("x", locale: "C").source
                == .call("CreateCollation", [.init(.string("x")), .init("locale", .string("C"))])
        )
        await #expect(throws: MigrationError.self) {
            _ = try await Self.run(
                AddConstraintNotValid("shelf", .unique(name: "u", fields: ["name"])),
                on: nil,
                from: state
            )
        }
        await #expect(throws: MigrationError.self) {
            _ = try await Self.run(RemoveIndexConcurrently("shelf", "none"), on: nil, from: state)
        }
    }

    @Test func runsOperations() async throws {
        let database = try await FieldDatabase.open([Shelf.self])
        let state = Self.state()
        for backwards in [false, false, true, true] {
            _ = try await Self.run(
                CreateExtension.unaccent,
                on: database,
                from: state,
                backwards: backwards
            )
        }
        let add = AddIndexConcurrently("shelf", .gin(["tags"], name: "new"))
        _ = try await Self.run(add, on: database, from: state)
        _ = try await Self.run(add, on: database, from: state, backwards: true)
        await #expect(throws: DatabaseError.self) {
            try await database.atomic { _ = try await Self.run(add, on: database, from: state) }
        }
        let collation = CreateCollation("french", locale: "C")
        _ = try await Self.run(collation, on: database, from: state)
        _ = try await Self.run(collation, on: database, from: state, backwards: true)
        _ = try await database.use {
            try await Shelf.objects.bulkCreate([Shelf(tags: [], name: "")])
        }
        let check = ConstraintSchema.check(name: "named", condition: Q("name__gt", "a"))
        let notValid = AddConstraintNotValid("shelf", check)
        _ = try await Self.run(notValid, on: database, from: state)
        let validate = ValidateConstraint("shelf", "named")
        await #expect(throws: DatabaseError.self) {
            _ = try await Self.run(validate, on: database, from: state)
        }
        try await database.execute(#"UPDATE "pg_shelf" SET "name" = 'b'"#)
        _ = try await Self.run(validate, on: database, from: state)
    }

    @Test func doesNothingElsewhere() async throws {
        let sqlite = try await TestBackend.sqlite.open()
        for operation in [
            CreateExtension.hstore as any MigrationOperation, CreateCollation("x", locale: "C"),
        ] {
            _ = try await Self.run(operation, on: sqlite, from: Self.state())
            _ = try await Self.run(operation, on: sqlite, from: Self.state(), backwards: true)
        }
    }

    @Test func writesFilesOfMigrations() throws {
        let index = IndexSchema.gin(["tags"], name: "new", fastUpdate: true)
        let migration = Migration(app: "pg", name: "0001_initial") {
            CreateExtension.hstore
            CreateModel("Shelf", fields: Shelf.schema.fields)
            AddIndex("shelf", index)
        }
        // Without the breaks of long lines.
        let file = MigrationWriter().file(migration).text
        let text = file.split(separator: "\n").map {
            String($0.drop { $0 == " " })
        }.joined(separator: " ").replacing("( ", with: "(").replacing(" )", with: ")")
        #expect(file.contains("import Nuages\nimport NuagesPostgreSQL\n"))
        #expect(text.contains(#"CreateExtension("hstore")"#))
        #expect(text.contains(#"FieldSchema("marks", .arrayField"#))
        #expect(text.contains("defaultValue: .value(.array([]))"))
        #expect(text.contains(#"customOptions: ["size": .int(3)]"#))
        #expect(text.contains(#"baseField: FieldSchema("", .integerField, isNullable: true)"#))
        #expect(text.contains(#"method: IndexMethod(rawValue: "gin")"#))
    }
}
