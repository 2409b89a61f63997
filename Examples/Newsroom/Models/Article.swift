import Nuages

/// Who writes articles.
@Model
struct Author {
    @Field(maxLength: 100) var name: String
}

/// A subject that articles share.
@Model
struct Tag {
    @Field(maxLength: 50, unique: true) var name: String
    @Field(kind: .slugField, maxLength: 50, unique: true) var slug: String
}

/// Whether readers see an article.
enum Status: String, FieldChoices {
    case draft
    case published
}

/// An article, seen by readers once it is published.
@Model
struct Article {
    @Field(maxLength: 200) var title: String
    @Field(
        kind: .slugField,
        maxLength: 80,
        unique: true,
        help: "Letters, digits, hyphens and underscores: the last part of the article’s address."
    )
    var slug: String
    @ForeignKey(onDelete: .protect, relatedName: "articles") var author: Author.Reference
    @ManyToMany(relatedName: "articles", blank: true) var tags: RelatedSet<Tag>
    @Field(
        "cover image",
        blank: true,
        uploadTo: "covers/%Y/%m",
        deletesReplaced: true,
        widthField: "cover_width",
        heightField: "cover_height"
    )
    var cover: ImageFieldFile?
    @Field(editable: false) var coverWidth: Int?
    @Field(editable: false) var coverHeight: Int?
    @Field(maxLength: 300, blank: true, help: "One or two sentences for the list of articles.")
    var summary = ""
    var body: String
    @Field(maxLength: 10) var status = Status.draft
    @Field(autoNowAdd: true) var created: Date
    @Field(autoNow: true) var updated: Date
    @Reverse(\Link.article) var links: RelatedSet<Link>
    @Reverse(\Comment.article) var comments: RelatedSet<Comment>
}

/// A page elsewhere that an article leads to.
@Model
struct Link {
    @ForeignKey(onDelete: .cascade, relatedName: "links") var article: Article.Reference
    @Field(maxLength: 100) var label: String
    @Field(kind: .urlField, maxLength: 200) var url: String
}

extension QuerySet<Article> {
    /// The articles that readers see, the latest first.
    var published: Self {
        filter { $0.status == .published }.order { [$0.created.descending, $0.id.descending] }
    }

    /// The articles with these words in their title, summary or text.
    func searched(for words: String) -> Self {
        filter {
            $0.title.ignoringCase(.icontains, words) || $0.summary.ignoringCase(.icontains, words)
                || $0.body.ignoringCase(.icontains, words)
        }
    }
}

extension Article: AbsoluteURLConvertible {
    func getAbsoluteURL() throws -> String { try reverse(NewsroomURL.article, slug) }
}

extension Author: CustomStringConvertible {
    var description: String { name }
}

extension Tag: CustomStringConvertible {
    var description: String { name }
}
