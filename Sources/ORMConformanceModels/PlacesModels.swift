// Written by Scripts/generate-orm-models; change that, or the corpus, and run it again.

import NuagesCore
import NuagesORM

/// `CommonInfo` of the corpus.
@AbstractModel(ordering: ["name"])
package struct CommonInfo {
    @Field(maxLength: 50) package var name: String
    @Field(kind: .positiveIntegerField) package var age: Int
}

/// `Worker` of the corpus.
@Model(app: "orm", ordering: ["name"])
@dynamicMemberLookup
package struct Worker {
    @Inherited package var commonInfo: CommonInfo
    @Field(maxLength: 50) package var job: String
}

/// `Student` of the corpus.
@Model(app: "orm", ordering: [])
@dynamicMemberLookup
package struct Student {
    @Inherited package var commonInfo: CommonInfo
    @Field(maxLength: 10) package var schoolClass: String
}

/// `Chef` of the corpus.
@Model(app: "orm")
package struct Chef {
    @Field(maxLength: 50) package var name: String
    @Reverse(\Restaurant.chef) package var restaurantSet: RelatedSet<Restaurant>
}

/// `Place` of the corpus.
@Model(app: "orm")
package struct Place {
    @Field(maxLength: 50) package var name: String
    @Field(maxLength: 80) package var address: String
    @Reverse(\Restaurant.place) package var restaurant: RelatedOne<Restaurant>
    @Reverse(\Supplier.place) package var supplier: RelatedOne<Supplier>
    @Reverse(\ParkingLot.place) package var parkinglot: RelatedOne<ParkingLot>
    @Reverse(\ParkingLot.mainSite) package var lot: RelatedSet<ParkingLot>
    @Reverse(\Bar.place) package var bar: RelatedOne<Bar>
    @Reverse(\UndergroundBar.place) package var undergroundbar: RelatedOne<UndergroundBar>
}

/// `Rating` of the corpus.
@AbstractModel(ordering: ["-rating"])
package struct Rating {
    @Field(blank: true) package var rating: Int?
}

/// `Restaurant` of the corpus.
@Model(app: "orm", table: "my_restaurant", ordering: ["-rating"])
@dynamicMemberLookup
package struct Restaurant {
    @Parent package var place: Place
    @Inherited package var rating: Rating
    package var servesHotDogs: Bool = false
    package var servesPizza: Bool = false
    @ForeignKey(onDelete: .setNull, blank: true) package var chef: Chef.Reference?
    @Reverse(\ItalianRestaurant.restaurant) package var italianrestaurant:
        RelatedOne<ItalianRestaurant>
    @Reverse(\Supplier.customers) package var provider: RelatedSet<Supplier>
}

/// `ItalianRestaurant` of the corpus.
@Model(app: "orm", ordering: ["-rating"])
@dynamicMemberLookup
package struct ItalianRestaurant {
    @Parent package var restaurant: Restaurant
    package var servesGnocchi: Bool = false
}

/// `Supplier` of the corpus.
@Model(app: "orm")
@dynamicMemberLookup
package struct Supplier {
    @Parent package var place: Place
    @ManyToMany(relatedName: "provider") package var customers: RelatedSet<Restaurant>
}

/// `ParkingLot` of the corpus.
@Model(app: "orm")
@dynamicMemberLookup
package struct ParkingLot {
    @Parent(name: "parent") package var place: Place
    @ForeignKey(onDelete: .cascade, relatedName: "lot") package var mainSite: Place.Reference
}

/// `Bar` of the corpus.
@Model(app: "orm")
package struct Bar {
    @OneToOne(onDelete: .cascade) package var place: Place.Reference
    package var servesCocktails: Bool = true
}

/// `UndergroundBar` of the corpus.
@Model(app: "orm")
package struct UndergroundBar {
    @OneToOne(onDelete: .setNull) package var place: Place.Reference?
    package var servesCocktails: Bool = true
}

/// `Post` of the corpus.
@Model(app: "orm")
package struct Post {
    @Field(maxLength: 50, blank: true, uniqueForDate: "posted") package var title: String
    @Field(maxLength: 50, blank: true, uniqueForYear: "posted") package var slug: String
    @Field(maxLength: 50, blank: true, uniqueForMonth: "posted") package var subtitle: String
    package var posted: CalendarDate
    @Reverse(\PostComment.attachment.post) package var attachedPostcommentSet:
        RelatedSet<PostComment>
    @Reverse(\PostLink.attachment.post) package var attachedPostlinkSet: RelatedSet<PostLink>
}

/// `Attachment` of the corpus.
@AbstractModel
package struct Attachment {
    @ForeignKey(
        onDelete: .cascade,
        relatedName: "attached_%(class)s_set",
        relatedQueryName: "attached_%(app_label)s_%(class)ss"
    ) package var post: Post.Reference
    package var content: String
}

/// `PostComment` of the corpus.
@Model(app: "orm")
@dynamicMemberLookup
package struct PostComment {
    @Inherited package var attachment: Attachment
    package var isSpam: Bool = false
}

/// `PostLink` of the corpus.
@Model(app: "orm")
@dynamicMemberLookup
package struct PostLink {
    @Inherited package var attachment: Attachment
    @Field(kind: .urlField) package var url: String
}
