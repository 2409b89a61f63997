// Written by Scripts/generate-orm-models; change that, or the corpus, and run it again.

import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `Author` of the corpus.
@Model(app: "orm", indexes: [IndexSchema(["name", "-age"], name: "author_name_age_idx")])
package struct Author {
    @Field(maxLength: 100) package var name: String
    @Field(kind: .positiveSmallIntegerField) package var age: Int = 30
    @Field(maxLength: 50, blank: true) package var alias: String?
    @Field(maxLength: 50, blank: true) package var goesBy: String?
    package var rating: Double?
    package var bio: String?
    @ManyToMany(blank: true) package var friends: RelatedSet<Author>
    @Reverse(\Book.authors) package var bookSet: RelatedSet<Book>
    @Reverse(\Book.contact) package var bookContactSet: RelatedSet<Book>
    @Reverse(\Article.author) package var articleSet: RelatedSet<Article>
}

/// `AuthorProxy` of the corpus.
@Model(app: "orm", proxy: true, ordering: ["-age", "name"])
@dynamicMemberLookup
package struct AuthorProxy {
    @Parent package var author: Author
}

/// `Publisher` of the corpus.
@Model(app: "orm")
package struct Publisher {
    @Field(maxLength: 255) package var name: String
    package var numAwards: Int?
    @Field(blank: true) package var duration: Duration?
    @Reverse(\Book.publisher) package var bookSet: RelatedSet<Book>
}

/// `Book` of the corpus.
@Model(
    app: "orm",
    indexes: [
        IndexSchema(["pubdate"], name: "orm_book_pubdate_6be58b_idx"),
        IndexSchema(
            expressions: [
                .ordered(.function("Lower", [.field("name")]), isDescending: true),
                .field("rating"),
            ],
            name: "book_lower_name_idx"
        ), IndexSchema(["price"], name: "book_thick_price_idx", condition: Q("pages__gt", 400)),
    ]
)
package struct Book {
    @Field(maxLength: 9, index: true) package var isbn: String
    @Field(maxLength: 255) package var name: String
    package var pages: Int
    package var rating: Double
    @Field(maxDigits: 6, decimalPlaces: 2) package var price: Decimal
    @ManyToMany package var authors: RelatedSet<Author>
    @ForeignKey(onDelete: .cascade, relatedName: "book_contact_set") package var contact:
        Author.Reference
    @ForeignKey(onDelete: .cascade) package var publisher: Publisher.Reference
    package var pubdate: CalendarDate
    @Reverse(\HardbackBook.book) package var hardbackbook: RelatedOne<HardbackBook>
    @Reverse(\Store.books) package var storeSet: RelatedSet<Store>
}

/// `HardbackBook` of the corpus.
@Model(app: "orm")
@dynamicMemberLookup
package struct HardbackBook {
    @Parent package var book: Book
    package var weight: Double
}

/// `Store` of the corpus.
@Model(app: "orm")
package struct Store {
    @Field(maxLength: 255) package var name: String
    @ManyToMany package var books: RelatedSet<Book>
    package var originalOpening: Date
    package var fridayNightClosing: TimeOfDay
    @Field(column: "surface") package var area: Int?
}
