import FoundationEssentials
import NuagesCore
import NuagesORM
import Testing

@Model(app: "checks", ordering: ["-nothing"], uniqueTogether: [["name", "nobody"]])
struct Faulty {
    @Field(kind: .charField) var name: String
    var price: Decimal
    @Field(autoNow: true) var changed: Date = .now
    @ForeignKey(onDelete: .setNull, relatedName: "name") var author: Writer.Reference
    @ForeignKey(onDelete: .setDefault, relatedName: "name") var editor: Writer.Reference?
    @Field(maxLength: 3) var status = Status.draft
}

@Model(app: "checks")
struct Writer {
    var name: String
}

@Model(app: "checks", uniqueTogether: [["name", "friends"], ["stars", "extra"]])
@dynamicMemberLookup
struct Twisted {
    @Parent var restaurant: Restaurant
    @ForeignKey(onDelete: .cascade, to: "name") var maker: FieldReference<Maker, String>
    @ForeignKey(onDelete: .cascade, to: "nobody") var other: FieldReference<Maker, String>
    @ForeignKey(onDelete: .cascade) var user: TenantUser.Reference
    @ManyToMany var friends: RelatedSet<Person>
    @ManyToMany(through: Membership.self) var clubs: RelatedSet<Club>
    var extra = 0
}

@Suite struct ModelCheckTests {
    @Test func findsNothingInGoodModels() {
        #expect(ModelRegistry.check([Question.self, Choice.self, Book.self]) == [])
    }

    @Test func findsFaults() {
        let messages = ModelRegistry.check([Faulty.self])
        #expect(
            messages.map(\.id) == [
                "fields.E160", "fields.E320", "fields.E321", "fields.E009", "models.E015",
                "models.E012",
            ]
        )
        #expect(
            messages[1].description == """
                checks.Faulty.author: (fields.E320) The rule '.setNull' needs a reference that may \
                be empty.
                \tHINT: Make the property optional, or change the rule.
                """
        )
    }

    @Test func findsFaultsOfRelations() {
        #expect(
            ModelRegistry.check([Twisted.self]).map(\.id) == [
                "models.E016", "models.E013", "models.E016", "fields.E311", "fields.E312",
                "fields.E347", "fields.E333",
            ]
        )
        #expect(
            ModelRegistry.check([Restaurant.self, Supplier.self, Person.self, Club.self]) == []
        )
    }

    @Test func findsClashingWaysBack() {
        let messages = ModelRegistry.check([Writer.self, Faulty.self])
        #expect(
            messages.map(\.id).filter { $0.hasPrefix("fields.E30") } == [
                "fields.E303", "fields.E303",
            ]
        )
    }
}
