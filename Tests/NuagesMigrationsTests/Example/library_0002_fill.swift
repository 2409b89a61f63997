// Written by makemigrations.

import Foundation
import NuagesCore
import NuagesORM

extension LibraryMigrations {
    /// The migration `0002_fill`.
    static let m0002Fill = Migration(
        app: "library",
        name: "0002_fill",
        dependencies: [MigrationKey("library", "0001_initial")]
    ) {
    }
}

/// The model `library.author` as it was.
@Model(app: "library", name: "Author", orderWithRespectTo: "mentor", isFrozen: true)
private struct OldAuthor {
    @Field(maxLength: 100) var name: String
    @Field(kind: .slugField, maxLength: 20) var alias: String?
    var born: CalendarDate?
    var joined: Date = .now
    @Field(kind: .positiveSmallIntegerField) var age: Int = 30
    @Field(maxDigits: 5, decimalPlaces: 2) var rate: Decimal
    var score: Double
    var data: JSONValue
    @Field(maxLength: 1) var kind: String
    @Field(kind: .imageField) var photo: String
    // place, a PointField, is left out: declare it with its type where the code needs it.
    @Field(
        generated: .expression(
            .operation(.field("name"), "||", .value(.text("!"))),
            output: FieldSchema("", .charField, maxLength: 101),
            isStored: true
        )
    )
    var shout: DatabaseValue<String> = .unset
    @ForeignKey(onDelete: .setNull) var mentor: OldAuthor.Reference?
    // owner, a OneToOneField, is left out: declare it with its type where the code needs it.
    @ManyToMany var friends: RelatedSet<OldAuthor>
}
