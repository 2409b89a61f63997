import Foundation
import NuagesORM
import Synchronization

/// A migration of twenty operations, in a process that ends at one of its statements.
///
///     database-fault-program URL migrate            # prints how many statements each one took
///     database-fault-program URL migrate 17         # ends without a warning before the 17th
///     database-fault-program URL migrate-for        # prints how many microseconds it took
///     database-fault-program URL migrate-for 1700   # ends without a warning after so many
enum InterruptedMigration {
    static func run(_ database: Database, endingAt end: Int?) async throws {
        let count = Mutex(0)
        try await Database.wrappingExecution { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            if number == end { kill(getpid(), SIGKILL) }
        } around: {
            try await MigrationExecutor(database, migrations: migrations).migrate { progress in
                guard case .finished = progress else { return }
                print(count.withLock { $0 })
            }
        }
    }

    static func run(_ database: Database, endingAfter time: UInt32?) async throws {
        if let time {
            Thread.detachNewThread {
                usleep(time)
                kill(getpid(), SIGKILL)
            }
        }
        let start = ContinuousClock.now
        try await MigrationExecutor(database, migrations: migrations).migrate()
        print(Int((ContinuousClock.now - start) / .microseconds(1)))
    }

    private static let id = FieldSchema(
        "id",
        .bigAutoField,
        isPrimaryKey: true,
        isAutoCreated: true
    )

    private static func text(_ name: String, _ length: Int) -> FieldSchema {
        FieldSchema(name, .charField, maxLength: length, defaultValue: .value(.text("-")))
    }

    private static let initial = Migration(app: "faults", name: "0001_initial", isInitial: true) {
        CreateModel("Shelf", fields: [id, text("name", 20)])
        CreateModel(
            "Item",
            fields: [
                id, text("name", 20), FieldSchema("size", .integerField),
                FieldSchema(
                    "shelf",
                    .foreignKey,
                    relation: Relation(to: "faults.shelf", onDelete: .cascade)
                ),
            ]
        ) { $0.indexes = [IndexSchema(["size"], name: "item_size")] }
        RunSwift("rows") { data in
            try await data.execute("INSERT INTO faults_shelf (name) VALUES ('a'), ('b')")
            let shelf = try await data.rows("SELECT MIN(id) FROM faults_shelf")
            guard case .int(let key)?? = shelf.first?.first else { return }
            for number in 1...500 {
                try await data.execute(
                    """
                    INSERT INTO faults_item (name, size, shelf_id)
                    VALUES (\("item \(number)"), \(number), \(key))
                    """
                )
            }
        } backwards: { _ in
        }
    }

    private static let change = Migration(
        app: "faults",
        name: "0002_change",
        dependencies: [initial.key]
    ) {
        AddField("item", text("colour", 10))
        AddField("item", FieldSchema("note", .textField, isNullable: true))
        AddIndex("item", IndexSchema(["name", "-size"], name: "item_name_size"))
        AlterField("item", text("name", 40))
        AddConstraint("item", .check(name: "item_size_positive", condition: Q("size__gt", 0)))
        RunSQL("UPDATE faults_item SET size = size + 1000")
        AlterField("item", FieldSchema("size", .bigIntegerField))
        RenameField("item", from: "colour", to: "color")
        AddField("shelf", FieldSchema("room", .integerField, defaultValue: .value(.int(1))))
        AlterUniqueTogether("item", uniqueTogether: [["name", "size"]])
        CreateModel("Tag", fields: [id, text("name", 20)])
        AddField(
            "item",
            FieldSchema(
                "tags",
                .manyToManyField,
                relation: Relation(to: "faults.tag", onDelete: .cascade)
            )
        )
        AlterField("shelf", text("name", 80))
        AddConstraint("shelf", .unique(name: "shelf_name", fields: ["name"]))
        RemoveIndex("item", "item_size")
        AddIndex("item", IndexSchema(["size"], name: "item_by_size"))
        RemoveField("shelf", "room")
        AlterField("item", FieldSchema("note", .textField, defaultValue: .value(.text(""))))
        RenameModel(from: "Shelf", to: "Rack")
        RunSwift("notes") { data in
            try await data.execute("UPDATE faults_item SET note = name WHERE size > 1250")
        } backwards: { _ in
        }
    }

    static let migrations = [initial, change]
}
