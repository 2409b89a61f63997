public import NuagesCore

/// An app with models.
///
///     struct PollsApp: ModelApp {
///         let label = "polls"
///         var models: [any Model.Type] { [Question.self, Choice.self] }
///         var migrations: [Migration] { PollsMigrations.all }
///     }
public protocol ModelApp: App {
    /// The models.
    var models: [any Model.Type] { get }
    /// The migrations of their tables.
    var migrations: [Migration] { get }
}

extension ModelApp {
    /// No migrations.
    public var migrations: [Migration] { [] }
}
