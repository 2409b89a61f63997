import Nuages

/// The URLs below `/polls/`.
let polls = Routes(namespace: "polls") {
    #path("", index, name: PollsURL.index)
    #path("<int:questionID>/", detail, name: "detail")
    #path("<int:questionID>/results/", results, name: PollsURL.results)
    #path("<int:questionID>/vote/", vote, name: "vote", methods: [.post])
}

/// The names of the URLs that views redirect to, with the values that each of them takes.
enum PollsURL {
    static let index = PlainRouteName("index", in: "polls")
    static let results = RouteName<Int>("results", in: "polls")
}

/// The latest five questions.
func index(_ request: Request) async throws -> Response {
    let latest = try await Question.objects.published
        .order { $0.pubDate.descending }
        .limit(5)
        .all()
    return try await render(request, "polls/index.html", ["latest_question_list": latest])
}

/// A question with the form to vote on it.
func detail(_ request: Request, questionID: Int) async throws -> Response {
    let question = try await Question.objects.published.getOr404(questionID)
    let form = try await VoteForm.choosing(from: question).unbound()
    return try await render(request, "polls/detail.html", ["question": question, "form": form])
}

/// How many chose each answer.
func results(_ request: Request, questionID: Int) async throws -> Response {
    let question = try await Question.objects.published.getOr404(questionID)
    return try await render(request, "polls/results.html", ["question": question])
}

/// Counts a vote and shows the results; shows the form again where no choice was selected.
func vote(_ request: Request, questionID: Int) async throws -> Response {
    let question = try await Question.objects.published.getOr404(questionID)
    switch try await VoteForm.choosing(from: question).bind(request) {
    case .valid(let vote):
        // In the database, so that two votes at the same moment both count.
        try await question.choices.filter { $0.id == vote.choice }.update { $0.votes += 1 }
        return try redirect(to: PollsURL.results, questionID)
    case .invalid(let form):
        return try await render(
            request,
            "polls/detail.html",
            ["question": question, "form": form]
        )
    }
}
