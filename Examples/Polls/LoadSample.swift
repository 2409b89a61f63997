import Nuages

/// Loads questions to try the site with; does nothing where there are questions already.
struct LoadSample: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "loadsample",
        abstract: "Loads sample questions into an empty site."
    )

    private static let sample: [(question: String, choices: [String])] = [
        ("What’s up?", ["Not much", "The sky", "Just hacking again"]),
        (
            "Is <script>alert(\"x\")</script> a good name?",
            ["Yes & no", "'Certainly'", "<b>No</b>"]
        ),
        ("Which emoji do you use most? 😀🎉👩‍👩‍👧", ["😂", "❤️", "🙏🏽"]),
        ("מה שלומך? كيف حالك؟", ["טוב", "بخير", "Fine, thanks"]),
        (
            "How long may a question be before its line has to be broken so that it fits a phone?",
            ["As long as this one", "Shorter", "Supercalifragilisticexpialidocious"]
        ),
    ]

    func run() async throws {
        guard try await !Question.objects.exists() else {
            print("There are questions already; nothing was loaded.")
            return
        }
        try await atomic {
            for (number, sample) in Self.sample.enumerated() {
                var question = Question(
                    questionText: sample.question,
                    pubDate: Date.now.addingTimeInterval(Double(-3600 * (number + 1)))
                )
                try await question.save()
                for text in sample.choices {
                    var choice = Choice(question: question.asReference, choiceText: text)
                    try await choice.save()
                }
            }
        }
        print("Loaded \(Self.sample.count) questions.")
    }
}
