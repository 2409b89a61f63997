import FoundationEssentials
import NuagesCore
import NuagesORM

// The example of the polls has models of the same names: in one process no two have one label.
@Model(app: "ballots", table: "polls_question")
struct Question {
    @Field(maxLength: 200) var questionText: String
    @Field("date published") var pubDate: Date
    @Reverse(\Choice.question) var choices: RelatedSet<Choice>
}

@Model(app: "ballots", table: "polls_choice")
struct Choice {
    @ForeignKey(onDelete: .cascade) var question: Question.Reference
    @Field(maxLength: 200) var choiceText: String
    var votes = 0
}

@Model(app: "polls", ordering: ["name"])
struct Author {
    var name: String
    @Reverse(\Book.author) var books: RelatedSet<Book>
    @Reverse(\Book.editor) var editedBooks: RelatedSet<Book>
}

@Model(app: "polls", ordering: ["-title"])
struct Book {
    @Field(maxLength: 100) var title: String
    @ForeignKey(onDelete: .cascade) var author: Author.Reference?
    @ForeignKey(onDelete: .setNull, relatedName: "edited") var editor: Author.Reference?
    @Field(maxDigits: 6, decimalPlaces: 2) var price: Decimal?
    var inPrint = true
    var published: CalendarDate?
}
