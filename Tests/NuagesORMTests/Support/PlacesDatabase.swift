import DatabaseTestSupport
import NuagesCore
import NuagesORM

/// A database in memory with the tables of the models of relations and inheritance.
enum PlacesDatabase {
    static func empty() async throws -> Database {
        let database = try await TestBackend.sqlite.open()
        try await database.makeTables(
            Place.self,
            Restaurant.self,
            ItalianRestaurant.self,
            ParkingLot.self,
            Bar.self,
            Supplier.self,
            Person.self,
            Club.self,
            Membership.self,
            Maker.self,
            Report.self,
            TenantUser.self,
            TenantComment.self,
            Answer.self,
            Computed.self
        )
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
