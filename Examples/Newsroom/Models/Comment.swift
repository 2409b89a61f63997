import Nuages

/// What has been decided about a comment.
enum Moderation: String, FieldChoices {
    case waiting
    case approved
    case refused
}

/// What a reader says of an article; others see it once it is approved.
@Model
struct Comment {
    @ForeignKey(onDelete: .cascade) var article: Article.Reference
    @Field("your name", maxLength: 80) var name: String
    @Field(
        "your email address",
        kind: .emailField,
        maxLength: 254,
        help: "Only the editors see it."
    )
    var email: String
    @Field("comment", help: "It appears once an editor has approved it.") var text: String
    @Field(maxLength: 10) var moderation = Moderation.waiting
    @Field(autoNowAdd: true) var written: Date
}
