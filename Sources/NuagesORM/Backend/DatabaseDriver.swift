import NuagesCore

/// Opens databases of one kind by their URLs.
///
/// A site names the drivers it links; `DATABASE_URL` chooses among them by its scheme.
public protocol DatabaseDriver: Sendable {
    /// The schemes of its URLs, such as `["sqlite"]`.
    var schemes: [String] { get }

    /// Opens the database.
    ///
    /// - Parameter url: the whole URL, its scheme among ``schemes``.
    /// - Returns: the database; connections are made when they are needed.
    /// - Throws: ``DatabaseError`` where the URL cannot be one of a database.
    func open(_ url: String) throws -> Database

    /// The command that opens a client program on the database, for `dbshell`.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: the program and its arguments.
    func shellCommand(_ url: String) -> [String]

    /// What the environment of the client program has besides, such as a password, which all users
    /// of the machine could read in its arguments.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: variables and their values.
    func shellEnvironment(_ url: String) -> [String: String]
}

extension DatabaseDriver {
    /// Nothing.
    ///
    /// - Parameter url: the whole URL.
    /// - Returns: no variables.
    public func shellEnvironment(_ url: String) -> [String: String] { [:] }
}

extension Database {
    /// Opens a database with the driver that its URL's scheme names.
    ///
    /// - Parameters:
    ///   - url: such as `sqlite:db.sqlite3`.
    ///   - drivers: the drivers that the site links.
    ///   - setting: the setting that holds the URL, for messages.
    /// - Returns: the database.
    /// - Throws: ``DatabaseURLError`` where no driver has the scheme, and what the driver throws.
    public static func open(
        _ url: String,
        drivers: [any DatabaseDriver],
        setting: String = "DATABASE_URL"
    ) throws -> Database { try driver(for: url, in: drivers, setting: setting).open(url) }

    /// The driver that a URL's scheme names.
    ///
    /// - Parameters:
    ///   - url: such as `sqlite:db.sqlite3`.
    ///   - drivers: the drivers that the site links.
    ///   - setting: the setting that holds the URL, for messages.
    /// - Returns: the driver.
    /// - Throws: ``DatabaseURLError`` where no driver has the scheme.
    public static func driver(
        for url: String,
        in drivers: [any DatabaseDriver],
        setting: String = "DATABASE_URL"
    ) throws(DatabaseURLError) -> any DatabaseDriver {
        let choices = drivers.flatMap(\.schemes)
        guard let scheme = DatabaseURLError.scheme(of: url) else {
            throw .noScheme(setting: setting, choices: choices)
        }
        if let driver = drivers.first(where: { $0.schemes.contains(scheme) }) { return driver }
        if DatabaseURLError.ownDrivers[scheme] != nil {
            throw .driverNotLinked(scheme, setting: setting)
        }
        throw .unknownScheme(scheme, setting: setting, choices: choices)
    }
}

/// Why a database URL names no database; its text never holds the URL, which may have a password.
public enum DatabaseURLError: Error, Hashable, CustomStringConvertible {
    /// What the URL begins with is no scheme.
    case noScheme(setting: String, choices: [String])
    /// No driver that is known has the scheme.
    case unknownScheme(String, setting: String, choices: [String])
    /// There is a driver for the scheme, and the site does not link it.
    case driverNotLinked(String, setting: String)

    /// The drivers that come with the framework, by the schemes of their URLs.
    static let ownDrivers = [
        "sqlite": (product: "NuagesSQLite", driver: "SQLiteDriver()"),
        "postgresql": (product: "NuagesPostgreSQL", driver: "PostgreSQLDriver()"),
        "postgres": (product: "NuagesPostgreSQL", driver: "PostgreSQLDriver()"),
        "mysql": (product: "NuagesMySQL", driver: "MySQLDriver()"),
        "mariadb": (product: "NuagesMySQL", driver: "MySQLDriver()"),
    ]

    /// The scheme that a URL begins with, in lower case (RFC 3986); nil where it has none.
    static func scheme(of url: String) -> String? {
        guard let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = url.utf8[..<colon]
        let isScheme = scheme.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
                || [0x2B, 0x2D, 0x2E].contains(byte)
        }
        guard isScheme, (1...20).contains(scheme.count) else { return nil }
        return String(Substring(scheme)).lowercased()
    }

    /// What went wrong, then what to do.
    public var description: String {
        switch self {
        case .noScheme(let setting, let choices):
            return "\(setting) has no scheme. It begins with one of: \(list(choices))."
        case .unknownScheme(let scheme, let setting, let choices):
            let known = choices + Self.ownDrivers.keys.filter { !choices.contains($0) }.sorted()
            return "\(setting) begins with '\(scheme):', which is the scheme of no driver."
                + NearestName.hint(scheme, in: known)
                + " This site links drivers for: \(list(choices))."
        case .driverNotLinked(let scheme, let setting):
            let driver = Self.ownDrivers[scheme]
            let (product, name) = (driver?.product ?? "", driver?.driver ?? "")
            return "\(setting) begins with '\(scheme):', and this site does not link the driver. "
                + "Let it depend on the product \(product), and add to the site: "
                + "import \(product), and \(name) among its 'databaseDrivers'."
        }
    }

    private func list(_ schemes: [String]) -> String {
        schemes.isEmpty ? "none" : schemes.map { "\($0):" }.joined(separator: ", ")
    }
}
