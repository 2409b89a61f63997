import FoundationEssentials
import NuagesCore
import NuagesORM

extension BackendConformance {
    static let writing: [Check] = [
        Check("givesNewRowsTheirKeys", giveKeys), Check("insertsManyRows", insertMany),
        Check("updatesRows", updateRows), Check("insertsOrUpdates", insertOrUpdate),
        Check("passesOverConflicts", passOverConflicts),
        Check("deletesWithWhatRefers", deleteCascade),
        Check("deletesByConditionsOnItself", deleteBySubquery), Check("getsOrCreates", getOrCreate),
        Check("updatesInBulk", updateInBulk), Check("countsChangedRows", countChanges),
    ]

    @Sendable private static func giveKeys(_ database: Database) async throws {
        try await makeTables(database)
        let first = try await Shelf.objects.create(Shelf(name: "a"))
        let second = try await Shelf.objects.create(Shelf(name: "b"))
        let ids = try await DynamicQuery(Shelf.self).order(by: "name").rows().map { $0["id"] }
        guard case .int(let low)? = ids.first, case .int(let high)? = ids.last else {
            throw Failure(description: "Keys are whole numbers: \(ids).")
        }
        try require(high > low, "The second key is greater than the first.")
        try expect(try await Shelf.objects.get(first.id).name, "a", "The row with the first key")
        try expect(try await Shelf.objects.get(second.id).name, "b", "The row with the second key")
        let many = try await Shelf.objects.bulkCreate((0..<5).map { Shelf(name: "n\($0)") })
        for shelf in many {
            let found = try await Shelf.objects.get(shelf.id)
            try expect(found.name, shelf.name, "The row with a key of many")
        }
    }

    @Sendable private static func insertMany(_ database: Database) async throws {
        try await makeTables(database)
        // More values than a statement can bind anywhere.
        let count = 30_000
        try await Shelf.objects.bulkCreate((0..<count).map { Shelf(name: "\($0)", floor: $0 % 7) })
        try expect(try await Shelf.objects.count(), count, "The number of rows")
        let floors = try await DynamicQuery(Shelf.self).filter(.condition("floor", 3)).count()
        try expect(floors, 4286, "Rows with one of seven values")
    }

    @Sendable private static func updateRows(_ database: Database) async throws {
        try await fill(database)
        var shelf = try await Shelf.objects.order(by: "name").all()[0]
        shelf.floor = 9
        try await shelf.save()
        try expect(try await Shelf.objects.get(shelf.id).floor, 9, "A changed field")
        let pages = DynamicExpression.combined(.field("pages"), .add, 1)
        let count = try await DynamicQuery(Volume.self).filter(.condition("shelf__name", "attic"))
            .update([(name: "pages", value: pages), (name: "is_lent", value: true)])
        try expect(count, 2, "Rows that were updated through a relation")
        let found = try await DynamicQuery(Volume.self).order(by: "id").rows().map { $0["pages"] }
        try expect(found, [101, 251, 50, 250, 0].map { .int($0) }, "The pages afterwards")
        // Both columns are those of before.
        _ = try await DynamicQuery(Shelf.self).filter(.condition("name", "cellar")).update([
            (name: "floor", value: .function("Length", [.field("name")])),
            (name: "name", value: .function("Concat", [.field("name"), .value(.text("!"))])),
        ])
        let row = try await DynamicQuery(Shelf.self).filter(.condition("name", "cellar!")).get()
        try expect(row["floor"], .int(6), "A column that is computed from another that changes")
    }

    @Sendable private static func insertOrUpdate(_ database: Database) async throws {
        try await makeTables(database)
        try await Shelf.objects.bulkCreate([Shelf(name: "a", floor: 1), Shelf(name: "b", floor: 2)])
        var rows = try await DynamicQuery(Shelf.self).order(by: "name").rows()
        rows[0].set("floor", to: .int(10))
        rows[1].set("floor", to: .int(20))
        var options = DynamicQuery.BulkOptions()
        options.updatesConflicts = true
        options.updatedFields = ["floor"]
        options.uniqueFields = ["id"]
        _ = try await DynamicQuery(Shelf.self).bulkCreate(rows, options)
        let floors = try await DynamicQuery(Shelf.self).order(by: "name").rows().map { $0["floor"] }
        try expect(floors, [.int(10), .int(20)], "The rows that were there already")
    }

    @Sendable private static func passOverConflicts(_ database: Database) async throws {
        try await makeTables(database)
        try await Shelf.objects.create(Shelf(name: "a", floor: 1))
        try await Shelf.objects.bulkCreate(
            [Shelf(name: "a", floor: 2), Shelf(name: "b", floor: 3)],
            ignoringConflicts: true
        )
        let floors = try await DynamicQuery(Shelf.self).order(by: "name").rows().map { $0["floor"] }
        try expect(floors, [.int(1), .int(3)], "Rows, of which one was refused")
    }

    @Sendable private static func deleteCascade(_ database: Database) async throws {
        try await fill(database)
        let volumes = try await Volume.objects.order(by: "id").all()
        // Each follows the one before it, also over shelves.
        for (before, after) in zip(volumes, volumes.dropFirst()) {
            var after = after
            after.sequelOf = before.asReference
            try await after.save()
        }
        let attic = try await Shelf.objects.filter(lookups: ["name": "attic"]).get()
        let deleted = try await attic.delete()
        try expect(deleted.total, 3, "A shelf and its volumes")
        let left = try await DynamicQuery(Volume.self).order(by: "id").rows()
        try expect(left.count, 3, "The volumes that are left")
        try expect(left[0]["sequel_of_id"], .null, "The reference to a volume that is gone")
        try require(left[1]["sequel_of_id"] != .null, "The reference to a volume that is there")
        try await Shelf.objects.delete()
        try expect(try await Volume.objects.count(), 0, "Volumes without shelves")
    }

    @Sendable private static func deleteBySubquery(_ database: Database) async throws {
        try await fill(database)
        // The query of the rows to delete reads the table that they are deleted from.
        let longest = DynamicQuery(Volume.self).order(by: "-pages").values(.field("pages"))
        let count = try await DynamicQuery(Volume.self)
            .filter(.condition("pages", .subquery(try longest.slice(nil, 1)))).delete().total
        try expect(count, 2, "The volumes with the most pages")
        let average = DynamicQuery(Volume.self).filter(.condition("shelf__floor__gte", 0))
            .values(.field("pk"))
        let updated = try await DynamicQuery(Volume.self)
            .filter(.condition("pk__in", .subquery(average)))
            .update([(name: "pages", value: 7)])
        try expect(updated, 2, "Volumes that a query of the same table finds")
        let deleted = try await DynamicQuery(Volume.self)
            .filter(.condition("shelf__name__in", .list(["attic", "hall"]))).delete().total
        try expect(deleted, 2, "Volumes by what they refer to")
    }

    @Sendable private static func getOrCreate(_ database: Database) async throws {
        try await makeTables(database)
        for isNew in [true, false] {
            let (row, created) = try await DynamicQuery(Shelf.self).getOrCreate(
                [(name: "name", value: "a")],
                defaults: [(name: "floor", value: 4)]
            )
            try expect(created, isNew, "Whether the row is new")
            try expect(row["floor"], .int(4), "The row's value")
        }
        let (row, _) = try await DynamicQuery(Shelf.self).updateOrCreate(
            [(name: "name", value: "a")],
            defaults: [(name: "floor", value: 5)]
        )
        try expect(row["floor"], .int(5), "The updated value")
        try expect(try await Shelf.objects.count(), 1, "The number of rows")
    }

    @Sendable private static func updateInBulk(_ database: Database) async throws {
        try await fill(database)
        var rows = try await DynamicQuery(Volume.self).order(by: "id").rows()
        for index in rows.indices {
            rows[index].set("pages", to: .int(index))
            rows[index].set("price", to: index == 2 ? .null : .decimal(Decimal(index)))
        }
        let count = try await DynamicQuery(Volume.self).bulkUpdate(rows, ["pages", "price"])
        try expect(count, 5, "Rows that were updated")
        let found = try await DynamicQuery(Volume.self).order(by: "id").rows()
        try expect(found.map { $0["pages"] }, (0..<5).map { .int($0) }, "A value for each row")
        try expect(
            found.map { $0["price"] },
            (0..<5).map { $0 == 2 ? .null : .decimal(Decimal($0)) },
            "A value or NULL for each row"
        )
    }

    @Sendable private static func countChanges(_ database: Database) async throws {
        try await fill(database)
        let all = DynamicQuery(Volume.self)
        try expect(try await all.update([(name: "pages", value: 1)]), 5, "Rows that changed")
        try expect(
            try await all.update([(name: "pages", value: 1)]),
            5,
            "Rows that were found, also where nothing changed in them"
        )
        let none = all.filter(.condition("pages", 2))
        try expect(try await none.update([(name: "pages", value: 1)]), 0, "No rows")
        try expect(try await none.delete().total, 0, "No rows to delete")
    }
}
