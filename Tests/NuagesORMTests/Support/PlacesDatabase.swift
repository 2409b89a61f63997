import NuagesCore
import NuagesORM
import NuagesSQLite

/// A database in memory with the tables of the models of relations and inheritance.
enum PlacesDatabase {
    private static let models: [any Model.Type] = [
        Place.self, Restaurant.self, ItalianRestaurant.self, ParkingLot.self, Bar.self,
        Supplier.self, Person.self, Club.self, Membership.self, Maker.self, Report.self,
        TenantUser.self, TenantComment.self, Answer.self, Computed.self,
    ]

    static func empty() async throws -> Database {
        let database = try SQLiteDatabase.open(path: ":memory:")
        let state = MigrationState(models.map { $0.schema })
        var editor = SchemaEditor(collectingFor: try database.schema)
        for label in state.labels { try await editor.create(TableModel(label, in: state)) }
        try await editor.finish()
        for statement in editor.collected { try await database.execute(SQL(unsafe: statement)) }
        return database
    }

    /// Two places with a bar and a parking lot, three people, two clubs, a user with a comment.
    static func filled() async throws -> Database {
        let database = try await empty()
        try await database.use {
            let dogs = try await Place.objects.create(Place(name: "Demon Dogs", address: "944 W."))
            try await Bar.objects.create(Bar(place: dogs, servesCocktails: false))
            try await ParkingLot.objects.create(
                ParkingLot(place: Place(name: "Lot", address: "1 St."), mainSite: dogs)
            )
            var people: [Person] = []
            for name in ["Ann", "Bob", "Eve"] {
                people.append(try await Person.objects.create(Person(name: name)))
            }
            let chess = try await Club.objects.create(Club(name: "Chess"))
            try await Club.objects.create(Club(name: "Go"))
            try await chess.members.add(people[0], people[1])
            try await people[0].friends.add(people[2])
            let maker = try await Maker.objects.create(Maker(name: "M", num: 1001))
            let user = try await TenantUser.objects.create(
                TenantUser(tenant: maker, number: 1, email: "a@b.c")
            )
            try await TenantComment.objects.create(
                TenantComment(tenant: maker, number: 5, userId: Int16(user.number))
            )
        }
        return database
    }
}
