import Nuages

/// The choice of one answer to a question.
@Form
struct VoteForm {
    @ChoiceField(
        label: "Your answer",
        errorMessages: ["required": "You didn’t select a choice."],
        widget: .radioSelect
    )
    var choice: Choice.ID

    /// The form with the answers of one question to choose from.
    static func choosing(from question: Question) async throws -> FormDefinition<Self> {
        let choices = try await question.choices.all()
        return form.choices(\.choice, choices.map { ($0.id, $0.choiceText) })
    }
}
