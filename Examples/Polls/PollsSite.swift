import Nuages
import NuagesSQLite

/// The polls site of Django's tutorial.
@main
struct PollsSite: Site {
    var settings = Settings()
    var databaseDrivers: [any DatabaseDriver] { [SQLiteDriver()] }
    var apps: [any App] { [PollsApp()] }
    static var commands: [any ManagementCommand.Type] { [LoadSample.self] }

    var urls: Routes {
        #path("", home, name: "home")
        #path("polls/", include: polls)
    }
}

/// Sends the front page to the list of questions.
func home(_ request: Request) async throws -> Response {
    try redirect(to: PollsURL.index)
}
