import FoundationEssentials
import NuagesCore
import NuagesORM

@AbstractModel(ordering: ["-stars"])
struct Rated {
    var stars: Int?
    @ForeignKey(onDelete: .setNull, relatedName: "%(class)s_ratings") var critic: Maker.Reference?
}

@Model(app: "places")
struct Place {
    @Field(maxLength: 50) var name: String
    @Field(maxLength: 80) var address: String
    @Reverse(\Bar.place) var bar: RelatedOne<Bar>
    @Reverse(\Restaurant.place) var restaurant: RelatedOne<Restaurant>

    var sign: String { "\(name), \(address)" }
}

@Model(app: "places", table: "my_restaurant")
@dynamicMemberLookup
struct Restaurant {
    @Parent var place: Place
    @Inherited var rating = Rated()
    var servesPizza = false
    @Reverse(\Supplier.customers) var suppliers: RelatedSet<Supplier>
    @Reverse(\ItalianRestaurant.restaurant) var italian: RelatedOne<ItalianRestaurant>
}

@Model(app: "places", ordering: [.expression(.function("Lower", [.field("name")]))])
@dynamicMemberLookup
struct ItalianRestaurant {
    @Parent var restaurant: Restaurant
    var servesGnocchi = true
}

@Model(app: "places", proxy: true, ordering: ["name"])
@dynamicMemberLookup
struct OrderedPlace {
    @Parent var place: Place
}

@Model(app: "places")
struct ParkingLot {
    @Parent(name: "parent") var place: Place
    @ForeignKey(onDelete: .cascade, relatedName: "lot") var mainSite: Place.Reference
}

@Model(app: "places")
struct Bar {
    @OneToOne(onDelete: .cascade) var place: Place.Reference
    var servesCocktails = true
}

@Model(app: "places")
struct Supplier {
    @Parent var place: Place
    @ManyToMany(relatedName: "provider") var customers: RelatedSet<Restaurant>
}

@Model(app: "places", name: "Human")
struct Person {
    var name: String
    @ManyToMany var friends: RelatedSet<Person>
    @ManyToMany(symmetrical: false, relatedName: "stalkers") var idols: RelatedSet<Person>
    @Reverse(\Membership.person) var memberships: RelatedSet<Membership>
    @Reverse(\Club.members) var clubs: RelatedSet<Club>
}

@Model(app: "places")
struct Club {
    var name: String
    @ManyToMany(through: Membership.self, throughFields: ["club", "person"])
    var members: RelatedSet<Person>
}

@Model(app: "places", uniqueTogether: [["person", "club"]])
struct Membership {
    @ForeignKey(onDelete: .cascade) var person: Person.Reference
    @ForeignKey(onDelete: .cascade) var club: Club.Reference
    @ForeignKey(onDelete: .setNull, relatedName: "invitations") var inviter: Person.Reference?
}

@Model(app: "places", ordering: ["name"])
struct Maker {
    var name: String
    @Field(unique: true) var num: Int
}

@Model(app: "places")
struct Report {
    var name: String
    @ForeignKey(onDelete: .setNull, to: "num") var maker: FieldReference<Maker, Int>?
}

@Model(app: "places", compositeKey: ["tenant_id", "id"])
struct TenantUser {
    @ForeignKey(onDelete: .cascade) var tenant: Maker.Reference
    @Field(name: "id", kind: .smallIntegerField) var number: Int
    @Field(kind: .emailField, unique: true) var email: String
    @Reverse(\TenantComment.user) var comments: RelatedSet<TenantComment>
}

@Model(app: "places", compositeKey: ["tenant_id", "id"])
struct TenantComment {
    @ForeignKey(onDelete: .cascade, relatedName: "comments") var tenant: Maker.Reference
    @Field(name: "id", column: "comment_id") var number: Int16
    var userId: Int16?
    @ForeignObject(
        from: ["tenant_id", "user_id"],
        to: ["tenant_id", "id"],
        onDelete: .cascade,
        isNullable: true,
        relatedName: "comments"
    )
    var user: RelatedOne<TenantUser>
}

@Model(app: "places", orderWithRespectTo: "question")
struct Answer {
    @Field(maxLength: 200) var text: String
    @ForeignKey(onDelete: .cascade) var question: Maker.Reference
}

@Model(app: "places")
struct Computed {
    var a: Int
    @Field(
        generated: .stored(.operation(.field("a"), "+", .value(.int(1))), as: .integerField)
    )
    var next: DatabaseValue<Int> = .unset
    @Field(maxLength: 100, databaseDefault: .text("Headline"))
    var headline: DatabaseValue<String> = .unset
    @Field(databaseDefault: .int(2)) var both: DatabaseValue<Int> = 1
    @Field(databaseExpression: .operation(.value(.int(10)), "+", .value(.int(3))))
    var sum: DatabaseValue<Int> = .unset
    @Field(
        validators: [ValidatorSchema("MinLengthValidator", ["limit_value": .int(3)])],
        uniqueForDate: "day"
    )
    var code = "abc"
    var day: CalendarDate
}
