import Nuages

/// Questions, their choices and the pages that show them.
struct PollsApp: ModelApp {
    let label = "polls"
    let directory: String? = sourceDirectory()
    let models: [any Model.Type] = [Question.self, Choice.self]
    let migrations = PollsMigrations.all
}
