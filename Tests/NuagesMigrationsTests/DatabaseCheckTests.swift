import NuagesCore
import NuagesMySQL
import NuagesORM
import NuagesPostgreSQL
import NuagesSQLite
import Testing

@Model(app: "checked")
struct Unlimited {
    @Field(kind: .charField) var name: String
    @Field(kind: .decimalField) var price: Double
    @Field(kind: .decimalField, maxDigits: 5) var half: Double
    @Field(kind: .decimalField, maxDigits: 0, decimalPlaces: 0) var none: Double
    @Field(kind: .decimalField, maxDigits: 5, decimalPlaces: -1) var negative: Double
    @Field(kind: .decimalField, maxDigits: 2, decimalPlaces: 3) var tooMany: Double
    @Field(kind: .genericIPAddressField, blank: true) var address: String
}

@Model(app: "checked")
struct Harbour {
    var name: String
}

@Model(app: "checked")
struct Ship {
    @ForeignKey(onDelete: .databaseSetNull) var home: Harbour.Reference
    @ForeignKey(onDelete: .databaseSetDefault, relatedName: "next") var next: Harbour.Reference?
    @ForeignKey(onDelete: .databaseSetDefault, relatedName: "last", databaseDefault: .int(1))
    var last: Harbour.Reference?
}

@Model(app: "checked")
struct Sailor {
    @ForeignKey(onDelete: .cascade) var ship: Ship.Reference
    @ForeignKey(onDelete: .databaseCascade) var harbour: Harbour.Reference
    @ForeignKey(onDelete: .doNothing, relatedName: "spare") var spare: Ship.Reference?
}

@Model(app: "checked")
struct Crew {
    var name: String
    @ManyToMany(relatedName: "crews") var ships: RelatedSet<Ship>
}

/// The ids are those of Django 6.1 for the same models.
@Suite struct DatabaseCheckTests {
    /// Databases that nobody connects to.
    private func group(_ names: String...) throws -> DatabaseGroup {
        var group = DatabaseGroup()
        for name in names {
            group.databases[name] =
                switch name {
                case "mariadb": try MySQLDatabase.open("mysql://nobody@localhost/none")
                case "postgresql": try PostgreSQLDatabase.open("postgresql:///none")
                default: try SQLiteDatabase.open(path: ":memory:")
                }
        }
        return group
    }

    private func ids(
        _ models: [any Model.Type],
        _ group: DatabaseGroup = DatabaseGroup()
    ) -> [String] {
        ModelRegistry.check(models, on: group).map { message in
            "\(message.object?.split(separator: ".").dropFirst().joined(separator: ".") ?? "") "
                + message.id
        }
    }

    @Test func asksForLimitsWhereADatabaseNeedsThem() throws {
        let always = [
            "Unlimited.half fields.E135", "Unlimited.none fields.E133",
            "Unlimited.negative fields.E131", "Unlimited.too_many fields.E134",
            "Unlimited.address fields.E150",
        ]
        #expect(ids([Unlimited.self]) == always)
        #expect(ids([Unlimited.self], try group("default", "postgresql")) == always)
        let needed = [
            "Unlimited.name fields.E120", "Unlimited.price fields.E130",
            "Unlimited.price fields.E132",
        ]
        #expect(ids([Unlimited.self], try group("default", "mariadb")) == needed + always)
    }

    @Test func leavesOutDatabasesThatHaveNoTable() throws {
        struct Router: DatabaseRouter {
            func allowMigrate(_ database: String, app: String, model: String?) -> Bool? {
                database == "mariadb" ? model != "unlimited" : nil
            }
        }
        var group = try group("default", "mariadb")
        group.routers = [Router()]
        #expect(!ids([Unlimited.self], group).contains("Unlimited.name fields.E120"))
    }

    @Test func asksForWhatRulesOfTheDatabaseNeed() throws {
        let always = ["Ship.home fields.E320", "Ship.next fields.E322"]
        #expect(ids([Harbour.self, Ship.self]) == always)
        #expect(ids([Harbour.self, Ship.self], try group("default", "postgresql")) == always)
        #expect(
            ids([Harbour.self, Ship.self], try group("mariadb")) == [
                "Ship.home fields.E320", "Ship.next fields.E322", "Ship.next fields.E324",
                "Ship.last fields.E324",
            ]
        )
    }

    @Test func refusesRulesOfBothKinds() {
        #expect(
            ids([Sailor.self]) == ["Sailor.ship fields.E323", "Sailor models.E050"]
        )
        #expect(
            ids([Crew.self]) == [
                "Ship.home fields.E323", "Ship.next fields.E323", "Ship.last fields.E323",
            ]
        )
    }
}
