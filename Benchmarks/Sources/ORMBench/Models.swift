import FoundationEssentials
import Nuages

/// Who writes books.
@Model(app: "micro", table: "nu_author", isManaged: false)
struct Author {
    @Field(maxLength: 100, index: true) var name: String
    @Reverse(\Book.author) var books: RelatedSet<Book>
}

/// A row with a column of each common kind.
@Model(app: "micro", table: "nu_book", isManaged: false)
struct Book {
    @Field(maxLength: 100) var title: String
    @ForeignKey(onDelete: .cascade, relatedName: "books") var author: Author.Reference
    var price: Double
    var pages: Int
    var created: Date
    var active: Bool

    /// The `index`-th of 10,000 books of 1,000 authors.
    static func number(_ index: Int, by author: PrimaryKey<Author>) -> Book {
        Book(
            title: "Book number \(index)",
            author: ModelReference(author),
            price: Double(index % 100) + 0.5,
            pages: index % 500,
            created: Date(timeIntervalSince1970: 1_767_268_800),
            active: index % 2 == 1
        )
    }
}
