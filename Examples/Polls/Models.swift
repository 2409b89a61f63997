import Nuages

/// A question that people vote on from `pubDate` on.
@Model
struct Question {
    @Field(maxLength: 200) var questionText: String
    @Field("date published") var pubDate: Date
    @Reverse(\Choice.question) var choices: RelatedSet<Choice>
}

/// An answer to a question, and how many chose it.
@Model
struct Choice {
    @ForeignKey(onDelete: .cascade) var question: Question.Reference
    @Field(maxLength: 200) var choiceText: String
    var votes = 0
}

extension QuerySet<Question> {
    /// The questions that may be seen, not those of the future.
    var published: Self { filter { $0.pubDate <= Date.now } }
}

extension Question {
    /// Whether it was published in the last 24 hours.
    var wasPublishedRecently: Bool {
        (Date.now.addingTimeInterval(-86_400)...Date.now).contains(pubDate)
    }
}
