import ArgumentParser
import NuagesCore
import NuagesORM
import NuagesViews

/// The management program of a site: Django's `manage.py`.
struct ManagementProgram<S: Site>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: CommandLine.arguments.first.map(name(ofProgram:)),
            abstract: "Manages the site: serves it, and looks after its database.",
            discussion: "Each command explains itself: COMMAND --help.",
            subcommands: [
                CheckCommand.self, CollectStatic.self, DBShell.self, FindStatic.self,
                InspectDB.self, MakeMigrations.self, Migrate.self, OptimizeMigration.self,
                RunServer.self, ShowMigrations.self, ShowRoutes.self, SQLMigrate.self,
                SquashMigrations.self,
            ] + S.commands
        )
    }

    /// What to say of a first argument that names no command; nil where it names one.
    static func complaint(about argument: String?) -> String? {
        guard let argument, argument.utf8.first != UInt8(ascii: "-") else { return nil }
        let names =
            configuration.subcommands.flatMap { [$0._commandName] + $0.configuration.aliases }
            + ["help"]
        guard !names.contains(where: { $0.equalsBytes(argument) }) else { return nil }
        let nearest = NearestName.of(argument, in: names).map { "Did you mean '\($0)'?" }
        return "Unknown command: '\(LogText.escape(argument))'. "
            + (nearest ?? "The commands are \(names.sorted().joined(separator: ", ")).")
    }

    private static func name(ofProgram path: String) -> String {
        path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? path
    }
}

/// What errors of commands say besides.
enum ManagementProgramHints {
    /// The error that ends the program, with what to do about it where that is likely to help.
    static func explained(_ error: any Error) -> any Error {
        guard case .programming(let message, _)? = error as? DatabaseError else { return error }
        // SQLite's, PostgreSQL's and MariaDB's words for a table that is not there.
        let isOfATable =
            message.containsBytes("no such table")
            || message.containsBytes("relation ") && message.containsBytes("does not exist")
            || message.containsBytes("Table ") && message.containsBytes("doesn't exist")
        guard isOfATable else { return error }
        return CommandFailure(
            "\(error)\nA table is missing: run 'migrate', which brings the database up to date."
        )
    }
}

extension Site {
    /// Runs the command that the arguments name; a site's executable starts here.
    ///
    /// Prints what went wrong and ends with a status other than 0 where the command fails.
    @concurrent
    public static func main() async {
        do {
            let argument = CommandLine.arguments.dropFirst().first
            if let complaint = ManagementProgram<Self>.complaint(about: argument) {
                throw ValidationError(complaint)
            }
            var command = try ManagementProgram<Self>.parseAsRoot()
            if command is any ManagementCommand {
                let site = Self()
                try site.setUpLogging()
                try site.makeContext(limitsStatements: command is RunServer).install()
                if let server = command as? RunServer {
                    return try await server.run(site.transportSecurity)
                }
            }
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            ManagementProgram<Self>.exit(withError: ManagementProgramHints.explained(error))
        }
    }
}
