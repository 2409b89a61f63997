// Written by Scripts/generate-orm-models; change that, or the corpus, and run it again.

import NuagesCore
import NuagesORM

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `Reporter` of the corpus.
@Model(app: "orm")
package struct Reporter {
    @Field(maxLength: 30) package var firstName: String
    @Field(maxLength: 30) package var lastName: String
    @Field(kind: .emailField) package var email: String
    @Reverse(\Article.reporter) package var articleSet: RelatedSet<Article>
}

/// `Publication` of the corpus.
@Model(app: "orm", ordering: ["title"])
package struct Publication {
    @Field(maxLength: 30) package var title: String
    @Reverse(\Article.publications) package var articleSet: RelatedSet<Article>
}

/// `Article` of the corpus.
@Model(app: "orm", ordering: ["-pub_date", "headline"], latestBy: ["pub_date"])
package struct Article {
    @Field(maxLength: 100) package var headline: String
    package var pubDate: Date
    package var publishedOn: CalendarDate?
    @ForeignKey(onDelete: .setNull, blank: true) package var author: Author.Reference?
    @ForeignKey(onDelete: .setNull, relatedName: "+") package var secondAuthor: Author.Reference?
    @ForeignKey(onDelete: .cascade) package var reporter: Reporter.Reference
    @Field(kind: .slugField, unique: true, blank: true) package var slug: String?
    @ManyToMany package var publications: RelatedSet<Publication>
    @Field(kind: .positiveIntegerField) package var views: Int = 0
    @Reverse(\Keyword.articles) package var keywordSet: RelatedSet<Keyword>
    @Reverse(\Comment.article) package var comments: RelatedSet<Comment>
}

/// `Keyword` of the corpus.
@Model(app: "orm", ordering: ["name"])
package struct Keyword {
    @ManyToMany package var articles: RelatedSet<Article>
    @Field(maxLength: 100) package var name: String
}

/// `Comment` of the corpus.
@Model(app: "orm")
package struct Comment {
    @ForeignKey(onDelete: .cascade, relatedName: "comments", relatedQueryName: "comment") package
        var article: Article.Reference
    package var text: String
    package var pubDate: CalendarDate
    package var approvalDate: CalendarDate?
}
