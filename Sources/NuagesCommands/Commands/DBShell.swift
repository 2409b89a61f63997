import ArgumentParser
import NuagesCore
import NuagesORM
import NuagesViews

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Opens the database's own client program.
struct DBShell: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "dbshell",
        abstract: "Opens the command-line client of the site's database.",
        discussion: "Arguments after -- are handed to the client."
    )

    @Argument(parsing: .postTerminator, help: "Arguments for the client program.")
    var clientArguments: [String] = []

    @Option(help: "The name of the database.")
    var database = DatabaseGroup.mainName

    func run() async throws {
        let site = try site
        let url = try site.databaseURL(of: database)
        let driver = try Database.driver(
            for: url,
            in: site.databaseDrivers,
            setting: SiteContext.urlSetting(of: database)
        )
        let command = driver.shellCommand(url) + clientArguments
        for (name, value) in driver.shellEnvironment(url) {
            setenv(name, value, 1)
        }
        // The client takes over this process, so that it has the terminal to itself.
        var arguments = command.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        execvp(command[0], arguments)
        throw CommandFailure(
            "The program '\(command[0])' could not be started: \(String(cString: strerror(errno))). "
                + "Is it installed?"
        )
    }
}
