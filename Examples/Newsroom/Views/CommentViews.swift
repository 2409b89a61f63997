import Nuages

/// What a reader says.
@Form
struct CommentForm: ModelForm {
    static let fields = ModelFormFields<Comment>([\.name, \.email, \.text])
        .widget(\.text, .textarea)
}

/// Keeps a comment until an editor has looked at it; whoever only follows the address sees the
/// article.
func comment(_ request: Request, slug: String) async throws -> Response {
    let article = try await Article.objects.published.filter { $0.slug == slug }
        .selectRelated(\.author)
        .getOr404()
    guard request.method == .post else { return try redirect(to: article) }
    var draft = ModelDraft<Comment>()
    try draft.set("article", to: article.id.sqlValue)
    switch try await CommentForm.bind(request, instance: nil, draft: draft) {
    case .valid(var form):
        try await form.save()
        return try redirect(to: NewsroomURL.commentSent, slug)
    case .invalid(let form): return try await articlePage(request, article, form)
    }
}

/// Thanks for a comment.
func commentSent(_ request: Request, slug: String) async throws -> Response {
    let article = try await Article.objects.published.filter { $0.slug == slug }.getOr404()
    return try await render(request, "newsroom/comment_sent.html", ["article": article])
}

/// The comments that nobody has decided about.
func listWaitingComments(_ request: Request) async throws -> Response {
    let waiting = try await Comment.objects.filter { $0.moderation == .waiting }
        .order { $0.written.ascending }
        .selectRelated(\.article)
        .all()
    return try await render(request, "newsroom/moderation.html", ["comments": waiting])
}

/// What an editor decides.
@Form
struct ModerationForm {
    @ChoiceField var decision: Decision

    enum Decision: String, CaseIterable, ChoiceValue {
        case approved
        case refused
    }
}

/// Approves or refuses a comment.
func moderate(_ request: Request, commentID: Int) async throws -> Response {
    var comment = try await Comment.objects.getOr404(commentID)
    guard case .valid(let form) = try await ModerationForm.bind(request) else {
        throw HTTPError.badRequest("A comment is approved or refused.")
    }
    comment.moderation = form.decision == .approved ? .approved : .refused
    try await comment.save()
    return try redirect(to: NewsroomURL.moderation)
}
