import NuagesCore
import NuagesORM

extension BackendConformance {
    static let schemas: [Check] = [
        Check("looksAtTables", introspect), Check("addsAndRemovesColumns", addAndRemove),
        Check("changesColumns", change), Check("renamesTablesAndColumns", rename),
        Check("keepsChecksAndIndexes", keepConstraints),
        Check("refersByManyToMany", makeThroughTable),
    ]

    private static func key(_ name: String = "id") -> FieldSchema {
        var field = FieldSchema(name, .bigAutoField)
        field.isPrimaryKey = true
        return field
    }

    private static func text(_ name: String, _ length: Int) -> FieldSchema {
        var field = FieldSchema(name, .charField)
        field.maxLength = length
        return field
    }

    private static func model(_ name: String, _ fields: [FieldSchema]) -> ModelSchema {
        ModelSchema(app: "conformance", name: name, fields: fields)
    }

    /// Runs a change of tables as a migration does.
    private static func migrate(
        _ database: Database,
        _ body: (inout SchemaEditor) async throws -> Void
    ) async throws {
        try await database.schema.migrating(database, atomically: true) {
            var editor = try SchemaEditor(database)
            try await body(&editor)
            try await editor.finish()
        }
    }

    private static func make(_ database: Database, _ models: [ModelSchema]) async throws {
        let state = MigrationState(models)
        try await migrate(database) { editor in
            for label in state.labels { try await editor.create(TableModel(label, in: state)) }
        }
    }

    private static func table(
        _ name: String,
        _ database: Database
    ) async throws -> IntrospectedTable {
        guard let table = try await database.schema.table(name, in: database) else {
            throw Failure(description: "The table '\(name)' is not found.")
        }
        return table
    }

    private static func column(
        _ name: String,
        of table: IntrospectedTable
    ) throws(Failure) -> IntrospectedTable.Column {
        guard let column = table.columns.first(where: { $0.name == name }) else {
            throw Failure(description: "The column '\(name)' of '\(table.name)' is not found.")
        }
        return column
    }

    @Sendable private static func introspect(_ database: Database) async throws {
        try await makeTables(database)
        let names = try await database.schema.tableNames(in: database)
        for name in ["conformance_shelf", "conformance_volume", "conformance_sample"] {
            try require(names.contains(name), "The table '\(name)' is not among \(names).")
        }
        let volume = try await table("conformance_volume", database)
        try expect(
            volume.columns.map(\.name),
            [
                "id", "shelf_id", "sequel_of_id", "title", "pages", "price", "is_lent", "acquired",
                "data",
            ],
            "The columns"
        )
        try expect(try column("id", of: volume).primaryKeyPosition, 1, "The key's position")
        try expect(try column("title", of: volume).isNullable, false, "Whether titles may be NULL")
        try expect(try column("price", of: volume).isNullable, true, "Whether prices may be NULL")
        let keys = volume.foreignKeys.sorted { $0.columns[0] < $1.columns[0] }
        try expect(keys.map(\.columns), [["sequel_of_id"], ["shelf_id"]], "The foreign keys")
        try expect(keys.map(\.table), ["conformance_volume", "conformance_shelf"], "Their tables")
        try expect(keys.map(\.targetColumns), [["id"], ["id"]], "Their columns")
        try require(
            volume.indexes.contains { $0.columns == ["title"] && !$0.isUnique },
            "The index of titles is not found."
        )
        let shelf = try await table("conformance_shelf", database)
        try require(
            shelf.indexes.contains { $0.columns == ["name"] && $0.isUnique },
            "The unique index of names is not found."
        )
        try expect(try await database.schema.table("nowhere", in: database), nil, "No table")
    }

    @Sendable private static func addAndRemove(_ database: Database) async throws {
        let old = MigrationState([model("Thing", [key(), text("name", 20)])])
        try await make(database, [old.models["conformance.thing"]].compactMap { $0 })
        try await database.execute(
            "INSERT INTO \(identifier: "conformance_thing") (\(identifier: "name")) VALUES ('a')"
        )
        var rank = FieldSchema("rank", .integerField)
        rank.defaultValue = .value(.int(7))
        rank.isIndexed = true
        var note = FieldSchema("note", .textField)
        note.isNullable = true
        let half = MigrationState([model("Thing", [key(), text("name", 20), rank])])
        let new = MigrationState([model("Thing", [key(), text("name", 20), rank, note])])
        let (before, between, after) = (
            try TableModel("conformance.thing", in: old),
            try TableModel("conformance.thing", in: half),
            try TableModel("conformance.thing", in: new)
        )
        try await migrate(database) { editor in
            try await editor.add(rank, default: rank, to: before, as: between)
            try await editor.add(note, default: note, to: between, as: after)
        }
        let rows = try await database.rows(
            "SELECT \(identifier: "rank"), \(identifier: "note") FROM \(identifier: "conformance_thing")"
        )
        try expect(rows, [[.int(7), .null]], "The new columns of a row that was there")
        let found = try await table("conformance_thing", database)
        try expect(try column("rank", of: found).defaultText, nil, "The default of a filled column")
        try await migrate(database) { editor in
            try await editor.remove(note, from: after, as: between)
            try await editor.remove(rank, from: between, as: before)
        }
        let columns = try await table("conformance_thing", database).columns.map(\.name)
        try expect(columns, ["id", "name"], "The columns that are left")
    }

    @Sendable private static func change(_ database: Database) async throws {
        var name = text("name", 20)
        name.isNullable = true
        let old = MigrationState([model("Thing", [key(), name])])
        try await make(database, [old.models["conformance.thing"]].compactMap { $0 })
        try await database.execute(
            """
            INSERT INTO \(identifier: "conformance_thing") (\(identifier: "name")) \
            VALUES ('a'), (NULL)
            """
        )
        var wide = text("name", 200)
        wide.isUnique = true
        wide.defaultValue = .value(.text("none"))
        let new = MigrationState([model("Thing", [key(), wide])])
        let (before, after) = (
            try TableModel("conformance.thing", in: old),
            try TableModel("conformance.thing", in: new)
        )
        try await migrate(database) { editor in
            try await editor.alter(
                FieldChange(old: name, new: wide, filler: wide),
                of: before,
                as: after
            )
        }
        let rows = try await database.rows(
            "SELECT \(identifier: "name") FROM \(identifier: "conformance_thing") ORDER BY id"
        )
        try expect(rows, [[.text("a")], [.text("none")]], "A value in place of NULL")
        let changed = try await table("conformance_thing", database)
        try expect(try column("name", of: changed).isNullable, false, "Whether it may be NULL")
        try require(
            changed.indexes.contains { $0.columns == ["name"] && $0.isUnique },
            "The column has become unique."
        )
        try await migrate(database) { editor in
            try await editor.alter(
                FieldChange(old: wide, new: name, filler: name),
                of: after,
                as: before
            )
        }
        let back = try await table("conformance_thing", database)
        try expect(try column("name", of: back).isNullable, true, "Whether it may be NULL again")
        try require(
            !back.indexes.contains { $0.columns == ["name"] },
            "The column is not unique any more."
        )
    }

    @Sendable private static func rename(_ database: Database) async throws {
        let old = MigrationState([model("Thing", [key(), text("name", 20)])])
        try await make(database, [old.models["conformance.thing"]].compactMap { $0 })
        try await database.execute(
            "INSERT INTO \(identifier: "conformance_thing") (\(identifier: "name")) VALUES ('a')"
        )
        let middle = MigrationState([model("Thing", [key(), text("title", 20)])])
        let new = MigrationState([model("Item", [key(), text("title", 20)])])
        try await migrate(database) { editor in
            try await editor.alter(
                FieldChange(
                    old: text("name", 20),
                    new: text("title", 20),
                    filler: text("title", 20)
                ),
                of: try TableModel("conformance.thing", in: old),
                as: try TableModel("conformance.thing", in: middle)
            )
            try await editor.rename(
                try TableModel("conformance.thing", in: middle),
                to: try TableModel("conformance.item", in: new)
            )
        }
        let rows = try await database.rows(
            "SELECT \(identifier: "title") FROM \(identifier: "conformance_item")"
        )
        try expect(rows, [[.text("a")]], "The row of the renamed table")
        try expect(
            try await database.schema.table("conformance_thing", in: database),
            nil,
            "The table's old name"
        )
    }

    @Sendable private static func keepConstraints(_ database: Database) async throws {
        var thing = model("Thing", [key(), text("name", 20), FieldSchema("rank", .integerField)])
        let positive = ConstraintSchema.check(
            name: "rank_is_positive",
            condition: .lookup("rank__gt", 0)
        )
        let pair = ConstraintSchema.unique(name: "one_rank_for_a_name", fields: ["name", "rank"])
        thing.constraints = [positive, pair]
        let index = IndexSchema(["rank", "-name"], name: "rank_name_idx")
        thing.indexes = [index]
        try await make(database, [thing])
        func insert(_ name: String, _ rank: Int) async throws {
            try await database.execute(
                """
                INSERT INTO \(identifier: "conformance_thing") (\(identifier: "name"), \
                \(identifier: "rank")) VALUES (\(name), \(rank))
                """
            )
        }
        try await insert("a", 1)
        try await expectError("A row against a check", .violation(.check)) {
            try await insert("a", 0)
        }
        try await expectError("The same pair again", .violation(.unique)) {
            try await insert("a", 1)
        }
        let found = try await table("conformance_thing", database)
        try require(
            found.indexes.contains {
                $0.name == "rank_name_idx" && $0.columns == ["rank", "name"]
                    && $0.isDescending == [false, true]
            },
            "The index is not found as it was made."
        )
        var without = thing
        without.constraints = []
        without.indexes = []
        let (state, bare) = (MigrationState([thing]), MigrationState([without]))
        try await migrate(database) { editor in
            let (full, plain) = (
                try TableModel("conformance.thing", in: state),
                try TableModel("conformance.thing", in: bare)
            )
            try await editor.remove(index, from: full)
            try await editor.remove(positive, from: plain)
            try await editor.remove(pair, from: plain)
        }
        try await insert("a", 0)
        try await insert("a", 0)
    }

    @Sendable private static func makeThroughTable(_ database: Database) async throws {
        var tags = FieldSchema("tags", .manyToManyField)
        tags.relation = Relation(to: "conformance.tag", onDelete: .cascade)
        let models = [model("Tag", [key(), text("name", 9)]), model("Thing", [key(), tags])]
        try await make(database, models)
        let through = try await table("conformance_thing_tags", database)
        try expect(
            through.columns.map(\.name),
            ["id", "thing_id", "tag_id"],
            "The columns between"
        )
        try expect(through.foreignKeys.count, 2, "The references of the table between")
        try require(
            through.indexes.contains {
                $0.columns == ["thing_id", "tag_id"] && $0.isUnique
            },
            "A pair stands in the table between only once."
        )
    }
}
