import Nuages

/// The URLs of the newsroom.
let newsroom = Routes(namespace: "newsroom") {
    #path("", listArticles, name: NewsroomURL.index)
    #path("drafts/", listDrafts, name: "drafts")
    #path("articles/new/", createArticle, name: "create")
    #path("articles/<slug:slug>/", showArticle, name: NewsroomURL.article)
    #path("articles/<slug:slug>/edit/", editArticle, name: "edit")
    #path("articles/<slug:slug>/delete/", DeleteArticle(), name: "delete")
    #path("articles/<slug:slug>/comment/", comment, name: "comment")
    #path("articles/<slug:slug>/comment/sent/", commentSent, name: NewsroomURL.commentSent)
    #path("comments/", listWaitingComments, name: NewsroomURL.moderation)
    #path("comments/<int:commentID>/", moderate, name: "moderate", methods: [.post])
}

/// The names of the URLs that views redirect to, with the values that each of them takes.
enum NewsroomURL {
    static let index = PlainRouteName("index", in: "newsroom")
    static let article = RouteName<String>("article", in: "newsroom")
    static let commentSent = RouteName<String>("comment-sent", in: "newsroom")
    static let moderation = PlainRouteName("moderation", in: "newsroom")
}
