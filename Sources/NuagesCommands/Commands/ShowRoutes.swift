import ArgumentParser
import NuagesViews

/// Lists the routes of the site.
struct ShowRoutes: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "Lists all routes with their names, methods and layers.",
        discussion: """
            With --audit only those without access control (such as an address list), and those \
            that change something without a CSRF check or a rate limit.
            """
    )

    @Flag(help: "Lists only the routes that lack a protection, and which.")
    var audit = false

    func run() async throws {
        let report = RouteReport(try site)
        print(audit ? report.audit : report.list)
    }
}
