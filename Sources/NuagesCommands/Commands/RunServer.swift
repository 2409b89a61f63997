import ArgumentParser
import NuagesCore
import NuagesHTTP
import NuagesServer
import NuagesViews

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Serves the site.
struct RunServer: ManagementCommand {
    static let configuration = CommandConfiguration(
        commandName: "runserver",
        abstract: "Serves the site over HTTP until it is stopped.",
        discussion: """
            SIGTERM and Control-C stop it: requests in flight are finished first. Behind a proxy \
            that speaks HTTPS, set the proxy's address and header in the site's settings.
            """
    )

    @Argument(help: "The port, or the address and the port, such as 0.0.0.0:8000 or [::1]:8000.")
    var address = ListenAddress.standard

    @Option(help: "How many threads handle requests; 0 is one for each core.")
    var threads = 0

    @Flag(help: "Starts without looking for mistakes in the site's set-up.")
    var skipChecks = false

    func run() async throws {
        let site = try site
        if !skipChecks { try await Self.check(site) }
        site.reportWeakSettings()
        var configuration = ServerConfiguration(host: address.host, port: address.port)
        configuration.threads = threads
        let application = site.makeApplication()
        configuration.errorHeaders = application.rejection(.badRequest).headers
        let server = Server(application, configuration: configuration) { address in
            Self.announce(address, site)
        }
        try await server.runUntilSignal()
    }

    private static func check(_ site: SiteContext) async throws {
        print("Performing system checks…\n")
        let messages = try await site.check(forDeployment: false)
        print(CheckReport(messages: messages).text)
        guard !messages.contains(where: { $0.level >= .error }) else { throw ExitCode(1) }
        let unapplied = try await site.unappliedMigrations()
        guard !unapplied.isEmpty else { return }
        let apps = Set(unapplied.map(\.app)).sorted().joined(separator: ", ")
        print(
            "\nYou have \(unapplied.count) unapplied migration(s). The site may not work until "
                + "they are applied, for app(s): \(apps).\nRun 'migrate' to apply them."
        )
    }

    private static func announce(_ address: ServerAddress, _ site: SiteContext) {
        print("\nServing at http://\(address)/ (debug is \(site.settings.isDebug ? "on" : "off"))")
        print("Quit with Control-C.")
        fflush(nil)
    }
}
