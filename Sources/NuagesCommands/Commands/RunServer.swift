import ArgumentParser
import NuagesContrib
import NuagesCore
import NuagesHTTP
import NuagesORM
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
            that speaks HTTPS, set the proxy's address and header in the site's settings. A site \
            that links NuagesTLS speaks HTTPS and HTTP/2 itself where it is given a certificate; \
            SIGHUP has it read again.
            """,
        aliases: ["serve"]
    )

    @Argument(
        help: """
            Where to listen: 8000, 0.0.0.0:8000, [::]:8000, unix:/run/site.sock, or fd:// for the \
            sockets that systemd opened.
            """
    )
    var address = ListenAddress.standard

    @Option(
        help:
            "How many threads handle requests, in place of SERVER_THREADS; 0 is one for each core."
    )
    var threads: Int?

    @Flag(help: "Leaves static files to another server.")
    var nostatic = false

    @Flag(help: "Also serves static files that have not been collected, though DEBUG is off.")
    var insecure = false

    @Flag(help: "Shares the port with other processes (SO_REUSEPORT).")
    var reusePort = false

    @Option(help: "Who may connect to a Unix socket, as the mode of its file.")
    var socketMode = FileMode.group

    @Option(
        help: """
            A PEM file with the site's certificate and those that lead to its authority: serves \
            over HTTPS.
            """,
        completion: .file()
    )
    var certificate: String?

    @Option(help: "A PEM file with the key of the certificate.", completion: .file())
    var key: String?

    @Flag(help: "Starts without looking for mistakes in the site's set-up.")
    var skipChecks = false

    func validate() throws {
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("--certificate and --key go together: give both, or neither.")
        }
    }

    func run() async throws { try await run(nil) }

    /// Serves the site.
    ///
    /// - Parameter kind: what the site can encrypt with.
    /// - Throws: what is wrong with the site, the certificate or the address.
    func run(_ kind: TransportSecurity.Kind?) async throws {
        let security = try security(kind)
        let site = try site
        if !skipChecks { try await Self.check(site) }
        site.reportWeakSettings()
        var configuration = ServerConfiguration(
            address: address,
            limits: site.settings.server
        )
        configuration.sharesPort = reusePort
        configuration.unixSocketMode = socketMode.bits
        if let threads { configuration.limits.threads = threads }
        configuration.security = security
        let layers = layers(of: site)
        for case let files as StaticFilesMiddleware in layers { files.prepare() }
        // What a process has left that was killed in the middle of an upload.
        TemporaryFile.removeLeftovers(in: site.settings.formLimits.temporaryDirectory)
        let application = site.makeApplication(middleware: layers)
        let server = Server(application, configuration: configuration) { address in
            Self.announce(address, isTLS: security != nil, site)
        }
        try await server.runUntilSignal()
    }

    /// What encrypts the connections, where that is asked for.
    func security(_ kind: TransportSecurity.Kind?) throws -> TransportSecurity? {
        guard let certificate, let key else { return nil }
        guard let kind else {
            throw CommandFailure(
                """
                This site cannot encrypt connections. Let it depend on the product NuagesTLS, and \
                add to the site: import NuagesTLS, and \
                var transportSecurity: TransportSecurity.Kind? { .tls }
                """
            )
        }
        return try kind(certificateChain: certificate, privateKey: key)
    }

    /// The layers of the site, with the static files that are asked for.
    private func layers(of site: SiteContext) -> [any Middleware] {
        site.middleware.compactMap { layer -> (any Middleware)? in
            guard let files = layer as? StaticFilesMiddleware else { return layer }
            if nostatic { return nil }
            return insecure ? files.servingUncollectedFiles() : files
        }
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

    private static func announce(_ address: ServerAddress, isTLS: Bool, _ site: SiteContext) {
        let scheme = isTLS ? "https" : "http"
        let place = address.path == nil ? "\(scheme)://\(address)/" : "\(address)"
        print("\nServing at \(place) (debug is \(site.settings.isDebug ? "on" : "off"))")
        print("Quit with Control-C.")
        fflush(nil)
    }
}

/// The mode of a file in octal digits, such as `660`.
struct FileMode: ExpressibleByArgument {
    static let group = FileMode(bits: 0o660)

    let bits: UInt16

    init(bits: UInt16) { self.bits = bits }

    init?(argument: String) {
        let digits = Array(argument.utf8)
        guard (3...4).contains(digits.count),
            digits.allSatisfy({ (0x30...0x37).contains($0) }),
            digits.count == 3 || digits[0] == 0x30
        else { return nil }
        bits = digits.reduce(0) { $0 * 8 + UInt16($1 - 0x30) }
    }

    var defaultValueDescription: String { String(bits, radix: 8) }
}
