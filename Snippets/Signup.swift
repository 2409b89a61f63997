// Checks of one field, form sets and JSON: what the guides quote.
import Nuages

@Model(app: "members")
struct Member {
    @Field(maxLength: 30, unique: true) var username: String
    @Reverse(\Bookmark.member) var bookmarks: RelatedSet<Bookmark>
}

@Model(app: "members")
struct Bookmark {
    @ForeignKey(onDelete: .cascade, relatedName: "bookmarks") var member: Member.Reference
    @Field(maxLength: 100) var title: String
    @Field(kind: .urlField) var url: String
}

@Form
struct SignUpForm {
    var username: String

    static func cleanUsername(_ username: inout String) async throws {
        if try await Member.objects.filter { $0.username == username }.exists() {
            throw ValidationError("Already taken.", code: "unique")
        }
    }
}

func signUp(_ request: Request) async throws -> Response {
    switch try await SignUpForm.bind(json: request.json(maxDepth: 5)) {
    case .valid(let form):
        return try .json(["username": form.username])
    case .invalid(let form):
        return try .json(form.errorsJSON, status: HTTPStatus(422))
    }
}

@Form
struct LinkForm {
    @CharField(maxLength: 100) var title: String
    @URLField var url: String
}

func links(_ request: Request, member: Member) async throws -> Response {
    let bookmarks = try await member.bookmarks.all()
    let links = LinkForm.formSet(extra: 2, canOrder: true, canDelete: true)
        .initial(bookmarks.map { LinkForm(title: $0.title, url: $0.url) })

    switch try await links.bind(request) {
    case .valid(let values):
        for row in values.rows { print(row.value.url, row.isInitial) }  // in the order submitted
        for index in values.deletions { print(bookmarks[index].url) }
        return try redirect(to: "/links/")
    case .invalid(let formSet):
        return try await render(request, "links.html", ["formset": formSet])
    }
}
