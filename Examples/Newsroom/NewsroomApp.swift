import Nuages

/// Articles with their links, tags and comments, and the pages that show and edit them.
struct NewsroomApp: ModelApp, FormApp {
    let label = "newsroom"
    let directory: String? = sourceDirectory()
    let models: [any Model.Type] = [
        Author.self, Tag.self, Article.self, Link.self, Comment.self,
    ]
    let forms: [any ModelForm.Type] = [ArticleForm.self, LinkForm.self, CommentForm.self]
    let migrations = NewsroomMigrations.all
}
